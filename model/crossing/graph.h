#pragma once

#include "model/crossing/dialect.h"

namespace layerscope::crossing {

/// A layer of a Functional model on its way to another Keras.
struct GraphLayer
{
    Json entry; ///< the layer object, its nodes left out, in the target's form
    std::string name;
    std::string className;
    LayerKind kind = LayerKind::Layer;
    bool beginsWithInput = false; ///< a nested model whose construction Keras 2 counts as a node
    bool keepsStructure = false; ///< Keras 2 writes its nodes flat (TFOpLambda)
    std::vector<Call> calls;
    bool isDropped = false;
};

/// A Functional model's layers and who feeds whom; positions in `layers` never change.
struct Graph
{
    std::vector<GraphLayer> layers;
    std::vector<TensorReference> inputs;
    std::vector<TensorReference> outputs;

    /// Puts `entry` between what feeds call `call` of `layer` and that call.
    void insertBefore(std::size_t layer, GraphLayer added);

    /// A name that no layer has, "name" or "name_2" …
    std::string freeName(const std::string& name) const;

    /// Layers in the order in which Keras lists them when it builds the model from its
    /// configuration: by depth, and within a depth as they are met from the outputs. Those that no
    /// output needs come last. Source: map_graph_network of Keras 2.15 and 3.15.
    std::vector<std::size_t> kerasOrder() const;
};

/// Calls `visit(reference)` for every tensor in the argument, which may be changed.
void forEachTensor(Argument& argument, const std::function<void(TensorReference&)>& visit);
void forEachTensor(Call& call, const std::function<void(TensorReference&)>& visit);

/// The calls of `layer` as the target writes them.
/// Errors  Unsupported, for positional arguments whose names are not known
Result<Json> nodesOf(const Graph& graph, const GraphLayer& layer, Journey& journey);

/// Inputs or outputs of the graph as the target writes them, nested as `written` in the source.
Json endsOf(const Graph& graph, const std::vector<TensorReference>& references, const Json& written,
    const Journey& journey);

/// Takes the masks out that Keras 3 wrote into the nodes and Keras 2 derives by itself, with the
/// operations that only they needed.
void dropAutomaticMasks(Graph& graph);

} // namespace layerscope::crossing
