#include "model/layers/explanations.h"
#include "model/layers/image_layout.h"
#include "model/layers/layer_type.h"
#include "model/layers/normalizing.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::KeepAxes;
using ops::Value;

/// The axes that a layer normalizes along, counted from the front, sorted; empty (with an error)
/// where one does not exist.
std::vector<std::int64_t> axesOf(LayerLowering& call, std::size_t rank)
{
    std::vector<std::int64_t> axes = call.config.list("axis");
    if (axes.empty())
        axes = { -1 };
    for (std::int64_t& axis : axes) {
        const auto found = axisOf(axis, rank);
        if (!found) {
            call.fail("its axis " + std::to_string(axis) + " is not an axis of its input");
            return {};
        }
        axis = static_cast<std::int64_t>(*found);
    }
    std::sort(axes.begin(), axes.end());
    axes.erase(std::unique(axes.begin(), axes.end()), axes.end());
    return axes;
}

/// A weight over some axes, with ones for the others.
Value spread(Builder& b, Value weight, Value like, const std::vector<std::int64_t>& axes)
{
    Shape shape(b.shape(like).size(), 1);
    for (const std::int64_t axis : axes)
        shape[static_cast<std::size_t>(axis)] = b.shape(like)[static_cast<std::size_t>(axis)];
    return b.reshape(b.cast(weight, b.dtype(like)), shape);
}

/// Normalization runs in float32 where the layer computes in half precision.
Value widened(LayerLowering& call, Value x)
{
    const bool half = call.computeType == DType::Float16 || call.computeType == DType::BFloat16;
    return half ? call.builder.cast(x, DType::Float32) : x;
}

/// gamma and beta, as far as the layer has them; `next` counts the weights used.
std::pair<Value, Value> scaleAndOffset(LayerLowering& call, Value like,
    const std::vector<std::int64_t>& axes, std::size_t& next, const char* scaleKey = "scale")
{
    Value gamma;
    Value beta;
    if (call.config.flag(scaleKey, true))
        gamma = spread(call.builder, call.weight(next++, "gamma_regularizer"), like, axes);
    if (call.config.flag("center", true))
        beta = spread(call.builder, call.weight(next++, "beta_regularizer"), like, axes);
    return { gamma, beta };
}

Value scaled(Builder& b, Value x, Value gamma, Value beta)
{
    if (gamma)
        x = b.multiply(x, gamma);
    return beta ? b.add(x, beta) : x;
}

std::vector<std::int64_t> otherAxes(std::size_t rank, const std::vector<std::int64_t>& axes)
{
    std::vector<std::int64_t> others;
    for (std::int64_t axis = 0; axis < static_cast<std::int64_t>(rank); ++axis)
        if (std::find(axes.begin(), axes.end(), axis) == axes.end())
            others.push_back(axis);
    return others;
}

/// Mean and (biased) variance of a batch, masked time steps left out.
Moments batchMoments(LayerLowering& call, Value x, const std::vector<std::int64_t>& axes)
{
    Builder& b = call.builder;
    if (!call.mask() || b.rank(call.mask()) + 1 != b.rank(x))
        return moments(b, x, axes);
    const Value weights
        = b.broadcastTo(b.expandDims(b.cast(call.mask(), b.dtype(x)), b.rank(x) - 1), b.shape(x));
    Value count = b.sum(weights, axes, KeepAxes::Yes);
    if (call.isKeras3())
        count = b.add(count, 1e-7);
    const Value mean = b.divide(b.sum(b.multiply(x, weights), axes, KeepAxes::Yes), count);
    const Value squares = b.multiply(b.square(b.subtract(x, mean)), weights);
    return { mean, b.divide(b.sum(squares, axes, KeepAxes::Yes), count) };
}

/// Keras 2 hands images on a usual channel axis to TensorFlow's fused kernel, which behaves
/// slightly differently (formats.md 1.5).
bool isFused(LayerLowering& call, std::size_t rank, const std::vector<std::int64_t>& axes)
{
    if (call.isKeras3() || call.computeType == DType::Float64 || axes.size() != 1)
        return false;
    const auto& given = call.config.get("fused");
    if (given.is_boolean() && !given.get<bool>())
        return false;
    const bool lastAxis = axes[0] == static_cast<std::int64_t>(rank) - 1;
    // A 5-D tensor is fused on either axis as well.
    return (rank == 4 || rank == 5) && (lastAxis || axes[0] == 1)
        && call.generation != KerasGeneration::Keras1;
}

/// The running statistics after a batch.
void updateMoving(LayerLowering& call, std::size_t first, const Moments& batch, double correction)
{
    Builder& b = call.builder;
    const double momentum = call.config.number("momentum", 0.99);
    const auto follow = [&](std::size_t index, Value now, double factor) {
        const Value old = call.state(index);
        const Value flat = b.cast(b.reshape(now, b.shape(old)), b.dtype(old));
        call.update(
            index, b.add(b.multiply(old, momentum), b.multiply(flat, (1 - momentum) * factor)));
    };
    follow(first, batch.mean, 1);
    follow(first + 1, batch.variance, correction);
}

std::vector<Value> lowerBatchNormalization(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = widened(call, call.floating());
    const auto axes = axesOf(call, b.shape(x).size());
    if (axes.empty())
        return {};
    if (call.config.flag("renorm", false) && call.isTraining()) {
        call.fail("batch renormalization cannot be trained here", ErrorKind::Unsupported);
        return {};
    }
    std::size_t next = 0;
    const auto [gamma, beta] = scaleAndOffset(call, x, axes, next);
    const bool fused = isFused(call, b.shape(x).size(), axes);
    // The fused kernel takes no smaller epsilon.
    const double epsilon = fused ? std::max(call.config.number("epsilon", 1e-3), 1.001e-5)
                                 : call.config.number("epsilon", 1e-3);
    Moments used;
    if (call.isTraining()) {
        used = batchMoments(call, x, otherAxes(b.shape(x).size(), axes));
        double correction = 1;
        if (fused && !b.error()) {
            const std::int64_t total = elementCount(b.shape(x)).value_or(0);
            const std::int64_t channels = call.length(x, axes[0]);
            const double count = channels > 0 ? static_cast<double>(total / channels) : 1;
            correction = count / std::max(count - 1, 1.0);
        }
        updateMoving(call, next, used, correction);
    } else {
        used = { spread(b, call.variable(next), x, axes),
            spread(b, call.variable(next + 1), x, axes) };
    }
    const Value scale = b.unary(ops::Unary::Rsqrt, b.add(used.variance, epsilon));
    const Value y = scaled(b, b.multiply(b.subtract(x, used.mean), scale), gamma, beta);
    return { b.cast(y, call.computeType) };
}

std::vector<Value> lowerLayerNormalization(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = widened(call, call.floating());
    const auto axes = axesOf(call, b.shape(x).size());
    if (axes.empty())
        return {};
    std::size_t next = 0;
    const double epsilon = call.config.number("epsilon", 1e-3);
    if (call.config.flag("rms_scaling", false)) {
        const Value gamma = spread(b, call.weight(next, "gamma_regularizer"), x, axes);
        const Value variance = moments(b, x, axes).variance;
        return { b.cast(
            b.multiply(b.multiply(x, b.unary(ops::Unary::Rsqrt, b.add(variance, epsilon))), gamma),
            call.computeType) };
    }
    const auto [gamma, beta] = scaleAndOffset(call, x, axes, next);
    const Value y = scaled(b, standardized(b, x, axes, epsilon), gamma, beta);
    return { b.cast(y, call.computeType) };
}

std::vector<Value> lowerGroupNormalization(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = widened(call, call.floating());
    const auto axes = axesOf(call, b.shape(x).size());
    if (axes.size() != 1 || axes[0] == 0)
        return {};
    const auto axis = static_cast<std::size_t>(axes[0]);
    const Shape shape = b.shape(x);
    std::int64_t groups = call.config.integer("groups", 32);
    if (groups == -1)
        groups = shape[axis];
    if (groups <= 0 || shape[axis] % groups != 0) {
        call.fail(std::to_string(groups) + " groups do not divide " + std::to_string(shape[axis])
            + " channels");
        return {};
    }
    Shape split = shape;
    split[axis] = shape[axis] / groups;
    split.insert(split.begin() + axes[0], groups);
    std::vector<std::int64_t> reduced;
    for (std::int64_t i = 1; i < static_cast<std::int64_t>(split.size()); ++i)
        if (i != axes[0])
            reduced.push_back(i);
    const Value normal = b.reshape(
        standardized(b, b.reshape(x, split), reduced, call.config.number("epsilon", 1e-3)), shape);
    std::size_t next = 0;
    const auto [gamma, beta] = scaleAndOffset(call, x, axes, next);
    return { b.cast(scaled(b, normal, gamma, beta), call.computeType) };
}

std::vector<Value> lowerRmsNormalization(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = widened(call, call.floating());
    const auto axes = axesOf(call, b.shape(x).size());
    if (axes.empty())
        return {};
    const Value squares = b.mean(b.square(x), axes, KeepAxes::Yes);
    const Value y = b.multiply(
        x, b.unary(ops::Unary::Rsqrt, b.add(squares, call.config.number("epsilon", 1e-6))));
    return { b.cast(b.multiply(y, spread(b, call.weight(0), x, axes)), call.computeType) };
}

std::vector<Value> lowerUnitNormalization(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.floating();
    const auto axes = axesOf(call, b.shape(x).size());
    if (axes.empty())
        return {};
    // Keras 3 bounds the inverse norm by 1e12, Keras 2 the square of the norm by 1e-12.
    const double least = call.isKeras3() ? 1e-24 : 1e-12;
    const Value squares
        = b.maximum(b.sum(b.square(x), axes, KeepAxes::Yes), b.scalar(least, b.dtype(x)));
    return { b.multiply(x, b.unary(ops::Unary::Rsqrt, squares)) };
}

Clauses batchWords(const ExplanationRequest& about)
{
    return withParameters(about,
        { WORDS("layers",
              "Shifts and scales each channel to mean 0 and variance 1 over the batch (moving "
              "averages with momentum %1 stand in for the batch in inference)"),
            about.config.number("momentum", 0.99) });
}

Clauses layerWords(const ExplanationRequest& about)
{
    return withParameters(about,
        WORDS(
            "layers", "Shifts and scales each sample to mean 0 and variance 1 along its own axes"));
}

Clauses groupWords(const ExplanationRequest& about)
{
    return withParameters(about,
        { WORDS(
              "layers", "Shifts and scales each of %1 groups of channels to mean 0 and variance 1"),
            about.config.integer("groups", 32) });
}

Clauses rmsWords(const ExplanationRequest& about)
{
    return withParameters(about, WORDS("layers", "Scales each sample to a root mean square of 1"));
}

Clauses unitWords(const ExplanationRequest&)
{
    return withoutParameters(WORDS("layers", "Scales each vector to length 1"));
}

constexpr LayerType normalizationTypes[] = {
    { .classNames = "BatchNormalization SyncBatchNormalization BatchNormalizationV1 "
                    "BatchNormalizationV2",
        .shape = sameShape,
        .lower = lowerBatchNormalization,
        .words = batchWords,
        .masking = Masking::Pass },
    { .classNames = "LayerNormalization",
        .shape = sameShape,
        .lower = lowerLayerNormalization,
        .words = layerWords,
        .masking = Masking::Pass },
    { .classNames = "GroupNormalization",
        .shape = sameShape,
        .lower = lowerGroupNormalization,
        .words = groupWords,
        .masking = Masking::Pass },
    { .classNames = "RMSNormalization",
        .shape = sameShape,
        .lower = lowerRmsNormalization,
        .words = rmsWords },
    { .classNames = "UnitNormalization",
        .shape = sameShape,
        .lower = lowerUnitNormalization,
        .words = unitWords,
        .masking = Masking::Pass },
};

} // namespace

extern constinit const LayerFamily normalization_layers{ normalizationTypes };

} // namespace layerscope::layers
