#pragma once

#include "model/formats/serving_function.h"
#include "model/formats/tracked_tree.h"

#include <string>

namespace layerscope::formats {

// The messages of TensorFlow's files out of a tree of objects, serialized.

/// The string _CHECKPOINTABLE_OBJECT_GRAPH of a checkpoint.
std::string checkpointGraph(const TrackedTree& tree);

/// `graph`, the string of a checkpoint that has nodes.size() - count objects, with the last `count`
/// of `nodes` behind them and the edges that object 0 of `nodes` has to them.
/// Errors  Corrupt
Result<std::string> extendedCheckpointGraph(
    const std::string& graph, const std::vector<TrackedNode>& nodes, std::size_t count);

/// saved_model.pb. With `serving` also the signature serving_default, in both forms: for
/// tf.saved_model.load, and as a graph for programs that run sessions.
std::string savedModelMessage(const TrackedTree& tree, const ServingFunction* serving);

/// keras_metadata.pb
std::string kerasMetadata(const TrackedTree& tree);

/// The values that the checkpoint holds, by their keys.
std::vector<std::pair<std::string, StoredTensor>> checkpointValues(
    const TrackedTree& tree, std::string graph);

} // namespace layerscope::formats
