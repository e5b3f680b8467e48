#include "model/analysis/statistics.h"
#include "model/analysis/statistics_kernels.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace layerscope;
using namespace layerscope::analysis;

namespace {

/// ((k · 2654435761) mod 2^32 / 2^31 − 1)^3: NumPy made the expected figures from the same values.
std::vector<float> cubes(std::size_t count)
{
    std::vector<float> values(count);
    for (std::size_t k = 0; k < count; ++k) {
        const auto hashed = static_cast<std::uint32_t>(k * 2654435761U);
        const double x = static_cast<double>(hashed) / 2147483648.0 - 1;
        values[k] = static_cast<float>(x * x * x);
    }
    return values;
}

template<class T> Tensor tensorOf(const std::vector<T>& values)
{
    return Tensor::of<T>({ static_cast<std::int64_t>(values.size()) }, values);
}

Statistics statisticsOf(const Tensor& tensor, const StatisticsOptions& options = {})
{
    auto result = computeStatistics(tensor, options);
    if (!result)
        qFatal("%s", result.error().message().c_str());
    return *result;
}

using Counts = std::vector<std::int64_t>;

/// The definition: edges[i] <= value < edges[i + 1], the last bin closed.
Counts countsByDefinition(const std::vector<double>& values, const std::vector<double>& edges)
{
    Counts counts(edges.size() - 1);
    for (const double value : values) {
        const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, value);
        ++counts[static_cast<std::size_t>(above - edges.begin() - 1)];
    }
    return counts;
}

bool isClose(double actual, double expected, double tolerance = 1e-13)
{
    return std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

} // namespace

class tst_Statistics : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithNumPy()
    {
        const auto statistics
            = statisticsOf(tensorOf(cubes(10007)), { .hash = true, .higherMoments = true });
        QCOMPARE(statistics.count, 10007);
        QCOMPARE(statistics.min, -1.0);
        QCOMPARE(statistics.max, 0.9995231032371521);
        QVERIFY(isClose(statistics.mean, -0.00018646965777719895));
        QVERIFY(isClose(statistics.std, 0.37804506857859393));
        QVERIFY(isClose(statistics.skewness, -0.0016564982530097548));
        QVERIFY(isClose(statistics.kurtosis, 0.7686559181649888));
        QCOMPARE(statistics.first,
            (std::vector<double>{ -1.0, 0.013155616819858551, -0.1470842808485031,
                0.3552016615867615, -0.00017307042435277253, -0.5506827235221863,
                0.07220324128866196, -0.041971560567617416 }));
        QCOMPARE(statistics.histogram.counts,
            (Counts{ 114, 120, 126, 133, 140, 151, 163, 177, 194, 217, 248, 295, 369, 527, 1720,
                2336, 528, 371, 295, 248, 219, 193, 177, 162, 151, 141, 133, 126, 119, 114 }));
        QCOMPARE(statistics.histogram.edges[1], -0.9333492298920949);
        QCOMPARE(statistics.histogram.edges[17], 0.13306309183438625);
        QCOMPARE(statistics.sha256,
            std::string("cc672c8409545970380742b4b78a2417d1ac3e8d8633cdad191b933e8dafbe17"));
    }

    void widensHalvesAsNumPyDoes()
    {
        const auto half = tensorOf(cubes(10007)).converted(DType::Float16);
        QVERIFY(half);
        const auto statistics = statisticsOf(*half, { .hash = true });
        QCOMPARE(statistics.sha256,
            std::string("5074f39d95680fe1e04789e641247e18cdccac6614079791c44494065b603a84"));
        QCOMPARE(statistics.histogram.counts,
            (Counts{ 114, 120, 126, 132, 141, 151, 163, 176, 195, 217, 247, 295, 369, 527, 1718,
                2339, 528, 370, 295, 249, 218, 194, 177, 161, 152, 140, 134, 125, 120, 114 }));
    }

    void putsValuesOnEdgesWhereNumPyDoes_data()
    {
        QTest::addColumn<double>("step");
        QTest::addColumn<int>("last");
        QTest::addColumn<bool>("narrow");
        QTest::addColumn<QList<int>>("expected");
        QTest::newRow("doubles in hundredths")
            << 0.01 << 300 << false
            << QList<int>{ 10, 10, 11, 9, 10, 11, 10, 9, 10, 10, 10, 11, 9, 11, 9, 10, 11, 9, 11, 9,
                   10, 10, 11, 10, 9, 10, 10, 11, 10, 10 };
        QTest::newRow("floats in hundredths")
            << 0.01 << 300 << true
            << QList<int>{ 10, 10, 10, 10, 10, 10, 11, 9, 11, 9, 10, 10, 11, 10, 9, 10, 10, 11, 10,
                   9, 11, 9, 11, 9, 10, 11, 9, 11, 9, 11 };
        QTest::newRow("every value an edge")
            << 0.1 << 30 << false
            << QList<int>{ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                   1, 1, 1, 1, 1, 2 };
    }

    void putsValuesOnEdgesWhereNumPyDoes()
    {
        QFETCH(double, step);
        QFETCH(int, last);
        QFETCH(bool, narrow);
        QFETCH(QList<int>, expected);
        std::vector<double> values;
        for (int i = 0; i <= last; ++i)
            values.push_back(last == 300 ? i / 100.0 : i * step);
        const std::vector<float> floats(values.begin(), values.end());
        const auto statistics = statisticsOf(narrow ? tensorOf(floats) : tensorOf(values));
        QCOMPARE(statistics.histogram.counts, Counts(expected.begin(), expected.end()));
    }

    void countsEveryBinByItsDefinition_data()
    {
        QTest::addColumn<int>("bins");
        QTest::addColumn<double>("scale");
        QTest::addColumn<double>("offset");
        for (const int bins : { 1, 2, 7, 30, 100, 200, 4096, 9000 })
            QTest::addRow("%d bins", bins) << bins << 1.0 << 0.0;
        QTest::newRow("far from zero") << 100 << 1e-3 << 1000.0;
        QTest::newRow("subnormal") << 30 << 1e-41 << 0.0;
        QTest::newRow("range beyond float") << 30 << 3e38 << 0.0;
        QTest::newRow("a few ulps") << 30 << 2e-7 << 1.0;
    }

    void countsEveryBinByItsDefinition()
    {
        QFETCH(int, bins);
        QFETCH(double, scale);
        QFETCH(double, offset);
        auto values = cubes(300'001); // more than one segment
        for (float& value : values)
            value = static_cast<float>(value * scale + offset);
        for (const int threads : { 1, 3 }) {
            const auto statistics
                = statisticsOf(tensorOf(values), { .bins = bins, .threads = threads });
            const std::vector<double> wide(values.begin(), values.end());
            QCOMPARE(
                statistics.histogram.counts, countsByDefinition(wide, statistics.histogram.edges));
        }
    }

    void givesTheSameBitsForAnyNumberOfThreads()
    {
        const auto tensor = tensorOf(cubes(2'000'003));
        const auto one = statisticsOf(tensor, { .threads = 1 });
        const auto four = statisticsOf(tensor, { .threads = 4 });
        QCOMPARE(four.mean, one.mean);
        QCOMPARE(four.std, one.std);
        QCOMPARE(four.histogram, one.histogram);
    }

    /// The vector widths are one text, compiled for processors that may not be at hand.
    void kernelsOfEveryProcessorAgree()
    {
        const auto values = cubes(1003);
        const auto* bytes = reinterpret_cast<const std::byte*>(values.data());
        std::vector<const StatisticsKernels*> all{ &statisticsKernelsV2, &statisticsKernels() };
        if (__builtin_cpu_supports("avx2"))
            all.push_back(&statisticsKernelsV3);
        const std::vector<double> edges{ -1, -0.6, -0.2, 0.2, 0.6, 1 };
        const BinRule rule{ -1, 2.5, 1e-5, 5, edges.data() };
        std::vector<std::vector<std::uint32_t>> tables;
        for (const StatisticsKernels* kernels : all) {
            BlockSums sums{};
            kernels->sumsOfFloats(bytes, values.size(), &sums);
            QVERIFY(isClose(sums.sum, std::accumulate(values.begin(), values.end(), 0.0)));
            QCOMPARE(sums.min, *std::min_element(values.begin(), values.end()));
            QCOMPARE(sums.max, *std::max_element(values.begin(), values.end()));
            tables.emplace_back(5 * countTables);
            kernels->countFloats(bytes, values.size(), rule, tables.back().data());
            QCOMPARE(tables.back(), tables.front());

            std::vector<float> widened(0x10000);
            std::vector<std::uint16_t> halves(0x10000);
            std::iota(halves.begin(), halves.end(), std::uint16_t{ 0 });
            kernels->widenHalves(
                reinterpret_cast<const std::byte*>(halves.data()), halves.size(), widened.data());
            for (std::size_t i = 0; i < halves.size(); ++i) {
                const float expected = floatFromHalf(halves[i]);
                QVERIFY(std::isnan(expected) ? std::isnan(widened[i])
                                             : std::signbit(widened[i]) == std::signbit(expected)
                            && widened[i] == expected);
            }
        }
    }

    void leavesOutWhatIsNotFinite()
    {
        auto values = cubes(9001);
        std::vector<double> finite(values.begin(), values.end());
        constexpr float infinity = std::numeric_limits<float>::infinity();
        values.insert(values.begin() + 17, { NAN, infinity, -infinity, -NAN });
        values.push_back(NAN);
        const auto statistics = statisticsOf(tensorOf(values));
        QCOMPARE(statistics.nan, 3);
        QCOMPARE(statistics.inf, 2);
        QCOMPARE(statistics.finite(), 9001);
        const auto without = statisticsOf(tensorOf(finite));
        QVERIFY(isClose(statistics.mean, without.mean));
        QVERIFY(isClose(statistics.std, without.std));
        QCOMPARE(statistics.min, without.min);
        QCOMPARE(statistics.histogram, without.histogram);
    }

    void widensTheRangeOfAConstant()
    {
        const auto statistics
            = statisticsOf(tensorOf(std::vector<float>(70'000, 2.5F)), { .bins = 4 });
        QCOMPARE(statistics.histogram.edges, (std::vector<double>{ 2.0, 2.25, 2.5, 2.75, 3.0 }));
        QCOMPARE(statistics.histogram.counts, (Counts{ 0, 0, 70'000, 0 }));
        QCOMPARE(statistics.std, 0.0);
    }

    void countsBothZeros()
    {
        const auto statistics = statisticsOf(tensorOf(std::vector<float>{ 0.0F, -0.0F, 1.0F }));
        QCOMPARE(statistics.zeros, 2);
    }

    void takesIntegersAndBoolsForNumbers()
    {
        const auto small = statisticsOf(
            tensorOf(std::vector<std::int8_t>{ -127, -5, 0, 0, 3, 127 }), { .bins = 10 });
        QCOMPARE(small.histogram.counts, (Counts{ 1, 0, 0, 0, 1, 3, 0, 0, 0, 1 }));
        const auto large = statisticsOf(tensorOf(std::vector<std::int64_t>{ 1, 1LL << 40, 5 }));
        QCOMPARE(large.max, 1099511627776.0);
        const std::array<std::uint8_t, 3> bytes{ 1, 0, 1 };
        const auto bools = Tensor::fromBytes(DType::Bool, { 3 }, std::as_bytes(std::span(bytes)));
        QVERIFY(bools);
        QCOMPARE(statisticsOf(*bools).zeros, 1);
        QVERIFY(isClose(statisticsOf(*bools).mean, 2.0 / 3));
    }

    void hasNothingToSayOfNoValues()
    {
        const auto none = statisticsOf(*Tensor::zeros(DType::Float32, { 0, 3 }));
        QCOMPARE(none.count, 0);
        QVERIFY(std::isnan(none.min) && std::isnan(none.mean) && std::isnan(none.std));
        QVERIFY(none.histogram.counts.empty() && none.first.empty());
        const auto onlyNan = statisticsOf(tensorOf(std::vector<float>{ NAN, NAN }));
        QCOMPARE(onlyNan.nan, 2);
        QVERIFY(std::isnan(onlyNan.max) && onlyNan.histogram.edges.empty());
    }

    void readsValuesThatAreNotAligned()
    {
        const auto values = cubes(5000);
        std::vector<std::byte> bytes(values.size() * sizeof(float) + 1);
        std::memcpy(bytes.data() + 1, values.data(), bytes.size() - 1);
        const auto tensor
            = Tensor::borrowed(DType::Float32, { 5000 }, std::span(bytes).subspan(1), nullptr);
        QVERIFY(tensor);
        QCOMPARE(statisticsOf(*tensor).histogram, statisticsOf(tensorOf(values)).histogram);
    }

    void refusesTextAndAbsurdBins()
    {
        const auto text = computeStatistics(Tensor::ofStrings({ 1 }, { "a" }));
        QVERIFY(!text);
        QVERIFY(text.error().kind() == ErrorKind::Unsupported);
        const auto bins = computeStatistics(tensorOf(cubes(3)), { .bins = -2 });
        QVERIFY(!bins);
        QVERIFY(bins.error().kind() == ErrorKind::InvalidArgument);
    }

    void stopsAndReports()
    {
        std::stop_source source;
        std::int64_t reports = 0;
        const JobContext job(source.get_token(), [&](std::int64_t done, std::int64_t total, auto&) {
            QVERIFY(done <= total);
            if (++reports == 3)
                source.request_stop();
        });
        const auto stopped = computeStatistics(tensorOf(cubes(3'000'000)), {}, job);
        QVERIFY(!stopped);
        QVERIFY(stopped.error().kind() == ErrorKind::Stopped);
        QCOMPARE(reports, 3);
    }

    /// FIPS 180-4's examples.
    void hashesAsTheStandardSays()
    {
        const auto hashOf = [](std::vector<std::string> items) {
            const auto count = static_cast<std::int64_t>(items.size());
            return sha256(Tensor::ofStrings({ count }, std::move(items)));
        };
        QCOMPARE(hashOf({ "abc" }),
            std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(hashOf({ "" }),
            std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        using namespace std::string_literals;
        QCOMPARE(hashOf({ "a", "b" }), hashOf({ "a\0b"s }));
    }

    void choosesMoreBinsForMoreValues()
    {
        QCOMPARE(automaticBins(statisticsOf(tensorOf(std::vector<float>(100, 1.0F)))), 10);
        const int few = automaticBins(statisticsOf(tensorOf(cubes(500))));
        const int many = automaticBins(statisticsOf(tensorOf(cubes(20'000))));
        QVERIFY(10 <= few && few < many && many <= 200);
        QCOMPARE(automaticBins(Statistics{}), 10);
        const auto chosen = statisticsOf(tensorOf(cubes(500)), { .bins = automaticBinCount });
        QVERIFY(chosen.histogram.counts.size() >= 10 && chosen.histogram.counts.size() < 200);
    }
};

QTEST_GUILESS_MAIN(tst_Statistics)
#include "tst_statistics.moc"
