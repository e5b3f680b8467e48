// Metrics made of true and false positives and negatives.
#include "model/training/metrics/confusion_counts.h"

#include <algorithm>
#include <cmath>

namespace layerscope::training {
namespace {

enum class Count { TruePositives, FalsePositives, TrueNegatives, FalseNegatives };

double countOf(const ConfusionCounts& counts, Count which, std::size_t i)
{
    switch (which) {
    case Count::TruePositives:
        return counts.truePositives(i);
    case Count::FalsePositives:
        return counts.falsePositives(i);
    case Count::TrueNegatives:
        return counts.trueNegatives(i);
    case Count::FalseNegatives:
        return counts.falseNegatives(i);
    }
    return 0;
}

ConfusionRequest requestFrom(const Settings& settings)
{
    ConfusionRequest request;
    request.thresholds = settings.numbers("thresholds");
    if (settings.has("top_k"))
        request.topK = settings.integer("top_k", 1);
    if (settings.has("class_id"))
        request.classId = settings.integer("class_id", 0);
    if (request.thresholds.empty())
        request.thresholds.push_back(request.topK ? -1e10 : 0.5);
    return request;
}

/// One of the four counts. Of several thresholds the first is shown, since a metric here is one
/// number.
class ConditionCount final : public Metric
{
public:
    ConditionCount(const Settings& settings, Count which)
        : m_request(requestFrom(settings))
        , m_which(which)
    {
    }
    std::vector<MetricPart> build(MetricCall& call) const override
    {
        return confusionParts(call, m_request);
    }
    double result(std::span<const double> sums) const override
    {
        return countOf({ sums, m_request.thresholds.size() }, m_which, 0);
    }

private:
    ConfusionRequest m_request;
    Count m_which;
};

/// Precision: true positives among those predicted; recall: among those that are.
class PositiveShare final : public Metric
{
public:
    PositiveShare(const Settings& settings, Count other)
        : m_request(requestFrom(settings))
        , m_other(other)
    {
    }
    std::vector<MetricPart> build(MetricCall& call) const override
    {
        return confusionParts(call, m_request);
    }
    double result(std::span<const double> sums) const override
    {
        const ConfusionCounts counts(sums, m_request.thresholds.size());
        const double hits = counts.truePositives(0);
        return dividedOrZero(hits, hits + countOf(counts, m_other, 0));
    }

private:
    ConfusionRequest m_request;
    Count m_other;
};

/// The best of one rate among the thresholds at which another rate is at least a given value.
class RateAtRate final : public Metric
{
public:
    enum class Rate { Sensitivity, Specificity, Precision };

    RateAtRate(const Settings& settings, std::string_view key, Rate bound, Rate wanted)
        : m_value(settings.number(key, 0.5))
        , m_bound(bound)
        , m_wanted(wanted)
    {
        const std::int64_t count
            = std::clamp<std::int64_t>(settings.integer("num_thresholds", 200), 1, 100000);
        m_request = requestFrom(settings);
        m_request.thresholds = count == 1 ? std::vector<double>{ 0.5 } : evenThresholds(count, 0);
    }
    std::vector<MetricPart> build(MetricCall& call) const override
    {
        return confusionParts(call, m_request);
    }
    double result(std::span<const double> sums) const override
    {
        const ConfusionCounts counts(sums, m_request.thresholds.size());
        double best = 0;
        for (std::size_t i = 0; i < m_request.thresholds.size(); ++i) {
            if (rate(counts, m_bound, i) >= m_value)
                best = std::max(best, rate(counts, m_wanted, i));
        }
        return best;
    }

private:
    static double rate(const ConfusionCounts& counts, Rate which, std::size_t i)
    {
        const double hits = counts.truePositives(i);
        const double misses = counts.trueNegatives(i);
        switch (which) {
        case Rate::Sensitivity:
            return dividedOrZero(hits, hits + counts.falseNegatives(i));
        case Rate::Specificity:
            return dividedOrZero(misses, misses + counts.falsePositives(i));
        case Rate::Precision:
            return dividedOrZero(hits, hits + counts.falsePositives(i));
        }
        return 0;
    }

    double m_value;
    Rate m_bound;
    Rate m_wanted;
    ConfusionRequest m_request;
};

template<Count which> std::unique_ptr<Metric> createCount(const Settings& settings)
{
    return std::make_unique<ConditionCount>(settings, which);
}

template<Count other> std::unique_ptr<Metric> createShare(const Settings& settings)
{
    return std::make_unique<PositiveShare>(settings, other);
}

using Limit = RateAtRate::Rate;

} // namespace

extern const MetricFamily confusion_metrics;
const MetricFamily confusion_metrics{ {
    { { "TruePositives" }, "true_positives", createCount<Count::TruePositives> },
    { { "FalsePositives" }, "false_positives", createCount<Count::FalsePositives> },
    { { "TrueNegatives" }, "true_negatives", createCount<Count::TrueNegatives> },
    { { "FalseNegatives" }, "false_negatives", createCount<Count::FalseNegatives> },
    { { "Precision" }, "precision", createShare<Count::FalsePositives> },
    { { "Recall" }, "recall", createShare<Count::FalseNegatives> },
    { { "SensitivityAtSpecificity" }, "sensitivity_at_specificity",
        [](const Settings& s) -> std::unique_ptr<Metric> {
            return std::make_unique<RateAtRate>(
                s, "specificity", Limit::Specificity, Limit::Sensitivity);
        } },
    { { "SpecificityAtSensitivity" }, "specificity_at_sensitivity",
        [](const Settings& s) -> std::unique_ptr<Metric> {
            return std::make_unique<RateAtRate>(
                s, "sensitivity", Limit::Sensitivity, Limit::Specificity);
        } },
    { { "PrecisionAtRecall" }, "precision_at_recall",
        [](const Settings& s) -> std::unique_ptr<Metric> {
            return std::make_unique<RateAtRate>(s, "recall", Limit::Sensitivity, Limit::Precision);
        } },
    { { "RecallAtPrecision" }, "recall_at_precision",
        [](const Settings& s) -> std::unique_ptr<Metric> {
            return std::make_unique<RateAtRate>(
                s, "precision", Limit::Precision, Limit::Sensitivity);
        } },
} };

} // namespace layerscope::training
