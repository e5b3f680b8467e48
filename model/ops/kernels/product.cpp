#include "model/ops/kernels/product.h"

#include "model/ops/kernels/thread_pool.h"

#include <algorithm>
#include <utility>

namespace layerscope::ops {

namespace {

/// A panel of this many rows stays in the first-level cache while the tiles of a use it.
constexpr std::int64_t mostInnerRows = 320;
/// Rows of a that stay in the second-level cache with it.
constexpr std::int64_t mostRows = 192;
constexpr std::int64_t panelsAtATime = 4;

std::int64_t dividedUp(std::int64_t a, std::int64_t b)
{
    return (a + b - 1) / b;
}

/// Roughly the cycles a product takes with a [m, k] going through the tiles and b being packed;
/// the constants were measured.
double cyclesOf(std::int64_t m, std::int64_t k, std::int64_t n, Layout b, bool transposed)
{
    const SimdTable& table = simd();
    const auto real = [](std::int64_t x) { return static_cast<double>(x); };
    const bool narrow = n <= table.lanes;
    const std::int64_t panels = dividedUp(n, table.panel);
    const std::int64_t tiles = dividedUp(m, narrow ? 2 * table.tileRows : table.tileRows);
    // A tile of few sums waits for the latency of its additions.
    const double rows = real(m) / real(std::max<std::int64_t>(tiles, 1));
    const double step = std::max(rows * (narrow ? 0.5 : 1.0), 4.0);
    const double multiply = real(tiles * panels) * (real(k) * step + 30);
    const double pack = b.column == 1 ? real(k) * real(panels) * 3 : real(k) * real(n) * 0.7;
    const double store = transposed ? real(m) * real(n) * 2.5 : real(m) * real(panels) * 2;
    return multiply + pack + store;
}

} // namespace

Product::Product(std::int64_t m, std::int64_t k, std::int64_t n, Layout a, Layout b, int threads,
    Epilogue epilogue)
    : m_rows(m)
    , m_inner(k)
    , m_columns(n)
    , m_a(a)
    , m_b(b)
    , m_epilogue(epilogue)
    , m_threads(threads)
{
    const Layout turnedA{ a.column, a.row };
    const Layout turnedB{ b.column, b.row };
    if (cyclesOf(n, k, m, turnedA, true) < cyclesOf(m, k, n, b, false)) {
        // c transposed = b transposed · a transposed
        m_transposed = true;
        std::swap(m_rows, m_columns);
        m_a = turnedB;
        m_b = turnedA;
    }
    const std::int64_t panels = dividedUp(m_columns, simd().panel);
    const double flops
        = 2.0 * static_cast<double>(m) * static_cast<double>(k) * static_cast<double>(n);
    constexpr double flopsPerNanosecond = 60;
    m_innerBlocks = std::max<std::int64_t>(dividedUp(m_inner, mostInnerRows), 1);
    if (threads > 1 && flops / flopsPerNanosecond > worthForking) {
        const std::int64_t rowParts = dividedUp(m_rows, 4 * simd().tileRows);
        m_slicesRows = rowParts >= panels;
        m_slices = std::min<std::int64_t>(std::max(rowParts, panels), 2 * threads);
    }
    const std::int64_t packedPanels = m_rows <= mostRows ? std::min(panelsAtATime, panels) : panels;
    m_fitsOnce
        = m_slices == 1 && m_innerBlocks == 1 && m_rows <= mostRows && panels <= panelsAtATime;
    m_packedFloats = dividedUp(m_inner, m_innerBlocks) * packedPanels * simd().panel;
}

std::size_t Product::scratchBytes() const
{
    return static_cast<std::size_t>(m_packedFloats * m_slices) * sizeof(float);
}

void Product::setAhead(
    GemmTask& task, const float* from, Layout layout, std::int64_t rows, std::int64_t columns)
{
    const bool alongRows = layout.column == 1;
    task.ahead = rows > 0 && columns > 0 ? from : nullptr;
    task.aheadRows = alongRows ? rows : columns;
    task.aheadRow = alongRows ? layout.row : layout.column;
    task.aheadFloats = alongRows ? columns : rows;
}

/// A block of the inner axis when a is low. A few panels are packed at a time, so that rows of b
/// are read in stretches of whole cache lines, and used up while they are hot.
void Product::runLow(GemmTask task, const GemmTask& whole, const float* from,
    std::int64_t nextLength, float* packed) const
{
    const SimdTable& table = simd();
    const std::int64_t width = panelsAtATime * table.panel;
    const std::int64_t length = task.packedRows;
    for (std::int64_t j = 0; j < whole.columns; j += width) {
        task.columns = std::min(width, whole.columns - j);
        const std::int64_t next = j + width;
        if (next < whole.columns)
            setAhead(
                task, from + next * m_b.column, m_b, length, std::min(width, whole.columns - next));
        else
            setAhead(
                task, from + length * m_b.row, m_b, nextLength, std::min(width, whole.columns));
        table.packColumns(
            from + j * m_b.column, m_b.row, m_b.column, length, task.columns, 0, length, packed);
        task.c = whole.c + j * whole.cColumn;
        task.bias = m_transposed || whole.bias == nullptr ? whole.bias : whole.bias + j;
        table.gemm(task);
    }
}

/// A block of the inner axis when a is high: all of b is packed, and a goes by in parts.
void Product::runHigh(GemmTask task, const GemmTask& whole, const float* from, float* packed) const
{
    const std::int64_t length = task.packedRows;
    const std::int64_t offset = task.segments->a;
    simd().packColumns(from, m_b.row, m_b.column, length, whole.columns, 0, length, packed);
    const std::int64_t parts = dividedUp(whole.rows, mostRows);
    for (std::int64_t part = 0; part < parts; ++part) {
        const std::int64_t row = sliceBegin(whole.rows, parts, part);
        const std::int64_t end = sliceBegin(whole.rows, parts, part + 1);
        const std::int64_t nextEnd
            = part + 1 < parts ? sliceBegin(whole.rows, parts, part + 2) : end;
        task.rows = end - row;
        task.a = whole.a + row * whole.aRow;
        task.c = whole.c + row * whole.cRow;
        task.bias = m_transposed && whole.bias != nullptr ? whole.bias + row : whole.bias;
        setAhead(task, whole.a + end * whole.aRow + offset, m_a, nextEnd - end, length);
        simd().gemm(task);
    }
}

/// One slice: blocks of the inner axis in turn, each packed and multiplied.
void Product::runSlice(const GemmTask& whole, const float* b, float* packed) const
{
    for (std::int64_t block = 0; block < m_innerBlocks; ++block) {
        const std::int64_t begin = sliceBegin(m_inner, m_innerBlocks, block);
        const std::int64_t end = sliceBegin(m_inner, m_innerBlocks, block + 1);
        const bool isLast = block + 1 == m_innerBlocks;
        const GemmSegment segment{ begin * m_a.column, 0, end - begin };
        GemmTask task = whole;
        task.packed = packed;
        task.packedRows = segment.length;
        task.segments = &segment;
        task.segmentCount = 1;
        task.accumulate = block > 0;
        task.epilogue = isLast ? whole.epilogue : Epilogue::None;
        const float* from = b + begin * m_b.row;
        const std::int64_t nextLength
            = isLast ? 0 : sliceBegin(m_inner, m_innerBlocks, block + 2) - end;
        if (whole.rows <= mostRows)
            runLow(task, whole, from, nextLength, packed);
        else
            runHigh(task, whole, from, packed);
    }
}

void Product::run(const float* a, const float* b, const float* bias, float* c, float* scratch) const
{
    const bool empty = m_rows == 0 || m_columns == 0;
    if (empty)
        return;
    if (m_transposed)
        std::swap(a, b);
    GemmTask whole{ .rows = m_rows,
        .columns = m_columns,
        .a = a,
        .aRow = m_a.row,
        .aColumn = m_a.column,
        .packed = nullptr,
        .packedRows = 0,
        .segments = nullptr,
        .segmentCount = 0,
        .c = c,
        .cRow = m_transposed ? 1 : m_columns,
        .cColumn = m_transposed ? m_rows : 1,
        .accumulate = false,
        .epilogue = m_epilogue,
        .bias = bias };
    if (m_fitsOnce) {
        const GemmSegment segment{ 0, 0, m_inner };
        whole.packed = scratch;
        whole.packedRows = m_inner;
        whole.segments = &segment;
        whole.segmentCount = 1;
        simd().packColumns(b, m_b.row, m_b.column, m_inner, m_columns, 0, m_inner, scratch);
        return simd().gemm(whole);
    }
    if (m_slices == 1)
        return runSlice(whole, b, scratch);
    forEachSlice(m_threads, m_slices, [&](std::int64_t slice) {
        GemmTask task = whole;
        const float* from = b;
        if (m_slicesRows) {
            const std::int64_t row = sliceBegin(m_rows, m_slices, slice);
            task.rows = sliceBegin(m_rows, m_slices, slice + 1) - row;
            task.a += row * m_a.row;
            task.c += row * whole.cRow;
            if (m_transposed && bias != nullptr)
                task.bias += row;
        } else {
            const std::int64_t panel = simd().panel;
            const std::int64_t panels = dividedUp(m_columns, panel);
            const std::int64_t column = sliceBegin(panels, m_slices, slice) * panel;
            const std::int64_t end = sliceBegin(panels, m_slices, slice + 1) * panel;
            task.columns = std::min(end, m_columns) - column;
            task.c += column * whole.cColumn;
            from += column * m_b.column;
            if (!m_transposed && bias != nullptr)
                task.bias += column;
        }
        runSlice(task, from, scratch + slice * m_packedFloats);
    });
}

RowProduct::RowProduct(std::int64_t k, std::int64_t n, Layout a, Layout b)
    : m_inner(k)
    , m_columns(n)
    , m_a(a)
    , m_b(b)
{
}

bool RowProduct::suits(std::int64_t k)
{
    return k <= mostInnerRows;
}

std::int64_t RowProduct::packedFloats() const
{
    return m_inner * dividedUp(m_columns, simd().panel) * simd().panel;
}

void RowProduct::pack(const float* b, float* packed) const
{
    simd().packColumns(b, m_b.row, m_b.column, m_inner, m_columns, 0, m_inner, packed);
}

void RowProduct::run(const float* a, const float* packed, std::int64_t begin, std::int64_t end,
    float* c, float* rowsOfA) const
{
    const std::int64_t rows = end - begin;
    Layout layout = m_a;
    const float* from = a + begin * m_a.row;
    if (m_a.row == 1) {
        // Steps along the inner axis are far apart, often by a power of two, and would fall onto
        // few lines of the cache: these rows are copied together.
        for (std::int64_t p = 0; p < m_inner; ++p)
            std::copy_n(from + p * m_a.column, rows, rowsOfA + p * rows);
        from = rowsOfA;
        layout = { 1, rows };
    }
    const GemmSegment segment{ 0, 0, m_inner };
    simd().gemm({ .rows = rows,
        .columns = m_columns,
        .a = from,
        .aRow = layout.row,
        .aColumn = layout.column,
        .packed = packed,
        .packedRows = m_inner,
        .segments = &segment,
        .segmentCount = 1,
        .c = c,
        .cRow = m_columns,
        .cColumn = 1,
        .accumulate = false,
        .epilogue = Epilogue::None,
        .bias = nullptr });
}

} // namespace layerscope::ops
