// Losses that measure how far a number is from its target.
#include "model/training/losses/loss.h"

#include <numbers>

namespace layerscope::training {
namespace {

using ops::Binary;
using ops::Unary;
using ops::Value;

Value difference(LossCall& call)
{
    return call.builder.subtract(call.prediction, call.target);
}

Value squaredError(LossCall& call)
{
    return call.builder.mean(call.builder.square(difference(call)), { -1 });
}

Value absoluteError(LossCall& call)
{
    return call.builder.mean(call.builder.unary(Unary::Abs, difference(call)), { -1 });
}

Value percentageError(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const Value size
        = builder.maximum(builder.unary(Unary::Abs, call.target), call.number(kerasEpsilon));
    const Value share = builder.divide(difference(call), size);
    return builder.multiply(builder.mean(builder.unary(Unary::Abs, share), { -1 }), 100);
}

Value logarithmicError(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const auto logarithm = [&](Value x) {
        return builder.log(builder.add(builder.maximum(x, call.number(kerasEpsilon)), 1));
    };
    const Value error = builder.subtract(logarithm(call.prediction), logarithm(call.target));
    return builder.mean(builder.square(error), { -1 });
}

/// ½e² up to δ, then δ|e| − ½δ².
Value huber(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const double delta = call.settings.number("delta", 1);
    const Value error = difference(call);
    const Value size = builder.unary(Unary::Abs, error);
    const Value isSmall = builder.binary(Binary::LessEqual, size, call.number(delta));
    const Value linear = builder.subtract(builder.multiply(size, delta), 0.5 * delta * delta);
    return builder.mean(
        builder.select(isSmall, builder.multiply(builder.square(error), 0.5), linear), { -1 });
}

/// log(cosh(e)) = e + softplus(−2e) − log 2.
Value logCosh(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const Value error = difference(call);
    const Value soft = builder.unary(Unary::Softplus, builder.multiply(error, -2));
    return builder.mean(builder.subtract(builder.add(error, soft), std::numbers::ln2), { -1 });
}

Value poisson(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const Value logarithm = builder.log(builder.add(call.prediction, kerasEpsilon));
    return builder.mean(
        builder.subtract(call.prediction, builder.multiply(call.target, logarithm)), { -1 });
}

Value cosineSimilarity(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const bool keras3 = call.settings.isKeras3();
    const std::int64_t axis = call.axis();
    const Value product = builder.multiply(l2Normalized(builder, call.target, axis, keras3),
        l2Normalized(builder, call.prediction, axis, keras3));
    return builder.negate(builder.sum(product, { axis }));
}

} // namespace

extern const LossFamily errors_losses;
const LossFamily errors_losses{ {
    { { "mean_squared_error", "mse" }, squaredError },
    { { "mean_absolute_error", "mae" }, absoluteError },
    { { "mean_absolute_percentage_error", "mape" }, percentageError },
    { { "mean_squared_logarithmic_error", "msle" }, logarithmicError },
    { { "huber", "huber_loss" }, huber },
    { { "log_cosh", "logcosh" }, logCosh },
    { { "poisson" }, poisson },
    { { "cosine_similarity", "cosine_proximity", "cosine" }, cosineSimilarity },
} };

} // namespace layerscope::training
