// How often the prediction is right.
#include "model/training/metrics/metric.h"

namespace layerscope::training {
namespace {

using ops::Binary;
using ops::Value;

Value equal(LossCall& call, Value a, Value b)
{
    return call.builder.cast(call.builder.binary(Binary::Equal, a, b), DType::Float32);
}

Value accuracy(LossCall& call)
{
    return equal(call, call.target, call.prediction);
}

Value binaryAccuracy(LossCall& call)
{
    const double threshold = call.settings.number("threshold", 0.5);
    const Value positive
        = call.builder.binary(Binary::Greater, call.prediction, call.number(threshold));
    return equal(call, call.target, call.builder.cast(positive, call.dtype()));
}

Value categoricalAccuracy(LossCall& call)
{
    return equal(
        call, call.builder.argMax(call.target, -1), call.builder.argMax(call.prediction, -1));
}

Value sparseCategoricalAccuracy(LossCall& call)
{
    return equal(call, call.target, call.builder.argMax(call.prediction, -1));
}

/// Whether fewer than k classes are predicted above the true one (so ties count as right).
Value amongTop(LossCall& call, Value classes)
{
    ops::Builder& builder = call.builder;
    const Value chosen
        = builder.oneHot(classes, builder.shape(call.prediction).back(), call.dtype());
    const Value own
        = builder.sum(builder.multiply(chosen, call.prediction), { -1 }, ops::KeepAxes::Yes);
    const Value above
        = builder.cast(builder.binary(Binary::Greater, call.prediction, own), DType::Float32);
    const double k = call.settings.number("k", 5);
    return builder.cast(builder.binary(Binary::Less, builder.sum(above, { -1 }), builder.scalar(k)),
        DType::Float32);
}

Value topKCategorical(LossCall& call)
{
    return amongTop(call, call.builder.argMax(call.target, -1));
}

Value sparseTopKCategorical(LossCall& call)
{
    return amongTop(call, call.target);
}

template<LossFunction function, TargetKind target>
std::unique_ptr<Metric> createAccuracy(const Settings&)
{
    return meanMetric(function, target);
}

constexpr TargetKind values = TargetKind::Values;
constexpr TargetKind classes = TargetKind::ClassNumbers;

} // namespace

extern const MetricFamily accuracy_metrics;
const MetricFamily accuracy_metrics{ {
    { { "Accuracy" }, "accuracy", createAccuracy<accuracy, values> },
    { { "BinaryAccuracy" }, "binary_accuracy", createAccuracy<binaryAccuracy, values> },
    { { "CategoricalAccuracy" }, "categorical_accuracy",
        createAccuracy<categoricalAccuracy, values> },
    { { "SparseCategoricalAccuracy" }, "sparse_categorical_accuracy",
        createAccuracy<sparseCategoricalAccuracy, classes> },
    { { "TopKCategoricalAccuracy" }, "top_k_categorical_accuracy",
        createAccuracy<topKCategorical, values> },
    { { "SparseTopKCategoricalAccuracy" }, "sparse_top_k_categorical_accuracy",
        createAccuracy<sparseTopKCategorical, classes> },
} };

} // namespace layerscope::training
