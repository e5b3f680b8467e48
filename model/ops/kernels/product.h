#pragma once

#include "model/ops/kernels/simd/simd.h"

#include <cstddef>
#include <cstdint>

namespace layerscope::ops {

/// A matrix in memory: element (i, j) is at i · row + j · column.
struct Layout
{
    std::int64_t row;
    std::int64_t column;
};

/// c [m, n], rows contiguous, = a [m, k] · b [k, n] and an epilogue, in float32. Planned once:
/// which side is packed, how the inner axis is cut, how the work is shared out. The result does not
/// depend on the number of threads.
class Product
{
public:
    Product(std::int64_t m, std::int64_t k, std::int64_t n, Layout a, Layout b, int threads,
        Epilogue epilogue = Epilogue::None);

    std::size_t scratchBytes() const;
    /// `bias` [n] where the epilogue has one; `scratch` aligned to 64 bytes.
    void run(const float* a, const float* b, const float* bias, float* c, float* scratch) const;

private:
    void runSlice(const GemmTask& whole, const float* b, float* packed) const;
    void runLow(GemmTask task, const GemmTask& whole, const float* from, std::int64_t nextLength,
        float* packed) const;
    void runHigh(GemmTask task, const GemmTask& whole, const float* from, float* packed) const;
    static void setAhead(
        GemmTask& task, const float* from, Layout layout, std::int64_t rows, std::int64_t columns);

    std::int64_t m_rows; ///< of the task: n where the product is computed transposed
    std::int64_t m_inner;
    std::int64_t m_columns;
    Layout m_a;
    Layout m_b;
    bool m_transposed = false;
    Epilogue m_epilogue;
    int m_threads;
    std::int64_t m_slices = 1;
    bool m_slicesRows = false;
    std::int64_t m_innerBlocks = 1;
    bool m_fitsOnce = false; ///< so small that nothing need be cut
    std::int64_t m_packedFloats = 0; ///< of a slice
};

/// The same product computed some rows at a time, for who wants to use them up while they are hot.
/// The inner axis must be short (see suits).
class RowProduct
{
public:
    RowProduct(std::int64_t k, std::int64_t n, Layout a, Layout b);
    static bool suits(std::int64_t k);

    std::int64_t packedFloats() const;
    void pack(const float* b, float* packed) const;
    /// Rows begin to end of the product, to c [end - begin, n]; `rowsOfA` is scratch for as many
    /// rows of a.
    void run(const float* a, const float* packed, std::int64_t begin, std::int64_t end, float* c,
        float* rowsOfA) const;
    std::int64_t inner() const { return m_inner; }

private:
    std::int64_t m_inner;
    std::int64_t m_columns;
    Layout m_a;
    Layout m_b;
};

} // namespace layerscope::ops
