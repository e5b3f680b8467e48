#include "model/network/optimizer_layout.h"
#include "model/network/optimizer_rules.h"
#include "model/network/variable_layout.h"

#include <algorithm>
#include <numeric>

namespace layerscope {

namespace {

using Slots = std::vector<OptimizerSlotSpec>;

/// Orders of the Keras that was not yet part of TensorFlow (1.x, 2.0-2.3). Slots stand in blocks;
/// some optimizers counted no steps. Source: formats.md 1.6, crossing.md 6.2 and 8.
struct OldOrder
{
    std::string_view name;
    bool counts; ///< has an iteration
    std::vector<std::string> slots;
};

const std::vector<OldOrder>& oldOrders()
{
    static const std::vector<OldOrder> orders{
        { "SGD", true, { "momentum" } },
        { "RMSprop", false, { "velocity" } },
        { "RMSprop", true, { "velocity" } },
        { "Adagrad", false, { "accumulator" } },
        { "Adagrad", true, { "accumulator" } },
        { "Adadelta", false, { "accumulated_grad", "accumulated_delta_var" } },
        { "Adadelta", true, { "accumulated_grad", "accumulated_delta_var" } },
        { "Adam", true, { "momentum", "velocity" } },
        { "Adam", true, { "momentum", "velocity", "velocity_hat" } },
        { "Adamax", true, { "momentum", "norm" } },
        { "Nadam", true, { "momentum", "velocity" } },
        { "Nadam", false, { "momentum", "velocity" } },
    };
    return orders;
}

Slots oldLayout(const OldOrder& order, const std::vector<TrainableWeight>& weights,
    const std::vector<std::size_t>& sequence)
{
    Slots slots;
    if (order.counts)
        slots.push_back({ SlotRole::Iteration, "iteration", std::nullopt, DType::Int64, {}, 0 });
    for (const std::string& slot : order.slots)
        for (const std::size_t v : sequence)
            slots.push_back({ SlotRole::Slot, slot, v, weights[v].dtype, weights[v].shape, 0 });
    return slots;
}

bool fits(const OptimizerSlotSpec& spec, const OptimizerVariable& variable)
{
    if (spec.shape == variable.value.shape())
        return true;
    // Keras 2.1 and 2.2 keep a placeholder of one element for each velocity_hat.
    return spec.slot == "velocity_hat" && variable.value.shape() == Shape{ 1 };
}

bool fits(const Slots& slots, const OptimizerState& state)
{
    return slots.size() == state.variables.size()
        && std::equal(slots.begin(), slots.end(), state.variables.begin(),
            [](const auto& spec, const auto& variable) { return fits(spec, variable); });
}

/// Every order that this optimizer may have been written in, the likeliest first.
std::vector<Slots> candidates(
    const OptimizerState& state, const std::vector<TrainableWeight>& weights)
{
    std::vector<Slots> found;
    const std::string name = plainOptimizerName(state.className);
    if (auto slots = optimizerLayout(name, state.config, state.dialect, weights)) {
        if (state.dialect == KerasGeneration::Keras3) {
            // A mixed_float16 model is trained with a hidden LossScaleOptimizer around its own.
            Slots wrapped = network::lossScaleHead(state.config);
            wrapped.insert(wrapped.end(), slots->begin(), slots->end());
            found.push_back(std::move(*slots));
            found.push_back(std::move(wrapped));
        } else {
            found.push_back(std::move(*slots));
        }
    }
    if (state.dialect == KerasGeneration::Legacy || state.dialect == KerasGeneration::Keras1) {
        std::vector<std::size_t> sequence(weights.size());
        std::iota(sequence.begin(), sequence.end(), std::size_t(0));
        // Keras 1 sorts by the variables' names.
        if (state.dialect == KerasGeneration::Keras1)
            std::stable_sort(sequence.begin(), sequence.end(),
                [&](auto a, auto b) { return weights[a].path < weights[b].path; });
        std::vector<Slots> old;
        for (const OldOrder& order : oldOrders())
            if (order.name == name)
                old.push_back(oldLayout(order, weights, sequence));
        found.insert(state.dialect == KerasGeneration::Keras1 ? found.begin() : found.end(),
            old.begin(), old.end());
    }
    // The other generations' orders, for files whose configuration misleads.
    for (const auto dialect : { KerasGeneration::Keras2, KerasGeneration::Legacy })
        if (dialect != state.dialect && state.dialect != KerasGeneration::Keras3)
            if (auto slots = optimizerLayout(name, state.config, dialect, weights))
                found.push_back(std::move(*slots));
    return found;
}

std::optional<std::int64_t> readCount(const StoredTensor& stored)
{
    if (stored.count() != 1)
        return std::nullopt;
    const auto tensor = stored.load();
    if (!tensor)
        return std::nullopt;
    const auto number = tensor->converted(DType::Int64);
    if (!number)
        return std::nullopt;
    return number->valuesAs<std::int64_t>()[0];
}

void apply(const Slots& slots, const std::vector<WeightIndex>& trained, OptimizerState& state)
{
    for (std::size_t i = 0; i < slots.size(); ++i) {
        OptimizerVariable& variable = state.variables[i];
        variable.role = slots[i].role;
        variable.slot = slots[i].slot;
        if (slots[i].variable)
            variable.weight = trained[*slots[i].variable];
    }
}

/// Only the head of the list: a never-trained optimizer, or one whose order is not known.
void applyHead(OptimizerState& state)
{
    for (std::size_t i = 0; i < std::min<std::size_t>(2, state.variables.size()); ++i) {
        OptimizerVariable& variable = state.variables[i];
        if (!variable.value.shape().empty())
            return;
        if (i == 0 && variable.value.dtype() == DType::Int64) {
            variable.role = SlotRole::Iteration;
            variable.slot = "iteration";
        } else if (i == 1 && state.dialect == KerasGeneration::Keras3
            && isFloating(variable.value.dtype())
            && !network::jsonMember(state.config, "learning_rate").is_object()) {
            variable.role = SlotRole::LearningRate;
            variable.slot = "learning_rate";
        }
    }
}

/// Weights of layers of unknown classes: whether they are trained is a guess.
std::vector<WeightIndex> uncertainWeights(const Network& network)
{
    std::vector<WeightIndex> found;
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>&) {
        if (!layer.isModel() && !variableLayout(layer, network.generation))
            found.insert(found.end(), layer.weights.begin(), layer.weights.end());
    });
    return found;
}

/// The names of slots contain the names of their weights: "Adam/m/odd/k:0",
/// "adam/odd_k_momentum". Sets `trainable` of the uncertain weights by that.
void believeSlotNames(
    Network& network, const OptimizerState& state, const std::vector<WeightIndex>& uncertain)
{
    for (const WeightIndex index : uncertain) {
        Weight& weight = network.weights[index];
        std::string name = weight.path.substr(0, weight.path.rfind(':'));
        if (state.dialect == KerasGeneration::Keras3)
            std::replace(name.begin(), name.end(), '/', '_');
        weight.trainable = std::any_of(
            state.variables.begin(), state.variables.end(), [&](const OptimizerVariable& variable) {
                return variable.name.find(name) != std::string::npos;
            });
    }
}

/// Finds the order that the variables stand in and applies it.
bool interpretSlots(const Network& network, OptimizerState& state)
{
    const auto all = candidates(state, trainableWeightsOf(network));
    const auto chosen = std::find_if(
        all.begin(), all.end(), [&](const Slots& slots) { return fits(slots, state); });
    if (chosen == all.end())
        return false;
    apply(*chosen, trainableWeights(network), state);
    return true;
}

bool interpretByNames(Network& network, OptimizerState& state)
{
    const auto uncertain = uncertainWeights(network);
    if (uncertain.empty())
        return false;
    const std::vector<Weight> before = network.weights;
    believeSlotNames(network, state, uncertain);
    if (interpretSlots(network, state))
        return true;
    network.weights = before;
    return false;
}

/// TensorFlow's objects of Keras 2 keep some numbers beside the list of variables (a loss scale,
/// Nadam's product). They come with their meaning, behind the others.
std::vector<OptimizerVariable> takeWhatStandsBeside(OptimizerState& state)
{
    const auto isBeside = [&state](const OptimizerVariable& variable) {
        return state.dialect != KerasGeneration::Keras3 && variable.role == SlotRole::Scalar
            && !variable.slot.empty();
    };
    const auto last = std::find_if_not(state.variables.rbegin(), state.variables.rend(), isBeside);
    std::vector<OptimizerVariable> beside(last.base(), state.variables.end());
    state.variables.erase(last.base(), state.variables.end());
    return beside;
}

} // namespace

void interpretOptimizer(Network& network, OptimizerState& state)
{
    const std::vector<OptimizerVariable> beside = takeWhatStandsBeside(state);
    if (!interpretSlots(network, state) && !interpretByNames(network, state)) {
        applyHead(state);
        const std::vector<TrainableWeight> weights = trainableWeightsOf(network);
        const bool isKnown
            = optimizerLayout(state.className, state.config, state.dialect, weights).has_value();
        const std::size_t heads = state.dialect == KerasGeneration::Keras3 ? 2 : 1;
        if (state.variables.size() > heads)
            network.problems.push_back({ Severity::Warning, "optimizer",
                !isKnown ? "The order of the variables of '" + state.className + "' is not known."
                         : "Its " + std::to_string(state.variables.size())
                        + " variables do not fit " + state.className + " over "
                        + std::to_string(weights.size()) + " trained weights.",
                "They are kept and saved as they are; training cannot continue with them." });
    }
    for (const OptimizerVariable& variable : state.variables)
        if (variable.role == SlotRole::Iteration)
            state.iterations = readCount(variable.value);
    state.variables.insert(state.variables.end(), beside.begin(), beside.end());
}

} // namespace layerscope
