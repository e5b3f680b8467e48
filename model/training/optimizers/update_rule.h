#pragma once

#include "model/ops/builder.h"
#include "model/training/number.h"
#include "model/training/settings.h"

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace layerscope::training {

/// The gradient of one weight. That of an Embedding reaches the optimizer as rows with their
/// indices, repeats included, and the generations of Keras treat those differently
/// (crossing.md 6.4).
struct WeightGradient
{
    ops::Value dense; ///< in the weight's shape, repeated rows summed
    ops::Value indices; ///< integers [n]; absent where the gradient is dense
    ops::Value rows; ///< [n, row…]
    bool isSparse() const { return static_cast<bool>(indices); }
};

/// What is known on the host when a step begins.
struct StepFacts
{
    std::int64_t step = 1; ///< iterations + 1, in updates (accumulated micro steps count once)
    double learningRate = 0;
    double product = 1; ///< Nadam's running product of momenta, this step's included
    bool relativeStepAllowed = true; ///< no schedule: Adafactor may bound the learning rate
};

/// The update of one weight while its graph is built. Reading gives the latest value, so that a
/// rule is written in the order in which Keras assigns.
class WeightUpdate
{
public:
    using Function = std::function<ops::Value(ops::Value)>;

    WeightUpdate(
        ops::Builder& builder, ops::Value weight, KerasGeneration dialect, std::string path);
    void setGradient(const WeightGradient& gradient) { m_gradient = gradient; }

    ops::Builder& builder() { return m_builder; }
    DType dtype() const { return m_builder.dtype(m_weight); }
    const Shape& shape() const { return m_builder.shape(m_weight); }
    const std::string& path() const { return m_path; }

    ops::Value weight() const { return m_weight; }
    void setWeight(ops::Value value);

    /// The gradient in the weight's shape.
    ops::Value gradient() const { return m_gradient.dense; }

    /// `function` of the gradient, zero for zero. In Keras 3 repeated rows of a sparse gradient are
    /// taken one by one and the results added; before, they were added first.
    ops::Value ofGradient(const Function& function);
    ops::Value squaredGradient();

    /// Whether only the rows that occur in the batch change (the sparse kernels of legacy
    /// optimizers).
    bool touchesSomeRows() const;
    /// `updated` in those rows, `old` elsewhere; `updated` where the gradient is dense.
    ops::Value inTouchedRows(ops::Value updated, ops::Value old);

    bool hasSlot(std::string_view name) const { return m_slots.contains(name); }
    ops::Value slot(std::string_view name) const; ///< absent if there is none
    void setSlot(std::string_view name, ops::Value value);
    void addSlot(std::string name, ops::Value variable);

    /// The rule's numbers of this step, in the order of UpdateRule::numbers().
    ops::Value number(std::size_t index) const { return m_numbers[index]; }
    void setNumbers(std::vector<ops::Value> numbers) { m_numbers = std::move(numbers); }

    // Arithmetic with constants in the weight's dtype.
    ops::Value scaled(ops::Value x, double factor) { return m_builder.multiply(x, factor); }
    /// old + (target − old) · rate, in Keras's order of operations.
    ops::Value moved(ops::Value old, ops::Value target, double rate);

    struct Slot
    {
        ops::Value variable;
        ops::Value latest;
    };
    const std::map<std::string, Slot, std::less<>>& slotMap() const { return m_slots; }

private:
    ops::Builder& m_builder; // outlives this
    ops::Value m_weight;
    WeightGradient m_gradient;
    KerasGeneration m_dialect;
    std::string m_path;
    std::map<std::string, Slot, std::less<>> m_slots;
    std::vector<ops::Value> m_numbers;
    ops::Value m_touched;
};

/// How one optimizer changes a weight and its slots (formats.md 1.10). Clipping, weight decay,
/// moving averages and accumulation are the same for all and are not its business.
class UpdateRule
{
public:
    virtual ~UpdateRule() = default;

    /// The scalars that change from step to step, computed as Keras computes them for weights of
    /// `type`. Always the same number of them.
    virtual void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const = 0;

    virtual void update(WeightUpdate& weight) const = 0;

    /// The weight decay that a weight gets where the configuration does not say (AdamW's 0.004).
    virtual std::optional<double> defaultWeightDecay() const { return std::nullopt; }

    /// Weight decay of this very weight, where the optimizer has several (Muon).
    virtual std::optional<double> weightDecayFor(
        const WeightUpdate& weight, std::optional<double> configured) const
    {
        (void)weight;
        return configured;
    }

    /// Nadam's factor of this step for its running product; 1 for all others.
    virtual double productFactor(std::int64_t step, DType type) const
    {
        (void)step;
        (void)type;
        return 1;
    }

    /// For freshly made slots: those that start as a copy of the weight (ScheduleFreeAdamW).
    virtual bool startsAsWeight(std::string_view slot) const
    {
        (void)slot;
        return false;
    }
};

/// An optimizer class of Keras: an entry of the table of files in model/training/optimizers.
struct OptimizerType
{
    std::string_view name; ///< "Adam"
    double learningRate = 0.001; ///< the default
    std::unique_ptr<UpdateRule> (*create)(const Settings& settings) = nullptr;
};

/// One file defines one or several related optimizers.
struct OptimizerFamily
{
    std::vector<OptimizerType> types;
};

std::span<const OptimizerFamily* const> optimizerFamilies();

/// The optimizer called `name` ("Adam"; case and underscores do not count); null if there is none.
const OptimizerType* findOptimizer(std::string_view name);
std::vector<std::string> optimizerNames();

} // namespace layerscope::training
