#pragma once

#include <cstddef>
#include <cstdint>

/// The loops behind computeStatistics, compiled once for each kind of processor. No inline function
/// of external linkage may be included from here: see CMakeLists.txt.
namespace layerscope::analysis {

/// Values of one block. Pointers need no alignment: a mapped file gives none.
struct BlockSums
{
    double min, max, sum;
    std::int64_t zeros;
};

/// Sums of (x - mean)^2, ^3, ^4.
struct BlockDeviations
{
    double second, third, fourth;
};

/// How a value finds its bin: index = (x - low) * scale, to be trusted unless the result lies
/// within `slack` of a whole number, where rounding may have put it on the wrong side of the edge.
struct BinRule
{
    double low, scale, slack;
    std::int32_t bins;
    const double* edges; ///< bins + 1

    /// numpy.histogram's own arithmetic, in doubles: a guess, then corrected against the edges.
    std::int32_t exactIndex(double value) const;
};

/// Counts are kept in several tables of `bins` each, value i in table i mod countTables: equal
/// neighbours would otherwise wait for each other's store.
inline constexpr std::int32_t countTables = 8;

struct StatisticsKernels
{
    /// For blocks whose values are all finite; otherwise the sum is not, and nothing else counts.
    void (*sumsOfFloats)(const std::byte* values, std::size_t count, BlockSums* sums);
    void (*sumsOfDoubles)(const std::byte* values, std::size_t count, BlockSums* sums);

    void (*deviationsOfFloats)(
        const std::byte* values, std::size_t count, double mean, BlockDeviations* deviations);
    void (*deviationsOfDoubles)(
        const std::byte* values, std::size_t count, double mean, BlockDeviations* deviations);

    /// Adds to `tables`; every value must be finite and within the edges.
    void (*countFloats)(
        const std::byte* values, std::size_t count, const BinRule& rule, std::uint32_t* tables);
    void (*countDoubles)(
        const std::byte* values, std::size_t count, const BinRule& rule, std::uint32_t* tables);

    /// float16 patterns to float32.
    void (*widenHalves)(const std::byte* halves, std::size_t count, float* floats);
};

extern const StatisticsKernels statisticsKernelsV2, statisticsKernelsV3, statisticsKernelsV4;

/// Those for the processor at hand.
const StatisticsKernels& statisticsKernels();

} // namespace layerscope::analysis
