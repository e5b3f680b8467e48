#include "model/training/training_memory.h"

#include "model/network/optimizer_layout.h"

#include <algorithm>
#include <map>

namespace layerscope::training {
namespace {

using Key = std::pair<std::string, WeightIndex>;

Result<double> scalarOf(const OptimizerVariable& variable)
{
    TRY(const Tensor stored, variable.value.load());
    TRY(const Tensor number, stored.converted(DType::Float64));
    return number.count() > 0 ? number.valuesAs<double>()[0] : 0.0;
}

/// The slots that the optimizer has for the trainable weights; placeholders (integers of Adafactor)
/// are left out.
std::vector<std::pair<SlotReference, double>> wantedSlots(
    const Network& network, const Optimizer& optimizer)
{
    std::vector<std::pair<SlotReference, double>> result;
    const std::vector<WeightIndex> trainable = trainableWeights(network);
    const auto layout = optimizerLayout(optimizer.className(), optimizer.settings().config(),
        optimizer.dialect(), trainableWeightsOf(network));
    if (!layout)
        return result;
    for (const OptimizerSlotSpec& spec : *layout) {
        if (spec.role != SlotRole::Slot || !spec.variable || !isFloating(spec.dtype))
            continue;
        result.emplace_back(
            SlotReference{ spec.slot, trainable[*spec.variable], spec.dtype, spec.shape },
            spec.initial);
    }
    return result;
}

Result<StateBuffer> freshSlot(
    const Network& network, const Optimizer& optimizer, const SlotReference& slot, double initial)
{
    const bool averages = slot.name == "average" && !optimizer.settings().isKeras3();
    if (averages || optimizer.rule().startsAsWeight(slot.name)) {
        TRY(const Tensor weight, network.weights[slot.weight].value.load());
        return StateBuffer::holding(weight);
    }
    return StateBuffer::filled(slot.type, slot.shape, initial);
}

/// Nadam's product of momenta where the file does not hold it: it follows from the step count.
double productAfter(const Optimizer& optimizer, std::int64_t iterations)
{
    double product = 1;
    // It soon underflows; a file that claims otherwise must not keep us busy.
    const std::int64_t last = std::min<std::int64_t>(iterations, 100000);
    for (std::int64_t step = 1; step <= last && product != 0; ++step) {
        for (std::int64_t i = 0; i < optimizer.productRepeats; ++i)
            product = Number::rounded(
                product * optimizer.rule().productFactor(step, optimizer.productType),
                optimizer.productType);
    }
    return product;
}

Result<void> readCounters(
    const OptimizerState& state, const Optimizer& optimizer, OptimizerCounters& counters)
{
    counters.iterations = std::max<std::int64_t>(0, state.iterations.value_or(0));
    bool hasProduct = false;
    for (const OptimizerVariable& variable : state.variables) {
        const bool isRate = variable.role == SlotRole::LearningRate;
        if (!isRate && variable.role != SlotRole::Scalar)
            continue;
        TRY(const double value, scalarOf(variable));
        if (isRate) {
            counters.learningRate = value;
        } else if (variable.slot == "u_product") {
            counters.product = value;
            hasProduct = true;
        } else if (variable.slot == "dynamic_scale") {
            counters.lossScale = value;
        } else if (variable.slot == "step_counter") {
            counters.goodSteps = static_cast<std::int64_t>(value);
        }
    }
    if (!hasProduct && optimizer.rule().productFactor(1, DType::Float32) != 1)
        counters.product = productAfter(optimizer, counters.iterations);
    return {};
}

/// Why training cannot go on from the stored state; empty if it can.
std::string reasonToStartFresh(const Network& network,
    const std::vector<std::pair<SlotReference, double>>& wanted,
    const std::map<Key, std::size_t>& stored, bool mayResume)
{
    if (!network.optimizer || network.optimizer->variables.empty())
        return "The file holds no optimizer state.";
    if (!mayResume)
        return "Another optimizer was chosen than the file's.";
    std::size_t missing = 0;
    for (const auto& [slot, initial] : wanted) {
        const auto found = stored.find({ slot.name, slot.weight });
        if (found == stored.end()
            || network.optimizer->variables[found->second].value.shape() != slot.shape)
            ++missing;
    }
    const bool wasTrained = network.optimizer->iterations.value_or(0) > 0;
    if (missing == 0 || (stored.empty() && !wasTrained))
        return {};
    return "The file's optimizer variables do not fit its weights (" + std::to_string(missing)
        + " of " + std::to_string(wanted.size()) + " are missing or have another shape).";
}

} // namespace

Result<WeightMemory> WeightMemory::load(const Network& network)
{
    WeightMemory memory;
    for (const Weight& weight : network.weights) {
        auto tensor = weight.value.load();
        if (!tensor)
            return std::move(tensor).error().in(weight.name);
        if (tensor->dtype() == DType::String) {
            memory.weights.emplace_back(); // a vocabulary: nothing computes with it
            continue;
        }
        TRY(StateBuffer buffer, StateBuffer::holding(*tensor));
        memory.weights.push_back(std::move(buffer));
    }
    return memory;
}

Result<OptimizerMemory> OptimizerMemory::create(
    const Network& network, const Optimizer& optimizer, bool mayResume)
{
    OptimizerMemory memory;
    memory.counters = optimizer.freshCounters();
    const auto wanted = wantedSlots(network, optimizer);
    std::map<Key, std::size_t> stored;
    if (network.optimizer) {
        const auto& variables = network.optimizer->variables;
        for (std::size_t i = 0; i < variables.size(); ++i) {
            if (variables[i].role == SlotRole::Slot && variables[i].weight)
                stored[{ variables[i].slot, *variables[i].weight }] = i;
        }
    }
    memory.freshStartReason = reasonToStartFresh(network, wanted, stored, mayResume);
    memory.resumes = memory.freshStartReason.empty();
    if (memory.resumes)
        TRY_DO(readCounters(*network.optimizer, optimizer, memory.counters));
    for (const auto& [slot, initial] : wanted) {
        const auto found = stored.find({ slot.name, slot.weight });
        const bool has = memory.resumes && found != stored.end();
        if (has) {
            TRY(const Tensor value, network.optimizer->variables[found->second].value.load());
            TRY(const Tensor typed, value.converted(slot.type));
            TRY(StateBuffer buffer, StateBuffer::holding(typed));
            memory.buffers.push_back(std::move(buffer));
        } else {
            TRY(StateBuffer buffer, freshSlot(network, optimizer, slot, initial));
            memory.buffers.push_back(std::move(buffer));
        }
        memory.slotList.push_back(slot);
        memory.places.push_back(has ? std::optional(found->second) : std::nullopt);
    }
    return memory;
}

bool usesMixedFloat16(const Network& network)
{
    bool found = false;
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>&) {
        found = found || layer.dtypePolicy == "mixed_float16";
    });
    return found;
}

} // namespace layerscope::training
