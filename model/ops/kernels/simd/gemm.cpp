// Compiled once for each instruction set: see simd.h. Here products and sums are contracted where
// the processor can.
#include "model/ops/kernels/simd/tables.h"
#include "model/ops/kernels/simd/vector.h"

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
    for (int g = 0; g < groups; ++g)
        group[g] = a + 3 * g * aRow;
    for (std::int64_t p = 0; p < length; ++p, b += panel) {
        Vec column[vectors];
        for (int v = 0; v < vectors; ++v)
            column[v] = load(b + v * lanes);
#pragma GCC unroll 16
        for (int i = 0; i < rows; ++i) {
            const Vec x = splat(group[i / 3][(i % 3) * aRow]);
            for (int v = 0; v < vectors; ++v)
                tile.sum[i][v] += x * column[v];
        }
        for (int g = 0; g < groups; ++g)
            group[g] += aColumn;
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
SIMD_INLINE void storeRows(Tile<rows, vectors>& tile, const Finish& finish)
{
    const GemmTask& task = finish.task;
    const bool hasBias = task.epilogue == Epilogue::Bias || task.epilogue == Epilogue::BiasRelu;
    const bool hasRelu = task.epilogue == Epilogue::Relu || task.epilogue == Epilogue::BiasRelu;
    for (int v = 0; v < vectors; ++v) {
        const std::int64_t n = finish.columns - v * lanes;
        const bool whole = n >= lanes;
        const std::int64_t at = finish.column + v * lanes;
        Vec bias{};
        if (hasBias)
            bias = whole ? load(task.bias + at) : loadFirst(task.bias + at, n);
#pragma GCC unroll 16
        for (int i = 0; i < rows; ++i) {
            float* c = task.c + (finish.row + i) * task.cRow + at;
            Vec sum = tile.sum[i][v];
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
        }
    }
}

/// c is stored with its rows along memory: through a small buffer.
template<int rows, int vectors>
SIMD_INLINE void storeTransposed(Tile<rows, vectors>& tile, const Finish& finish)
{
    const GemmTask& task = finish.task;
    const bool hasBias = task.epilogue == Epilogue::Bias || task.epilogue == Epilogue::BiasRelu;
    const bool hasRelu = task.epilogue == Epilogue::Relu || task.epilogue == Epilogue::BiasRelu;
    float sums[rows][vectors * lanes];
    for (int i = 0; i < rows; ++i)
        for (int v = 0; v < vectors; ++v)
            store(&sums[i][v * lanes], tile.sum[i][v]);
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
    Tile<rows, vectors> tile{};
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

template<int... rows> struct TileFunctions
{
    static constexpr TileFunction narrow[] = { runTile<rows, 1>... };
    static constexpr TileFunction wide[] = { runTile<rows, panelVectors>... };
};

#if defined(__AVX512F__)
using Tiles = TileFunctions<1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12>;
#else
using Tiles = TileFunctions<1, 2, 3, 4, 5, 6>;
#endif

void gemm(const GemmTask& task)
{
    // Tiles of almost equal height: a low one at the end would wait for its own sums.
    const std::int64_t tiles = (task.rows + tileRows - 1) / tileRows;
    for (std::int64_t column = 0; column < task.columns; column += panel) {
        const TileFunction* functions
            = task.columns - column <= lanes ? Tiles::narrow : Tiles::wide;
        std::int64_t row = 0;
        for (std::int64_t t = 0; t < tiles; ++t) {
            const std::int64_t end = (t + 1) * task.rows / tiles;
            functions[end - row - 1](task, row, column);
            row = end;
        }
    }
}

void packColumns(const float* b, std::int64_t rowStride, std::int64_t columnStride,
    std::int64_t rows, std::int64_t columns, std::int64_t firstRow, std::int64_t packedRows,
    float* packed)
{
    for (std::int64_t column = 0; column < columns; column += panel) {
        const std::int64_t n = columns - column < panel ? columns - column : panel;
        float* to = packed + (column / panel * packedRows + firstRow) * panel;
        const float* from = b + column * columnStride;
        if (columnStride == 1 && n == panel) {
            for (std::int64_t row = 0; row < rows; ++row, to += panel, from += rowStride)
                for (int v = 0; v < panelVectors; ++v)
                    store(to + v * lanes, load(from + v * lanes));
        } else if (columnStride == 1) {
            const std::int64_t first = n < lanes ? n : lanes;
            for (std::int64_t row = 0; row < rows; ++row, to += panel, from += rowStride) {
                store(to, loadFirst(from, first));
                store(to + lanes, n > lanes ? loadFirst(from + lanes, n - lanes) : Vec{});
            }
        } else {
            for (std::int64_t row = 0; row < rows; ++row) {
                for (std::int64_t j = 0; j < n; ++j)
                    to[row * panel + j] = from[row * rowStride + j * columnStride];
                for (std::int64_t j = n; j < panel; ++j)
                    to[row * panel + j] = 0.0F;
            }
        }
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
