// Elementary functions on vectors, within 1 to 2 units in the last place of float32; special
// values as in C. No multiplication is contracted with an addition here, so that every instruction
// set gives the same bits. The polynomials are Chebyshev fits made for this file.
#pragma once

#include "model/ops/kernels/simd/vector.h"

namespace layerscope::ops {
namespace {

/// Highest coefficient first.
template<class... Rest> SIMD_INLINE Vec polynomial(Vec x, float first, Rest... rest)
{
    Vec sum = splat(first);
    ((sum = sum * x + rest), ...);
    return sum;
}

/// r in [-ln 2 / 2, ln 2 / 2] and n with x = n ln 2 + r. Limits keep n within what scale() can do.
struct Reduced
{
    Vec r;
    Vec n;
};

SIMD_INLINE Reduced reduceByLog2(Vec x)
{
    x = x > 89.0F ? splat(89.0F) : x;
    x = x < -104.0F ? splat(-104.0F) : x;
    const Vec n = roundTo<0>(x * 1.44269504F);
    return { (x - n * 0x1.62e4p-1F) - n * 0x1.7f7d1cp-20F, n };
}

/// v · 2^n in two steps, since 2^n itself may be too large or too small for a float.
SIMD_INLINE Vec scale(Vec v, Vec n)
{
    const IVec whole = __builtin_convertvector(n, IVec);
    const IVec half = whole >> 1;
    const IVec rest = whole - half;
    return v * bitsToFloat((half + 127) << 23) * bitsToFloat((rest + 127) << 23);
}

/// exp(r) - 1 - r for a small r.
SIMD_INLINE Vec expTail(Vec r)
{
    return r * r
        * polynomial(r, 0.001392618181F, 0.00836317763F, 0.04166655463F, 0.16666577F, 0.5F);
}

SIMD_INLINE Vec expOf(Vec x)
{
    const Reduced parts = reduceByLog2(x);
    return scale((expTail(parts.r) + parts.r) + 1.0F, parts.n);
}

SIMD_INLINE Vec expm1Of(Vec x)
{
    const Reduced parts = reduceByLog2(x);
    // 2^n (e^r - 1) + (2^n - 1), where 2^n stays within range: beyond, the 1 does not count.
    const Vec n = parts.n < -26.0F ? splat(-26.0F) : parts.n;
    const Vec power = scale(splat(1.0F), n);
    const Vec result = power * (expTail(parts.r) + parts.r) + (power - 1.0F);
    const Vec large = expOf(x);
    return x > 80.0F ? large : (x < -25.0F ? splat(-1.0F) : (x == 0.0F ? x : result));
}

SIMD_INLINE Vec logOf(Vec x)
{
    // Subnormal numbers are brought into range first.
    const IVec tiny = x < 0x1p-126F;
    const Vec scaled = tiny ? x * 0x1p23F : x;
    // The mantissa in [sqrt(1/2), sqrt(2)): f = m - 1 is exact.
    const IVec bits = wrappingDifference(floatToBits(scaled), 0x3F3504F3);
    const IVec exponent = (bits >> 23) + (tiny ? IVec{} - 23 : IVec{});
    const Vec mantissa = bitsToFloat((bits & 0x007FFFFF) + 0x3F3504F3);
    const Vec e = __builtin_convertvector(exponent, Vec);
    const Vec f = mantissa - 1.0F;
    const Vec s = f / (f + 2.0F);
    const Vec z = s * s;
    const Vec tail = z * polynomial(z, 0.2333096405F, 0.2855080255F, 0.40000122F, 0.6666666655F);
    const Vec halfSquare = 0.5F * f * f;
    Vec result
        = e * 0x1.62e4p-1F + (f - (halfSquare - (s * (halfSquare + tail) + e * 0x1.7f7d1cp-20F)));
    const Vec infinity = splat(__builtin_inff());
    result = x == infinity ? infinity : result;
    result = x == 0.0F ? -infinity : result;
    return x >= 0.0F ? result : splat(__builtin_nanf(""));
}

SIMD_INLINE Vec log1pOf(Vec x)
{
    // log(u) of the rounded u = 1 + x, corrected for what the rounding lost.
    const Vec u = x + 1.0F;
    const Vec lost = x - (u - 1.0F);
    const Vec result = logOf(u) + lost / u;
    const IVec keeps = (u == 1.0F) | (x == splat(__builtin_inff()));
    return x == -1.0F ? splat(-__builtin_inff()) : (keeps ? x : result);
}

SIMD_INLINE Vec withSign(Vec magnitude, Vec sign)
{
    constexpr std::int32_t signBit = -0x7FFFFFFF - 1;
    return bitsToFloat(floatToBits(magnitude) | (floatToBits(sign) & signBit));
}

SIMD_INLINE Vec tanhOf(Vec x)
{
    const Vec t = absolute(x);
    const Vec z = x * x;
    const Vec small = x
        + x * z
            * polynomial(z, -0.006094641315F, 0.02099575389F, -0.05385060911F, 0.1333276776F,
                -0.3333332892F);
    const Vec large = 1.0F - 2.0F / (expOf(t + t) + 1.0F);
    return t < 0.625F ? small : withSign(large, x);
}

SIMD_INLINE Vec sigmoidOf(Vec x)
{
    const Vec e = expOf(-absolute(x));
    const Vec upper = 1.0F / (e + 1.0F);
    return x >= 0.0F ? upper : e * upper;
}

SIMD_INLINE Vec softplusOf(Vec x)
{
    const Vec positive = larger(x, Vec{});
    return positive + log1pOf(expOf(-absolute(x)));
}

SIMD_INLINE Vec erfOf(Vec x)
{
    const Vec t = smaller(absolute(x), splat(4.0F));
    const Vec z = x * x;
    const Vec small = x
        + x
            * polynomial(z, 8.316879718e-5F, -0.000813044467F, 0.005199989255F, -0.02685899742F,
                0.1128368872F, -0.3761263333F, 0.1283791666F);
    // erfc(t) = exp(t q(t) - t)
    const Vec q = polynomial(t, 1.046065682e-6F, -3.438850877e-5F, 0.0004988250082F,
        -0.004303789308F, 0.02513955031F, -0.1078556529F, -0.6341481838F, -0.1289027981F);
    const Vec large = 1.0F - expOf(t * q - t);
    return t < 0.927F ? small : withSign(large, x);
}

/// Angles up to this are reduced exactly enough; beyond, the C library is asked.
constexpr float largestAngle = 2000.0F;

/// Sine (shift 0) or cosine (shift 1) of moderate angles.
template<int shift> SIMD_INLINE Vec circular(Vec x)
{
    const Vec n = roundTo<0>(x * 0.636619772F);
    const Vec r = ((x - n * 0x1.921p+0F) - n * 0x1.f6ap-13F) - n * 0x1.110b46p-26F;
    const Vec z = r * r;
    const Vec sine = r
        + r * z
            * polynomial(z, 2.724836477e-6F, -0.0001984007467F, 0.008333331852F, -0.1666666666F);
    const Vec cosine = 1.0F - 0.5F * z
        + z * z * polynomial(z, -2.729965632e-7F, 2.48005903e-5F, -0.001388888765F, 0.04166666666F);
    const IVec quarter = __builtin_convertvector(n, IVec) + shift;
    const Vec value = (quarter & 1) == 0 ? sine : cosine;
    return (quarter & 2) == 0 ? value : -value;
}

} // namespace
} // namespace layerscope::ops
