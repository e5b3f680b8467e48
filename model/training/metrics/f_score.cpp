// Harmonic means of precision and recall.
#include "model/training/metrics/metric.h"

namespace layerscope::training {
namespace {

using ops::Binary;
using ops::Value;

class FBetaScore final : public Metric
{
public:
    FBetaScore(const Settings& settings, double beta)
        : m_average(settings.text("average"))
        , m_beta(beta)
        , m_threshold(settings.number("threshold"))
        , m_guard(settings.isKeras3() ? kerasEpsilon : 0)
    {
    }

    std::vector<MetricPart> build(MetricCall& call) const override
    {
        ops::Builder& builder = call.builder;
        if (call.settings.isKeras3())
            call.mask = {};
        prepareValues(call);
        Value chosen;
        if (m_threshold) {
            chosen = builder.binary(Binary::Greater, call.prediction, builder.scalar(*m_threshold));
        } else {
            const Value best
                = builder.reduce(ops::Reduction::Max, call.prediction, { -1 }, ops::KeepAxes::Yes);
            const Value isSome = builder.binary(Binary::Greater,
                builder.unary(ops::Unary::Abs, call.prediction), builder.scalar(1e-9));
            chosen = builder.binary(Binary::LogicalAnd,
                builder.binary(Binary::GreaterEqual, call.prediction, best), isSome);
        }
        const Value positive = builder.cast(chosen, DType::Float32);
        const Value one = builder.scalar(1);
        const Value weights = weightsFor(call, call.target);
        std::vector<std::int64_t> axes;
        if (m_average != "micro")
            axes.push_back(0);
        const auto total = [&](Value x) {
            return MetricPart{ builder.sum(weights ? builder.multiply(x, weights) : x, axes) };
        };
        return { total(builder.multiply(positive, call.target)),
            total(builder.multiply(positive, builder.subtract(one, call.target))),
            total(builder.multiply(builder.subtract(one, positive), call.target)),
            total(call.target) };
    }

    /// Without an average Keras returns one number for each class; their mean stands for them here.
    double result(std::span<const double> sums) const override
    {
        const std::size_t classes = sums.size() / 4;
        double support = 0;
        for (std::size_t i = 0; i < classes; ++i)
            support += sums[3 * classes + i];
        double total = 0;
        for (std::size_t i = 0; i < classes; ++i) {
            const double hits = sums[i];
            const double precision = divided(hits, hits + sums[classes + i]);
            const double recall = divided(hits, hits + sums[2 * classes + i]);
            const double squared = m_beta * m_beta;
            const double score
                = divided(precision * recall, squared * precision + recall) * (1 + squared);
            total += m_average == "weighted" ? score * divided(sums[3 * classes + i], support)
                                             : score / static_cast<double>(classes);
        }
        return total;
    }

private:
    double divided(double a, double b) const
    {
        return m_guard == 0 ? dividedOrZero(a, b) : a / (b + m_guard);
    }

    std::string m_average;
    double m_beta;
    std::optional<double> m_threshold;
    double m_guard;
};

} // namespace

extern const MetricFamily f_score_metrics;
const MetricFamily f_score_metrics{ {
    { { "F1Score" }, "f1_score",
        [](const Settings& settings) -> std::unique_ptr<Metric> {
            return std::make_unique<FBetaScore>(settings, 1.0);
        } },
    { { "FBetaScore" }, "fbeta_score",
        [](const Settings& settings) -> std::unique_ptr<Metric> {
            return std::make_unique<FBetaScore>(settings, settings.number("beta", 1));
        } },
} };

} // namespace layerscope::training
