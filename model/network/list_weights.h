#pragma once

#include "model/network/variable_tree.h"

#include <unordered_map>

namespace layerscope::network {

/// Fills network.weights with `values` (by variable id) in Keras's model.weights order, sets
/// `trainable` of each, and tells the layers of network.model which are theirs. `tree` is the
/// object of the model: its children are the layers that are not operations, in order. Variables
/// without a value are passed over.
///
/// Returns the positions in network.weights by variable id.
std::unordered_map<std::size_t, WeightIndex> listWeights(Network& network,
    const VariableObject& tree, VariableOrder order,
    std::unordered_map<std::size_t, Weight> values);

} // namespace layerscope::network
