#pragma once

#include "model/training/losses/loss.h"
#include "model/training/metrics/metric.h"
#include "model/training/trainer.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace layerscope::training {

/// How the losses of the samples become one number.
enum class LossReduction {
    MeanOverValues, ///< Keras's sum_over_batch_size, auto and mean
    Sum,
    None, ///< a vector: logged as its mean, differentiated as its sum
    MeanOverWeights, ///< Keras 3's mean_with_sample_weight
};

struct OutputLoss
{
    const LossType* type = nullptr; ///< null: this output has no loss
    Settings settings;
    LossReduction reduction = LossReduction::MeanOverValues;
    std::optional<double> weight; ///< of this loss in the total
};

struct OutputMetric
{
    std::string name; ///< as Keras logs it
    std::shared_ptr<const Metric> metric;
    Settings settings;
    bool weighted = false; ///< takes sample weights
};

struct OutputPlan
{
    std::string name;
    OutputLoss loss;
    std::vector<OutputMetric> metrics;
};

/// What is known of an output when names such as "accuracy" are resolved.
struct OutputFacts
{
    std::string name;
    Shape predictionShape; ///< batch included
    Shape targetShape;
};

/// One number of the log.
struct LogEntry
{
    std::string name;
    bool isMetric = false;
    std::size_t output = 0; ///< of a loss; ignored for the total
    std::size_t metric = 0; ///< position in OutputPlan::metrics
    bool isTotal = false;
};

/// Losses and metrics of a training set-up, resolved for the model's outputs.
struct TrainingPlan
{
    KerasGeneration generation = KerasGeneration::Keras3;
    std::vector<OutputPlan> outputs;
    std::vector<LogEntry> log; ///< "loss" first, then Keras's names in Keras's order
    std::vector<std::string> leftOut; ///< metrics that cannot be computed, by name
};

/// Reads loss, loss weights, metrics and weighted metrics in any dialect (formats.md 1.7, 3.2).
/// Errors  Unsupported, with the name, when a loss cannot be computed or there is none
/// `kerasVersion`: before 2.3 Keras logged "accuracy" as "acc" and aliases by their full names
Result<TrainingPlan> planTraining(const TrainingSetup* setup, const TrainingOptions& options,
    KerasGeneration generation, const std::string& kerasVersion,
    const std::vector<OutputFacts>& outputs);

/// The names of the losses, one for each output, "" where there is none: what fitToModel asks for.
std::vector<std::string> lossNamesOf(const TrainingSetup* setup, const TrainingOptions& options,
    const std::vector<std::string>& outputNames);

} // namespace layerscope::training
