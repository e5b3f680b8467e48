#pragma once

#include "model/formats/object_graph.h"
#include "model/network/network.h"

#include <unordered_map>

namespace layerscope::formats {

/// Reads the optimizer below the root's edge `optimizer` into `network`, in the order in which
/// Keras lists its variables (formats.md 1.9): `_variables` of the newer optimizers, slot edges of
/// the older ones. `weightOfObject` tells which weight a variable object is. Gives the checkpoint
/// key of each optimizer variable, in their order.
std::vector<std::string> readCheckpointOptimizer(Network& network, const ObjectGraph& graph,
    const std::unordered_map<ObjectId, WeightIndex>& weightOfObject);

} // namespace layerscope::formats
