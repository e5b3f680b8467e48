#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cmath>
#include <numbers>

namespace layerscope::ops {

namespace {

bool isBoolean(Unary function)
{
    return function == Unary::LogicalNot || function == Unary::IsFinite || function == Unary::IsNan;
}

/// Whether integers have it too.
bool isForIntegers(Unary function)
{
    return function == Unary::Negate || function == Unary::Abs || function == Unary::Sign
        || function == Unary::Square || function == Unary::Relu || function == Unary::Floor
        || function == Unary::Ceil || function == Unary::Round || isBoolean(function);
}

Infos inferUnary(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("unary", inputs, 1));
    const auto function = enumeration<Unary>(attributes, "function");
    const ValueInfo& x = inputs[0];
    if (function == Unary::LogicalNot && x.dtype != DType::Bool)
        return shapeMismatch("logical not: needs bool, not " + std::string(name(x.dtype)));
    if (function != Unary::LogicalNot && x.dtype == DType::Bool)
        return shapeMismatch("unary: no arithmetic with bool");
    if (!isForIntegers(function))
        TRY_DO(requireFloating("unary", x));
    return std::vector{ ValueInfo{ isBoolean(function) ? DType::Bool : x.dtype, x.shape } };
}

Value derivative(Builder& b, Unary function, Value x, Value y, Value g)
{
    switch (function) {
    case Unary::Negate:
        return b.negate(g);
    case Unary::Abs:
        return b.multiply(g, b.unary(Unary::Sign, x));
    case Unary::Square:
        return b.multiply(g, b.multiply(x, 2));
    case Unary::Sqrt:
        return b.divide(b.multiply(g, 0.5), y);
    case Unary::Rsqrt:
        return b.multiply(b.multiply(g, -0.5), b.multiply(y, b.square(y)));
    case Unary::Reciprocal:
        return b.negate(b.multiply(g, b.square(y)));
    case Unary::Exp:
        return b.multiply(g, y);
    case Unary::Expm1:
        return b.multiply(g, b.exp(x));
    case Unary::Log:
        return b.divide(g, x);
    case Unary::Log1p:
        return b.divide(g, b.add(x, 1));
    case Unary::Sin:
        return b.multiply(g, b.unary(Unary::Cos, x));
    case Unary::Cos:
        return b.negate(b.multiply(g, b.unary(Unary::Sin, x)));
    case Unary::Tan:
        return b.multiply(g, b.add(b.square(y), 1));
    case Unary::Tanh:
        return b.multiply(g, b.subtract(b.scalar(1, b.dtype(y)), b.square(y)));
    case Unary::Sigmoid:
        return b.multiply(b.multiply(g, y), b.subtract(b.scalar(1, b.dtype(y)), y));
    case Unary::Erf:
        return b.multiply(
            b.multiply(g, 2 * std::numbers::inv_sqrtpi), b.exp(b.negate(b.square(x))));
    case Unary::Relu: // 0 at 0, as TensorFlow; asked of the result, so that x need not be kept
        return b.select(
            b.binary(Binary::Greater, y, b.scalar(0, b.dtype(y))), g, b.scalar(0, b.dtype(g)));
    case Unary::Softplus:
        return b.multiply(g, b.sigmoid(x));
    default: // steps: the gradient is zero
        return {};
    }
}

std::vector<Value> gradientUnary(const GradientRequest& request)
{
    return { derivative(request.builder, enumeration<Unary>(request.attributes, "function"),
        request.inputs[0], request.outputs[0], request.upstream[0]) };
}

template<class T> T apply(Unary function, T x)
{
    if constexpr (std::is_floating_point_v<T>) {
        switch (function) {
        case Unary::Sqrt:
            return std::sqrt(x);
        case Unary::Rsqrt:
            return 1 / std::sqrt(x);
        case Unary::Reciprocal:
            return 1 / x;
        case Unary::Exp:
            return std::exp(x);
        case Unary::Expm1:
            return std::expm1(x);
        case Unary::Log:
            return std::log(x);
        case Unary::Log1p:
            return std::log1p(x);
        case Unary::Sin:
            return std::sin(x);
        case Unary::Cos:
            return std::cos(x);
        case Unary::Tan:
            return std::tan(x);
        case Unary::Tanh:
            return std::tanh(x);
        case Unary::Sigmoid:
            return 1 / (1 + std::exp(-x));
        case Unary::Erf:
            return std::erf(x);
        case Unary::Floor:
            return std::floor(x);
        case Unary::Ceil:
            return std::ceil(x);
        case Unary::Round: // halves go to the even neighbour, as in NumPy
            return std::nearbyint(x);
        case Unary::Softplus:
            return std::fmax(x, T{ 0 }) + std::log1p(std::exp(-std::fabs(x)));
        default:
            break;
        }
    }
    switch (function) {
    case Unary::Negate:
        return static_cast<T>(-x);
    case Unary::Abs:
        return x < 0 ? static_cast<T>(-x) : x;
    case Unary::Sign:
        return x > 0 ? T{ 1 } : x < 0 ? static_cast<T>(-1) : x;
    case Unary::Square:
        return static_cast<T>(x * x);
    case Unary::Relu: // keeps NaN
        return x < 0 ? T{ 0 } : x;
    default:
        return x;
    }
}

template<class T> bool ask(Unary function, T x)
{
    if constexpr (std::is_same_v<T, bool>)
        return !x;
    else if constexpr (std::is_floating_point_v<T>)
        return function == Unary::IsNan ? std::isnan(x) : std::isfinite(x);
    else
        return function == Unary::IsFinite;
}

Result<Kernel> prepareUnary(const KernelRequest& request)
{
    const auto function = enumeration<Unary>(request.attributes, "function");
    const std::int64_t count = countOf(request.outputs[0].shape);
    if (isBoolean(function)) {
        return withType(request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
            return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
                for (std::int64_t i = 0; i < count; ++i)
                    output<bool>(outputs, 0)[i] = ask(function, input<T>(inputs, 0)[i]);
            };
        });
    }
    return withArithmeticType("unary", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            for (std::int64_t i = 0; i < count; ++i)
                output<T>(outputs, 0)[i] = apply(function, input<T>(inputs, 0)[i]);
        };
    });
}

} // namespace

const OpType unary_op{ .name = "unary",
    .infer = inferUnary,
    .gradient = gradientUnary,
    .prepare = prepareUnary,
    .words = "applies one function to each element" };

Value Builder::unary(Unary function, Value x)
{
    return make(unary_op, { x }, { { "function", static_cast<std::int64_t>(function) } });
}

} // namespace layerscope::ops
