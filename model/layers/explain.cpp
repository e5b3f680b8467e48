#include "model/layers/explanations.h"
#include "model/layers/lower_model.h"
#include "model/ops/builder.h"

namespace layerscope::layers {

namespace {

std::string modelWords(const Layer& model)
{
    const auto count = static_cast<std::int64_t>(model.layers.size());
    const std::string layers = grouped(count) + (count == 1 ? " layer" : " layers");
    if (model.kind == LayerKind::Subclassed)
        return "A model of " + layers + " whose graph is Python code; Layerscope does not run it.";
    if (model.kind == LayerKind::Sequential)
        return "A chain of " + layers + ", one behind the other.";
    return "A network of " + layers + " with " + std::to_string(model.inputs.size())
        + (model.inputs.size() == 1 ? " input and " : " inputs and ")
        + std::to_string(model.outputs.size())
        + (model.outputs.size() == 1 ? " output." : " outputs.");
}

std::string wordsFor(const Layer& layer, std::vector<Shape> weights)
{
    if (layer.isModel())
        return modelWords(layer);
    const LayerType* type = findType(layer);
    if (!type)
        return "A layer of class " + layer.className
            + ", which is not one of Keras's own; its configuration and weights are kept as they "
              "are.";
    if (!type->words)
        return "A Keras layer of class " + layer.className + ".";
    const LayerConfig config(layer.className, layer.config);
    return type->words({ layer, config, std::move(weights) });
}

} // namespace

std::string explain(const Layer& layer)
{
    std::string words = wordsFor(layer, {});
    // Nothing is known about the number of parameters here.
    const std::string unknown = "; no parameters";
    const auto at = words.rfind(unknown);
    if (at != std::string::npos && !layer.weights.empty())
        words.erase(at, unknown.size());
    return words;
}

std::string explain(const Layer& layer, const Network& network)
{
    std::vector<Shape> weights;
    for (const WeightIndex index : layer.weights)
        if (index < network.weights.size())
            weights.push_back(network.weights[index].value.shape());
    return wordsFor(layer, std::move(weights));
}

std::optional<std::string> whatCannotRun(const Network& network)
{
    // Building the graph is cheap: nothing is computed. Lengths that the file leaves open are
    // immaterial to whether a layer can run, as long as they are large enough for its windows.
    constexpr std::int64_t someLength = 64;
    std::vector<Shape> shapes;
    auto inputs = modelInputs(network);
    if (!inputs)
        return inputs.error().kind() == ErrorKind::Unsupported
            ? std::optional(inputs.error().message())
            : std::nullopt;
    for (const ModelInput& input : *inputs) {
        shapes.push_back(input.shape);
        for (std::size_t i = 0; i < shapes.back().size(); ++i)
            if (shapes.back()[i] == openDimension)
                shapes.back()[i] = i == 0 ? 2 : someLength;
    }
    ops::Graph graph;
    ops::Builder builder(graph);
    LoweringOptions options;
    options.noise = Noise::Off;
    const auto lowered = lowerModel(builder, network, 2, shapes, options);
    if (lowered || lowered.error().kind() != ErrorKind::Unsupported)
        return std::nullopt;
    return lowered.error().message();
}

} // namespace layerscope::layers
