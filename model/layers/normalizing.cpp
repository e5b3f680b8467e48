#include "model/layers/normalizing.h"

namespace layerscope::layers {

using ops::KeepAxes;
using ops::Value;

Moments moments(ops::Builder& b, Value x, const std::vector<std::int64_t>& axes)
{
    const Value mean = b.mean(x, axes, KeepAxes::Yes);
    return { mean, b.mean(b.square(b.subtract(x, mean)), axes, KeepAxes::Yes) };
}

Value standardized(ops::Builder& b, Value x, const std::vector<std::int64_t>& axes, double epsilon)
{
    const auto [mean, variance] = moments(b, x, axes);
    return b.multiply(b.subtract(x, mean), b.unary(ops::Unary::Rsqrt, b.add(variance, epsilon)));
}

} // namespace layerscope::layers
