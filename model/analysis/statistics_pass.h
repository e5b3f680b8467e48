#pragma once

#include "model/analysis/statistics_kernels.h"
#include "model/core/job_context.h"
#include "model/core/tensor.h"

#include <vector>

/// The passes over a tensor that computeStatistics is made of.
namespace layerscope::analysis {

/// A tensor's values block by block in the type that the kernels take: float for what float32 holds
/// exactly, double for the rest.
class ValueReader
{
public:
    static constexpr std::size_t blockValues = 4096; ///< 16 kB of floats: stays in the first cache

    /// Room for one block of either type.
    using Buffer = std::vector<double>;

    /// Errors  Unsupported for strings and complex numbers
    static Result<ValueReader> create(const Tensor& tensor);

    std::int64_t count() const { return m_count; }
    bool isDouble() const { return m_isDouble; }
    std::size_t width() const { return m_isDouble ? sizeof(double) : sizeof(float); }

    /// `count` values from `begin` on: in the tensor itself, or widened into `buffer`.
    const std::byte* block(std::int64_t begin, std::size_t count, Buffer& buffer) const;

    double value(std::int64_t index) const;

private:
    const std::byte* m_bytes = nullptr;
    std::int64_t m_count = 0;
    DType m_dtype = DType::Float32;
    bool m_isDouble = false;
};

/// Sums over the finite values; those of powers are about the mean.
struct Moments
{
    std::int64_t finite = 0, nan = 0, inf = 0, zeros = 0;
    double min = 0, max = 0;
    double sum = 0, mean = 0, second = 0, third = 0, fourth = 0;

    /// Takes in the moments of other values (the pairwise formulas of Chan, Golub and LeVeque, and
    /// of Pébay for the higher ones), so that no large sum swallows small terms.
    void add(const Moments& other);
};

struct PassContext
{
    const ValueReader& reader;
    const JobContext& job;
    int threads = 1;
    int passes = 1; ///< how many there will be in all, for the progress
};

/// Errors  Stopped
Result<Moments> measure(const PassContext& context);

/// Counts of the finite values between `edges` (ascending, outermost ones are min and max).
Result<std::vector<std::int64_t>> countInBins(
    const PassContext& context, int pass, const std::vector<double>& edges, const Moments& moments);

} // namespace layerscope::analysis
