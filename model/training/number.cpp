#include "model/training/number.h"

#include <algorithm>
#include <cmath>

namespace layerscope::training {

double Number::rounded(double value, DType type)
{
    switch (type) {
    case DType::Float16:
        return static_cast<double>(floatFromHalf(halfFromFloat(static_cast<float>(value))));
    case DType::BFloat16:
        return static_cast<double>(floatFromBFloat16(bfloat16FromFloat(static_cast<float>(value))));
    case DType::Float32:
        return static_cast<double>(static_cast<float>(value));
    default:
        return value;
    }
}

// A double holds the exact sum and product of two floats closely enough that rounding twice gives
// the same as rounding once.
Number operator+(Number a, Number b)
{
    return { a.value() + b.value(), a.type() };
}
Number operator-(Number a, Number b)
{
    return { a.value() - b.value(), a.type() };
}
Number operator*(Number a, Number b)
{
    return { a.value() * b.value(), a.type() };
}
Number operator/(Number a, Number b)
{
    return { a.value() / b.value(), a.type() };
}

Number squareRoot(Number x)
{
    return { std::sqrt(x.value()), x.type() };
}
Number power(Number base, Number exponent)
{
    return { std::pow(base.value(), exponent.value()), base.type() };
}
Number floorOf(Number x)
{
    return { std::floor(x.value()), x.type() };
}
Number ceilingOf(Number x)
{
    return { std::ceil(x.value()), x.type() };
}
Number cosine(Number x)
{
    return { std::cos(x.value()), x.type() };
}
Number logarithm(Number x)
{
    return { std::log(x.value()), x.type() };
}
Number smaller(Number a, Number b)
{
    return { std::min(a.value(), b.value()), a.type() };
}
Number larger(Number a, Number b)
{
    return { std::max(a.value(), b.value()), a.type() };
}

} // namespace layerscope::training
