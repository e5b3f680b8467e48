#pragma once

#include "model/core/job_context.h"
#include "model/network/network.h"
#include "model/training/data_set.h"

#include <map>
#include <memory>

namespace layerscope::training {

/// How to go on training. Absent members keep what the file's training set-up says.
struct TrainingOptions
{
    std::int64_t batchSize = 32;
    bool shuffle = true;
    std::uint64_t seed = 0;
    int threads = 0; ///< 0: as many as there are cores

    std::optional<double> learningRate;
    std::optional<Json> optimizer; ///< {"class_name", "config"}: starts fresh
    std::optional<Json> loss; ///< a name or an object
    std::optional<Json> metrics;
    std::vector<std::string> frozenLayers; ///< glob patterns over layer paths
    std::map<std::int64_t, double> classWeights;
    double validationSplit = 0; ///< the last fraction of the rows, as Keras takes it
    std::optional<DataSet> validationData;
};

using Metrics = std::vector<std::pair<std::string, double>>; ///< "loss" first, then Keras's names,
                                                             ///< in Keras's order

struct StepReport
{
    std::int64_t iteration = 0; ///< the optimizer's count after the step
    std::int64_t epoch = 0; ///< 0-based, of this run
    std::int64_t stepInEpoch = 0;
    std::int64_t stepsPerEpoch = 0;
    double learningRate = 0;
    Metrics batch; ///< of this batch alone
    Metrics epochSoFar; ///< running means of the epoch, as Keras's progress bar shows them
    bool endsEpoch = false;
};

struct EpochReport
{
    std::int64_t epoch = 0;
    double learningRate = 0;
    double seconds = 0;
    Metrics metrics; ///< training metrics, then "val_…" where there are validation data
};

/// What a layer looked like in the last step, for the small multiples of the training view.
struct LayerPulse
{
    std::string path;
    double gradientNorm = 0;
    double updateRatio = 0; ///< ‖Δw‖ / ‖w‖
};

/// The training state (weights, optimizer slots, iteration, schedule, seeds, history) and the
/// planned step that moves it. Works on its own copy; the Network it was made from stays as it is.
///
/// Numbers follow real Keras step by step: float32, losses within 1e-5 relative over 20 steps.
/// Thread  one thread at a time; snapshot() values may go anywhere
class Trainer
{
public:
    /// Errors  Unsupported (layer, loss or optimizer that cannot run, by name), ShapeMismatch (data
    /// that do not fit)
    static Result<Trainer> create(
        const Network& network, DataSet data, const TrainingOptions& options);
    Trainer(Trainer&&) noexcept;
    Trainer& operator=(Trainer&&) noexcept;
    ~Trainer();

    /// Whether the optimizer continues from the file's state; if not, why (one sentence).
    bool resumes() const;
    const std::string& freshStartReason() const;

    /// One batch: forward, loss, gradients, update. The next batch in order, or of the epoch's
    /// shuffle.
    Result<StepReport> step(const JobContext& job = {});
    /// The same into a report that is used again and again: allocates nothing after the first.
    Result<void> step(StepReport& report, const JobContext& job = {});

    /// After a step with endsEpoch: evaluates the validation rows, adds the epoch to the history.
    Result<EpochReport> finishEpoch(const JobContext& job = {});

    /// Takes effect from the next step.
    void setLearningRate(double learningRate);

    /// Turns the small multiples on: costs one more pass over the gradients for each step.
    void setPulseEnabled(bool enabled);
    std::vector<LayerPulse> pulse() const; ///< of the last step; empty when off

    /// The network as it is now: weights, optimizer state, iteration, history. A value: it shares
    /// nothing that further steps change.
    Result<Network> snapshot() const;

    std::int64_t stepsPerEpoch() const;
    std::int64_t iterations() const;

private:
    class State;
    explicit Trainer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Loss and metrics over all rows, in inference mode. Keras's evaluate().
Result<Metrics> evaluate(const Network& network, const DataSet& data,
    const TrainingOptions& options, const JobContext& job = {});

/// Runs the model over `inputs` in batches. Outputs in order; with `everyLayer` also each layer
/// call.
struct Prediction
{
    std::vector<Tensor> outputs;
    std::vector<std::pair<std::string, Tensor>> layers; ///< "path/of/layer:call:output"
};
Result<Prediction> predict(const Network& network, const std::vector<Tensor>& inputs,
    bool everyLayer, std::int64_t batchSize, const JobContext& job = {});

/// d(sum over outputs of sum(output·upstream)) / d(weight) and / d(input): see the `gradients`
/// command.
struct GradientRequest
{
    std::vector<Tensor> inputs;
    std::vector<std::optional<Tensor>> upstreams; ///< absent: ones
    bool training = true;
    bool noise = false;
};
struct GradientResult
{
    std::vector<std::optional<Tensor>>
        weights; ///< one for each Network::weights; absent where there is none
    std::vector<std::optional<Tensor>> inputs;
};
Result<GradientResult> computeGradients(
    const Network& network, const GradientRequest& request, const JobContext& job = {});

} // namespace layerscope::training
