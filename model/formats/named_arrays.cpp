#include "model/formats/named_arrays.h"

#include <set>
#include <unordered_map>

namespace layerscope::formats {

namespace {

constexpr std::string_view optimizerPrefix = "optimizer/";

/// "encoder/dense/kernel:0" → "encoder/dense"; "encoder.0.weight" → "encoder.0".
std::string layerOf(const std::string& name)
{
    const auto slash = name.rfind('/');
    if (slash != std::string::npos)
        return name.substr(0, slash);
    const auto dot = name.rfind('.');
    return dot != std::string::npos ? name.substr(0, dot) : std::string();
}

/// Whether training leaves a weight of this name alone: averages and counts of normalizations,
/// Keras's and PyTorch's.
bool isNeverTrained(const std::string& name)
{
    for (const std::string_view word : { "moving_mean", "moving_variance", "running_mean",
             "running_var", "running_std", "num_batches_tracked", "seed_generator_state" })
        if (name.find(word) != std::string::npos)
            return true;
    return false;
}

std::optional<std::int64_t> countIn(const StoredTensor& value)
{
    if (!value.shape().empty() || (!isInteger(value.dtype()) && !isFloating(value.dtype())))
        return std::nullopt;
    const auto tensor = value.load();
    const auto number = tensor ? tensor->converted(DType::Int64) : Result<Tensor>(tensor.error());
    return number ? std::optional(number->valuesAs<std::int64_t>()[0]) : std::nullopt;
}

OptimizerVariable optimizerVariable(std::string name, StoredTensor value, OptimizerState& state)
{
    OptimizerVariable variable;
    variable.path = name;
    variable.name = std::move(name);
    const std::string last = variable.name.substr(variable.name.rfind('/') + 1);
    if (!state.iterations
        && (last == "iteration" || last == "iteration:0" || last == "iter" || last == "iter:0"
            || last == "iterations:0")) {
        state.iterations = countIn(value);
        variable.role = SlotRole::Iteration;
    }
    variable.value = std::move(value);
    return variable;
}

/// The count of steps may have been set in the state alone.
StoredTensor valueToWrite(const OptimizerVariable& variable, const OptimizerState& state)
{
    if (variable.role != SlotRole::Iteration || !state.iterations
        || !variable.value.shape().empty())
        return variable.value;
    const auto count = Tensor::scalar(*state.iterations).converted(variable.value.dtype());
    return count ? StoredTensor(*count) : variable.value;
}

/// What a variable is called below "optimizer/". Files of the newer layout number them
/// ("optimizer/vars/0") and tell the name apart.
std::string memberName(const OptimizerVariable& variable)
{
    const std::string& name = variable.name.empty() ? variable.path : variable.name;
    return name.starts_with(optimizerPrefix) ? name : std::string(optimizerPrefix) + name;
}

std::string unusedName(const std::string& wanted, std::set<std::string>& used)
{
    std::string name = wanted;
    for (int i = 1; !used.insert(name).second; ++i)
        name = wanted + "_" + std::to_string(i);
    return name;
}

} // namespace

Network networkOfArrays(NamedArrays arrays)
{
    Network network;
    network.file.weightsOnly = true;
    network.model.kind = LayerKind::Subclassed;
    std::unordered_map<std::string, std::size_t> layers;
    OptimizerState state;
    for (auto& [name, value] : arrays) {
        if (name.starts_with(optimizerPrefix)) {
            state.variables.push_back(
                optimizerVariable(name.substr(optimizerPrefix.size()), std::move(value), state));
            continue;
        }
        const std::string owner = layerOf(name);
        auto& weights = network.model.weights;
        auto* list = &weights;
        if (!owner.empty()) {
            const auto [place, isNew] = layers.emplace(owner, network.model.layers.size());
            if (isNew)
                network.model.layers.emplace_back().name = owner;
            list = &network.model.layers[place->second].weights;
        }
        list->push_back(network.weights.size());
        network.weights.push_back({ name, name, !isNeverTrained(name), std::move(value) });
        if (name.ends_with(":0"))
            network.generation = KerasGeneration::Keras2;
    }
    if (!state.variables.empty())
        network.optimizer = std::move(state);
    return network;
}

NamedArrays arraysOf(const Network& network, OptimizerInFile optimizer)
{
    NamedArrays arrays;
    std::set<std::string> used;
    for (const Weight& weight : network.weights)
        arrays.emplace_back(
            unusedName(weight.path.empty() ? weight.name : weight.path, used), weight.value);
    if (optimizer == OptimizerInFile::Keep && network.optimizer)
        for (const OptimizerVariable& variable : network.optimizer->variables)
            arrays.emplace_back(
                unusedName(memberName(variable), used), valueToWrite(variable, *network.optimizer));
    return arrays;
}

std::vector<std::string> remarksOnArrays(const Network& network, OptimizerInFile optimizer)
{
    std::vector<std::string> remarks;
    if (!network.architecture.isEmpty())
        remarks.emplace_back("The file holds arrays by name alone: the architecture"
            + std::string(network.training ? " and the training set-up stay" : " stays")
            + " behind.");
    std::set<std::string> used;
    std::size_t renamed = 0;
    for (const Weight& weight : network.weights)
        if (const std::string& wanted = weight.path.empty() ? weight.name : weight.path;
            unusedName(wanted, used) != wanted)
            ++renamed;
    if (renamed > 0)
        remarks.push_back(std::to_string(renamed)
            + " weights share their name with another; \"_1\", \"_2\" … was added to theirs.");
    if (optimizer == OptimizerInFile::Keep && !network.optimizer && network.training)
        remarks.emplace_back("The model has no optimizer state to go along.");
    return remarks;
}

} // namespace layerscope::formats
