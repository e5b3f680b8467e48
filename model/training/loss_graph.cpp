#include "model/training/loss_graph.h"

namespace layerscope::training {
namespace {

using ops::Value;

/// Weights or a mask with as many axes as `values`: [batch] gets axes of length 1 behind, and a
/// last axis of length 1 too many goes.
Value fitted(ops::Builder& builder, Value weights, Value values)
{
    const std::int64_t rank = builder.rank(values);
    while (builder.rank(weights) > rank && builder.rank(weights) > 1
        && builder.shape(weights).back() == 1)
        weights = builder.squeeze(weights, -1);
    while (builder.rank(weights) < rank)
        weights = builder.expandDims(weights, -1);
    return weights;
}

double countOf(ops::Builder& builder, Value x)
{
    return static_cast<double>(elementCount(builder.shape(x)).value_or(1));
}

/// A mask as weights: where the loss is a mean, they add up to the number of positions, so that
/// masked ones do not count in the mean.
Value maskWeights(ops::Builder& builder, Value mask, bool isMean, bool keras3, DType type)
{
    const Value asNumber = builder.cast(mask, type);
    if (!isMean)
        return asNumber;
    const Value valid = builder.sum(asNumber);
    Value share = builder.divide(builder.scalar(countOf(builder, mask), type), valid);
    if (keras3) { // 0 rather than a division by zero where everything is masked
        const Value zero = builder.scalar(0, type);
        share = builder.select(builder.binary(ops::Binary::Greater, valid, zero), share, zero);
        return builder.select(mask, share, zero);
    }
    return builder.multiply(asNumber, share);
}

Value reduced(ops::Builder& builder, Value values, Value weights, LossReduction reduction)
{
    if (weights)
        values = builder.multiply(values, weights);
    switch (reduction) {
    case LossReduction::None:
        return values;
    case LossReduction::Sum:
        return builder.sum(values);
    case LossReduction::MeanOverWeights:
        if (weights) {
            const Value total = builder.sum(builder.broadcastTo(weights, builder.shape(values)));
            return builder.divide(builder.sum(values), total);
        }
        return builder.mean(values);
    case LossReduction::MeanOverValues:
        break;
    }
    return builder.mean(values);
}

} // namespace

Value buildLoss(
    ops::Builder& builder, const OutputLoss& loss, OutputValues values, KerasGeneration generation)
{
    const bool keras3 = generation == KerasGeneration::Keras3;
    if (keras3 && builder.dtype(values.prediction) != DType::Float32) {
        // Losses of Keras 3 compute in float32; what they cast has lost its logits.
        values.prediction = builder.cast(values.prediction, DType::Float32);
        values.logits = {};
    }
    const DType type = builder.dtype(values.prediction);
    values.target = builder.cast(
        values.target, loss.type->target == TargetKind::ClassNumbers ? DType::Int64 : type);
    if (builder.rank(values.target) == 1 && builder.rank(values.prediction) == 2
        && loss.type->target == TargetKind::Values)
        values.target = builder.expandDims(values.target, -1);
    matchRanks(builder, values.target, values.prediction, values.logits, keras3);
    LossCall call{ builder, values.target, values.prediction, values.logits, loss.settings,
        values.targetSumsToOne };
    const Value perSample = loss.type->function(call);

    const bool isMean = loss.reduction == LossReduction::MeanOverValues;
    Value weights;
    const auto take = [&](Value more) {
        more = fitted(builder, more, perSample);
        weights = weights ? builder.multiply(weights, more) : more;
    };
    if (values.sampleWeights)
        take(builder.cast(values.sampleWeights, type));
    Value mask = call.mask;
    if (values.mask) {
        const Value propagated = fitted(builder, values.mask, perSample);
        mask = mask ? builder.binary(ops::Binary::LogicalAnd, mask, propagated) : propagated;
    }
    if (mask)
        take(maskWeights(builder, mask, isMean, keras3, type));
    return reduced(builder, perSample, weights, loss.reduction);
}

std::vector<MetricPart> buildMetric(ops::Builder& builder, const OutputMetric& metric,
    const OutputValues& values, KerasGeneration generation)
{
    (void)generation;
    Value logits = values.logits;
    Value prediction = values.prediction;
    if (builder.dtype(prediction) != DType::Float32) {
        prediction = builder.cast(prediction, DType::Float32);
        logits = {};
    }
    Value target = values.target;
    if (builder.rank(target) == 1 && builder.rank(prediction) == 2)
        target = builder.expandDims(target, -1);
    MetricCall call{ builder, target, prediction, logits,
        metric.weighted ? values.sampleWeights : Value(), values.mask, metric.settings };
    return metric.metric->build(call);
}

} // namespace layerscope::training
