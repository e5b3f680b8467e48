// The area under a curve of two rates over all thresholds.
#include "model/training/metrics/confusion_counts.h"

#include <algorithm>
#include <cmath>

namespace layerscope::training {
namespace {

class AreaUnderCurve final : public Metric
{
public:
    explicit AreaUnderCurve(const Settings& settings)
        : m_curve(settings.text("curve", "ROC"))
        , m_summation(settings.text("summation_method", "interpolation"))
        , m_fromLogits(settings.flag("from_logits", false))
    {
        std::transform(m_curve.begin(), m_curve.end(), m_curve.begin(),
            [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
        std::vector<double> inner = settings.numbers("thresholds");
        const std::int64_t count
            = std::clamp<std::int64_t>(settings.integer("num_thresholds", 200), 2, 100000);
        if (inner.empty()) {
            m_request.thresholds = evenThresholds(count, kerasEpsilon);
        } else {
            std::sort(inner.begin(), inner.end());
            m_request.thresholds.push_back(-kerasEpsilon);
            m_request.thresholds.insert(m_request.thresholds.end(), inner.begin(), inner.end());
            m_request.thresholds.push_back(1 + kerasEpsilon);
        }
        m_request.multiLabel = settings.flag("multi_label", false);
        m_request.labelWeights = settings.numbers("label_weights");
    }

    std::vector<MetricPart> build(MetricCall& call) const override
    {
        if (m_fromLogits)
            call.prediction = call.builder.sigmoid(call.prediction);
        return confusionParts(call, m_request);
    }

    double result(std::span<const double> sums) const override
    {
        const ConfusionCounts counts(sums, m_request.thresholds.size());
        double total = 0;
        double weight = 0;
        for (std::size_t label = 0; label < counts.labels(); ++label) {
            const double own = m_request.multiLabel && label < m_request.labelWeights.size()
                ? m_request.labelWeights[label]
                : 1;
            total += own * area(counts, label);
            weight += own;
        }
        return dividedOrZero(total, weight);
    }

private:
    struct Point
    {
        double x = 0;
        double y = 0;
    };

    Point point(const ConfusionCounts& counts, std::size_t i, std::size_t label) const
    {
        const double tp = counts.truePositives(i, label);
        const double fp = counts.falsePositives(i, label);
        const double tn = counts.trueNegatives(i, label);
        const double fn = counts.falseNegatives(i, label);
        const double recall = dividedOrZero(tp, tp + fn);
        if (m_curve == "PR")
            return { recall, dividedOrZero(tp, tp + fp) };
        if (m_curve != "PRGAIN")
            return { dividedOrZero(fp, fp + tn), recall };
        if (tp == 0)
            return { 0, 1 };
        const double odds = dividedOrZero(tp + fn, tn + fp);
        return { std::max(1 - odds * fn / tp, 0.0), 1 - odds * fp / tp };
    }

    double area(const ConfusionCounts& counts, std::size_t label) const
    {
        const bool interpolates = m_summation == "interpolation" || m_summation == "Interpolation";
        const bool minorant = m_summation == "minoring" || m_summation == "Minoring";
        double total = 0;
        for (std::size_t i = 0; i + 1 < m_request.thresholds.size(); ++i) {
            if (m_curve == "PR" && interpolates) {
                total += precisionRecallStep(counts, i, label);
                continue;
            }
            const Point a = point(counts, i, label);
            const Point b = point(counts, i + 1, label);
            const double height = interpolates ? (a.y + b.y) / 2
                : minorant                     ? std::min(a.y, b.y)
                                               : std::max(a.y, b.y);
            total += (a.x - b.x) * height;
        }
        return total;
    }

    /// Precision is interpolated in counts, not linearly (Davis & Goadrich 2006).
    static double precisionRecallStep(
        const ConfusionCounts& counts, std::size_t i, std::size_t label)
    {
        const double next = counts.truePositives(i + 1, label);
        const double hits = counts.truePositives(i, label) - next;
        const double predicted = counts.truePositives(i, label) + counts.falsePositives(i, label);
        const double predictedNext = next + counts.falsePositives(i + 1, label);
        const double slope = dividedOrZero(hits, std::max(predicted - predictedNext, 0.0));
        const double intercept = next - slope * predictedNext;
        const double ratio = predicted > 0 && predictedNext > 0 ? predicted / predictedNext : 1;
        const double positives = next + counts.falseNegatives(i + 1, label);
        return dividedOrZero(
            slope * (hits + intercept * std::log(ratio)), std::max(positives, 0.0));
    }

    std::string m_curve;
    std::string m_summation;
    bool m_fromLogits;
    ConfusionRequest m_request;
};

} // namespace

extern const MetricFamily area_metrics;
const MetricFamily area_metrics{ {
    { { "AUC" }, "auc",
        [](const Settings& settings) -> std::unique_ptr<Metric> {
            return std::make_unique<AreaUnderCurve>(settings);
        } },
} };

} // namespace layerscope::training
