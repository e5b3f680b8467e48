#include "model/layers/einsum_equation.h"
#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

using ops::Value;

OutputShapes denseShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    const auto units = request.config.integer("units", 0);
    if (shape.empty() || units <= 0)
        return std::nullopt;
    shape.back() = units;
    return one(std::move(shape));
}

OutputShapes einsumDenseShape(const ShapeRequest& request)
{
    const auto equation = EinsumEquation::parse(request.config.text("equation", ""));
    if (!equation)
        return std::nullopt;
    PartialShape given;
    const Json& entries = request.config.get("output_shape");
    if (const auto single = integerOf(entries))
        given = { *single };
    else if (const auto shape = shapeOf(entries))
        given = *shape;
    else
        return std::nullopt;
    auto shape = equation->outputShape(request.input(), given);
    // Keras 3 leaves open what the configuration leaves open.
    if (shape && request.generation == KerasGeneration::Keras3) {
        const std::size_t first = equation->hasEllipsisBehind ? 1 : shape->size() - given.size();
        for (std::size_t i = 0; i < given.size() && first + i < shape->size(); ++i)
            (*shape)[first + i] = given[i];
    }
    return shape ? one(std::move(*shape)) : std::nullopt;
}

/// A layer's low-rank adaptation (LoRA): kernel + (alpha / rank) · A · B. The trained weights come
/// first in the layer's list, the frozen kernel after them.
Value adaptedKernel(LayerLowering& call, std::string_view name, bool hasBias)
{
    const Value kernel = call.weightNamed(name, "kernel_regularizer");
    if (!call.config.has("lora_rank") || call.weightCount() < (hasBias ? 4U : 3U))
        return kernel;
    const double rank = call.config.number("lora_rank", 1);
    const double alpha = call.config.number("lora_alpha", rank);
    const Value a = call.weightNamed("lora_kernel_a");
    const Value b = call.weightNamed("lora_kernel_b");
    const Value change = call.builder.multiply(
        call.builder.reshape(call.builder.matmul(a, b), call.builder.shape(kernel)), alpha / rank);
    return call.builder.add(kernel, change);
}

/// y = activation(x · kernel + bias), along the last axis.
std::vector<Value> lowerDense(LayerLowering& call)
{
    ops::Builder& b = call.builder;
    const bool hasBias = call.config.flag("use_bias", true);
    Value y = b.matmul(call.floating(), adaptedKernel(call, "kernel", hasBias));
    if (hasBias)
        y = b.add(y, call.weightNamed("bias", "bias_regularizer"));
    return { call.activate(y, "activation") };
}

std::vector<Value> lowerEinsumDense(LayerLowering& call)
{
    ops::Builder& b = call.builder;
    const Value x = call.floating();
    const auto parsed = EinsumEquation::parse(call.config.text("equation", ""));
    const auto equation = parsed ? parsed->expanded(b.shape(x).size()) : std::nullopt;
    if (!equation) {
        call.fail("its equation '" + call.config.text("equation", "") + "' does not fit its input");
        return {};
    }
    const bool hasBias = call.config.has("bias_axes");
    Value y = b.einsum(equation->text(), x, adaptedKernel(call, "kernel", hasBias));
    if (hasBias) {
        // The bias has only the axes that bias_axes names; it is stored with ones behind the first.
        const Value bias = call.weightNamed("bias", "bias_regularizer");
        const std::string axes = call.config.text("bias_axes", "");
        Shape shape(equation->output.size(), 1);
        for (std::size_t i = 0; i < shape.size(); ++i)
            if (axes.find(equation->output[i]) != std::string::npos)
                shape[i] = call.length(y, static_cast<std::int64_t>(i));
        y = b.add(y, b.reshape(bias, shape));
    }
    return { call.activate(y, "activation") };
}

Clauses denseWords(const ExplanationRequest& about)
{
    const auto units = about.config.integer("units", 0);
    const bool isKnown = !about.weights.empty() && about.weights[0].size() == 2;
    Clauses clauses;
    if (isKnown)
        clauses.emplace_back(
            WORDS("layers", "Gives %1 weighted sums of %2 inputs"), units, about.weights[0][0]);
    else
        clauses.emplace_back(WORDS("layers", "Gives %1 weighted sums of all its inputs"), units);
    addActivation(clauses, about.config);
    if (isKnown)
        addParameters(clauses, about);
    return clauses;
}

Clauses einsumWords(const ExplanationRequest& about)
{
    Clauses clauses{ { WORDS("layers", "Multiplies its input with a kernel by the equation %1"),
        about.config.text("equation", "?") } };
    addActivation(clauses, about.config);
    addParameters(clauses, about);
    return clauses;
}

constexpr LayerType denseTypes[] = {
    { .classNames = "Dense TimeDistributedDense",
        .shape = denseShape,
        .lower = lowerDense,
        .words = denseWords,
        .masking = Masking::Pass },
    { .classNames = "EinsumDense",
        .shape = einsumDenseShape,
        .lower = lowerEinsumDense,
        .words = einsumWords },
};

} // namespace

extern constinit const LayerFamily dense_layers{ denseTypes };

} // namespace layerscope::layers
