#pragma once

#include "model/core/job_context.h"
#include "model/core/stored_tensor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace layerscope::analysis {

/// Equal bins over the finite values; the last bin is closed.
struct Histogram
{
    std::vector<double> edges; ///< bins + 1, ascending; none where no value is finite
    std::vector<std::int64_t> counts;
    bool operator==(const Histogram&) const = default;
};

/// What a tensor's values look like. Moments are over the finite values, in double precision.
struct Statistics
{
    std::int64_t count = 0;
    std::int64_t nan = 0;
    std::int64_t inf = 0;
    std::int64_t zeros = 0; ///< -0 counts
    double min = 0, max = 0, mean = 0; ///< NaN when no value is finite
    double std = 0; ///< population standard deviation
    double skewness = 0, kurtosis = 0; ///< excess kurtosis; NaN where undefined or not asked for
    std::vector<double> first; ///< up to 8 values, as they lie in the file
    Histogram histogram;
    std::string sha256; ///< empty unless asked for

    std::int64_t finite() const { return count - nan - inf; }
};

/// As StatisticsOptions::bins: the number that automaticBins() gives.
inline constexpr int automaticBinCount = -1;

struct StatisticsOptions
{
    int bins = 30; ///< from min to max; from min-0.5 to max+0.5 if all values are equal; 0 for none
    int threads = 1; ///< 0: as many as there are cores. The result does not depend on it
    bool hash = false; ///< also fill `sha256`
    bool higherMoments = false;
};

/// Streams the tensor once or twice at memory speed (AVX2 or AVX-512 where the machine has it).
/// float16 and bfloat16 are widened, integers and bool counted as numbers.
///
/// Bins are those of numpy.histogram over the values as doubles, values on an edge included.
/// Errors  Stopped; Unsupported for strings and complex numbers; InvalidArgument for a number of
///         bins that is negative or above a million
/// Source  numpy.histogram, numpy.std; tests/model/analysis/tst_statistics.cpp
Result<Statistics> computeStatistics(
    const Tensor& tensor, const StatisticsOptions& options = {}, const JobContext& job = {});

/// Hex SHA-256 of the row-major little-endian bytes (strings joined by NUL).
std::string sha256(const Tensor& tensor);

/// The number of bins that the Freedman–Diaconis rule gives, within [10, 200].
int automaticBins(const Statistics& statistics);

} // namespace layerscope::analysis
