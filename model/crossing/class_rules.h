#pragma once

#include "model/crossing/dialect.h"

namespace layerscope::crossing {

/// Whether `className` is a layer that Keras itself has had, in any generation.
bool isBuiltInLayer(std::string_view className);

/// Gives a built-in layer of class `className` the keys that the target's class of that name takes;
/// `className` becomes the target's name where it differs. Initializers, activations and the like
/// are not looked at (config_values.h), nor weights (hard_sigmoid.h).
///
/// Source  crossing.md 2.2; constructor arguments of Keras 2.15.0 and 3.15.1
/// Errors  Unsupported where the target has no such layer or cannot do what is asked of it
Result<void> crossClass(
    std::string& className, Json& config, Journey& journey, const std::string& where);

} // namespace layerscope::crossing
