#include "model/layers/explanations.h"
#include "model/layers/lower_model.h"
#include "model/ops/builder.h"

namespace layerscope::layers {

namespace {

Clauses modelWords(const Layer& model, bool isWeightsOnly)
{
    const auto count = static_cast<std::int64_t>(model.layers.size());
    const auto counted = [count](const char* one, const char* many) {
        return count == 1 ? Sentence(one) : Sentence(many, count);
    };
    if (isWeightsOnly)
        return { counted(
            WORDS("layers", "The weights of 1 layer; the file does not say what it computes"),
            WORDS("layers", "The weights of %1 layers; the file does not say how they connect")) };
    if (model.kind == LayerKind::Subclassed)
        return { counted(WORDS("layers",
                             "A model of 1 layer whose graph is Python code; Layerscope does not "
                             "run it"),
            WORDS("layers",
                "A model of %1 layers whose graph is Python code; Layerscope does not run it")) };
    if (model.kind == LayerKind::Sequential)
        return { counted(WORDS("layers", "A chain of 1 layer"),
            WORDS("layers", "A chain of %1 layers, one behind the other")) };
    const auto ins = model.inputs.size();
    const auto outs = model.outputs.size();
    return { counted(WORDS("layers", "A network of 1 layer"),
                 WORDS("layers", "A network of %1 layers")),
        ins == 1 ? Sentence(WORDS("layers", " with 1 input"))
                 : Sentence(WORDS("layers", " with %1 inputs"), ins),
        outs == 1 ? Sentence(WORDS("layers", " and 1 output"))
                  : Sentence(WORDS("layers", " and %1 outputs"), outs) };
}

} // namespace

Clauses explain(const Layer& layer, const Network& network)
{
    if (layer.isModel())
        return modelWords(layer, layer.kind == LayerKind::Subclassed && network.file.weightsOnly);
    const LayerType* type = findType(layer);
    if (!type)
        return { { WORDS("layers",
                       "A layer of class %1, which is not one of Keras's own; its configuration "
                       "and weights are kept as they are"),
            layer.className } };
    if (!type->words)
        return { { WORDS("layers", "A Keras layer of class %1"), layer.className } };
    std::vector<Shape> weights;
    for (const WeightIndex index : layer.weights)
        if (index < network.weights.size())
            weights.push_back(network.weights[index].value.shape());
    const LayerConfig config(layer.className, layer.config);
    return type->words({ layer, config, std::move(weights) });
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
