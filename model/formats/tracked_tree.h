#pragma once

#include "model/formats/format.h"

#include <string>
#include <vector>

namespace layerscope::formats {

/// One object of those that TensorFlow would track for a Keras model: the model, a layer, a list, a
/// variable. Objects refer to each other by their place in TrackedTree::nodes.
struct TrackedNode
{
    struct Slot
    {
        std::size_t variable = 0;
        std::string name; ///< "m", "v" …
        std::size_t value = 0;
    };

    std::vector<std::pair<std::string, std::size_t>> children; ///< attribute name, object
    std::string identifier; ///< "_tf_keras_layer" …; empty for variables
    Json metadata; ///< what Keras is to know about the object; null for most
    std::string path; ///< of `metadata`: "root.layer-1"

    bool isVariable = false;
    bool trainable = true;
    std::string variableName; ///< "dense/kernel"
    StoredTensor value;
    std::string key; ///< under which the checkpoint holds the value

    std::vector<Slot> slotVariables; ///< of a legacy optimizer
};

/// The object graph of a Keras 2 model, numbered breadth first as Keras does: object 0 is the
/// model. From `checkpointOnly` on, objects stand in the checkpoint alone (the optimizer's): the
/// edge to them is left out of saved_model.pb.
struct TrackedTree
{
    std::vector<TrackedNode> nodes;
    std::size_t checkpointOnly = 0;
    std::vector<std::size_t> objectOfWeight; ///< for each Network::weights
    /// Layers with weights whose input's shape is not known: Keras cannot build them.
    std::vector<std::string> withoutShape;
    std::size_t signatures = 0; ///< the map of signatures, whose one function stands behind it; 0
                                ///< where there is none
};

/// The objects of `network`, which is in the dialect of Keras 2, with those of its optimizer where
/// `options` keeps it. Attribute names, metadata and what may be left out:
/// savedmodel-writing, sections 3 and 4.
///
/// Errors  Unsupported for a subclassed model, whose attributes only its Python code knows, and for
///         weights without an architecture
enum class Signature { None, Serving };
Result<TrackedTree> trackedTree(
    const Network& network, const WriteOptions& options, Signature signature = Signature::None);

/// Appends the objects of `network`'s optimizer, reached by the edge `optimizer` of object `root`.
/// `variableOfWeight` tells which object each weight is; the keys of older optimizers' slots follow
/// from the keys of these.
void appendOptimizer(std::vector<TrackedNode>& nodes, std::size_t root, const Network& network,
    const std::vector<std::size_t>& variableOfWeight);

/// The checkpoint key of an attribute path: "layer-0/kernel" gives
/// "layer-0/kernel/.ATTRIBUTES/VARIABLE_VALUE". Parts must be escaped already.
std::string checkpointKey(const std::string& path);

/// An attribute name as a part of a checkpoint key.
std::string escapedKeyPart(std::string_view name);

} // namespace layerscope::formats
