#pragma once

#include <cstddef>
#include <cstdint>

namespace layerscope::ops {

/// Float32 kernels that exist once for each instruction set (x86-64-v2, -v3 and -v4) and are chosen
/// when the program starts. What is included here and in the files that are compiled three times
/// must define no inline function of its own: the linker would keep one copy, perhaps the one that
/// an older processor cannot run.

/// One step of an element-wise chain over n elements: y = op(a, b, c). Which of the operands are a
/// single number is part of the op's mode.
using ElementLoop
    = void (*)(float* y, const float* a, const float* b, const float* c, std::int64_t n);

enum class ElementOp : std::int32_t {
    // As Unary, in its order.
    Negate,
    Abs,
    Sign,
    Square,
    Sqrt,
    Rsqrt,
    Reciprocal,
    Exp,
    Expm1,
    Log,
    Log1p,
    Sin,
    Cos,
    Tan,
    Tanh,
    Sigmoid,
    Erf,
    Floor,
    Ceil,
    Round,
    Relu,
    Softplus,
    LogicalNot,
    IsFinite,
    IsNan,
    // As Binary, in its order. Truth is 1, everything else 0.
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Maximum,
    Minimum,
    FloorDivide,
    Modulo,
    SquaredDifference,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    LogicalAnd,
    LogicalOr,
    // Three operands.
    Select, ///< a ≠ 0 ? b : c
    Clip, ///< a between b and c
    // Several steps at once, each rounded as it would be alone.
    MultiplyAdd, ///< a · b + c
    Moved, ///< a + (b - a) · c
    MovedToSquare, ///< a + (b² - a) · c
    RootPlus, ///< √a + b
    MinusQuotient, ///< a - b / c
    WherePositive, ///< a > 0 ? b : 0
    // Moves.
    Copy,
    LoadBool, ///< a is bytes
    StoreBool, ///< y is bytes
    NotZero, ///< a ≠ 0 as a truth
    RoundHalf, ///< to float16 and back
    RoundBFloat16,
    Count,
};

/// Bit 0, 1, 2: operand a, b, c is a single number.
inline constexpr int elementModes = 8;

/// One product of a sum of products over stretches of the inner axis: see GemmTask.
struct GemmSegment
{
    std::int64_t a; ///< offset into a, in floats
    std::int64_t b; ///< first row of packed b
    std::int64_t length;
};

enum class Epilogue : std::int32_t { None, Bias, BiasRelu, Relu };

/// c[i, j] = sum over segments and p of a[segment.a + i·aRow + p·aColumn] · b[segment.b + p, j],
/// added to what c holds if `accumulate`, then the epilogue. b is packed (see packColumns).
struct GemmTask
{
    std::int64_t rows;
    std::int64_t columns;
    const float* a;
    std::int64_t aRow;
    std::int64_t aColumn;
    const float* packed;
    std::int64_t packedRows; ///< of a whole panel, the distance between two panels
    const GemmSegment* segments;
    std::int64_t segmentCount;
    float* c;
    std::int64_t cRow;
    std::int64_t cColumn; ///< 1, or c is stored transposed
    bool accumulate;
    Epilogue epilogue;
    const float* bias; ///< by column; by row if c is stored transposed
    /// What will be read next: fetched into the cache while this is computed. Absent: nothing.
    const float* ahead = nullptr;
    std::int64_t aheadRows = 0;
    std::int64_t aheadRow = 0; ///< floats between two of them
    std::int64_t aheadFloats = 0; ///< of each
};

enum class FoldKind : std::int32_t { Sum, Max, Min, Prod };

struct SimdTable
{
    const char* name;
    std::int64_t lanes; ///< floats in a vector
    std::int64_t panel; ///< columns of a packed panel
    std::int64_t tileRows;

    ElementLoop elements[static_cast<std::size_t>(ElementOp::Count)][elementModes];

    /// Packs b [rows, columns] with the given strides into panels of `panel` columns, the last
    /// filled up with zeros: [panels][packedRows][panel], beginning at row `firstRow`.
    void (*packColumns)(const float* b, std::int64_t rowStride, std::int64_t columnStride,
        std::int64_t rows, std::int64_t columns, std::int64_t firstRow, std::int64_t packedRows,
        float* packed);
    void (*gemm)(const GemmTask& task);

    /// y[outer, inner] = fold of x[outer, length, inner] along its middle axis.
    void (*fold)(FoldKind kind, const float* x, float* y, std::int64_t outer, std::int64_t length,
        std::int64_t inner);
    /// Row by row over the last axis.
    void (*softmax)(const float* x, float* y, std::int64_t rows, std::int64_t length);
    void (*logSoftmax)(const float* x, float* y, std::int64_t rows, std::int64_t length);
    /// y[i] += x[i] · w[i], y[i] = max(y[i], x[i]): over the channels of a pixel.
    void (*addProducts)(float* y, const float* x, const float* w, std::int64_t n);
    void (*addTo)(float* y, const float* x, std::int64_t n);
    void (*maxTo)(float* y, const float* x, std::int64_t n);
    /// best[i] takes `index` and value[i] takes x[i] where x[i] > value[i].
    void (*argMaxTo)(
        float* value, std::int32_t* best, const float* x, std::int32_t index, std::int64_t n);
    /// dx[i] += dy[i] where best[i] == index.
    void (*addWhere)(
        float* dx, const float* dy, const std::int32_t* best, std::int32_t index, std::int64_t n);
};

enum class InstructionSet { V2, V3, V4 };

/// The best table for this machine.
const SimdTable& simd();
/// A certain one, for tests; null if the machine cannot run it.
const SimdTable* simdFor(InstructionSet set);

} // namespace layerscope::ops
