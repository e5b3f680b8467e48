#include "model/training/metrics/confusion_counts.h"

#include <algorithm>
#include <cmath>

namespace layerscope::training {
namespace {

using ops::Binary;
using ops::Value;

constexpr double minusInfinity = -1e10; // Keras's NEG_INF

bool areEvenlySpaced(const std::vector<double>& thresholds)
{
    if (thresholds.size() < 3)
        return false;
    const auto steps = static_cast<double>(thresholds.size() - 1);
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        const double even = static_cast<double>(i) / steps;
        if (std::abs(thresholds[i] - even) > kerasEpsilon + 1e-5 * even)
            return false;
    }
    return true;
}

/// Only the k largest of each row stay; the others become very small.
Value keepTop(ops::Builder& builder, Value x, std::int64_t k)
{
    const std::int64_t classes = builder.shape(x).back();
    const Value indices = builder.topK(x, std::clamp<std::int64_t>(k, 1, classes)).second;
    const Value mask = builder.sum(builder.oneHot(indices, classes), { -2 });
    const Value rest = builder.subtract(builder.scalar(1), mask);
    return builder.add(builder.multiply(x, mask), builder.multiply(rest, minusInfinity));
}

Value column(ops::Builder& builder, Value x, std::int64_t index)
{
    Shape begin(builder.shape(x).size(), 0);
    Shape end = builder.shape(x);
    begin.back() = index;
    end.back() = index + 1;
    return builder.slice(x, begin, end);
}

/// [thresholds, 2] true and false positives, then the two totals.
void appendCounts(ops::Builder& builder, const std::vector<double>& thresholds, Value target,
    Value prediction, Value weights, std::vector<MetricPart>& parts)
{
    const std::int64_t elements = elementCount(builder.shape(prediction)).value_or(0);
    const auto count = static_cast<std::int64_t>(thresholds.size());
    // Keras finds the bucket of a prediction by arithmetic where thresholds are evenly spaced;
    // rounding then decides differently than a comparison would.
    const bool even = areEvenlySpaced(thresholds);
    Value scores = builder.reshape(prediction, { 1, elements });
    std::vector<float> limits;
    for (std::size_t i = 0; i < thresholds.size(); ++i)
        limits.push_back(even ? static_cast<float>(i) : static_cast<float>(thresholds[i]));
    if (even) {
        scores = builder.multiply(
            builder.clip(scores, 0, 1), static_cast<double>(thresholds.size() - 1));
        if (thresholds.front() < 0)
            limits.front() = -1;
    }
    const Value isPositive = builder.cast(
        builder.binary(Binary::Greater, scores, builder.constant(Tensor::of({ count, 1 }, limits))),
        DType::Float32);
    const Value truth
        = builder.cast(builder.binary(Binary::NotEqual, builder.reshape(target, { elements, 1 }),
                           builder.scalar(0)),
            DType::Float32);
    const Value falsity = builder.subtract(builder.scalar(1), truth);
    const std::vector<Value> both{ truth, falsity };
    Value labels = builder.concat(both, 1);
    if (weights)
        labels = builder.multiply(labels, builder.reshape(weights, { elements, 1 }));
    parts.push_back({ builder.matmul(isPositive, labels) });
    parts.push_back({ builder.sum(labels, { 0 }) });
}

} // namespace

std::vector<double> evenThresholds(std::int64_t count, double epsilon)
{
    std::vector<double> thresholds{ -epsilon };
    for (std::int64_t i = 1; i + 1 < count; ++i)
        thresholds.push_back(static_cast<double>(i) / static_cast<double>(count - 1));
    thresholds.push_back(1 + epsilon);
    return thresholds;
}

std::vector<MetricPart> confusionParts(MetricCall& call, const ConfusionRequest& request)
{
    ops::Builder& builder = call.builder;
    if (call.settings.isKeras3())
        call.mask = {}; // only means look at the mask there
    prepareValues(call);
    if (request.topK)
        call.prediction = keepTop(builder, call.prediction, *request.topK);
    if (request.classId && builder.rank(call.prediction) > 0 && *request.classId >= 0
        && *request.classId < builder.shape(call.prediction).back()) {
        call.target = column(builder, call.target, *request.classId);
        call.prediction = column(builder, call.prediction, *request.classId);
    }
    const Shape shape = builder.shape(call.prediction);
    Value weights = weightsFor(call, call.prediction);
    if (!request.labelWeights.empty() && !request.multiLabel) {
        const std::vector<float> list(request.labelWeights.begin(), request.labelWeights.end());
        const Value own
            = builder.constant(Tensor::of({ static_cast<std::int64_t>(list.size()) }, list));
        weights = weights ? builder.multiply(weights, own) : own;
    }
    if (weights)
        weights = builder.broadcastTo(weights, shape);
    std::vector<MetricPart> parts;
    if (!request.multiLabel || shape.size() != 2) {
        appendCounts(builder, request.thresholds, call.target, call.prediction, weights, parts);
        return parts;
    }
    for (std::int64_t label = 0; label < shape[1]; ++label)
        appendCounts(builder, request.thresholds, column(builder, call.target, label),
            column(builder, call.prediction, label),
            weights ? column(builder, weights, label) : Value(), parts);
    return parts;
}

ConfusionCounts::ConfusionCounts(std::span<const double> sums, std::size_t thresholds)
    : m_sums(sums)
    , m_thresholds(thresholds)
    , m_labels(sums.size() / (2 * thresholds + 2))
{
}

std::span<const double> ConfusionCounts::part(std::size_t label) const
{
    const std::size_t size = 2 * m_thresholds + 2;
    return m_sums.subspan(label * size, size);
}

double ConfusionCounts::truePositives(std::size_t i, std::size_t label) const
{
    return part(label)[2 * i];
}
double ConfusionCounts::falsePositives(std::size_t i, std::size_t label) const
{
    return part(label)[2 * i + 1];
}
double ConfusionCounts::falseNegatives(std::size_t i, std::size_t label) const
{
    return part(label)[2 * m_thresholds] - truePositives(i, label);
}
double ConfusionCounts::trueNegatives(std::size_t i, std::size_t label) const
{
    return part(label)[2 * m_thresholds + 1] - falsePositives(i, label);
}

} // namespace layerscope::training
