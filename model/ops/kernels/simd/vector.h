// Vectors of floats as wide as the instruction set that the including file is compiled for.
// Only files of this folder include it; everything is local to the translation unit (see simd.h).
#pragma once

#include "model/ops/kernels/simd/simd.h"

#include <immintrin.h>

namespace layerscope::ops {
namespace {

#define SIMD_INLINE inline __attribute__((always_inline))

#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif

using Vec __attribute__((vector_size(lanes * 4))) = float;
using IVec __attribute__((vector_size(lanes * 4))) = std::int32_t;
using UVec __attribute__((vector_size(lanes * 4))) = std::uint32_t;
/// The same bytes anywhere in memory.
using LooseVec __attribute__((vector_size(lanes * 4), aligned(4), may_alias)) = float;
using LooseIVec __attribute__((vector_size(lanes * 4), aligned(4), may_alias)) = std::int32_t;

SIMD_INLINE Vec splat(float x)
{
    return x - Vec{};
}

SIMD_INLINE Vec load(const float* p)
{
    return *reinterpret_cast<const LooseVec*>(p);
}

SIMD_INLINE void store(float* p, Vec v)
{
    *reinterpret_cast<LooseVec*>(p) = v;
}

SIMD_INLINE Vec bitsToFloat(IVec bits)
{
    return reinterpret_cast<Vec>(bits);
}

SIMD_INLINE IVec floatToBits(Vec v)
{
    return reinterpret_cast<IVec>(v);
}

/// v - x, which begins again at the other end where it leaves the range.
SIMD_INLINE IVec wrappingDifference(IVec v, std::uint32_t x)
{
    return reinterpret_cast<IVec>(reinterpret_cast<UVec>(v) - x);
}

/// The first n of a vector, zeros behind.
SIMD_INLINE Vec loadFirst(const float* p, std::int64_t n)
{
#if defined(__AVX512F__)
    return reinterpret_cast<Vec>(_mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << n) - 1U), p));
#elif defined(__AVX__)
    const IVec index{ 0, 1, 2, 3, 4, 5, 6, 7 };
    const IVec mask = index < (static_cast<std::int32_t>(n) - IVec{});
    return reinterpret_cast<Vec>(_mm256_maskload_ps(p, reinterpret_cast<__m256i>(mask)));
#else
    Vec v{};
    v[0] = n > 0 ? p[0] : 0;
    v[1] = n > 1 ? p[1] : 0;
    v[2] = n > 2 ? p[2] : 0;
    v[3] = n > 3 ? p[3] : 0;
    return v;
#endif
}

SIMD_INLINE void storeFirst(float* p, Vec v, std::int64_t n)
{
#if defined(__AVX512F__)
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1U << n) - 1U), reinterpret_cast<__m512>(v));
#elif defined(__AVX__)
    // In pieces: the masked store of AVX takes some twenty times as long on several processors.
    __m128 part = _mm256_castps256_ps128(reinterpret_cast<__m256>(v));
    if ((n & 4) != 0) {
        _mm_storeu_ps(p, part);
        part = _mm256_extractf128_ps(reinterpret_cast<__m256>(v), 1);
        p += 4;
    }
    if ((n & 2) != 0) {
        _mm_storel_pi(reinterpret_cast<__m64*>(p), part);
        part = _mm_movehl_ps(part, part);
        p += 2;
    }
    if ((n & 1) != 0)
        _mm_store_ss(p, part);
    if ((n & 8) != 0)
        store(p, v);
#else
    for (std::int64_t i = 0; i < n; ++i)
        p[i] = v[i];
#endif
}

SIMD_INLINE Vec squareRoot(Vec v)
{
#if defined(__AVX512F__)
    return reinterpret_cast<Vec>(_mm512_sqrt_ps(reinterpret_cast<__m512>(v)));
#elif defined(__AVX__)
    return reinterpret_cast<Vec>(_mm256_sqrt_ps(reinterpret_cast<__m256>(v)));
#else
    return reinterpret_cast<Vec>(_mm_sqrt_ps(reinterpret_cast<__m128>(v)));
#endif
}

/// mode 0: to the nearest, halves to even; 1: down; 2: up.
template<int mode> SIMD_INLINE Vec roundTo(Vec v)
{
    constexpr int how = mode | _MM_FROUND_NO_EXC;
#if defined(__AVX512F__)
    return reinterpret_cast<Vec>(_mm512_roundscale_ps(reinterpret_cast<__m512>(v), how));
#elif defined(__AVX__)
    return reinterpret_cast<Vec>(_mm256_round_ps(reinterpret_cast<__m256>(v), how));
#else
    return reinterpret_cast<Vec>(_mm_round_ps(reinterpret_cast<__m128>(v), how));
#endif
}

SIMD_INLINE Vec absolute(Vec v)
{
    return bitsToFloat(floatToBits(v) & 0x7FFFFFFF);
}

/// Keeps NaN of either operand, as TensorFlow's maximum.
SIMD_INLINE Vec larger(Vec a, Vec b)
{
    const IVec first = (a >= b) | (a != a);
    return first ? a : b;
}

SIMD_INLINE Vec smaller(Vec a, Vec b)
{
    const IVec first = (a <= b) | (a != a);
    return first ? a : b;
}

SIMD_INLINE Vec truth(IVec mask)
{
    return bitsToFloat(mask & 0x3F800000); // the bits of 1.0
}

SIMD_INLINE float sumOf(Vec v)
{
    float sum = 0;
    if constexpr (lanes == 16) {
        const float a = ((v[0] + v[8]) + (v[4] + v[12])) + ((v[2] + v[10]) + (v[6] + v[14]));
        const float b = ((v[1] + v[9]) + (v[5] + v[13])) + ((v[3] + v[11]) + (v[7] + v[15]));
        sum = a + b;
    } else if constexpr (lanes == 8) {
        sum = ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
    } else {
        sum = (v[0] + v[2]) + (v[1] + v[3]);
    }
    return sum;
}

} // namespace
} // namespace layerscope::ops
