#include "model/analysis/statistics_pass.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <list>
#include <mutex>
#include <thread>

namespace layerscope::analysis {
namespace {

/// What one thread takes at a time. Its size is fixed, and parts are put together in their order,
/// so that results are the same bits for any number of threads.
constexpr std::int64_t segmentValues = 64 * ValueReader::blockValues;

std::int64_t segmentCount(std::int64_t values)
{
    return (values + segmentValues - 1) / segmentValues;
}

/// Calls `work(segment)` for every segment on up to `context.threads` threads, this one among them;
/// `makeWork()` is called once for each thread. Only this thread reports progress.
template<class MakeWork>
Result<void> forEachSegment(const PassContext& context, int pass, const MakeWork& makeWork)
{
    const std::int64_t segments = segmentCount(context.reader.count());
    const unsigned wanted = context.threads > 0 ? static_cast<unsigned>(context.threads)
                                                : std::thread::hardware_concurrency();
    const auto threads = std::clamp<std::int64_t>(wanted, 1, std::max<std::int64_t>(segments, 1));
    std::atomic<std::int64_t> next{ 0 };
    const auto run = [&](bool reports) {
        auto work = makeWork();
        for (std::int64_t segment = next++; segment < segments; segment = next++) {
            if (context.job.stopRequested())
                return;
            if (reports)
                context.job.report(pass * segments + segment, context.passes * segments);
            work(segment);
        }
    };
    {
        std::vector<std::jthread> others;
        for (std::int64_t i = 1; i < threads; ++i)
            others.emplace_back([&] { run(false); });
        run(true);
    }
    if (context.job.stopRequested())
        return Error(ErrorKind::Stopped, "the statistics were stopped");
    return {};
}

/// Calls `use(values, count)` for the blocks of one segment.
template<class Use>
void forEachBlock(
    const ValueReader& reader, std::int64_t segment, ValueReader::Buffer& buffer, const Use& use)
{
    const std::int64_t end = std::min(reader.count(), (segment + 1) * segmentValues);
    for (std::int64_t at = segment * segmentValues; at < end;) {
        const auto count = std::min(end - at, static_cast<std::int64_t>(ValueReader::blockValues));
        use(reader.block(at, static_cast<std::size_t>(count), buffer),
            static_cast<std::size_t>(count));
        at += count;
    }
}

struct FiniteValues
{
    std::vector<std::byte> bytes;
    std::size_t count = 0;
    std::int64_t nan = 0, inf = 0;
};

/// The finite values of a block, moved together.
template<class T> FiniteValues finiteValues(const std::byte* values, std::size_t count)
{
    FiniteValues finite;
    finite.bytes.resize(count * sizeof(T));
    for (std::size_t i = 0; i < count; ++i) {
        T value;
        std::memcpy(&value, values + i * sizeof value, sizeof value);
        if (std::isnan(value))
            ++finite.nan;
        else if (std::isinf(value))
            ++finite.inf;
        else
            std::memcpy(finite.bytes.data() + finite.count++ * sizeof value, &value, sizeof value);
    }
    return finite;
}

FiniteValues finiteValues(const ValueReader& reader, const std::byte* values, std::size_t count)
{
    return reader.isDouble() ? finiteValues<double>(values, count)
                             : finiteValues<float>(values, count);
}

/// Moments of values that are all finite.
Moments momentsOfFinite(
    const ValueReader& reader, const std::byte* values, std::size_t count, const BlockSums& sums)
{
    const StatisticsKernels& kernels = statisticsKernels();
    Moments moments{ .finite = static_cast<std::int64_t>(count),
        .zeros = sums.zeros,
        .min = sums.min,
        .max = sums.max,
        .sum = sums.sum,
        .mean = sums.sum / static_cast<double>(count) };
    BlockDeviations deviations{};
    (reader.isDouble() ? kernels.deviationsOfDoubles : kernels.deviationsOfFloats)(
        values, count, moments.mean, &deviations);
    moments.second = deviations.second;
    moments.third = deviations.third;
    moments.fourth = deviations.fourth;
    return moments;
}

Moments momentsOfBlock(const ValueReader& reader, const std::byte* values, std::size_t count)
{
    const StatisticsKernels& kernels = statisticsKernels();
    const auto sum = reader.isDouble() ? kernels.sumsOfDoubles : kernels.sumsOfFloats;
    BlockSums sums{};
    sum(values, count, &sums);
    if (std::isfinite(sums.sum)) [[likely]]
        return momentsOfFinite(reader, values, count, sums);

    const FiniteValues finite = finiteValues(reader, values, count);
    Moments moments;
    if (finite.count > 0) {
        sum(finite.bytes.data(), finite.count, &sums);
        moments = momentsOfFinite(reader, finite.bytes.data(), finite.count, sums);
    }
    moments.nan = finite.nan;
    moments.inf = finite.inf;
    return moments;
}

/// Whether the kernels' guess and its error bound hold: the range is representable in their type,
/// and a bin is much wider than the rounding of the edges.
bool guessHolds(const ValueReader& reader, const std::vector<double>& edges)
{
    const double bins = static_cast<double>(edges.size() - 1);
    const double range = edges.back() - edges.front();
    const double scale = bins / range;
    const double magnitude = std::max(std::abs(edges.front()), std::abs(edges.back()));
    const double largest = reader.isDouble() ? std::numeric_limits<double>::max()
                                             : std::numeric_limits<float>::max();
    const double smallest = reader.isDouble() ? std::numeric_limits<double>::min()
                                              : std::numeric_limits<float>::min();
    return bins <= 8192 && range < largest && scale < largest && scale > smallest
        && range / bins > magnitude * 0x1p-40;
}

class BinCounter
{
public:
    BinCounter(const ValueReader& reader, const std::vector<double>& edges, bool allFinite)
        : m_reader(reader)
        , m_allFinite(allFinite)
        , m_guess(guessHolds(reader, edges))
        , m_counts(edges.size() - 1)
    {
        // The guess is off by three roundings of at most `bins` each; twice that is left free.
        const double bins = static_cast<double>(m_counts.size());
        m_rule = { .low = edges.front(),
            .scale = bins / (edges.back() - edges.front()),
            .slack = bins * (reader.isDouble() ? 0x1p-36 : 0x1p-21),
            .bins = static_cast<std::int32_t>(m_counts.size()),
            .edges = edges.data() };
        if (m_guess)
            m_tables.resize(m_counts.size() * countTables);
    }

    void add(const std::byte* values, std::size_t count)
    {
        if (m_allFinite)
            return addFinite(values, count);
        const FiniteValues finite = finiteValues(m_reader, values, count);
        addFinite(finite.bytes.data(), finite.count);
    }

    /// To be called before a table can overflow: after each segment.
    void gather()
    {
        for (std::size_t i = 0; i < m_tables.size(); ++i)
            m_counts[i % m_counts.size()] += m_tables[i];
        std::fill(m_tables.begin(), m_tables.end(), 0U);
    }

    const std::vector<std::int64_t>& counts() const { return m_counts; }

private:
    void addFinite(const std::byte* values, std::size_t count)
    {
        const StatisticsKernels& kernels = statisticsKernels();
        if (m_guess)
            (m_reader.isDouble() ? kernels.countDoubles : kernels.countFloats)(
                values, count, m_rule, m_tables.data());
        else if (m_reader.isDouble())
            addOneByOne<double>(values, count);
        else
            addOneByOne<float>(values, count);
    }

    template<class T> void addOneByOne(const std::byte* values, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) {
            T value;
            std::memcpy(&value, values + i * sizeof value, sizeof value);
            ++m_counts[static_cast<std::size_t>(m_rule.exactIndex(value))];
        }
    }

    const ValueReader& m_reader;
    bool m_allFinite;
    bool m_guess;
    BinRule m_rule{};
    std::vector<std::int64_t> m_counts;
    std::vector<std::uint32_t> m_tables;
};

} // namespace

void Moments::add(const Moments& other)
{
    nan += other.nan;
    inf += other.inf;
    if (other.finite == 0)
        return;
    if (finite == 0) {
        const auto nans = nan;
        const auto infs = inf;
        *this = other;
        nan = nans;
        inf = infs;
        return;
    }
    const double a = static_cast<double>(finite);
    const double b = static_cast<double>(other.finite);
    const double n = a + b;
    const double d = other.mean - mean;
    const double perN = d / n;
    fourth += other.fourth + d * perN * perN * perN * a * b * (a * a - a * b + b * b)
        + 6 * perN * perN * (a * a * other.second + b * b * second)
        + 4 * perN * (a * other.third - b * third);
    third += other.third + d * perN * perN * a * b * (a - b)
        + 3 * perN * (a * other.second - b * second);
    second += other.second + d * perN * a * b;
    finite += other.finite;
    zeros += other.zeros;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    sum += other.sum;
    mean = sum / n;
}

std::int32_t BinRule::exactIndex(double value) const
{
    const double place = (value - low) * scale;
    if (!(place >= 0 && place <= bins)) { // a range beyond doubles
        const double* above = std::upper_bound(edges + 1, edges + bins, value);
        return static_cast<std::int32_t>(above - edges - 1);
    }
    auto index = std::min(static_cast<std::int32_t>(place), bins - 1);
    if (index > 0 && value < edges[index])
        --index;
    else if (index < bins - 1 && value >= edges[index + 1])
        ++index;
    return index;
}

const StatisticsKernels& statisticsKernels()
{
    static const StatisticsKernels& best = []() -> const StatisticsKernels& {
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512cd"))
            return statisticsKernelsV4;
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
            && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
            return statisticsKernelsV3;
        return statisticsKernelsV2;
    }();
    return best;
}

Result<Moments> measure(const PassContext& context)
{
    std::vector<Moments> parts(static_cast<std::size_t>(segmentCount(context.reader.count())));
    const auto makeWork = [&] {
        return [&, buffer = ValueReader::Buffer()](std::int64_t segment) mutable {
            auto& part = parts[static_cast<std::size_t>(segment)];
            forEachBlock(
                context.reader, segment, buffer, [&](const std::byte* values, std::size_t count) {
                    part.add(momentsOfBlock(context.reader, values, count));
                });
        };
    };
    TRY_DO(forEachSegment(context, 0, makeWork));
    Moments all;
    for (const Moments& part : parts)
        all.add(part);
    return all;
}

Result<std::vector<std::int64_t>> countInBins(
    const PassContext& context, int pass, const std::vector<double>& edges, const Moments& moments)
{
    const bool allFinite = moments.nan + moments.inf == 0;
    std::mutex mutex;
    std::list<BinCounter> counters; // one for each thread
    const auto makeWork = [&] {
        const std::lock_guard lock(mutex);
        BinCounter& counter = counters.emplace_back(context.reader, edges, allFinite);
        return [&, buffer = ValueReader::Buffer()](std::int64_t segment) mutable {
            forEachBlock(context.reader, segment, buffer,
                [&](const std::byte* values, std::size_t count) { counter.add(values, count); });
            counter.gather();
        };
    };
    TRY_DO(forEachSegment(context, pass, makeWork));
    std::vector<std::int64_t> counts(edges.size() - 1);
    for (const BinCounter& counter : counters)
        std::transform(
            counts.begin(), counts.end(), counter.counts().begin(), counts.begin(), std::plus<>());
    return counts;
}

} // namespace layerscope::analysis
