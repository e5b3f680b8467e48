#pragma once

#include "model/training/metrics/metric.h"

namespace layerscope::training {

/// Counts of true and false positives for a list of thresholds, as Keras's
/// update_confusion_matrix_variables gets them.
struct ConfusionRequest
{
    std::vector<double> thresholds;
    std::optional<std::int64_t> topK, classId;
    std::vector<double> labelWeights;
    bool multiLabel = false; ///< apart for each column
};

/// Keras's list of n evenly spaced thresholds, the first and last moved outside by epsilon.
std::vector<double> evenThresholds(std::int64_t count, double epsilon);

std::vector<MetricPart> confusionParts(MetricCall& call, const ConfusionRequest& request);

/// Reads the sums of confusionParts(): for label `label` and threshold `i`.
class ConfusionCounts
{
public:
    ConfusionCounts(std::span<const double> sums, std::size_t thresholds);
    std::size_t labels() const { return m_labels; }
    double truePositives(std::size_t i, std::size_t label = 0) const;
    double falsePositives(std::size_t i, std::size_t label = 0) const;
    double falseNegatives(std::size_t i, std::size_t label = 0) const;
    double trueNegatives(std::size_t i, std::size_t label = 0) const;

private:
    std::span<const double> part(std::size_t label) const;

    std::span<const double> m_sums;
    std::size_t m_thresholds;
    std::size_t m_labels;
};

} // namespace layerscope::training
