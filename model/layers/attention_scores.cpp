#include "model/layers/attention_scores.h"

namespace layerscope::layers {

using ops::Builder;
using ops::Value;

Value causalMask(Builder& b, std::int64_t queries, std::int64_t keys)
{
    const Value rows = b.reshape(b.iota(queries, DType::Int32), { 1, queries, 1 });
    const Value columns = b.reshape(b.iota(keys, DType::Int32), { 1, 1, keys });
    return b.binary(ops::Binary::GreaterEqual, rows, columns);
}

Value windowMask(Builder& b, std::int64_t queries, std::int64_t keys, std::int64_t width)
{
    const Value rows = b.reshape(b.iota(queries, DType::Int32), { 1, queries, 1 });
    const Value columns = b.reshape(b.iota(keys, DType::Int32), { 1, 1, keys });
    const Value distance = b.unary(ops::Unary::Abs, b.subtract(rows, columns));
    return b.binary(
        ops::Binary::Less, distance, b.scalar(static_cast<double>(width), DType::Int32));
}

Value bothMasks(Builder& builder, Value a, Value b)
{
    if (!a || !b)
        return a ? a : b;
    return builder.binary(ops::Binary::LogicalAnd, a, b);
}

bool callFlag(const LayerLowering& call, std::string_view keyword)
{
    const BoundArgument* argument = call.call.keyword(keyword);
    return argument && argument->literal == true;
}

Value callTensor(LayerLowering& call, std::string_view keyword)
{
    const BoundArgument* argument = call.call.keyword(keyword);
    if (!argument || argument->kind != BoundArgument::Kind::Tensor)
        return {};
    return call.input(argument->tensor);
}

Value droppedWeights(LayerLowering& call, Value weights)
{
    Builder& b = call.builder;
    const double rate = call.config.number("dropout", 0);
    if (!call.hasNoise() || !(rate > 0) || rate >= 1)
        return weights;
    const Value kept = b.binary(ops::Binary::GreaterEqual, call.uniform(b.shape(weights)),
        b.scalar(rate, call.computeType));
    return b.multiply(b.divide(weights, 1 - rate), b.cast(kept, call.computeType));
}

} // namespace layerscope::layers
