// Compiled once for each instruction set: see simd.h. Here products and sums are contracted where
// the processor can.
#include "model/ops/kernels/simd/tables.h"
#include "model/ops/kernels/simd/vector.h"

#include <utility>

namespace layerscope::ops {
namespace {

// As many accumulators as registers allow beside two vectors of b and one of a.
#if defined(__AVX512F__)
constexpr int tileRows = 12;
#else
constexpr int tileRows = 6;
#endif
constexpr int panelVectors = 2;
constexpr int panel = panelVectors * lanes;

/// A number known to the compiler that a lambda can take.
template<int number> struct Number
{
    static constexpr int value = number;
};

template<class F, int... numbers>
SIMD_INLINE void forNumbers(std::integer_sequence<int, numbers...>, F&& f)
{
    (f(Number<numbers>{}), ...);
}

/// f(Number<0>) to f(Number<count - 1>), written out: an array that is indexed by loops would live
/// on the stack, one that is indexed by constants in registers.
template<int count, class F> SIMD_INLINE void times(F&& f)
{
    forNumbers(std::make_integer_sequence<int, count>{}, f);
}

#define SIMD_LAMBDA __attribute__((always_inline))

/// The elements of one tile, row by row, vectors of columns.
template<int rows, int vectors> struct Tile
{
    Vec sum[rows][vectors];
};

/// a advances by pointers to every third row: the processor's addresses reach the two after it.
template<int rows, int vectors>
SIMD_INLINE void accumulate(Tile<rows, vectors>& tile, const float* a, std::int64_t aRow,
    std::int64_t aColumn, const float* b, std::int64_t length)
{
    constexpr int groups = (rows + 2) / 3;
    const float* group[groups];
    times<groups>([&](auto g) SIMD_LAMBDA { group[g.value] = a + 3 * g.value * aRow; });
    for (std::int64_t p = 0; p < length; ++p, b += panel) {
        Vec column[vectors];
        times<vectors>([&](auto v) SIMD_LAMBDA { column[v.value] = load(b + v.value * lanes); });
        times<rows>([&](auto i) SIMD_LAMBDA {
            const Vec x = splat(group[i.value / 3][(i.value % 3) * aRow]);
            times<vectors>(
                [&](auto v) SIMD_LAMBDA { tile.sum[i.value][v.value] += x * column[v.value]; });
        });
        times<groups>([&](auto g) SIMD_LAMBDA { group[g.value] += aColumn; });
    }
}

/// What is left to do with the sums, by row and vector of columns.
struct Finish
{
    const GemmTask& task;
    std::int64_t row;
    std::int64_t column;
    std::int64_t columns; ///< of this tile
};

template<int rows, int vectors>
SIMD_INLINE void storeRows(const Tile<rows, vectors>& tile, const Finish& finish)
{
    const GemmTask& task = finish.task;
    const bool hasBias = task.epilogue == Epilogue::Bias || task.epilogue == Epilogue::BiasRelu;
    const bool hasRelu = task.epilogue == Epilogue::Relu || task.epilogue == Epilogue::BiasRelu;
    times<vectors>([&](auto v) SIMD_LAMBDA {
        const std::int64_t n = finish.columns - v.value * lanes;
        const bool whole = n >= lanes;
        const std::int64_t at = finish.column + v.value * lanes;
        Vec bias{};
        if (hasBias)
            bias = whole ? load(task.bias + at) : loadFirst(task.bias + at, n);
        times<rows>([&](auto i) SIMD_LAMBDA {
            float* c = task.c + (finish.row + i.value) * task.cRow + at;
            Vec sum = tile.sum[i.value][v.value];
            if (task.accumulate)
                sum += whole ? load(c) : loadFirst(c, n);
            if (hasBias)
                sum += bias;
            if (hasRelu)
                sum = sum < 0.0F ? Vec{} : sum;
            if (whole)
                store(c, sum);
            else
                storeFirst(c, sum, n);
        });
    });
}

/// c is stored with its rows along memory: through a small buffer.
template<int rows, int vectors>
SIMD_INLINE void storeTransposed(const Tile<rows, vectors>& tile, const Finish& finish)
{
    const GemmTask& task = finish.task;
    const bool hasBias = task.epilogue == Epilogue::Bias || task.epilogue == Epilogue::BiasRelu;
    const bool hasRelu = task.epilogue == Epilogue::Relu || task.epilogue == Epilogue::BiasRelu;
    float sums[rows][vectors * lanes];
    times<rows>([&](auto i) SIMD_LAMBDA {
        times<vectors>([&](auto v) SIMD_LAMBDA {
            store(&sums[i.value][v.value * lanes], tile.sum[i.value][v.value]);
        });
    });
    for (std::int64_t j = 0; j < finish.columns; ++j) {
        float* c = task.c + finish.row * task.cRow + (finish.column + j) * task.cColumn;
        for (int i = 0; i < rows; ++i) {
            float sum = sums[i][j];
            if (task.accumulate)
                sum += c[i * task.cRow];
            if (hasBias)
                sum += task.bias[finish.row + i];
            c[i * task.cRow] = hasRelu && sum < 0.0F ? 0.0F : sum;
        }
    }
}

template<int rows, int vectors>
void runTile(const GemmTask& task, std::int64_t row, std::int64_t column)
{
    Tile<rows, vectors> tile;
    times<rows>([&](auto i) SIMD_LAMBDA {
        times<vectors>([&](auto v) SIMD_LAMBDA { tile.sum[i.value][v.value] = Vec{}; });
    });
    const float* packed = task.packed + column / panel * task.packedRows * panel;
    const float* a = task.a + row * task.aRow;
    for (std::int64_t s = 0; s < task.segmentCount; ++s) {
        const GemmSegment& segment = task.segments[s];
        accumulate(tile, a + segment.a, task.aRow, task.aColumn, packed + segment.b * panel,
            segment.length);
    }
    const std::int64_t left = task.columns - column;
    const Finish finish{ task, row, column, left < panel ? left : panel };
    if (task.cColumn == 1)
        storeRows(tile, finish);
    else
        storeTransposed(tile, finish);
}

using TileFunction = void (*)(const GemmTask&, std::int64_t row, std::int64_t column);

/// Functions for 1, 2, … rows.
template<int vectors, class Rows> struct TileFunctions;
template<int vectors, int... rows>
struct TileFunctions<vectors, std::integer_sequence<int, rows...>>
{
    static constexpr TileFunction byRows[] = { runTile<rows + 1, vectors>... };
};

using Wide = TileFunctions<panelVectors, std::make_integer_sequence<int, tileRows>>;
// One vector of columns leaves registers for twice as many rows.
using Narrow = TileFunctions<1, std::make_integer_sequence<int, panelVectors * tileRows>>;

/// Fetches rows [begin, end) of what comes next.
void fetchAhead(const GemmTask& task, std::int64_t begin, std::int64_t end)
{
    constexpr std::int64_t line = 16;
    for (std::int64_t row = begin; row < end; ++row)
        for (std::int64_t i = 0; i < task.aheadFloats; i += line)
            __builtin_prefetch(task.ahead + row * task.aheadRow + i, 0, 2);
}

void gemm(const GemmTask& task)
{
    const std::int64_t panels = (task.columns + panel - 1) / panel;
    std::int64_t fetched = 0;
    for (std::int64_t column = 0; column < task.columns; column += panel) {
        const bool narrow = task.columns - column <= lanes;
        const TileFunction* functions = narrow ? Narrow::byRows : Wide::byRows;
        const std::int64_t most = narrow ? panelVectors * tileRows : tileRows;
        // Tiles of almost equal height: a low one at the end would wait for its own sums.
        const std::int64_t tiles = (task.rows + most - 1) / most;
        const std::int64_t height = tiles == 1 ? task.rows : task.rows / tiles;
        const std::int64_t higher = task.rows - height * tiles;
        const std::int64_t fetches
            = task.ahead == nullptr ? 0 : task.aheadRows / (tiles * panels) + 1;
        std::int64_t row = 0;
        for (std::int64_t t = 0; t < tiles; ++t) {
            if (fetched < task.aheadRows) {
                const std::int64_t left = task.aheadRows - fetched;
                const std::int64_t more = fetches < left ? fetches : left;
                fetchAhead(task, fetched, fetched + more);
                fetched += more;
            }
            const std::int64_t rows = t < higher ? height + 1 : height;
            functions[rows - 1](task, row, column);
            row += rows;
        }
    }
}

/// Whole panels side by side, row by row: what lies together in b is read together.
void packWhole(const float* b, std::int64_t rowStride, std::int64_t rows, std::int64_t panels,
    std::int64_t packedRows, float* packed)
{
    constexpr std::int64_t ahead = 6;
    for (std::int64_t row = 0; row < rows; ++row, b += rowStride, packed += panel) {
        for (std::int64_t p = 0; p < panels; ++p) {
            __builtin_prefetch(b + ahead * rowStride + p * panel);
            float* to = packed + p * packedRows * panel;
            for (int v = 0; v < panelVectors; ++v)
                store(to + v * lanes, load(b + p * panel + v * lanes));
        }
    }
}

/// Four rows of a panel whose columns lie along memory, in squares of four by four.
void packFourRows(const float* b, std::int64_t columnStride, std::int64_t n, float* to)
{
    std::int64_t j = 0;
    for (; j + 4 <= n; j += 4) {
        __m128 a0 = _mm_loadu_ps(b + j * columnStride);
        __m128 a1 = _mm_loadu_ps(b + (j + 1) * columnStride);
        __m128 a2 = _mm_loadu_ps(b + (j + 2) * columnStride);
        __m128 a3 = _mm_loadu_ps(b + (j + 3) * columnStride);
        _MM_TRANSPOSE4_PS(a0, a1, a2, a3);
        _mm_storeu_ps(to + j, a0);
        _mm_storeu_ps(to + panel + j, a1);
        _mm_storeu_ps(to + 2 * panel + j, a2);
        _mm_storeu_ps(to + 3 * panel + j, a3);
    }
    for (int row = 0; row < 4; ++row) {
        for (std::int64_t rest = j; rest < panel; ++rest)
            to[row * panel + rest] = rest < n ? b[rest * columnStride + row] : 0.0F;
    }
}

/// One panel of n columns, filled up with zeros.
void packPanel(const float* b, std::int64_t rowStride, std::int64_t columnStride, std::int64_t rows,
    std::int64_t n, float* to)
{
    if (columnStride == 1) {
        const std::int64_t first = n < lanes ? n : lanes;
        for (std::int64_t row = 0; row < rows; ++row, to += panel, b += rowStride) {
            store(to, loadFirst(b, first));
            store(to + lanes, n > lanes ? loadFirst(b + lanes, n - lanes) : Vec{});
        }
        return;
    }
    std::int64_t row = 0;
    if (rowStride == 1) {
        for (; row + 4 <= rows; row += 4)
            packFourRows(b + row, columnStride, n, to + row * panel);
    }
    for (; row < rows; ++row) {
        for (std::int64_t j = 0; j < n; ++j)
            to[row * panel + j] = b[row * rowStride + j * columnStride];
        for (std::int64_t j = n; j < panel; ++j)
            to[row * panel + j] = 0.0F;
    }
}

void packColumns(const float* b, std::int64_t rowStride, std::int64_t columnStride,
    std::int64_t rows, std::int64_t columns, std::int64_t firstRow, std::int64_t packedRows,
    float* packed)
{
    std::int64_t column = 0;
    if (columnStride == 1) {
        const std::int64_t panels = columns / panel;
        packWhole(b, rowStride, rows, panels, packedRows, packed + firstRow * panel);
        column = panels * panel;
    }
    for (; column < columns; column += panel) {
        const std::int64_t n = columns - column < panel ? columns - column : panel;
        packPanel(b + column * columnStride, rowStride, columnStride, rows, n,
            packed + (column / panel * packedRows + firstRow) * panel);
    }
}

} // namespace

namespace SIMD_NAMESPACE {

void fillGemm(SimdTable& table)
{
    table.panel = panel;
    table.tileRows = tileRows;
    table.packColumns = packColumns;
    table.gemm = gemm;
}

} // namespace SIMD_NAMESPACE
} // namespace layerscope::ops
