#include "model/layers/recorded_shapes.h"

#include "model/layers/layer_config.h"

namespace layerscope::layers {

namespace {

using Shapes = std::map<std::string, PartialShape>;

const Json notRecorded;

const Json& member(const Json& object, const char* key)
{
    if (!object.is_object())
        return notRecorded;
    const auto found = object.find(key);
    return found == object.end() ? notRecorded : *found;
}

/// {"class_name": "__keras_tensor__", "config": {"shape": …, "keras_history": [layer, node,
/// tensor]}}
void collectTensors(const Json& value, const std::string& prefix, Shapes& shapes)
{
    if (classNameOf(value) == "__keras_tensor__") {
        const Json& history = member(configOf(value), "keras_history");
        const auto shape = shapeOf(member(configOf(value), "shape"));
        if (shape && history.is_array() && history.size() == 3 && history[0].is_string()
            && history[2] == 0)
            shapes.emplace(prefix + history[0].get<std::string>(), *shape);
        return;
    }
    if (value.is_structured())
        for (const Json& item : value)
            collectTensors(item, prefix, shapes);
}

/// The one layer that a Keras 2 node names as its input; empty if it names several.
std::string onlySource(const Json& nodes)
{
    if (!nodes.is_array() || nodes.size() != 1 || !nodes[0].is_array() || nodes[0].size() != 1)
        return {};
    const Json& reference = nodes[0][0];
    if (reference.is_array() && !reference.empty() && reference[0].is_string())
        return reference[0].get<std::string>();
    return {};
}

void collectModel(const Json& model, const std::string& prefix, Shapes& shapes)
{
    const Json& config = configOf(model);
    const Json& layers = config.is_array() ? config : member(config, "layers");
    if (!layers.is_array())
        return;
    std::string previous;
    for (const Json& layer : layers) {
        const Json& givenName = member(layer, "name");
        const Json& name = givenName.is_string() ? givenName : member(configOf(layer), "name");
        if (!name.is_string())
            continue;
        const Json& nodes = member(layer, "inbound_nodes");
        collectTensors(nodes, prefix, shapes);
        const std::string source = nodes.is_null() ? previous : onlySource(nodes);
        const auto builtFor = shapeOf(member(member(layer, "build_config"), "input_shape"));
        if (builtFor && !source.empty())
            shapes.emplace(prefix + source, *builtFor);
        previous = name.get<std::string>();
        collectModel(layer, prefix + previous + "/", shapes);
    }
}

/// What a layer with one input was built for is what comes out of the layer before it.
void collectBuilt(const Layer& model, const std::string& prefix, Shapes& shapes)
{
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Layer& layer = model.layers[i];
        const auto builtFor = shapeOf(layer.builtFor);
        if (model.kind == LayerKind::Sequential && i > 0 && builtFor)
            shapes.emplace(prefix + model.layers[i - 1].name, *builtFor);
        if (const auto tensors
            = layer.calls.size() == 1 ? layer.calls[0].tensors() : std::vector<TensorReference>();
            builtFor && tensors.size() == 1 && tensors[0].tensor == 0
            && tensors[0].layer < model.layers.size())
            shapes.emplace(prefix + model.layers[tensors[0].layer].name, *builtFor);
        collectBuilt(layer, prefix + layer.name + "/", shapes);
    }
}

} // namespace

std::map<std::string, PartialShape> recordedShapes(const Network& network)
{
    Shapes shapes;
    collectModel(network.architecture.value(), "", shapes);
    collectBuilt(network.model, "", shapes);
    return shapes;
}

} // namespace layerscope::layers
