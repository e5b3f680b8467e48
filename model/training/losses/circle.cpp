// Embeddings of one class drawn together, of different classes pushed apart.
#include "model/training/losses/loss.h"

#include <limits>

namespace layerscope::training {
namespace {

using ops::Binary;
using ops::Unary;
using ops::Value;

/// log Σ exp of γ·weight·distance over the pairs in `mask`; −∞ where there is none.
Value pull(LossCall& call, Value mask, Value weight, Value distance, double gamma)
{
    ops::Builder& builder = call.builder;
    const Value bounded = builder.maximum(
        builder.multiply(weight, builder.cast(mask, call.dtype())), call.number(0));
    const Value product = builder.multiply(builder.multiply(bounded, gamma), distance);
    const Value within
        = builder.select(mask, product, call.number(-std::numeric_limits<double>::infinity()));
    return builder.logSumExp(within, { 1 });
}

Value circle(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const double gamma = call.settings.number("gamma", 80);
    const double margin = call.settings.number("margin", 0.4);
    const std::int64_t rows = builder.shape(call.prediction)[0];
    const Value similarity = builder.matmul(
        call.prediction, call.prediction, ops::Transposed::No, ops::Transposed::Yes);
    const Value distance
        = builder.maximum(builder.subtract(call.number(1), similarity), call.number(0));
    const Value labels = builder.reshape(call.target, { rows, 1 });
    Value same = builder.binary(Binary::Equal, labels, builder.reshape(labels, { 1, rows }));
    const Value different = builder.unary(Unary::LogicalNot, same);
    if (call.settings.flag("remove_diagonal", true)) {
        const Value index = builder.iota(rows, DType::Int64);
        same = builder.binary(Binary::LogicalAnd, same,
            builder.binary(Binary::NotEqual, builder.reshape(index, { rows, 1 }),
                builder.reshape(index, { 1, rows })));
    }
    const Value positive = pull(
        call, same, builder.add(distance, margin), builder.subtract(distance, margin), gamma);
    const Value negative
        = pull(call, different, builder.subtract(call.number(1 + margin), distance),
            builder.subtract(call.number(1 - margin), distance), gamma);
    const Value values = builder.unary(Unary::Softplus, builder.add(positive, negative));
    call.mask = builder.binary(Binary::Greater, values, call.number(0));
    return values;
}

} // namespace

extern const LossFamily circle_losses;
const LossFamily circle_losses{ {
    { { "circle" }, circle, TargetKind::ClassNumbers },
} };

} // namespace layerscope::training
