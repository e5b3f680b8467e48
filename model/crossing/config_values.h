#pragma once

#include "model/crossing/dialect.h"

namespace layerscope::crossing {

/// A function by name or as an object, in the target's spelling. `where` names it in an error.
/// Errors  Unsupported for an activation that only Keras 3 has
Result<Json> crossActivation(
    const Json& activation, const Journey& journey, const std::string& where);

/// A dtype policy: a name, a Policy (Keras 2) or a DTypePolicy (Keras 3).
/// Errors  Unsupported for a quantized policy on the way to Keras 2
Result<Json> crossPolicy(const Json& policy, const Journey& journey, const std::string& where);

/// {"class_name", "config"} of `module` ("keras.initializers"), wrapped as the target's container
/// asks for. Names and null come back as they are.
Json crossObject(const Json& object, const Journey& journey, const char* module);

/// A function of the user's: in archives of Keras 3 an object, elsewhere what `journey.to` takes.
Json functionObject(const std::string& name);

/// The name of a function that is written as a string or as an object; empty if it is neither.
std::string functionName(const Json& function);

/// Every {"class_name": "__numpy__", "config": {"value": v}} in `value` as the plain v.
void plainNumbers(Json& value);

} // namespace layerscope::crossing
