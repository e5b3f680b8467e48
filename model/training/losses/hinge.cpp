// Margins between classes.
#include "model/training/losses/loss.h"

namespace layerscope::training {
namespace {

using ops::Binary;
using ops::Value;

/// Targets of 0 and 1 become −1 and 1, if there are no others in the batch.
Value signedTarget(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const Value isBinary = builder.reduce(ops::Reduction::All,
        builder.binary(Binary::LogicalOr,
            builder.binary(Binary::Equal, call.target, call.number(0)),
            builder.binary(Binary::Equal, call.target, call.number(1))));
    const Value converted = builder.subtract(builder.multiply(call.target, 2), 1);
    return builder.select(isBinary, converted, call.target);
}

Value margin(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const Value product = builder.multiply(signedTarget(call), call.prediction);
    return builder.maximum(builder.subtract(call.number(1), product), call.number(0));
}

Value hinge(LossCall& call)
{
    return call.builder.mean(margin(call), { -1 });
}

Value squaredHinge(LossCall& call)
{
    return call.builder.mean(call.builder.square(margin(call)), { -1 });
}

Value categoricalHinge(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const Value positive = builder.sum(builder.multiply(call.target, call.prediction), { -1 });
    const Value others
        = builder.multiply(builder.subtract(call.number(1), call.target), call.prediction);
    const Value negative = builder.reduce(ops::Reduction::Max, others, { -1 });
    return builder.maximum(builder.add(builder.subtract(negative, positive), 1), call.number(0));
}

} // namespace

extern const LossFamily hinge_losses;
const LossFamily hinge_losses{ {
    { { "hinge" }, hinge },
    { { "squared_hinge" }, squaredHinge },
    { { "categorical_hinge" }, categoricalHinge },
} };

} // namespace layerscope::training
