#pragma once

#include "model/layers/lower_model.h"
#include "model/training/training_plan.h"

namespace layerscope::training {

/// One output of the model with what it is compared to.
struct OutputValues
{
    ops::Value prediction;
    ops::Value logits; ///< what went into the last softmax or sigmoid; absent if there is none
    ops::Value mask; ///< propagated by Keras; absent if there is none
    ops::Value target;
    ops::Value sampleWeights; ///< [batch]; absent: all 1
    bool targetSumsToOne = false;
};

/// The reduced loss of one output, without its weight in the total: a scalar, or a tensor for
/// LossReduction::None.
ops::Value buildLoss(
    ops::Builder& builder, const OutputLoss& loss, OutputValues values, KerasGeneration generation);

/// The parts of a metric over one output.
std::vector<MetricPart> buildMetric(ops::Builder& builder, const OutputMetric& metric,
    const OutputValues& values, KerasGeneration generation);

} // namespace layerscope::training
