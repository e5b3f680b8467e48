// Compiled once for each instruction set: see simd.h.
#include "model/ops/kernels/simd/functions.h"
#include "model/ops/kernels/simd/tables.h"

namespace layerscope::ops {
namespace {

struct Sum
{
    static constexpr float start = 0.0F;
    static SIMD_INLINE Vec combine(Vec a, Vec b) { return a + b; }
    static SIMD_INLINE float combine(float a, float b) { return a + b; }
};

struct Prod
{
    static constexpr float start = 1.0F;
    static SIMD_INLINE Vec combine(Vec a, Vec b) { return a * b; }
    static SIMD_INLINE float combine(float a, float b) { return a * b; }
};

struct Max
{
    static constexpr float start = -__builtin_inff();
    static SIMD_INLINE Vec combine(Vec a, Vec b) { return larger(a, b); }
    static SIMD_INLINE float combine(float a, float b) { return a >= b || a != a ? a : b; }
};

struct Min
{
    static constexpr float start = __builtin_inff();
    static SIMD_INLINE Vec combine(Vec a, Vec b) { return smaller(a, b); }
    static SIMD_INLINE float combine(float a, float b) { return a <= b || a != a ? a : b; }
};

/// Sums are taken in blocks of this many, these in blocks of as many: the error grows with the
/// logarithm of the count rather than with the count.
constexpr std::int64_t blockRows = 64;

/// The sum of block sums.
template<class F> struct Total
{
    Vec sum = splat(F::start);
    Vec middle = splat(F::start);
    std::int64_t blocks = 0;

    SIMD_INLINE void add(Vec block)
    {
        middle = F::combine(middle, block);
        if (++blocks % blockRows == 0) {
            sum = F::combine(sum, middle);
            middle = splat(F::start);
        }
    }
    SIMD_INLINE Vec result() const { return F::combine(sum, middle); }
};

template<class F> SIMD_INLINE float across(Vec v)
{
    float values[lanes];
    __builtin_memcpy(values, &v, sizeof v);
    for (int width = lanes / 2; width > 0; width /= 2)
        for (int i = 0; i < width; ++i)
            values[i] = F::combine(values[i], values[i + width]);
    return values[0];
}

template<class F> float foldRow(const float* x, std::int64_t n)
{
    constexpr std::int64_t block = blockRows * 4 * lanes;
    Total<F> total;
    std::int64_t i = 0;
    while (n - i >= 4 * lanes) {
        const std::int64_t end = n - i > block ? i + block : n;
        Vec a = splat(F::start);
        Vec b = a;
        Vec c = a;
        Vec d = a;
        for (; i + 4 * lanes <= end; i += 4 * lanes) {
            a = F::combine(a, load(x + i));
            b = F::combine(b, load(x + i + lanes));
            c = F::combine(c, load(x + i + 2 * lanes));
            d = F::combine(d, load(x + i + 3 * lanes));
        }
        total.add(F::combine(F::combine(a, b), F::combine(c, d)));
    }
    Vec sum = total.result();
    for (; i + lanes <= n; i += lanes)
        sum = F::combine(sum, load(x + i));
    float result = n >= lanes ? across<F>(sum) : F::start;
    for (; i < n; ++i)
        result = F::combine(result, x[i]);
    return result;
}

/// `vectors` columns side by side over all rows.
template<class F, int vectors>
SIMD_INLINE void foldColumns(
    const float* x, float* y, std::int64_t rows, std::int64_t stride, std::int64_t last)
{
    Total<F> total[vectors];
    for (std::int64_t row = 0; row < rows;) {
        const std::int64_t end = rows - row > blockRows ? row + blockRows : rows;
        Vec block[vectors];
        for (int v = 0; v < vectors; ++v)
            block[v] = splat(F::start);
        for (; row < end; ++row) {
            const float* from = x + row * stride;
            for (int v = 0; v < vectors - 1; ++v)
                block[v] = F::combine(block[v], load(from + v * lanes));
            const float* behind = from + (vectors - 1) * lanes;
            block[vectors - 1] = F::combine(
                block[vectors - 1], last == lanes ? load(behind) : loadFirst(behind, last));
        }
        for (int v = 0; v < vectors; ++v)
            total[v].add(block[v]);
    }
    for (int v = 0; v < vectors - 1; ++v)
        store(y + v * lanes, total[v].result());
    storeFirst(y + (vectors - 1) * lanes, total[vectors - 1].result(), last);
}

template<class F>
void foldAxis(const float* x, float* y, std::int64_t outer, std::int64_t length, std::int64_t inner)
{
    for (std::int64_t o = 0; o < outer; ++o, x += length * inner, y += inner) {
        if (inner == 1) {
            *y = foldRow<F>(x, length);
            continue;
        }
        std::int64_t i = 0;
        for (; i + 4 * lanes <= inner; i += 4 * lanes)
            foldColumns<F, 4>(x + i, y + i, length, inner, lanes);
        for (; i < inner; i += lanes) {
            const std::int64_t last = inner - i < lanes ? inner - i : lanes;
            foldColumns<F, 1>(x + i, y + i, length, inner, last);
        }
    }
}

void fold(FoldKind kind, const float* x, float* y, std::int64_t outer, std::int64_t length,
    std::int64_t inner)
{
    switch (kind) {
    case FoldKind::Sum:
        return foldAxis<Sum>(x, y, outer, length, inner);
    case FoldKind::Max:
        return foldAxis<Max>(x, y, outer, length, inner);
    case FoldKind::Min:
        return foldAxis<Min>(x, y, outer, length, inner);
    case FoldKind::Prod:
        return foldAxis<Prod>(x, y, outer, length, inner);
    }
}

/// y = exp(x - shift) and the sum of it; y may be null.
SIMD_INLINE float exponentials(const float* x, float* y, float shift, std::int64_t n)
{
    Vec sum{};
    std::int64_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const Vec e = expOf(load(x + i) - shift);
        if (y != nullptr)
            store(y + i, e);
        sum += e;
    }
    float rest = 0;
    if (i < n) {
        const Vec e = expOf(loadFirst(x + i, n - i) - shift);
        if (y != nullptr)
            storeFirst(y + i, e, n - i);
        for (std::int64_t j = 0; j < n - i; ++j)
            rest += e[j];
    }
    return sumOf(sum) + rest;
}

void softmax(const float* x, float* y, std::int64_t rows, std::int64_t length)
{
    for (std::int64_t row = 0; row < rows; ++row, x += length, y += length) {
        const float sum = exponentials(x, y, foldRow<Max>(x, length), length);
        std::int64_t i = 0;
        for (; i + lanes <= length; i += lanes)
            store(y + i, load(y + i) / sum);
        if (i < length)
            storeFirst(y + i, loadFirst(y + i, length - i) / sum, length - i);
    }
}

void logSoftmax(const float* x, float* y, std::int64_t rows, std::int64_t length)
{
    for (std::int64_t row = 0; row < rows; ++row, x += length, y += length) {
        const float largest = foldRow<Max>(x, length);
        const float sum = exponentials(x, nullptr, largest, length);
        const float logarithm = logOf(splat(sum))[0];
        std::int64_t i = 0;
        for (; i + lanes <= length; i += lanes)
            store(y + i, load(x + i) - largest - logarithm);
        if (i < length)
            storeFirst(y + i, loadFirst(x + i, length - i) - largest - logarithm, length - i);
    }
}

} // namespace

namespace SIMD_NAMESPACE {

void fillFolds(SimdTable& table)
{
    table.fold = fold;
    table.softmax = softmax;
    table.logSoftmax = logSoftmax;
}

} // namespace SIMD_NAMESPACE
} // namespace layerscope::ops
