#pragma once

#include "model/training/compiled_step.h"
#include "model/training/model_facts.h"
#include "model/training/running_log.h"
#include "model/training/trainer.h"

#include <map>
#include <memory>

namespace layerscope::training {

/// Runs loss and metrics over all rows in inference mode, with weights that someone else owns.
class Evaluator
{
public:
    Evaluator(Batches batches, std::shared_ptr<const Network> network, TrainingOptions options,
        int threads)
        : m_batches(std::move(batches))
        , m_network(std::move(network))
        , m_options(std::move(options))
        , m_threads(threads)
    {
    }
    Result<Metrics> run(WeightMemory& weights, const JobContext& job);

private:
    Result<CompiledStep*> stepFor(std::int64_t rows, WeightMemory& weights);

    Batches m_batches;
    std::shared_ptr<const Network> m_network;
    TrainingOptions m_options;
    int m_threads;
    std::map<std::int64_t, std::unique_ptr<CompiledStep>> m_steps; ///< by rows
};

int threadsOf(const TrainingOptions& options);

/// `network` with the frozen layers of the options marked as not trainable: what is lowered.
Network withFrozenLayers(const Network& network, const std::vector<std::string>& patterns);

class Trainer::State
{
public:
    static Result<std::unique_ptr<State>> create(
        const Network& network, DataSet data, const TrainingOptions& options);

    Result<void> step(StepReport& report, const JobContext& job);
    Result<EpochReport> finishEpoch(const JobContext& job);
    void setLearningRate(double rate);
    Result<Network> snapshot() const;
    std::vector<LayerPulse> pulse() const;

    const OptimizerMemory& memory() const { return *m_memory; }
    std::int64_t stepsPerEpoch() const { return m_batches.batchesPerEpoch(); }
    void setPulseEnabled(bool enabled) { m_pulseEnabled = enabled; }

private:
    struct StepKey
    {
        std::int64_t rows = 0;
        StepKind kind;
        bool pulse = false;
        auto operator<=>(const StepKey&) const = default;
    };
    State(Optimizer optimizer, Batches batches)
        : m_optimizer(std::move(optimizer))
        , m_batches(std::move(batches))
    {
    }
    static Result<void> splitValidation(
        FittedData& fitted, const TrainingOptions& options, std::optional<DataSet>& validation);
    Result<CompiledStep*> stepFor(const StepKey& key);
    void beginEpoch();
    Result<OptimizerState> optimizerState(const Network& target) const;
    Result<OptimizerState> freshOptimizerState() const;
    void writeSettings(Network& target) const;
    void rememberPulse(const CompiledStep& step);

    Network m_original;
    std::shared_ptr<const Network> m_network; ///< with frozen layers
    TrainingOptions m_options;
    Optimizer m_optimizer;
    Batches m_batches;
    std::unique_ptr<Evaluator> m_validation;
    std::unique_ptr<WeightMemory> m_weights;
    std::unique_ptr<OptimizerMemory> m_memory;
    std::vector<WeightIndex> m_trainable;
    std::vector<Json> m_constraints;
    std::vector<std::string> m_lossNames;
    int m_threads = 1;

    std::map<StepKey, std::unique_ptr<CompiledStep>> m_steps;
    StepKey m_lastKey;
    CompiledStep* m_lastStep = nullptr;
    RunningLog m_log;
    std::int64_t m_epoch = 0;
    std::int64_t m_stepInEpoch = 0;
    bool m_rateChanged = false; ///< by the user, against what the file says
    double m_epochSeconds = 0;
    Json m_history;
    bool m_pulseEnabled = false;
    std::vector<LayerPulse> m_pulse;
};

} // namespace layerscope::training
