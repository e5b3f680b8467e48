#pragma once

#include "model/training/optimizers/update_rule.h"
#include "model/training/schedule.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace layerscope::training {

/// What an optimizer keeps beside the slots of the weights; lives on the host.
struct OptimizerCounters
{
    std::int64_t iterations = 0; ///< steps as Keras stores them (micro steps when accumulating)
    double learningRate = 0; ///< the constant rate, where there is no schedule
    double product = 1; ///< Nadam's product of momenta up to now
    double lossScale = 1;
    std::int64_t goodSteps = 0; ///< finite steps since the loss scale last changed
};

/// Which graph a step needs; each is compiled apart.
struct StepKind
{
    bool accumulates = false; ///< only adds to the gradient accumulators
    bool overwrites = false; ///< ends by taking over the moving averages
    auto operator<=>(const StepKind&) const = default;
};

/// An optimizer of any generation of Keras: the rule of its class and what all classes share
/// (clipping, weight decay, schedules, moving averages, gradient accumulation, loss scaling). Holds
/// no state; see OptimizerCounters and the slots.
class Optimizer
{
public:
    /// specification  {"class_name", "config"} or a name
    /// mixedPrecision the model computes in float16: Keras then scales the loss by itself
    /// Errors         Unsupported, with the class or the schedule
    static Result<Optimizer> create(
        const Json& specification, KerasGeneration dialect, bool mixedPrecision = false);

    const std::string& className() const { return m_className; } ///< of the inner one, if wrapped
    KerasGeneration dialect() const { return m_settings.dialect(); }
    const Settings& settings() const { return m_settings; }
    const UpdateRule& rule() const { return *m_rule; }
    bool scalesLoss() const { return m_scalesLoss; }
    bool hasSchedule() const { return !m_schedule.isConstant(); }
    void setConstantRate() { m_schedule = Schedule(); }

    OptimizerCounters freshCounters() const;
    StepKind kindOfNextStep(const OptimizerCounters& counters) const;
    double currentRate(const OptimizerCounters& counters) const;

    /// The factor of the loss before gradients are taken: a number of the step (scalesLoss()) or a
    /// constant of the configuration.
    std::optional<double> constantLossScale() const { return m_constantLossScale; }

    /// How many numbers a step has for weights of each dtype, and their values for the step that
    /// comes next. `advance` follows when the step was made.
    std::size_t numberCount() const { return m_numberCount; }
    void numbers(const OptimizerCounters& counters, DType type, std::vector<double>& out) const;
    void advance(OptimizerCounters& counters, StepKind kind, bool finite) const;
    DType productType = DType::Float32; ///< of Nadam's product: the first weight's
    /// How often a step multiplies Nadam's product: once, but for each weight in Keras 2's compiled
    /// train step (its counter is fixed when the step is traced).
    std::int64_t productRepeats = 1;

    struct Target
    {
        WeightUpdate update;
        ops::Value variable; ///< the weight's
        Json constraint; ///< null if there is none
    };

    /// Builds the update of all weights into the graph and assigns weights and slots. Numbers are
    /// fed through WeightUpdate::number(). Returns whether all gradients were finite (Bool scalar),
    /// absent unless scalesLoss().
    ops::Value build(ops::Builder& builder, std::vector<Target>& targets, StepKind kind,
        const std::function<WeightGradient(std::size_t)>& gradientOf) const;

private:
    Optimizer() = default;
    double productFactor(std::int64_t step) const;
    std::vector<WeightGradient> clipped(
        ops::Builder& builder, std::vector<WeightGradient> gradients) const;
    void updateOne(
        ops::Builder& builder, Target& target, WeightGradient gradient, StepKind kind) const;
    void average(ops::Builder& builder, Target& target, StepKind kind) const;

    std::string m_className;
    Settings m_settings;
    std::shared_ptr<const UpdateRule> m_rule;
    Schedule m_schedule;
    double m_decay = 0; ///< legacy learning-rate decay
    std::optional<double> m_clipNorm, m_globalClipNorm, m_clipValue;
    std::optional<double> m_weightDecay;
    std::optional<double> m_constantLossScale;
    bool m_averages = false;
    double m_averageMomentum = 0.99;
    std::int64_t m_overwriteFrequency = 0; ///< 0: never
    std::int64_t m_accumulationSteps = 0; ///< 0: none
    bool m_scalesLoss = false;
    double m_initialScale = 32768;
    std::int64_t m_growthSteps = 2000;
    std::size_t m_ruleNumbers = 0;
    std::size_t m_numberCount = 0;
};

} // namespace layerscope::training
