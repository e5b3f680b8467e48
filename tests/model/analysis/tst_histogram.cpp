#include "model/analysis/histogram.h"

#include <QtTest>

#include <cmath>

using namespace layerscope;
using namespace layerscope::analysis;

namespace {

bool isClose(double actual, double expected)
{
    return std::abs(actual - expected) < 1e-12;
}

} // namespace

class tst_Histogram : public QObject
{
    Q_OBJECT

private slots:
    void symmetricLogIsOddAndInvertible()
    {
        const SymmetricLog scale{ 0.01 };
        QCOMPARE(scale.forward(0), 0.0);
        QVERIFY(isClose(scale.forward(0.09), 1));
        for (const double value : { -3.0, -0.01, 1e-9, 0.5, 1e30 }) {
            QCOMPARE(scale.forward(-value), -scale.forward(value));
            QVERIFY(std::abs(scale.inverse(scale.forward(value)) / value - 1) < 1e-6);
        }
        QCOMPARE(SymmetricLog::forRange(-0.2, 0.37).threshold, 1e-3);
        QVERIFY(SymmetricLog::forRange(0, 0).threshold > 0);
        QVERIFY(SymmetricLog::forRange(0, 5e-324).threshold > 0);
        QVERIFY(SymmetricLog::forRange(NAN, NAN).threshold > 0);
    }

    void regroupingLosesNoValue()
    {
        Histogram fine;
        std::int64_t total = 0;
        fine.edges.push_back(-1);
        for (int i = 0; i < fineBinCount; ++i) {
            fine.edges.push_back(-1 + 2.0 * (i + 1) / fineBinCount);
            fine.counts.push_back(i % 7);
            total += i % 7;
        }
        const auto scale = SymmetricLog::forRange(-1, 1);
        const Histogram coarse = regrouped(fine, scale, 40);
        QVERIFY(coarse.counts.size() > 30 && coarse.counts.size() <= 40);
        QCOMPARE(coarse.edges.size(), coarse.counts.size() + 1);
        QCOMPARE(coarse.edges.front(), -1.0);
        QCOMPARE(coarse.edges.back(), 1.0);
        QVERIFY(std::is_sorted(coarse.edges.begin(), coarse.edges.end()));
        QCOMPARE(
            std::accumulate(coarse.counts.begin(), coarse.counts.end(), std::int64_t{ 0 }), total);
        QCOMPARE(regrouped({}, scale, 10), Histogram{});
    }

    void snapsToTheNearestFineEdge()
    {
        const Histogram fine{ { 0, 1, 2, 3, 4 }, { 1, 10, 100, 1000 } };
        const std::vector<double> wanted{ 0, 1.4, 1.45, 2.6, 4 };
        QCOMPARE(regrouped(fine, wanted), (Histogram{ { 0, 1, 3, 4 }, { 1, 110, 1000 } }));
        const std::vector<double> outside{ -9, 99 };
        QCOMPARE(regrouped(fine, outside), (Histogram{ { 0, 4 }, { 1111 } }));
    }

    void knowsTheShareBelowAValue()
    {
        const ReferenceDistribution normal{ .mean = 1, .deviation = 2 };
        QVERIFY(isClose(normal.below(2.4), 0.758036347776927));
        const ReferenceDistribution truncated{ .kind = ReferenceDistribution::Kind::TruncatedNormal,
            .mean = 1,
            .deviation = 2,
            .low = -3,
            .high = 5 };
        QVERIFY(isClose(truncated.below(2), 0.7005893286629717));
        QCOMPARE(truncated.below(-4), 0.0);
        QVERIFY(isClose(truncated.below(6), 1));
        const ReferenceDistribution uniform{
            .kind = ReferenceDistribution::Kind::Uniform, .low = -1, .high = 3
        };
        QCOMPARE(uniform.below(0), 0.25);
    }

    /// Figures from Keras's own formulas.
    void knowsWhatInitializersDraw()
    {
        const Shape shape{ 3, 3, 64, 128 };
        const Json keras3 = Json::parse(R"({"kernel_initializer": {"module": "keras.initializers",
            "class_name": "GlorotUniform", "config": {"seed": null}},
            "recurrent_initializer": "he_normal", "bias_initializer": {"class_name": "Zeros"}})");
        const auto glorot = initializerDistribution(keras3, "conv2d/kernel:0", shape);
        QVERIFY(glorot);
        QCOMPARE(glorot->name, std::string("GlorotUniform"));
        QVERIFY(isClose(glorot->high, 0.05892556509887896));
        QCOMPARE(glorot->low, -glorot->high);
        const auto he = initializerDistribution(keras3, "recurrent_kernel", shape);
        QVERIFY(he);
        QVERIFY(isClose(he->deviation, 0.06698936571449711));
        QVERIFY(!initializerDistribution(keras3, "bias", { 128 }));
        QVERIFY(!initializerDistribution(keras3, "gamma", { 128 }));
        QVERIFY(!initializerDistribution(Json("text"), "kernel", shape));
        const Json old = Json::parse(R"({"kernel_initializer": {"class_name": "VarianceScaling",
            "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform"}}})");
        QCOMPARE(initializerDistribution(old, "kernel", shape)->high, glorot->high);
    }

    void fitsNoNormalDistributionToAConstant()
    {
        Statistics statistics;
        QVERIFY(!normalFit(statistics));
        statistics.std = 2;
        statistics.mean = 1;
        QCOMPARE(normalFit(statistics)->deviation, 2.0);
    }
};

QTEST_GUILESS_MAIN(tst_Histogram)
#include "tst_histogram.moc"
