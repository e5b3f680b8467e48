#pragma once

#include "model/ops/program.h"
#include "model/training/batches.h"
#include "model/training/training_memory.h"

#include <memory>
#include <vector>

namespace layerscope::training {

/// A step graph planned for one batch size, bound to the memory of weights and slots. Running it
/// allocates nothing.
class CompiledStep
{
public:
    /// `optimizer` is null where the step only evaluates. The memory must outlive this.
    /// Errors  of buildStep and Program::compile
    static Result<std::unique_ptr<CompiledStep>> compile(
        const StepRequest& request, int threads, WeightMemory& weights, OptimizerMemory* optimizer);

    const TrainingPlan& plan() const { return m_step.plan; }
    const StepGraph& step() const { return m_step; }
    const ops::Program& program() const { return *m_program; }

    /// The scalars of the coming step, for each dtype in use.
    void setNumbers(const Optimizer& optimizer, const OptimizerCounters& counters);
    void setSeed(std::uint64_t key, std::int64_t step);

    Result<void> run(const Batches& batches, const JobContext& job);

    // After a run.
    double totalLoss() const;
    double outputLoss(std::size_t output) const;
    bool isFinite() const; ///< true where the step does not look
    /// The share of a metric's sums of this batch, in `out`.
    void metricSums(std::size_t output, std::size_t metric, std::vector<double>& out) const;
    struct Pulse
    {
        WeightIndex weight = 0;
        double gradient = 0; ///< Σ g²
        double change = 0; ///< Σ Δ²
        double weightNorm = 0; ///< Σ θ²
    };
    std::vector<Pulse> pulses() const;

private:
    explicit CompiledStep(StepGraph step)
        : m_step(std::move(step))
    {
    }
    void bindMemory(WeightMemory& weights, OptimizerMemory* optimizer);
    Result<void> bindOutputs();
    const float* outputAt(std::size_t index) const
    {
        return static_cast<const float*>(m_outputs[index].data());
    }

    StepGraph m_step;
    std::unique_ptr<ops::Program> m_program;
    std::vector<const void*> m_inputPointers;
    std::vector<void*> m_variablePointers, m_outputPointers;
    std::vector<StateBuffer> m_outputs;
    std::vector<double> m_scalars; ///< 8 bytes for each feed of kind Number
    std::int64_t m_seed[2] = { 0, 0 };
    std::vector<DType> m_numberTypes;
    std::vector<double> m_numbers; ///< scratch
    std::size_t m_totalLoss = 0;
    std::optional<std::size_t> m_finite;
};

} // namespace layerscope::training
