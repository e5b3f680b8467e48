#pragma once

#include "model/training/losses/loss.h"

#include <memory>
#include <optional>
#include <string>

namespace layerscope::training {

/// What a metric is built from: one output of the model and its target.
struct MetricCall
{
    ops::Builder& builder;
    ops::Value target; ///< as the data have it: int64, or the prediction's dtype
    ops::Value prediction; ///< float32
    ops::Value logits; ///< see LossCall
    ops::Value weights; ///< [batch] sample weights; absent for metrics that are not weighted
    ops::Value mask; ///< the mask that Keras propagates to this output, or absent
    const Settings& settings;
};

/// One item of what a metric adds up over the batches: a tensor of the graph (each element a sum of
/// its own), or a number that is known beforehand.
struct MetricPart
{
    ops::Value value;
    double fixed = 0;
};

/// A metric of Keras: sums over batches, and a value read from the sums. Reading must not change
/// anything: it is done for each batch alone and for the epoch so far.
class Metric
{
public:
    virtual ~Metric() = default;

    /// This batch's share of the sums. The number and order of elements is always the same.
    virtual std::vector<MetricPart> build(MetricCall& call) const = 0;

    virtual double result(std::span<const double> sums) const = 0;
};

/// A metric class or function of Keras.
struct MetricType
{
    std::vector<std::string_view> names; ///< class name, function name, aliases
    std::string_view defaultName; ///< what Keras calls an object without a name
    std::unique_ptr<Metric> (*create)(const Settings& settings) = nullptr;
};

struct MetricFamily
{
    std::vector<MetricType> types;
};

std::span<const MetricFamily* const> metricFamilies();

/// By class name, function name or alias. Null if unknown; every loss function is a metric as well,
/// see lossMetric().
const MetricType* findMetric(std::string_view name);

/// The weighted mean of a function of target and prediction: most metrics.
std::unique_ptr<Metric> meanMetric(
    LossFunction function, TargetKind target, std::optional<double> scale = {});
std::unique_ptr<Metric> lossMetric(std::string_view lossName); ///< null if there is no such loss

/// Class name, or function name, of every metric.
std::vector<std::string> metricNames();

// Common steps of metrics.

/// Weights for `values`: sample weights, and the mask where this generation of Keras applies it;
/// absent if all count alike. Broadcasts against `values`.
ops::Value weightsFor(MetricCall& call, ops::Value values, ops::Value functionMask = {});
/// Target and prediction in float32 with one rank.
void prepareValues(MetricCall& call);
/// Class numbers without a last axis of length 1, as int64.
ops::Value classNumbers(ops::Builder& builder, ops::Value target, std::int64_t predictionRank);
inline double dividedOrZero(double a, double b)
{
    return b == 0 ? 0 : a / b;
}

} // namespace layerscope::training
