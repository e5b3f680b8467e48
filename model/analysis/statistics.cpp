#include "model/analysis/statistics.h"

#include "model/analysis/sha256.h"
#include "model/analysis/statistics_kernels.h"
#include "model/analysis/statistics_pass.h"

#include <cmath>
#include <limits>

namespace layerscope::analysis {
namespace {

constexpr double noStatistic = std::numeric_limits<double>::quiet_NaN();
constexpr int largestBinCount = 1'000'000;
constexpr int fewestAutomaticBins = 10;
constexpr int mostAutomaticBins = 200;

/// numpy.linspace(low, high, bins + 1), which numpy.histogram takes its edges from.
std::vector<double> equalEdges(double low, double high, int bins)
{
    if (low == high) {
        low -= 0.5;
        high += 0.5;
    }
    std::vector<double> edges(static_cast<std::size_t>(bins) + 1);
    const double step = (high - low) / bins;
    for (int i = 0; i < bins; ++i) {
        const double share = static_cast<double>(i) / bins;
        // The range of doubles may itself be beyond doubles.
        edges[static_cast<std::size_t>(i)]
            = std::isfinite(step) ? i * step + low : low * (1 - share) + high * share;
    }
    edges.back() = high;
    return edges;
}

std::vector<double> firstValues(const ValueReader& reader)
{
    const std::int64_t count = std::min<std::int64_t>(8, reader.count());
    std::vector<double> values;
    for (std::int64_t i = 0; i < count; ++i)
        values.push_back(reader.value(i));
    return values;
}

void fill(Statistics& statistics, const Moments& moments, bool higherMoments)
{
    const double n = static_cast<double>(moments.finite);
    statistics.nan = moments.nan;
    statistics.inf = moments.inf;
    statistics.zeros = moments.zeros;
    const bool any = moments.finite > 0;
    statistics.min = any ? moments.min : noStatistic;
    statistics.max = any ? moments.max : noStatistic;
    statistics.mean = any ? moments.sum / n : noStatistic;
    statistics.std = any ? std::sqrt(moments.second / n) : noStatistic;
    const bool spread = higherMoments && any && moments.second > 0;
    const double variance = moments.second / n;
    statistics.skewness
        = spread ? moments.third / n / (variance * std::sqrt(variance)) : noStatistic;
    statistics.kurtosis = spread ? moments.fourth / n / (variance * variance) - 3 : noStatistic;
}

Result<Histogram> histogramOf(
    const PassContext& context, int pass, int bins, const Moments& moments)
{
    Histogram histogram;
    histogram.edges = equalEdges(moments.min, moments.max, bins);
    TRY(histogram.counts, countInBins(context, pass, histogram.edges, moments));
    return histogram;
}

} // namespace

Result<Statistics> computeStatistics(
    const Tensor& tensor, const StatisticsOptions& options, const JobContext& job)
{
    const bool isAutomatic = options.bins == automaticBinCount;
    if ((options.bins < 0 && !isAutomatic) || options.bins > largestBinCount)
        return Error(ErrorKind::InvalidArgument,
            "a histogram has 1 to " + std::to_string(largestBinCount) + " bins, not "
                + std::to_string(options.bins));
    TRY(const ValueReader reader, ValueReader::create(tensor));

    Statistics statistics;
    statistics.count = tensor.count();
    statistics.first = firstValues(reader);
    const int passes = isAutomatic ? 3 : options.bins > 0 ? 2 : 1;
    const PassContext context{ reader, job, options.threads, passes };
    TRY(const Moments moments, measure(context));
    fill(statistics, moments, options.higherMoments);
    if (options.bins != 0 && moments.finite > 0) {
        // The rule for the number of bins asks for quartiles, which fine bins tell.
        const int bins = isAutomatic ? mostAutomaticBins : options.bins;
        TRY(statistics.histogram, histogramOf(context, 1, bins, moments));
        const int better = isAutomatic ? automaticBins(statistics) : bins;
        if (better != bins) {
            TRY(statistics.histogram, histogramOf(context, 2, better, moments));
        }
    }
    if (options.hash)
        statistics.sha256 = sha256(tensor);
    return statistics;
}

int automaticBins(const Statistics& statistics)
{
    const double n = static_cast<double>(statistics.finite());
    const double range = statistics.max - statistics.min;
    if (!(n > 1) || !(range > 0) || !std::isfinite(range))
        return fewestAutomaticBins;
    // The quartiles as far as the bins at hand can tell, within a bin as if its values were spread
    // evenly. For a normal distribution they lie 1.349 standard deviations apart.
    const Histogram& histogram = statistics.histogram;
    const auto quantile = [&](double share) {
        double below = 0;
        for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
            const double count = static_cast<double>(histogram.counts[i]);
            if (count > 0 && below + count >= share * n)
                return histogram.edges[i]
                    + (share * n - below) / count * (histogram.edges[i + 1] - histogram.edges[i]);
            below += count;
        }
        return statistics.max;
    };
    double spread = 1.349 * statistics.std;
    if (!histogram.counts.empty())
        spread = std::min(spread, quantile(0.75) - quantile(0.25));
    const double bins = std::ceil(range / (2 * spread / std::cbrt(n)));
    return std::isfinite(bins)
        ? static_cast<int>(std::clamp<double>(bins, fewestAutomaticBins, mostAutomaticBins))
        : mostAutomaticBins;
}

} // namespace layerscope::analysis
