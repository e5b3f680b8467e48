// Losses between a predicted and a given distribution.
#include "model/training/losses/crossentropy.h"

namespace layerscope::training {

using ops::Binary;
using ops::Unary;
using ops::Value;

Value logitsOf(const LossCall& call)
{
    if (call.logits)
        return call.logits;
    return call.settings.flag("from_logits", false) ? call.prediction : Value();
}

Value elementwiseBinaryCrossentropy(LossCall& call, Value target)
{
    ops::Builder& builder = call.builder;
    if (const Value logits = logitsOf(call)) {
        // softplus(x) − x·y is max(x, 0) − x·y + log(1 + e^−|x|), with the gradient σ(x) − y.
        return builder.subtract(
            builder.unary(Unary::Softplus, logits), builder.multiply(logits, target));
    }
    const Value p = clippedProbability(call);
    const Value rest = builder.subtract(call.number(1), p);
    const double shift = call.settings.isKeras3() ? 0 : kerasEpsilon; // Keras 2 guards twice
    const auto logarithm
        = [&](Value x) { return builder.log(shift == 0 ? x : builder.add(x, shift)); };
    const Value positive = builder.multiply(target, logarithm(p));
    const Value negative
        = builder.multiply(builder.subtract(call.number(1), target), logarithm(rest));
    return builder.negate(builder.add(positive, negative));
}

namespace {

Value binary(LossCall& call)
{
    const double smoothing = call.settings.number("label_smoothing", 0);
    const Value target = smoothedTarget(call, 0.5 * smoothing);
    return call.builder.mean(elementwiseBinaryCrossentropy(call, target), { call.axis() });
}

/// TensorFlow's fused kernel: −Σ y·log softmax(x), whose gradient it takes to be softmax(x) − y
/// even where the y do not add up to 1.
Value softmaxCrossentropy(ops::Builder& builder, Value target, Value logits, std::int64_t axis)
{
    const Value value = builder.negate(
        builder.sum(builder.multiply(target, builder.logSoftmax(logits, axis)), { axis }));
    const Value surplus
        = builder.subtract(builder.scalar(1, builder.dtype(logits)), builder.sum(target, { axis }));
    const Value term = builder.multiply(surplus, builder.logSumExp(logits, { axis }));
    return builder.add(value, builder.subtract(term, builder.stopGradient(term)));
}

Value categorical(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const std::int64_t axis = call.axis();
    const Shape& shape = builder.shape(call.prediction);
    const auto classes = static_cast<double>(shape.empty() ? 1 : shape.back());
    const double smoothing = call.settings.number("label_smoothing", 0);
    const Value target = smoothedTarget(call, smoothing / classes);
    if (const Value logits = logitsOf(call)) {
        if (call.rowsSumToOne)
            return builder.negate(
                builder.sum(builder.multiply(target, builder.logSoftmax(logits, axis)), { axis }));
        return softmaxCrossentropy(builder, target, logits, axis);
    }
    const Value total = builder.sum(call.prediction, { axis }, ops::KeepAxes::Yes);
    const Value p
        = builder.clip(builder.divide(call.prediction, total), kerasEpsilon, 1 - kerasEpsilon);
    return builder.negate(builder.sum(builder.multiply(target, builder.log(p)), { axis }));
}

Value sparseCategorical(LossCall& call)
{
    ops::Builder& builder = call.builder;
    Value target = call.target;
    const std::int64_t rank = builder.rank(call.prediction);
    if (builder.rank(target) == rank && builder.shape(target).back() == 1)
        target = builder.squeeze(target, -1);
    Value logits = logitsOf(call);
    if (!logits)
        logits = builder.log(clippedProbability(call));
    const std::int64_t axis = call.axis() < 0 ? call.axis() + rank : call.axis();
    if (axis != rank - 1 && axis >= 0 && axis < rank) {
        std::vector<std::int64_t> order;
        for (std::int64_t i = 0; i < rank; ++i) {
            if (i != axis)
                order.push_back(i);
        }
        order.push_back(axis);
        logits = builder.transpose(logits, order);
    }
    const Shape& shape = builder.shape(logits);
    if (shape.empty())
        return logits;
    const Value chosen = builder.oneHot(target, shape.back(), builder.dtype(logits));
    Value values
        = builder.negate(builder.sum(builder.multiply(chosen, builder.logSoftmax(logits)), { -1 }));
    if (call.settings.has("ignore_class")) {
        const auto ignored = static_cast<double>(call.settings.integer("ignore_class", 0));
        call.mask = builder.binary(
            Binary::NotEqual, target, builder.scalar(ignored, builder.dtype(target)));
        values = builder.select(call.mask, values, call.number(0));
    }
    return values;
}

/// Σ y·log(y/p), both within [ε, 1].
Value klDivergence(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const Value target = builder.clip(call.target, kerasEpsilon, 1);
    const Value p = builder.clip(call.prediction, kerasEpsilon, 1);
    return builder.sum(builder.multiply(target, builder.log(builder.divide(target, p))), { -1 });
}

/// (1 − p^q)/q for the probability p of the true class.
Value generalized(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const double q = call.settings.number("q", 0.5);
    Value target = call.target;
    if (builder.rank(target) == builder.rank(call.prediction) && builder.shape(target).back() == 1)
        target = builder.squeeze(target, -1);
    const std::int64_t classes = builder.shape(call.prediction).back();
    const Value chosen = builder.oneHot(target, classes, call.dtype());
    const Value p = builder.sum(builder.multiply(call.prediction, chosen), { -1 });
    const Value lifted = builder.binary(Binary::Power, p, call.number(q));
    return builder.divide(builder.subtract(call.number(1), lifted), q);
}

} // namespace

extern const LossFamily crossentropy_losses;
const LossFamily crossentropy_losses{ {
    { { "binary_crossentropy", "bce" }, binary },
    { { "categorical_crossentropy" }, categorical },
    { { "sparse_categorical_crossentropy" }, sparseCategorical, TargetKind::ClassNumbers },
    { { "kl_divergence", "kullback_leibler_divergence", "kld" }, klDivergence },
    { { "categorical_generalized_cross_entropy" }, generalized, TargetKind::ClassNumbers },
} };

} // namespace layerscope::training
