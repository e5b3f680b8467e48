#pragma once

#include "model/network/variable_tree.h"

namespace layerscope::network {

/// Gives the objects of unknown classes in `object` (a top-level layer) the variables that the
/// stored `names` of its group show: names that contain the layer's own belong to it. The names are
/// in file order, trained variables first; `nextId` numbers the new variables.
///
/// Keras 3 names say which inner object a variable belongs to, and these objects are made as well,
/// since Keras 3 lists what an object owns before what its inner objects own.
void adoptVariables(VariableObject& object, const std::vector<std::string>& names,
    VariableOrder order, std::size_t& nextId);

/// Takes all of them as the object's own, whatever its class asks for.
void adoptAll(VariableObject& object, const std::vector<std::string>& names, std::size_t& nextId);

} // namespace layerscope::network
