#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"
#include "model/network/variable_layout.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

Layer wrapped(const ShapeRequest& request, std::string_view key = "layer")
{
    return innerLayer(request.config.get(key), request.layer);
}

OutputShapes bidirectionalShape(const ShapeRequest& request)
{
    const Layer forward = wrapped(request);
    auto shapes
        = outputShapes(forward, request.generation, { request.input() }, BoundCall::ofTensors(1));
    if (!shapes)
        return std::nullopt;
    std::vector<PartialShape> states(shapes->begin() + 1, shapes->end());
    PartialShape output = shapes->front();
    std::vector<PartialShape> result;
    if (!request.config.has("merge_mode") && request.config.json().contains("merge_mode")) {
        result = { output, output }; // merge_mode null: both directions, unmerged
    } else {
        if (request.config.text("merge_mode", "concat") == "concat") {
            const std::size_t channels
                = isChannelsFirst(LayerConfig(forward.config)) && output.size() > 3
                ? output.size() - 3
                : output.size() - 1;
            const auto width = product(output[channels], 2);
            if (!width)
                return std::nullopt;
            output[channels] = *width;
        }
        result = { output };
    }
    for (int direction = 0; direction < 2; ++direction)
        result.insert(result.end(), states.begin(), states.end());
    return result;
}

OutputShapes timeDistributedShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    if (shape.size() < 2)
        return std::nullopt;
    const std::int64_t time = shape[1];
    shape.erase(shape.begin() + 1);
    auto shapes
        = outputShapes(wrapped(request), request.generation, { shape }, BoundCall::ofTensors(1));
    if (!shapes)
        return std::nullopt;
    for (PartialShape& output : *shapes)
        if (!output.empty())
            output.insert(output.begin() + 1, time);
    return shapes;
}

OutputShapes wrapperShape(const ShapeRequest& request)
{
    return outputShapes(wrapped(request), request.generation, request.inputs, request.call);
}

std::vector<WeightIndex> part(
    const std::vector<WeightIndex>& weights, std::size_t from, std::size_t to)
{
    from = std::min(from, weights.size());
    to = std::min(to, weights.size());
    return { weights.begin() + static_cast<std::ptrdiff_t>(from),
        weights.begin() + static_cast<std::ptrdiff_t>(to) };
}

/// The layer that reads backwards: given, or the forward one turned round.
Layer backwardLayer(LayerLowering& call, const Layer& forward)
{
    if (call.config.has("backward_layer"))
        return innerLayer(call.config.get("backward_layer"), call.layer);
    Layer backward = forward;
    if (backward.config.is_object())
        backward.config["go_backwards"] = !LayerConfig(forward.config).flag("go_backwards", false);
    return backward;
}

/// What each direction gives out, with its share of the weights and of the initial states.
std::vector<std::vector<Value>> bothDirections(
    LayerLowering& call, const Layer& forward, const Layer& backward)
{
    const auto layout = variableLayout(forward, call.generation);
    // Both halves are alike unless the layout says otherwise (Keras 1 has more weights than that).
    std::size_t split = call.weightCount() / 2;
    if (layout && call.config.has("backward_layer") && layout->size() < call.weightCount())
        split = layout->size();
    const BoundArgument* mask = call.call.keyword("mask");
    std::vector<Value> states;
    for (std::size_t i = 1; i < call.inputs.size(); ++i)
        if (!mask || mask->kind != BoundArgument::Kind::Tensor || mask->tensor != i)
            states.push_back(call.input(i));
    const auto half = static_cast<std::ptrdiff_t>(states.size() / 2);
    const auto& weights = call.weightIndices();
    std::vector<std::vector<Value>> outputs;
    for (const bool isForward : { true, false }) {
        std::vector<Value> inputs{ call.input() };
        const auto first = isForward ? states.begin() : states.begin() + half;
        inputs.insert(inputs.end(), first, first + half);
        std::vector<Value> masks(inputs.size());
        masks[0] = call.mask();
        const auto call_ = BoundCall::ofTensors(inputs.size());
        outputs.push_back(
            call.lowerInner(isForward ? forward : backward, std::move(inputs), std::move(masks),
                call_, isForward ? part(weights, 0, split) : part(weights, split, weights.size())));
    }
    return outputs;
}

std::vector<Value> merged(LayerLowering& call, Value first, Value second)
{
    Builder& b = call.builder;
    if (!call.config.has("merge_mode") && call.config.json().contains("merge_mode"))
        return { first, second }; // null: both directions, unmerged
    const std::string mode = call.config.text("merge_mode", "concat");
    if (mode == "sum")
        return { b.add(first, second) };
    if (mode == "ave")
        return { b.divide(b.add(first, second), 2) };
    if (mode == "mul")
        return { b.multiply(first, second) };
    return { b.concat(std::vector<Value>{ first, second }, -1) };
}

/// Two recurrent layers over the same sequence, one of them from its end.
std::vector<Value> lowerBidirectional(LayerLowering& call)
{
    Layer forward = innerLayer(call.config.get("layer"), call.layer);
    Layer backward = backwardLayer(call, forward);
    const bool sequences
        = LayerConfig(forward.className, forward.config).flag("return_sequences", false);
    // Keras sets this in both whatever their configurations say.
    for (Layer* layer : { &forward, &backward })
        if (layer->config.is_object())
            layer->config["zero_output_for_mask"] = sequences;
    const auto outputs = bothDirections(call, forward, backward);
    if (call.builder.error() || outputs[0].empty() || outputs[1].empty())
        return {};
    const Value second = sequences ? call.builder.reverse(outputs[1][0], { 1 }) : outputs[1][0];
    std::vector<Value> result = merged(call, outputs[0][0], second);
    if (sequences)
        for (std::size_t i = 0; i < result.size(); ++i)
            call.maskOutput(i, call.mask());
    for (const auto& direction : outputs)
        result.insert(result.end(), direction.begin() + 1, direction.end());
    return result;
}

/// Whether batch statistics are taken somewhere inside.
bool takesStatistics(const Layer& layer)
{
    return layer.className == "BatchNormalization"
        || std::any_of(layer.layers.begin(), layer.layers.end(), takesStatistics);
}

/// The wrapped layer on every time step: all steps at once as one large batch, except that Keras 3
/// takes them one after another where batch statistics are involved.
std::vector<Value> lowerTimeDistributed(LayerLowering& call)
{
    Builder& b = call.builder;
    const Layer inner = innerLayer(call.config.get("layer"), call.layer);
    const Value x = call.input();
    const Shape shape = b.shape(x);
    if (shape.size() < 2) {
        call.fail("takes sequences, its input has shape " + toString(shape));
        return {};
    }
    call.maskOutput(0, call.mask());
    const BoundCall innerCall = BoundCall::ofTensors(1);
    if (call.isKeras3() && call.isTraining() && takesStatistics(inner)) {
        std::vector<Value> steps;
        for (std::int64_t t = 0; t < shape[1] && !b.error(); ++t) {
            std::vector<std::int64_t> begin(shape.size(), 0);
            std::vector<std::int64_t> end(shape.begin(), shape.end());
            begin[1] = t;
            end[1] = t + 1;
            const auto outputs = call.lowerInner(inner, { b.squeeze(b.slice(x, begin, end), 1) },
                { Value{} }, innerCall, call.weightIndices());
            steps.push_back(outputs.empty() ? Value{} : outputs[0]);
        }
        return { b.stack(steps, 1) };
    }
    Shape flat(shape.begin() + 1, shape.end());
    flat[0] *= shape[0];
    Value mask = call.mask();
    if (mask && b.shape(mask).size() > 1) {
        Shape flatMask(b.shape(mask).begin() + 1, b.shape(mask).end());
        flatMask[0] *= b.shape(mask)[0];
        mask = flatMask.size() > 1 ? b.reshape(mask, flatMask) : Value{};
    }
    std::vector<Value> outputs
        = call.lowerInner(inner, { b.reshape(x, flat) }, { mask }, innerCall, call.weightIndices());
    // Keras 2 runs a wrapped model once more to learn its mask, and its moving statistics move
    // twice.
    if (!call.isKeras3() && inner.isModel() && call.isTraining() && takesStatistics(inner))
        call.lowerInner(inner, { b.reshape(x, flat) }, { mask }, innerCall, call.weightIndices());
    for (Value& output : outputs) {
        Shape full = b.shape(output);
        if (full.empty())
            continue;
        full[0] = shape[1];
        full.insert(full.begin(), shape[0]);
        output = b.reshape(output, full);
    }
    return outputs;
}

/// Index of the weight of that name, `otherwise` where none bears it.
std::size_t indexOf(LayerLowering& call, std::string_view name, std::size_t otherwise)
{
    for (std::size_t i = 0; i < call.weightCount(); ++i) {
        const std::string& full = call.model.network.weights[call.weightIndices()[i]].name;
        if (full.find(name) != std::string::npos)
            return i;
    }
    return otherwise;
}

/// x scaled to length 1.
Value unit(Builder& b, Value x)
{
    const Value squares = b.maximum(b.sum(b.square(x)), b.scalar(1e-12, b.dtype(x)));
    return b.multiply(x, b.unary(ops::Unary::Rsqrt, squares));
}

/// In training the kernel is divided, in place, by its largest singular value, which power
/// iterations estimate (Miyato et al. 2018). The gradient goes to the kernel as it is after that.
std::vector<Value> lowerSpectralNormalization(LayerLowering& call)
{
    Builder& b = call.builder;
    const Layer inner = innerLayer(call.config.get("layer"), call.layer);
    if (call.weightCount() < 2) {
        call.fail("has no kernel to normalize");
        return {};
    }
    const std::size_t vectorIndex = indexOf(call, "vector_u", call.weightCount() - 1);
    const std::size_t kernelIndex
        = indexOf(call, inner.className == "Embedding" ? "embeddings" : "kernel", 0);
    std::vector<WeightIndex> weights = call.weightIndices();
    const WeightIndex kernelWeight = weights[kernelIndex];
    weights.erase(weights.begin() + static_cast<std::ptrdiff_t>(vectorIndex));
    const Value stored = call.variable(kernelIndex);
    if (call.isTraining() && stored) {
        const Value kernel = call.state(kernelIndex);
        const Value matrix = b.reshape(kernel, { -1, call.length(kernel, -1) });
        const Value oldVector = call.state(vectorIndex);
        Value u = oldVector;
        Value v;
        const auto iterations
            = std::clamp<std::int64_t>(call.config.integer("power_iterations", 1), 1, 1000);
        for (std::int64_t i = 0; i < iterations && !b.error(); ++i) {
            v = unit(b, b.matmul(u, matrix, ops::Transposed::No, ops::Transposed::Yes));
            u = unit(b, b.matmul(v, matrix));
        }
        const Value sigma
            = b.matmul(b.matmul(v, matrix), u, ops::Transposed::No, ops::Transposed::Yes);
        const Value isZero = b.reduce(ops::Reduction::All,
            b.binary(ops::Binary::Equal, kernel, b.scalar(0, b.dtype(kernel))));
        const Value divisor = b.select(isZero, b.scalar(1, b.dtype(kernel)), b.reshape(sigma, {}));
        const Value normal = b.divide(kernel, divisor);
        call.update(vectorIndex, b.select(isZero, oldVector, u));
        call.update(kernelIndex, normal);
        call.model.variables[kernelWeight]
            = b.add(stored, b.stopGradient(b.subtract(normal, stored)));
    }
    std::vector<Value> outputs
        = call.lowerInner(inner, call.inputs, call.masks, call.call, weights);
    call.model.variables[kernelWeight] = stored;
    return outputs;
}

std::string wrappedClass(const ExplanationRequest& about)
{
    return classNameOf(about.config.get("layer"));
}

Clauses bidirectionalWords(const ExplanationRequest& about)
{
    return withParameters(about,
        { WORDS("layers",
              "Reads a sequence from both ends with a %1 each and joins what they give out (%2)"),
            wrappedClass(about), about.config.text("merge_mode", "none") });
}

Clauses timeDistributedWords(const ExplanationRequest& about)
{
    return withParameters(
        about, { WORDS("layers", "Applies the same %1 to every time step"), wrappedClass(about) });
}

Clauses spectralWords(const ExplanationRequest& about)
{
    return withParameters(about,
        { WORDS("layers",
              "Keeps the largest singular value of the kernel of its %1 at 1 while training"),
            wrappedClass(about) });
}

constexpr LayerType wrappersTypes[] = {
    { .classNames = "Bidirectional",
        .shape = bidirectionalShape,
        .lower = lowerBidirectional,
        .words = bidirectionalWords,
        .masking = Masking::Own },
    { .classNames = "TimeDistributed",
        .shape = timeDistributedShape,
        .lower = lowerTimeDistributed,
        .words = timeDistributedWords,
        .masking = Masking::Own },
    { .classNames = "SpectralNormalization",
        .shape = wrapperShape,
        .lower = lowerSpectralNormalization,
        .words = spectralWords },
    { .classNames = "Wrapper", .shape = wrapperShape },
};

} // namespace

extern constinit const LayerFamily wrappers_layers{ wrappersTypes };

} // namespace layerscope::layers
