#include "model/crossing/json_access.h"
#include "model/crossing/optimizer.h"
#include "model/network/optimizer_layout.h"

#include <algorithm>
#include <cmath>

namespace layerscope::crossing {

namespace {

bool isLegacy(KerasGeneration generation)
{
    return generation == KerasGeneration::Legacy || generation == KerasGeneration::Keras1;
}

/// Nadam's running product over the steps s: of beta_1 (1 - 0.96^s / 2), where Keras before 2.11
/// has 0.96^(decay s).
double momentumProduct(const Json& config, KerasGeneration generation, std::int64_t iterations)
{
    const double beta = numberAt(config, "beta_1", 0.9);
    const double decay = isLegacy(generation) ? numberAt(config, "decay", 0.004) : 1;
    constexpr std::int64_t most = std::int64_t{ 1 } << 20; // long since zero, or a crafted beta_1
    double product = 1;
    for (std::int64_t step = 1; step <= std::min(iterations, most) && product > 0; ++step)
        product *= beta * (1 - 0.5 * std::pow(0.96, decay * static_cast<double>(step)));
    return product;
}

Result<StoredTensor> filled(const OptimizerSlotSpec& spec, double value)
{
    TRY(Tensor zeros, Tensor::zeros(DType::Float64, spec.shape));
    std::ranges::fill(zeros.mutableValuesAs<double>(), value);
    TRY(Tensor tensor, zeros.converted(spec.dtype));
    return StoredTensor(std::move(tensor));
}

Result<StoredTensor> ofType(const StoredTensor& stored, DType type)
{
    if (stored.dtype() == type)
        return stored;
    TRY(const Tensor tensor, stored.load());
    TRY(Tensor converted, tensor.converted(type));
    return StoredTensor(std::move(converted));
}

bool isSlot(const OptimizerVariable& variable)
{
    return variable.role == SlotRole::Slot;
}

class StateCrossing
{
public:
    StateCrossing(
        const OptimizerState& state, const Network& target, const MovedWeights& moved, Json config)
        : m_state(state)
        , m_target(target)
        , m_moved(moved)
        , m_config(std::move(config))
    {
    }

    /// Nothing where the target's order is not known.
    Result<std::optional<std::vector<OptimizerVariable>>> run(KerasGeneration to)
    {
        const auto layout
            = optimizerLayout(m_state.className, m_config, to, trainableWeightsOf(m_target));
        if (!layout)
            return std::optional<std::vector<OptimizerVariable>>();
        m_to = to;
        m_trained = trainableWeights(m_target);
        const bool isFresh = m_state.iterations.value_or(0) == 0
            && std::none_of(m_state.variables.begin(), m_state.variables.end(), isSlot);
        std::vector<OptimizerVariable> variables;
        for (const OptimizerSlotSpec& spec : *layout) {
            if (isFresh && spec.role == SlotRole::Slot)
                continue;
            TRY(OptimizerVariable variable, variableFor(spec));
            variables.push_back(std::move(variable));
        }
        return std::optional(std::move(variables));
    }

private:
    Result<OptimizerVariable> variableFor(const OptimizerSlotSpec& spec)
    {
        OptimizerVariable variable;
        variable.role = spec.role;
        variable.slot = spec.slot;
        if (spec.variable)
            variable.weight = m_trained[*spec.variable];
        const OptimizerVariable* same = counterpart(spec, variable.weight);
        const bool isProduct = spec.slot == "u_product";
        if (isProduct && isLegacy(m_state.dialect) != isLegacy(m_to))
            same = nullptr; // another formula
        if (same == nullptr) {
            double initial = spec.initial;
            if (isProduct)
                initial = momentumProduct(m_config, m_to, m_state.iterations.value_or(0));
            else if (spec.role == SlotRole::Iteration)
                initial = static_cast<double>(m_state.iterations.value_or(0));
            TRY(variable.value, filled(spec, initial));
            return variable;
        }
        if (spec.role == SlotRole::Iteration && m_state.iterations) {
            variable.value = StoredTensor(Tensor::scalar<std::int64_t>(*m_state.iterations));
            return variable;
        }
        TRY(variable.value, ofType(same->value, spec.dtype));
        if (variable.weight)
            if (const auto scale = m_moved.scales.find(*variable.weight);
                scale != m_moved.scales.end()) {
                TRY(variable.value,
                    scaled(
                        variable.value, scale->second, scalePower(m_state.className, spec.slot)));
            }
        return variable;
    }

    const OptimizerVariable* counterpart(
        const OptimizerSlotSpec& spec, const std::optional<WeightIndex>& weight) const
    {
        const auto found = std::find_if(
            m_state.variables.begin(), m_state.variables.end(), [&](const auto& candidate) {
                if (candidate.role != spec.role
                    || (candidate.slot != spec.slot && spec.role != SlotRole::Iteration))
                    return false;
                if (spec.role == SlotRole::Slot && candidate.value.shape() != spec.shape)
                    return false;
                return moved(candidate.weight) == weight;
            });
        return found != m_state.variables.end() ? &*found : nullptr;
    }

    std::optional<WeightIndex> moved(const std::optional<WeightIndex>& weight) const
    {
        return weight && *weight < m_moved.target.size() ? m_moved.target[*weight] : std::nullopt;
    }

    const OptimizerState& m_state;
    const Network& m_target;
    const MovedWeights& m_moved;
    Json m_config;
    KerasGeneration m_to = KerasGeneration::Keras3;
    std::vector<WeightIndex> m_trained;
};

/// A mixed_float16 model is trained by a loss-scaling optimizer around the one that its
/// configuration names. Keras 3's variables show it; Keras 2's archives hide it.
bool isHiddenWrapper(const Network& source, const Journey& journey)
{
    const OptimizerState& state = *source.optimizer;
    if (state.className == "LossScaleOptimizer")
        return false;
    for (const OptimizerVariable& variable : state.variables)
        if (variable.slot == "dynamic_scale")
            return true;
    if (journey.from.keras3() || !journey.from.archive()
        || state.dialect != KerasGeneration::Keras2)
        return false;
    bool isMixed = false;
    visitLayers(source.model, [&](const Layer& layer, const auto&) {
        isMixed = isMixed || layer.dtypePolicy == "mixed_float16";
    });
    return isMixed;
}

bool hasEmbedding(const Network& network)
{
    bool found = false;
    visitLayers(network.model, [&](const Layer& layer, const auto&) {
        found = found || (layer.className == "Embedding" && layer.trainable);
    });
    return found;
}

/// What will not be as before although every number crossed.
void remarkTraining(const Network& source, const std::string& name, Journey& journey)
{
    const OptimizerState& state = *source.optimizer;
    const bool linear = name == "SGD" || name == "Lion";
    if (journey.changesGeneration() && hasEmbedding(source) && !linear)
        journey.remark("Keras 2 adds up the gradients of a token that occurs several times in a "
                       "batch, Keras 3 does not; training of the embedding will differ slightly.");
    if (isLegacy(state.dialect) && !isLegacy(journey.to.generation) && name == "SGD"
        && numberAt(state.config, "momentum", 0) != 0 && hasEmbedding(source))
        journey.remark("Before Keras 2.11 momentum moved only those rows of an embedding that the "
                       "batch contained; training of the embedding will differ.");
    if (!journey.to.keras3() && journey.from.keras3() && name == "Nadam")
        journey.remark("Keras 2 does not save Nadam's running product and starts it again when it "
                       "loads the model; training will differ slightly.");
    const bool counts = std::any_of(state.variables.begin(), state.variables.end(),
        [](const auto& variable) { return variable.role == SlotRole::Iteration; });
    const bool depends = numberAt(state.config, "decay", 0) > 0
        || member(state.config, "learning_rate").is_object();
    if (!counts && !state.variables.empty() && depends)
        journey.remark("The old optimizer stored no count of steps; it starts at 0, and the "
                       "learning rate with it.");
    const bool knowsScale = std::ranges::any_of(
        state.variables, [](const auto& variable) { return variable.slot == "dynamic_scale"; });
    if (source.optimizer->className == "LossScaleOptimizer" && journey.toKeras3() && !knowsScale)
        journey.remark("Keras 2 does not save the loss scale that training had come to; it starts "
                       "again from its initial value.");
    const bool isWrapped = name != source.optimizer->className;
    if (isWrapped && !journey.to.keras3() && !journey.to.archive())
        journey.remark("Keras 2 does not restore a loss-scaling optimizer's state from .h5 files; "
                       "save as keras2.15 to train on.");
}

Json hiddenWrapper(const Json& object)
{
    return Json{ { "class_name", "LossScaleOptimizer" },
        { "config", { { "inner_optimizer", object } } } };
}

/// Fills the variables of `next`, whose class, configuration and dialect stand already.
Result<void> reorder(const OptimizerState& state, const Network& target, const MovedWeights& moved,
    OptimizerState& next, Journey& journey)
{
    if (state.variables.empty())
        return {};
    OptimizerState before = state;
    before.className = next.className;
    StateCrossing crossing(before, target, moved, next.config);
    TRY(auto variables, crossing.run(next.dialect));
    const bool isUnderstood = std::none_of(state.variables.begin(), state.variables.end(),
        [](const auto& variable) { return variable.role == SlotRole::Unknown; });
    if (variables && isUnderstood) {
        next.variables = *std::move(variables);
        return {};
    }
    journey.remark("The optimizer's state was left out, because the order of its variables is not "
                   "known; training starts it afresh.");
    next.variables.clear();
    next.iterations.reset();
    return {};
}

} // namespace

Result<std::optional<CrossedOptimizer>> crossOptimizer(
    const Network& source, const Network& target, const MovedWeights& moved, Journey& journey)
{
    Json object = source.training ? source.training->optimizer() : Json();
    if (!object.is_object() || textAt(object, "class_name").empty())
        return std::optional<CrossedOptimizer>();
    const OptimizerState* state = source.optimizer ? &*source.optimizer : nullptr;
    const KerasGeneration from
        = state != nullptr ? state->dialect : optimizerDialect(object, source.generation);
    if (state != nullptr && isHiddenWrapper(source, journey))
        object = hiddenWrapper(object);
    const auto crossed = crossOptimizerConfig(object, from, state, journey);
    if (!crossed)
        return std::optional<CrossedOptimizer>();

    CrossedOptimizer result{ *crossed, std::nullopt };
    if (state == nullptr)
        return std::optional(std::move(result));
    OptimizerState next = *state;
    next.className = plainOptimizerName(textAt(result.object, "class_name"));
    next.dialect = journey.to.generation;
    next.config = member(result.object, "config");
    const Json& inner = member(next.config, "inner_optimizer");
    remarkTraining(
        source, inner.is_object() ? textAt(inner, "class_name") : next.className, journey);
    if (from == next.dialect && next.className == state->className) {
        for (OptimizerVariable& variable : next.variables) {
            if (variable.weight && *variable.weight < moved.target.size())
                variable.weight = moved.target[*variable.weight];
            if (journey.from.container != journey.to.container) // each names them in its own way
                variable.name = variable.path = std::string();
        }
    } else {
        TRY_DO(reorder(*state, target, moved, next, journey));
    }
    result.state = std::move(next);
    return std::optional(std::move(result));
}

} // namespace layerscope::crossing
