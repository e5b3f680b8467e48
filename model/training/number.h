#pragma once

#include "model/core/dtype.h"

namespace layerscope::training {

/// A scalar in the arithmetic of a dtype: every operation rounds its result to that type, as the
/// tensors of a training step do. Keras computes bias corrections and schedules that way, and in
/// float32 `1 - beta_2^t` is off by 1e-5 for small t; following it means being off likewise.
class Number
{
public:
    Number(double value, DType type)
        : m_value(rounded(value, type))
        , m_type(type)
    {
    }

    double value() const { return m_value; }
    DType type() const { return m_type; }

    /// `value` as the nearest number of `type`; integers and others than float types stay.
    static double rounded(double value, DType type);

private:
    double m_value;
    DType m_type;
};

// A plain double takes the type of the other side, as Python's numbers do.
Number operator+(Number a, Number b);
Number operator-(Number a, Number b);
Number operator*(Number a, Number b);
Number operator/(Number a, Number b);
inline Number operator+(Number a, double b)
{
    return a + Number(b, a.type());
}
inline Number operator-(Number a, double b)
{
    return a - Number(b, a.type());
}
inline Number operator*(Number a, double b)
{
    return a * Number(b, a.type());
}
inline Number operator/(Number a, double b)
{
    return a / Number(b, a.type());
}
inline Number operator+(double a, Number b)
{
    return Number(a, b.type()) + b;
}
inline Number operator-(double a, Number b)
{
    return Number(a, b.type()) - b;
}
inline Number operator*(double a, Number b)
{
    return Number(a, b.type()) * b;
}
inline Number operator/(double a, Number b)
{
    return Number(a, b.type()) / b;
}

Number squareRoot(Number x);
Number power(Number base, Number exponent);
Number floorOf(Number x);
Number ceilingOf(Number x);
Number cosine(Number x);
Number logarithm(Number x);
Number smaller(Number a, Number b);
Number larger(Number a, Number b);

} // namespace layerscope::training
