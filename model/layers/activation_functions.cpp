#include "model/layers/activation_functions.h"

#include <array>
#include <cmath>
#include <numbers>

namespace layerscope::layers {

namespace {

using ops::Binary;
using ops::Builder;
using ops::Unary;
using ops::Value;

Value isAbove(Builder& b, Value x, double threshold)
{
    return b.binary(Binary::Greater, x, b.scalar(threshold, b.dtype(x)));
}

Value number(Builder& b, Value like, double value)
{
    return b.scalar(value, b.dtype(like));
}

Value linear(Builder&, Value x)
{
    return x;
}

Value relu(Builder& b, Value x)
{
    return b.relu(x);
}

Value relu6(Builder& b, Value x)
{
    return b.minimum(b.relu(x), number(b, x, 6));
}

Value sigmoid(Builder& b, Value x)
{
    return b.sigmoid(x);
}

Value tanh(Builder& b, Value x)
{
    return b.tanh(x);
}

Value exponential(Builder& b, Value x)
{
    return b.exp(x);
}

Value softmax(Builder& b, Value x)
{
    return b.softmax(x);
}

Value logSoftmax(Builder& b, Value x)
{
    return b.logSoftmax(x);
}

Value softplus(Builder& b, Value x)
{
    return b.unary(Unary::Softplus, x);
}

Value softsign(Builder& b, Value x)
{
    return b.divide(x, b.add(b.unary(Unary::Abs, x), 1));
}

Value silu(Builder& b, Value x)
{
    return b.multiply(x, b.sigmoid(x));
}

Value mish(Builder& b, Value x)
{
    return b.multiply(x, b.tanh(softplus(b, x)));
}

Value gelu(Builder& b, Value x)
{
    const Value inner = b.add(b.unary(Unary::Erf, b.multiply(x, std::numbers::sqrt2 / 2)), 1);
    return b.multiply(b.multiply(x, 0.5), inner);
}

Value eluOfOne(Builder& b, Value x)
{
    return elu(b, x, 1);
}

Value selu(Builder& b, Value x)
{
    // The constants of Klambauer et al. 2017, as TensorFlow has them.
    constexpr double scale = 1.0507009873554804934193349852946;
    constexpr double alpha = 1.6732632423543772848170429916717;
    return b.multiply(elu(b, x, alpha), scale);
}

Value celu(Builder& b, Value x)
{
    return elu(b, x, 1); // alpha 1, where the two are one
}

Value leakyReluOfDefault(Builder& b, Value x)
{
    return leakyRelu(b, x, 0.2);
}

Value hardSigmoid2(Builder& b, Value x)
{
    return b.clip(b.add(b.multiply(x, 0.2), 0.5), 0, 1);
}

Value hardSigmoid3(Builder& b, Value x)
{
    return b.divide(relu6(b, b.add(x, 3)), 6);
}

Value hardSilu(Builder& b, Value x)
{
    return b.multiply(x, hardSigmoid3(b, x));
}

Value hardTanh(Builder& b, Value x)
{
    return b.clip(x, -1, 1);
}

Value hardShrink(Builder& b, Value x)
{
    return b.select(isAbove(b, b.unary(Unary::Abs, x), 0.5), x, number(b, x, 0));
}

Value softShrink(Builder& b, Value x)
{
    // x - 0.5 above 0.5, x + 0.5 below -0.5, nothing between.
    return b.subtract(b.relu(b.subtract(x, 0.5)), b.relu(b.subtract(b.negate(x), 0.5)));
}

Value tanhShrink(Builder& b, Value x)
{
    return b.subtract(x, b.tanh(x));
}

Value logSigmoid(Builder& b, Value x)
{
    return b.negate(softplus(b, b.negate(x)));
}

Value sparsePlus(Builder& b, Value x)
{
    const Value middle = b.multiply(b.square(b.add(x, 1)), 0.25);
    const Value below = b.select(isAbove(b, x, -1), middle, number(b, x, 0));
    return b.select(b.binary(Binary::GreaterEqual, x, number(b, x, 1)), x, below);
}

Value sparseSigmoid(Builder& b, Value x)
{
    return b.clip(b.multiply(b.add(x, 1), 0.5), 0, 1);
}

Value squareplus(Builder& b, Value x)
{
    return b.multiply(b.add(x, b.sqrt(b.add(b.square(x), 4))), 0.5);
}

Value glu(Builder& b, Value x)
{
    const auto shape = b.shape(x);
    if (shape.empty() || shape.back() % 2 != 0) {
        b.fail(ErrorKind::ShapeMismatch, "glu needs a last axis of even length");
        return {};
    }
    const auto halves = b.split(x, -1, { shape.back() / 2, shape.back() / 2 });
    return halves.size() == 2 ? b.multiply(halves[0], b.sigmoid(halves[1])) : Value{};
}

/// As Keras 3.15 computes it along the last axis. That is not the projection onto the simplex
/// (Martins and Astudillo 2016) that it is named for: the threshold adds up the running sums of all
/// supported values where the last one alone would do.
Value sparsemax(Builder& b, Value x)
{
    const auto shape = b.shape(x);
    if (shape.empty())
        return x;
    const Value sorted = b.topK(x, shape.back()).first;
    const Value sums = b.cumulativeSum(sorted, -1);
    const Value counts = b.cast(b.add(b.iota(shape.back(), DType::Int64), 1), b.dtype(x));
    const Value isSupport
        = isAbove(b, b.subtract(sorted, b.divide(b.subtract(sums, 1), counts)), 0);
    const Value support = b.cast(isSupport, b.dtype(x));
    const Value size = b.sum(support, { -1 }, ops::KeepAxes::Yes);
    const Value total = b.sum(b.multiply(sums, support), { -1 }, ops::KeepAxes::Yes);
    const Value tau = b.divide(b.subtract(total, 1), size);
    return b.relu(b.subtract(x, tau));
}

struct Named
{
    std::string_view name;
    Activation function;
};

constexpr std::array<Named, 32> table{ {
    { "linear", linear },
    { "relu", relu },
    { "relu6", relu6 },
    { "sigmoid", sigmoid },
    { "tanh", tanh },
    { "softmax", softmax },
    { "softmax_v2", softmax },
    { "log_softmax", logSoftmax },
    { "softplus", softplus },
    { "softsign", softsign },
    { "silu", silu },
    { "swish", silu },
    { "mish", mish },
    { "gelu", gelu },
    { "elu", eluOfOne },
    { "selu", selu },
    { "celu", celu },
    { "exponential", exponential },
    { "exp", exponential },
    { "leaky_relu", leakyReluOfDefault },
    { "hard_silu", hardSilu },
    { "hard_swish", hardSilu },
    { "hard_tanh", hardTanh },
    { "hard_shrink", hardShrink },
    { "soft_shrink", softShrink },
    { "tanh_shrink", tanhShrink },
    { "log_sigmoid", logSigmoid },
    { "sparse_plus", sparsePlus },
    { "sparse_sigmoid", sparseSigmoid },
    { "squareplus", squareplus },
    { "glu", glu },
    { "sparsemax", sparsemax },
} };

} // namespace

Value leakyRelu(Builder& b, Value x, double slope)
{
    return b.select(isAbove(b, x, 0), x, b.multiply(x, slope));
}

Value elu(Builder& b, Value x, double alpha)
{
    // The minimum keeps exp from overflowing where its result is not used: its gradient there
    // would be infinity times zero.
    const Value below = b.unary(Unary::Expm1, b.minimum(x, number(b, x, 0)));
    return b.select(isAbove(b, x, 0), x, alpha == 1 ? below : b.multiply(below, alpha));
}

Value generalRelu(Builder& b, Value x, double slope, std::optional<double> most, double threshold)
{
    if (slope != 0 && !most && threshold == 0)
        return leakyRelu(b, x, slope);
    Value result
        = threshold == 0 ? b.relu(x) : b.select(isAbove(b, x, threshold), x, number(b, x, 0));
    if (most)
        result = b.clip(result, 0, *most);
    if (slope == 0)
        return result;
    const Value below = b.relu(b.add(b.negate(x), threshold));
    return b.subtract(result, b.multiply(below, slope));
}

std::optional<Activation> activationNamed(std::string_view name, KerasGeneration generation)
{
    if (name == "hard_sigmoid")
        return generation == KerasGeneration::Keras3 ? hardSigmoid3 : hardSigmoid2;
    for (const Named& entry : table)
        if (entry.name == name)
            return entry.function;
    return std::nullopt;
}

} // namespace layerscope::layers
