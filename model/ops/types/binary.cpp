#include "model/ops/kernels/strided.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cmath>
#include <limits>

namespace layerscope::ops {

namespace {

bool isComparison(Binary function)
{
    return function >= Binary::Equal && function <= Binary::GreaterEqual;
}

bool isLogical(Binary function)
{
    return function == Binary::LogicalAnd || function == Binary::LogicalOr;
}

Infos inferBinary(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("binary", inputs, 2));
    TRY_DO(requireSameType("binary", inputs));
    const auto function = enumeration<Binary>(attributes, "function");
    if (isLogical(function) != (inputs[0].dtype == DType::Bool) && !isComparison(function))
        return shapeMismatch("binary: logic wants bool and arithmetic numbers, not "
            + std::string(name(inputs[0].dtype)));
    TRY(Shape shape, broadcastShapes("binary", inputs[0].shape, inputs[1].shape));
    return std::vector{ ValueInfo{
        isComparison(function) ? DType::Bool : inputs[0].dtype, std::move(shape) } };
}

struct Sides
{
    Value a;
    Value b;
};

Sides powerGradient(Builder& m, Value x, Value y, Value z, Value g)
{
    const Value toBase = m.multiply(g, m.multiply(y, m.binary(Binary::Power, x, m.subtract(y, 1))));
    // As TensorFlow: the logarithm counts as 0 where the base is not positive.
    const Value zero = m.scalar(0, m.dtype(x));
    const Value positive = m.binary(Binary::Greater, x, zero);
    const Value safe = m.select(positive, x, m.scalar(1, m.dtype(x)));
    return { toBase, m.multiply(g, m.multiply(z, m.log(safe))) };
}

/// The element that wins gets the gradient; of two equal ones the first, as TensorFlow does.
Sides chosen(Builder& m, Binary wins, Value a, Value b, Value g)
{
    const Value first = m.binary(wins, a, b);
    const Value zero = m.scalar(0, m.dtype(g));
    return { m.select(first, g, zero), m.select(first, zero, g) };
}

Sides derivatives(const GradientRequest& request, Binary function)
{
    Builder& m = request.builder;
    const Value a = request.inputs[0];
    const Value b = request.inputs[1];
    const Value g = request.upstream[0];
    const Value y = request.outputs[0];
    switch (function) {
    case Binary::Add:
        return { g, g };
    case Binary::Subtract:
        return { g, m.negate(g) };
    case Binary::Multiply:
        return { m.multiply(g, b), m.multiply(g, a) };
    case Binary::Divide:
        return { m.divide(g, b), m.negate(m.divide(m.multiply(g, y), b)) };
    case Binary::Power:
        return powerGradient(m, a, b, y, g);
    case Binary::Maximum:
        return chosen(m, Binary::GreaterEqual, a, b, g);
    case Binary::Minimum:
        return chosen(m, Binary::LessEqual, a, b, g);
    case Binary::Modulo:
        return { g, m.negate(m.multiply(g, m.binary(Binary::FloorDivide, a, b))) };
    case Binary::SquaredDifference: {
        const Value toFirst = m.multiply(g, m.multiply(m.subtract(a, b), 2));
        return { toFirst, m.negate(toFirst) };
    }
    default: // comparisons and floor: zero
        return {};
    }
}

std::vector<Value> gradientBinary(const GradientRequest& request)
{
    const Sides sides = derivatives(request, enumeration<Binary>(request.attributes, "function"));
    Builder& m = request.builder;
    std::vector<Value> result(2);
    if (sides.a && request.needed[0])
        result[0] = sumToShape(m, sides.a, m.shape(request.inputs[0]));
    if (sides.b && request.needed[1])
        result[1] = sumToShape(m, sides.b, m.shape(request.inputs[1]));
    return result;
}

/// Rounds to minus infinity, as Python. Division by zero gives 0 for integers, where it would trap.
template<class T> T floorDivide(T a, T b)
{
    if constexpr (std::is_floating_point_v<T>) {
        return std::floor(a / b);
    } else {
        if (b == 0)
            return 0;
        if constexpr (std::is_signed_v<T>) {
            if (b == -1) // the one quotient that overflows
                return static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(a));
        }
        const T quotient = static_cast<T>(a / b);
        return a % b != 0 && (a < 0) != (b < 0) ? static_cast<T>(quotient - 1) : quotient;
    }
}

template<class T> T modulo(T a, T b)
{
    if constexpr (std::is_floating_point_v<T>) {
        const T remainder = std::fmod(a, b);
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
    } else {
        const auto product = static_cast<std::make_unsigned_t<T>>(floorDivide(a, b))
            * static_cast<std::make_unsigned_t<T>>(b);
        return static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) - product);
    }
}

template<class T> T power(T a, T b)
{
    if constexpr (std::is_floating_point_v<T>) {
        return std::pow(a, b);
    } else {
        using U = std::make_unsigned_t<T>;
        if (b < 0)
            return a == 1 ? T{ 1 } : T{ 0 };
        U result = 1;
        U base = static_cast<U>(a);
        for (U rest = static_cast<U>(b); rest != 0; rest = static_cast<U>(rest >> 1U)) {
            if ((rest & 1U) != 0)
                result = static_cast<U>(result * base);
            base = static_cast<U>(base * base);
        }
        return static_cast<T>(result);
    }
}

/// Sums wrap around for integers, as NumPy's; NaN wins maximum and minimum, as in TensorFlow.
template<class T> T apply(Binary function, T a, T b)
{
    using W = typename std::conditional_t<std::is_floating_point_v<T>, std::type_identity<T>,
        std::make_unsigned<T>>::type;
    const W u = static_cast<W>(a);
    const W v = static_cast<W>(b);
    switch (function) {
    case Binary::Add:
        return static_cast<T>(u + v);
    case Binary::Subtract:
        return static_cast<T>(u - v);
    case Binary::Multiply:
        return static_cast<T>(u * v);
    case Binary::Divide:
        if constexpr (std::is_floating_point_v<T>)
            return a / b;
        else
            return floorDivide(a, b);
    case Binary::Power:
        return power(a, b);
    case Binary::Maximum:
        return a >= b || a != a ? a : b;
    case Binary::Minimum:
        return a <= b || a != a ? a : b;
    case Binary::FloorDivide:
        return floorDivide(a, b);
    case Binary::Modulo:
        return modulo(a, b);
    case Binary::SquaredDifference:
        return static_cast<T>((u - v) * (u - v));
    default:
        return a;
    }
}

template<class T> bool compare(Binary function, T a, T b)
{
    switch (function) {
    case Binary::Equal:
        return a == b;
    case Binary::NotEqual:
        return a != b;
    case Binary::Less:
        return a < b;
    case Binary::LessEqual:
        return a <= b;
    case Binary::Greater:
        return a > b;
    case Binary::GreaterEqual:
        return a >= b;
    case Binary::LogicalAnd:
        return a != T{ 0 } && b != T{ 0 };
    default:
        return a != T{ 0 } || b != T{ 0 };
    }
}

template<class T, class R, class F> Kernel loop(const StridedWalk<2>& walk, F function)
{
    return [walk, function](std::span<const void* const> inputs, std::span<void* const> outputs) {
        R* to = output<R>(outputs, 0);
        walk.forEachRun([&](const std::array<std::int64_t, 2>& offsets) {
            const T* a = input<T>(inputs, 0) + offsets[0];
            const T* b = input<T>(inputs, 1) + offsets[1];
            for (std::int64_t i = 0; i < walk.runLength; ++i)
                *to++ = function(a[i * walk.runStrides[0]], b[i * walk.runStrides[1]]);
        });
    };
}

Result<Kernel> prepareBinary(const KernelRequest& request)
{
    const auto function = enumeration<Binary>(request.attributes, "function");
    const Shape& shape = request.outputs[0].shape;
    const StridedWalk<2> walk(shape,
        { broadcastStrides(request.inputs[0].shape, shape),
            broadcastStrides(request.inputs[1].shape, shape) });
    if (isComparison(function) || isLogical(function)) {
        return withType(request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
            return loop<T, bool>(walk, [=](T a, T b) { return compare(function, a, b); });
        });
    }
    return withArithmeticType("binary", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return loop<T, T>(walk, [=](T a, T b) { return apply(function, a, b); });
    });
}

} // namespace

const OpType binary_op{ .name = "binary",
    .infer = inferBinary,
    .gradient = gradientBinary,
    .prepare = prepareBinary,
    .words = "combines two values element by element" };

Value Builder::binary(Binary function, Value a, Value b)
{
    return make(binary_op, { a, b }, { { "function", static_cast<std::int64_t>(function) } });
}

} // namespace layerscope::ops
