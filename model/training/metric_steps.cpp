#include "model/training/metrics/metric.h"

namespace layerscope::training {
namespace {

/// Σ w·v and Σ w.
class MeanMetric final : public Metric
{
public:
    MeanMetric(LossFunction function, TargetKind target, double scale)
        : m_function(function)
        , m_target(target)
        , m_scale(scale)
    {
    }

    std::vector<MetricPart> build(MetricCall& call) const override
    {
        ops::Builder& builder = call.builder;
        if (m_target == TargetKind::ClassNumbers)
            call.target = classNumbers(builder, call.target, builder.rank(call.prediction));
        else
            prepareValues(call);
        LossCall function{ builder, call.target, call.prediction, call.logits, call.settings };
        const ops::Value values = builder.cast(m_function(function), DType::Float32);
        const ops::Value weights = weightsFor(call, values, function.mask);
        if (!weights) {
            const auto count = elementCount(builder.shape(values)).value_or(0);
            return { { builder.sum(values) }, { {}, static_cast<double>(count) } };
        }
        const ops::Value weighted = builder.multiply(values, weights);
        const ops::Value spread = builder.broadcastTo(weights, builder.shape(weighted));
        return { { builder.sum(weighted) }, { builder.sum(spread) } };
    }

    double result(std::span<const double> sums) const override
    {
        return m_scale * dividedOrZero(sums[0], sums[1]);
    }

private:
    LossFunction m_function;
    TargetKind m_target;
    double m_scale;
};

} // namespace

const MetricType* findMetric(std::string_view name)
{
    const std::string wanted = comparableName(name);
    for (const MetricFamily* family : metricFamilies()) {
        for (const MetricType& type : family->types) {
            for (const std::string_view candidate : type.names) {
                if (comparableName(candidate) == wanted)
                    return &type;
            }
        }
    }
    return nullptr;
}

std::vector<std::string> metricNames()
{
    std::vector<std::string> names{ "accuracy" };
    for (const MetricFamily* family : metricFamilies()) {
        for (const MetricType& type : family->types)
            names.emplace_back(type.names.front());
    }
    for (const std::string& name : lossNames()) {
        if (!findMetric(name))
            names.push_back(name);
    }
    return names;
}

std::unique_ptr<Metric> meanMetric(
    LossFunction function, TargetKind target, std::optional<double> scale)
{
    return std::make_unique<MeanMetric>(function, target, scale.value_or(1));
}

std::unique_ptr<Metric> lossMetric(std::string_view lossName)
{
    const LossType* type = findLoss(lossName);
    return type ? meanMetric(type->function, type->target) : nullptr;
}

void prepareValues(MetricCall& call)
{
    ops::Builder& builder = call.builder;
    call.target = builder.cast(call.target, builder.dtype(call.prediction));
    matchRanks(builder, call.target, call.prediction, call.logits, call.settings.isKeras3());
}

ops::Value classNumbers(ops::Builder& builder, ops::Value target, std::int64_t predictionRank)
{
    if (builder.rank(target) == predictionRank && predictionRank > 1
        && builder.shape(target).back() == 1)
        target = builder.squeeze(target, -1);
    return builder.cast(target, DType::Int64);
}

ops::Value weightsFor(MetricCall& call, ops::Value values, ops::Value functionMask)
{
    ops::Builder& builder = call.builder;
    const auto fitted = [&](ops::Value weights) {
        // [batch] or [batch, time…], with axes added behind until it broadcasts.
        weights = builder.cast(weights, DType::Float32);
        while (builder.rank(weights) > builder.rank(values) && builder.rank(weights) > 1
            && builder.shape(weights).back() == 1)
            weights = builder.squeeze(weights, -1);
        while (builder.rank(weights) < builder.rank(values))
            weights = builder.expandDims(weights, -1);
        return weights;
    };
    ops::Value result;
    const auto take = [&](ops::Value weights) {
        if (weights)
            result = result ? builder.multiply(result, fitted(weights)) : fitted(weights);
    };
    take(call.weights);
    take(call.mask);
    if (!call.settings.isKeras3() || call.weights)
        take(functionMask);
    return result;
}

} // namespace layerscope::training
