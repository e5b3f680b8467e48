// Compiled once for each instruction set: see simd.h.
#include "model/ops/kernels/simd/functions.h"
#include "model/ops/kernels/simd/tables.h"

namespace layerscope::ops {
namespace {

// An op: how many operands it reads, and what it makes of them.
#define SIMD_OP(Name, count, expression)                                                           \
    struct Name                                                                                    \
    {                                                                                              \
        static constexpr int arity = count;                                                        \
        static SIMD_INLINE Vec apply(                                                              \
            [[maybe_unused]] Vec a, [[maybe_unused]] Vec b, [[maybe_unused]] Vec c)                \
        {                                                                                          \
            return expression;                                                                     \
        }                                                                                          \
    };

SIMD_OP(Negate, 1, -a)
SIMD_OP(Abs, 1, absolute(a))
SIMD_OP(Sign, 1, a > 0.0F ? splat(1.0F) : (a < 0.0F ? splat(-1.0F) : a))
SIMD_OP(Square, 1, a* a)
SIMD_OP(Sqrt, 1, squareRoot(a))
SIMD_OP(Rsqrt, 1, 1.0F / squareRoot(a))
SIMD_OP(Reciprocal, 1, 1.0F / a)
SIMD_OP(Exp, 1, expOf(a))
SIMD_OP(Expm1, 1, expm1Of(a))
SIMD_OP(Log, 1, logOf(a))
SIMD_OP(Log1p, 1, log1pOf(a))
SIMD_OP(Tanh, 1, tanhOf(a))
SIMD_OP(Sigmoid, 1, sigmoidOf(a))
SIMD_OP(Erf, 1, erfOf(a))
SIMD_OP(Floor, 1, roundTo<1>(a))
SIMD_OP(Ceil, 1, roundTo<2>(a))
SIMD_OP(Round, 1, roundTo<0>(a))
SIMD_OP(Relu, 1, a < 0.0F ? Vec{} : a)
SIMD_OP(Softplus, 1, softplusOf(a))
SIMD_OP(LogicalNot, 1, truth(a == 0.0F))
SIMD_OP(IsFinite, 1, truth(absolute(a) < __builtin_inff()))
SIMD_OP(IsNan, 1, truth(a != a))
SIMD_OP(Add, 2, a + b)
SIMD_OP(Subtract, 2, a - b)
SIMD_OP(Multiply, 2, a* b)
SIMD_OP(Divide, 2, a / b)
SIMD_OP(Maximum, 2, larger(a, b))
SIMD_OP(Minimum, 2, smaller(a, b))
SIMD_OP(FloorDivide, 2, roundTo<1>(a / b))
SIMD_OP(SquaredDifference, 2, (a - b) * (a - b))
SIMD_OP(Equal, 2, truth(a == b))
SIMD_OP(NotEqual, 2, truth(a != b))
SIMD_OP(Less, 2, truth(a < b))
SIMD_OP(LessEqual, 2, truth(a <= b))
SIMD_OP(Greater, 2, truth(a > b))
SIMD_OP(GreaterEqual, 2, truth(a >= b))
SIMD_OP(LogicalAnd, 2, truth((a != 0.0F) & (b != 0.0F)))
SIMD_OP(LogicalOr, 2, truth((a != 0.0F) | (b != 0.0F)))
SIMD_OP(Select, 3, a != 0.0F ? b : c)
SIMD_OP(Clip, 3, a < b ? b : (a > c ? c : a))
SIMD_OP(MultiplyAdd, 3, (a * b) + c)
SIMD_OP(Moved, 3, (b - a) * c + a)
SIMD_OP(MovedToSquare, 3, (b * b - a) * c + a)
SIMD_OP(RootPlus, 2, squareRoot(a) + b)
SIMD_OP(MinusQuotient, 3, a - b / c)
SIMD_OP(WherePositive, 2, a > 0.0F ? b : Vec{})
SIMD_OP(Copy, 1, a)
SIMD_OP(NotZero, 1, truth(a != 0.0F))

#undef SIMD_OP

template<class Op, int mode>
void loop(float* y, const float* a, const float* b, const float* c, std::int64_t n)
{
    constexpr bool hasB = Op::arity > 1;
    constexpr bool hasC = Op::arity > 2;
    Vec va{};
    Vec vb{};
    Vec vc{};
    if constexpr ((mode & 1) != 0)
        va = splat(*a);
    if constexpr (hasB && (mode & 2) != 0)
        vb = splat(*b);
    if constexpr (hasC && (mode & 4) != 0)
        vc = splat(*c);
    std::int64_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        if constexpr ((mode & 1) == 0)
            va = load(a + i);
        if constexpr (hasB && (mode & 2) == 0)
            vb = load(b + i);
        if constexpr (hasC && (mode & 4) == 0)
            vc = load(c + i);
        store(y + i, Op::apply(va, vb, vc));
    }
    if (i < n) {
        if constexpr ((mode & 1) == 0)
            va = loadFirst(a + i, n - i);
        if constexpr (hasB && (mode & 2) == 0)
            vb = loadFirst(b + i, n - i);
        if constexpr (hasC && (mode & 4) == 0)
            vc = loadFirst(c + i, n - i);
        storeFirst(y + i, Op::apply(va, vb, vc), n - i);
    }
}

/// One element after the other, where vectors do not help or do not reach.
template<float (*f)(float, float), int mode>
void scalarLoop(float* y, const float* a, const float* b, const float*, std::int64_t n)
{
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = f(a[(mode & 1) != 0 ? 0 : i], b == nullptr ? 0.0F : b[(mode & 2) != 0 ? 0 : i]);
}

float powerOf(float a, float b)
{
    return __builtin_powf(a, b);
}

float moduloOf(float a, float b)
{
    const float remainder = __builtin_fmodf(a, b);
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

/// Circular functions: by vectors as long as all angles are moderate.
template<int which, int mode>
void circularLoop(float* y, const float* a, const float*, const float*, std::int64_t n)
{
    for (std::int64_t i = 0; i < n; i += lanes) {
        const std::int64_t count = n - i < lanes ? n - i : lanes;
        const Vec x = mode != 0 ? splat(*a) : count < lanes ? loadFirst(a + i, count) : load(a + i);
        const IVec large = ~(absolute(x) <= largestAngle);
        bool anyLarge = false;
        for (int j = 0; j < lanes; ++j)
            anyLarge = anyLarge || large[j] != 0;
        Vec result{};
        if (!anyLarge) {
            result = which == 0 ? circular<0>(x)
                : which == 1    ? circular<1>(x)
                                : circular<0>(x) / circular<1>(x);
        } else {
            for (int j = 0; j < lanes; ++j)
                result[j] = which == 0 ? __builtin_sinf(x[j])
                    : which == 1       ? __builtin_cosf(x[j])
                                       : __builtin_tanf(x[j]);
        }
        storeFirst(y + i, result, count);
    }
}

void loadBool(float* y, const float* a, const float*, const float*, std::int64_t n)
{
    const auto* bytes = reinterpret_cast<const unsigned char*>(a);
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = bytes[i] != 0 ? 1.0F : 0.0F;
}

void storeBool(float* y, const float* a, const float*, const float*, std::int64_t n)
{
    auto* bytes = reinterpret_cast<unsigned char*>(y);
    for (std::int64_t i = 0; i < n; ++i)
        bytes[i] = a[i] != 0.0F ? 1 : 0;
}

void roundBFloat16(float* y, const float* a, const float*, const float*, std::int64_t n)
{
    for (std::int64_t i = 0; i < n; ++i) {
        std::uint32_t bits = 0;
        __builtin_memcpy(&bits, a + i, 4);
        const bool isNan = (bits & 0x7FFFFFFFU) > 0x7F800000U;
        bits = isNan ? bits | 0x400000U : bits + 0x7FFFU + ((bits >> 16U) & 1U);
        bits &= 0xFFFF0000U;
        __builtin_memcpy(y + i, &bits, 4);
    }
}

template<class Op> void set(SimdTable& table, ElementOp op)
{
    ElementLoop* modes = table.elements[static_cast<std::size_t>(op)];
    modes[0] = loop<Op, 0>;
    modes[1] = loop<Op, 1>;
    if constexpr (Op::arity > 1) {
        modes[2] = loop<Op, 2>;
        modes[3] = loop<Op, 3>;
    }
    if constexpr (Op::arity > 2) {
        modes[4] = loop<Op, 4>;
        modes[5] = loop<Op, 5>;
        modes[6] = loop<Op, 6>;
        modes[7] = loop<Op, 7>;
    }
}

template<float (*f)(float, float)> void setScalar(SimdTable& table, ElementOp op)
{
    ElementLoop* modes = table.elements[static_cast<std::size_t>(op)];
    modes[0] = scalarLoop<f, 0>;
    modes[1] = scalarLoop<f, 1>;
    modes[2] = scalarLoop<f, 2>;
    modes[3] = scalarLoop<f, 3>;
}

template<int which> void setCircular(SimdTable& table, ElementOp op)
{
    table.elements[static_cast<std::size_t>(op)][0] = circularLoop<which, 0>;
    table.elements[static_cast<std::size_t>(op)][1] = circularLoop<which, 1>;
}

void setUnary(SimdTable& table)
{
    set<Negate>(table, ElementOp::Negate);
    set<Abs>(table, ElementOp::Abs);
    set<Sign>(table, ElementOp::Sign);
    set<Square>(table, ElementOp::Square);
    set<Sqrt>(table, ElementOp::Sqrt);
    set<Rsqrt>(table, ElementOp::Rsqrt);
    set<Reciprocal>(table, ElementOp::Reciprocal);
    set<Exp>(table, ElementOp::Exp);
    set<Expm1>(table, ElementOp::Expm1);
    set<Log>(table, ElementOp::Log);
    set<Log1p>(table, ElementOp::Log1p);
    setCircular<0>(table, ElementOp::Sin);
    setCircular<1>(table, ElementOp::Cos);
    setCircular<2>(table, ElementOp::Tan);
    set<Tanh>(table, ElementOp::Tanh);
    set<Sigmoid>(table, ElementOp::Sigmoid);
    set<Erf>(table, ElementOp::Erf);
    set<Floor>(table, ElementOp::Floor);
    set<Ceil>(table, ElementOp::Ceil);
    set<Round>(table, ElementOp::Round);
    set<Relu>(table, ElementOp::Relu);
    set<Softplus>(table, ElementOp::Softplus);
    set<LogicalNot>(table, ElementOp::LogicalNot);
    set<IsFinite>(table, ElementOp::IsFinite);
    set<IsNan>(table, ElementOp::IsNan);
}

void setBinary(SimdTable& table)
{
    set<Add>(table, ElementOp::Add);
    set<Subtract>(table, ElementOp::Subtract);
    set<Multiply>(table, ElementOp::Multiply);
    set<Divide>(table, ElementOp::Divide);
    setScalar<powerOf>(table, ElementOp::Power);
    set<Maximum>(table, ElementOp::Maximum);
    set<Minimum>(table, ElementOp::Minimum);
    set<FloorDivide>(table, ElementOp::FloorDivide);
    setScalar<moduloOf>(table, ElementOp::Modulo);
    set<SquaredDifference>(table, ElementOp::SquaredDifference);
    set<Equal>(table, ElementOp::Equal);
    set<NotEqual>(table, ElementOp::NotEqual);
    set<Less>(table, ElementOp::Less);
    set<LessEqual>(table, ElementOp::LessEqual);
    set<Greater>(table, ElementOp::Greater);
    set<GreaterEqual>(table, ElementOp::GreaterEqual);
    set<LogicalAnd>(table, ElementOp::LogicalAnd);
    set<LogicalOr>(table, ElementOp::LogicalOr);
}

void addProducts(float* y, const float* x, const float* w, std::int64_t n)
{
    std::int64_t i = 0;
    for (; i + lanes <= n; i += lanes)
        store(y + i, load(y + i) + load(x + i) * load(w + i));
    for (; i < n; ++i)
        y[i] += x[i] * w[i];
}

void addTo(float* y, const float* x, std::int64_t n)
{
    loop<Add, 0>(y, y, x, nullptr, n);
}

void maxTo(float* y, const float* x, std::int64_t n)
{
    loop<Maximum, 0>(y, x, y, nullptr, n);
}

void argMaxTo(float* value, std::int32_t* best, const float* x, std::int32_t index, std::int64_t n)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const bool wins = x[i] > value[i];
        value[i] = wins ? x[i] : value[i];
        best[i] = wins ? index : best[i];
    }
}

void addWhere(
    float* dx, const float* dy, const std::int32_t* best, std::int32_t index, std::int64_t n)
{
    for (std::int64_t i = 0; i < n; ++i)
        dx[i] += best[i] == index ? dy[i] : 0.0F;
}

} // namespace

namespace SIMD_NAMESPACE {

void fillElements(SimdTable& table)
{
    table.lanes = lanes;
    setUnary(table);
    setBinary(table);
    set<Select>(table, ElementOp::Select);
    set<Clip>(table, ElementOp::Clip);
    set<MultiplyAdd>(table, ElementOp::MultiplyAdd);
    set<Moved>(table, ElementOp::Moved);
    set<MovedToSquare>(table, ElementOp::MovedToSquare);
    set<RootPlus>(table, ElementOp::RootPlus);
    set<MinusQuotient>(table, ElementOp::MinusQuotient);
    set<WherePositive>(table, ElementOp::WherePositive);
    set<Copy>(table, ElementOp::Copy);
    set<NotZero>(table, ElementOp::NotZero);
    table.elements[static_cast<std::size_t>(ElementOp::LoadBool)][0] = loadBool;
    table.elements[static_cast<std::size_t>(ElementOp::StoreBool)][0] = storeBool;
    table.elements[static_cast<std::size_t>(ElementOp::RoundBFloat16)][0] = roundBFloat16;
    table.addProducts = addProducts;
    table.addTo = addTo;
    table.maxTo = maxTo;
    table.argMaxTo = argMaxTo;
    table.addWhere = addWhere;
}

} // namespace SIMD_NAMESPACE
} // namespace layerscope::ops
