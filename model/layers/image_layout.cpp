#include "model/layers/image_layout.h"

#include <numeric>

namespace layerscope::layers {

using ops::Builder;
using ops::Value;

namespace {

/// Moves one axis of x.
Value moveAxis(Builder& builder, Value x, std::int64_t from, std::int64_t to)
{
    std::vector<std::int64_t> order(builder.shape(x).size());
    std::iota(order.begin(), order.end(), 0);
    order.erase(order.begin() + from);
    order.insert(order.begin() + to, from);
    return builder.transpose(x, order);
}

} // namespace

Value toChannelsLast(Builder& builder, Value x, bool channelsFirst)
{
    if (!channelsFirst || builder.rank(x) < 3)
        return x;
    return moveAxis(builder, x, 1, builder.rank(x) - 1);
}

Value fromChannelsLast(Builder& builder, Value x, bool channelsFirst)
{
    if (!channelsFirst || builder.rank(x) < 3)
        return x;
    return moveAxis(builder, x, builder.rank(x) - 1, 1);
}

Shape spatialLengths(const Builder& builder, Value x)
{
    const Shape shape = builder.shape(x);
    return shape.size() < 3 ? Shape{} : Shape(shape.begin() + 1, shape.end() - 1);
}

Value alongAxis(Builder& builder, Value vector, std::int64_t rank, std::size_t axis)
{
    Shape shape(static_cast<std::size_t>(rank), 1);
    if (axis < shape.size())
        shape[axis] = -1;
    return builder.reshape(vector, shape);
}

} // namespace layerscope::layers
