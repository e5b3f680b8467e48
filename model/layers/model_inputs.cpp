#include "model/layers/model_inputs.h"

#include "model/layers/layer_config.h"
#include "model/network/architecture.h"

namespace layerscope::layers {

namespace {

DType declaredType(const Layer& layer)
{
    const LayerConfig config(layer.className, layer.config);
    for (const auto* key : { "dtype", "input_dtype" }) {
        const Json& value = config.get(key);
        if (value.is_string())
            if (const auto type = dtypeFromName(value.get<std::string>()))
                return *type;
    }
    return layer.className == "TextVectorization" ? DType::String : DType::Float32;
}

/// The InputLayer of a Sequential: it is not among its layers and stays in the configuration.
std::optional<Layer> inputLayerOf(const LayerConfig& config)
{
    const Json& layers = config.get("layers");
    if (!layers.is_array() || layers.empty())
        return std::nullopt;
    Layer first = parseLayer(layers[0]);
    return first.className == "InputLayer" ? std::optional(std::move(first)) : std::nullopt;
}

DeclaredInput ofSequential(const Layer& model)
{
    DeclaredInput input;
    const LayerConfig config(model.config);
    if (const auto first = inputLayerOf(config)) {
        input = { first->name, declaredShape(*first), declaredType(*first) };
        if (input.shape)
            return input;
    }
    if (!model.layers.empty()) {
        const Layer& first = model.layers.front();
        if (first.isModel()) {
            const auto inner = declaredInputs(first);
            if (!inner.empty())
                input = inner.front();
        } else {
            input.shape = declaredShape(first);
            input.dtype = declaredType(first);
        }
        // Keras names the input that it makes for itself after the first layer.
        input.name = first.className == "InputLayer" ? first.name : first.name + "_input";
    }
    if (!input.shape)
        input.shape = shapeOf(config.get("build_input_shape"));
    return input;
}

} // namespace

std::optional<PartialShape> declaredShape(const Layer& layer)
{
    const LayerConfig config(layer.className, layer.config);
    for (const auto* key : { "batch_shape", "batch_input_shape" }) {
        const Json& value = config.get(key);
        if (value.is_array() && value.size() == 1 && value[0].is_array())
            return shapeOf(value[0]); // an InputLayer of a list of one
        if (auto shape = shapeOf(value))
            return shape;
    }
    if (auto shape = shapeOf(config.get("input_shape"))) {
        shape->insert(shape->begin(), openDimension);
        return shape;
    }
    // Keras 1 and 2.0: a first Dense or Embedding that gives only its width or length.
    if (layer.className == "Embedding")
        return PartialShape{ openDimension, config.integer("input_length", openDimension) };
    const auto width = config.integer("input_dim", 0);
    if (width > 0 && layer.className == "Dense")
        return PartialShape{ openDimension, width };
    if (width > 0 && config.has("input_length"))
        return PartialShape{ openDimension, config.integer("input_length", openDimension), width };
    return std::nullopt;
}

std::vector<DeclaredInput> declaredInputs(const Layer& model)
{
    if (model.kind == LayerKind::Sequential)
        return { ofSequential(model) };
    std::vector<DeclaredInput> inputs;
    for (std::size_t i = 0; i < model.inputs.size(); ++i) {
        DeclaredInput input;
        if (model.inputs[i].layer < model.layers.size()) {
            const Layer& layer = model.layers[model.inputs[i].layer];
            input = { layer.name, declaredShape(layer), declaredType(layer) };
        }
        if (i < model.inputNames.size() && !model.inputNames[i].empty())
            input.name = model.inputNames[i];
        inputs.push_back(std::move(input));
    }
    return inputs;
}

Result<std::vector<ModelInput>> modelInputs(const Network& network)
{
    const Layer& model = network.model;
    if (model.kind != LayerKind::Sequential && model.kind != LayerKind::Functional)
        return Error(ErrorKind::Unsupported,
            "model '" + model.name + "' (" + model.className
                + "): its graph is Python code, so its inputs are not known");
    std::vector<ModelInput> inputs;
    for (const DeclaredInput& input : declaredInputs(model)) {
        if (!input.shape)
            return Error(ErrorKind::ShapeMismatch,
                "input '" + input.name + "': the file does not tell its shape");
        inputs.push_back({ input.name, *input.shape, input.dtype });
    }
    return inputs;
}

} // namespace layerscope::layers
