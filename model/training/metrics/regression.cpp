// Metrics of predicted numbers; those that are a mean of a loss function are in losses/.
#include "model/training/metrics/metric.h"

#include <cmath>

namespace layerscope::training {
namespace {

using ops::Value;

Value squares(LossCall& call)
{
    return call.builder.square(call.builder.subtract(call.prediction, call.target));
}

class RootMeanSquaredError final : public Metric
{
public:
    std::vector<MetricPart> build(MetricCall& call) const override { return m_mean->build(call); }
    double result(std::span<const double> sums) const override
    {
        return std::sqrt(m_mean->result(sums));
    }

private:
    std::unique_ptr<Metric> m_mean = meanMetric(squares, TargetKind::Values);
};

Value cosine(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const bool keras3 = call.settings.isKeras3();
    const Value product = builder.multiply(l2Normalized(builder, call.target, call.axis(), keras3),
        l2Normalized(builder, call.prediction, call.axis(), keras3));
    return builder.sum(product, { call.axis() });
}

Value centred(LossCall& call, Value x)
{
    return call.builder.subtract(x, call.builder.mean(x, { call.axis() }, ops::KeepAxes::Yes));
}

Value variance(LossCall& call, Value centredValues)
{
    return call.builder.mean(
        call.builder.square(centredValues), { call.axis() }, ops::KeepAxes::Yes);
}

Value pearson(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const auto standardized = [&](Value x) {
        const Value values = centred(call, x);
        return builder.divide(values, builder.sqrt(variance(call, values)));
    };
    return builder.mean(builder.multiply(standardized(call.target), standardized(call.prediction)),
        { call.axis() });
}

/// Keras centres both on the mean of the predictions in the covariance.
Value concordance(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const auto meanOf
        = [&](Value x) { return builder.mean(x, { call.axis() }, ops::KeepAxes::Yes); };
    const Value targetMean = meanOf(call.target);
    const Value predictionMean = meanOf(call.prediction);
    const Value covariance = builder.multiply(builder.subtract(call.target, predictionMean),
        builder.subtract(call.prediction, predictionMean));
    const Value spread = builder.add(
        variance(call, centred(call, call.target)), variance(call, centred(call, call.prediction)));
    const Value norm
        = builder.add(spread, builder.square(builder.subtract(targetMean, predictionMean)));
    return builder.mean(
        builder.divide(builder.multiply(covariance, 2), builder.add(norm, kerasEpsilon)),
        { call.axis() });
}

class MeanRelativeError final : public Metric
{
public:
    std::vector<MetricPart> build(MetricCall& call) const override
    {
        // |y − p| / normalizer, 0 where the normalizer is.
        ops::Builder& builder = call.builder;
        prepareValues(call);
        std::vector<float> inverse;
        for (const double x : call.settings.numbers("normalizer"))
            inverse.push_back(x == 0 ? 0.0F : static_cast<float>(1 / x));
        if (inverse.empty()) {
            builder.fail(ErrorKind::Unsupported,
                "MeanRelativeError cannot be run without its \"normalizer\".");
            return {};
        }
        const Value factor = inverse.size() == 1
            ? builder.scalar(static_cast<double>(inverse[0]))
            : builder.constant(Tensor::of({ static_cast<std::int64_t>(inverse.size()) }, inverse));
        const Value error
            = builder.unary(ops::Unary::Abs, builder.subtract(call.target, call.prediction));
        const Value values = builder.multiply(error, factor);
        const auto count = elementCount(builder.shape(values)).value_or(0);
        const Value weights = weightsFor(call, values);
        if (!weights)
            return { { builder.sum(values) }, { {}, static_cast<double>(count) } };
        return { { builder.sum(builder.multiply(values, weights)) },
            { builder.sum(builder.broadcastTo(weights, builder.shape(values))) } };
    }
    double result(std::span<const double> sums) const override
    {
        return dividedOrZero(sums[0], sums[1]);
    }
};

/// 1 − residual/total sum of squares, for each output column.
class R2Score final : public Metric
{
public:
    explicit R2Score(const Settings& settings)
        : m_varianceWeighted(settings.text("class_aggregation") == "variance_weighted_average")
        , m_regressors(settings.number("num_regressors", 0))
    {
    }

    std::vector<MetricPart> build(MetricCall& call) const override
    {
        ops::Builder& builder = call.builder;
        prepareValues(call);
        const Shape& shape = builder.shape(call.target);
        Value weights = weightsFor(call, call.target);
        if (!weights)
            weights = builder.scalar(1);
        weights = builder.broadcastTo(weights, shape);
        const Value weighted = builder.multiply(call.target, weights);
        const Value error = builder.square(builder.subtract(call.target, call.prediction));
        const auto column = [&](Value x) { return MetricPart{ builder.sum(x, { 0 }) }; };
        const auto rows = static_cast<double>(elementCount(shape).value_or(0));
        return { { {}, rows }, column(weighted), column(builder.multiply(call.target, weighted)),
            column(builder.multiply(error, weights)), column(weights) };
    }

    double result(std::span<const double> sums) const override
    {
        const std::size_t columns = (sums.size() - 1) / 4;
        const auto at = [&](std::size_t row, std::size_t i) { return sums[1 + row * columns + i]; };
        double score = 0;
        double weight = 0;
        for (std::size_t i = 0; i < columns; ++i) {
            const double total = at(1, i) - at(0, i) * (at(0, i) / at(3, i));
            double raw = 1 - at(2, i) / total;
            if (std::isinf(raw))
                raw = 0;
            score += m_varianceWeighted ? total * raw : raw;
            weight += m_varianceWeighted ? total : 1;
        }
        score /= weight;
        const double samples = sums[0];
        if (m_regressors != 0 && m_regressors < samples - 1)
            score = 1 - (1 - score) * (samples - 1) / (samples - m_regressors - 1);
        return score;
    }

private:
    bool m_varianceWeighted;
    double m_regressors;
};

template<LossFunction function> std::unique_ptr<Metric> createMean(const Settings&)
{
    return meanMetric(function, TargetKind::Values);
}

} // namespace

extern const MetricFamily regression_metrics;
const MetricFamily regression_metrics{ {
    { { "RootMeanSquaredError" }, "root_mean_squared_error",
        [](const Settings&) -> std::unique_ptr<Metric> {
            return std::make_unique<RootMeanSquaredError>();
        } },
    { { "CosineSimilarity", "cosine_proximity", "cosine" }, "cosine_similarity",
        createMean<cosine> },
    { { "PearsonCorrelation" }, "pearson_correlation", createMean<pearson> },
    { { "ConcordanceCorrelation" }, "concordance_correlation", createMean<concordance> },
    { { "MeanRelativeError" }, "mean_relative_error",
        [](const Settings&) -> std::unique_ptr<Metric> {
            return std::make_unique<MeanRelativeError>();
        } },
    { { "R2Score" }, "r2_score",
        [](const Settings& settings) -> std::unique_ptr<Metric> {
            return std::make_unique<R2Score>(settings);
        } },
    { { "LogCoshError" }, "logcosh", [](const Settings&) { return lossMetric("log_cosh"); } },
} };

} // namespace layerscope::training
