#pragma once

#include "model/layers/lower_model.h"
#include "model/training/optimizer.h"
#include "model/training/training_plan.h"

#include <functional>
#include <vector>

namespace layerscope::training {

/// What an input of the graph is fed with, in the order of the graph's inputs.
struct Feed
{
    enum class Kind { ModelInput, Target, SampleWeight, Seed, Number };
    Kind kind = Kind::ModelInput;
    std::size_t index = 0; ///< of the input, the target, or the number
    DType type = DType::Float32; ///< of a number
};

/// What a variable of the graph is, in the order of the graph's variables.
struct StateReference
{
    std::optional<WeightIndex> weight;
    std::size_t slot = 0; ///< position in StepRequest::slotList, where it is no weight
};

/// One optimizer slot of a weight that trains.
struct SlotReference
{
    std::string name;
    WeightIndex weight = 0;
    DType type = DType::Float32;
    Shape shape;
};

/// What the outputs of the graph are, in order.
struct StepOutput
{
    enum class Kind { TotalLoss, OutputLoss, MetricSums, Finite, Pulse };
    Kind kind = Kind::TotalLoss;
    std::size_t output = 0; ///< of an output's loss, of a metric
    std::size_t metric = 0;
    WeightIndex weight = 0; ///< of a pulse: Σ g², Σ Δ², Σ θ² follow each other
    std::size_t count = 1; ///< elements
};

/// A number of a metric's sums that is the same for each step of this graph.
struct FixedSum
{
    std::size_t output = 0;
    std::size_t metric = 0;
    std::size_t position = 0; ///< in the metric's sums
    double value = 0;
};

struct StepRequest
{
    const Network& network;
    const TrainingSetup* setup = nullptr;
    const TrainingOptions& options;
    std::vector<Shape> inputShapes; ///< batch included
    std::vector<ops::ValueInfo> targets; ///< batch included; one for each output
    std::vector<bool> targetsSumToOne; ///< one for each output
    bool hasSampleWeights = false;

    bool trains = true; ///< else loss and metrics in inference mode
    const Optimizer* optimizer = nullptr; ///< where it trains
    StepKind kind = {};
    std::vector<WeightIndex> trainable = {}; ///< where it trains
    std::vector<SlotReference> slotList = {};
    std::vector<Json> constraints = {}; ///< one for each weight of the network
    bool pulse = false;
};

/// Forward pass, losses, metrics and, where it trains, gradients, update and new state: all in one
/// graph for one batch size.
struct StepGraph
{
    ops::Graph graph;
    TrainingPlan plan;
    std::vector<Feed> feeds;
    std::vector<StateReference> variables;
    std::vector<StepOutput> outputs;
    std::vector<FixedSum> fixedSums;
    /// Elements of a metric's sums, in the order in which Metric::result() wants them: positions
    /// that FixedSums fill are left out of the outputs.
    std::vector<std::vector<std::size_t>> sumCounts; ///< [output][metric]
    std::vector<WeightIndex> withoutGradient; ///< trainable weights that the loss does not touch
};

Result<StepGraph> buildStep(const StepRequest& request);

} // namespace layerscope::training
