#include "model/formats/keras_v3_file.h"
#include "model/network/optimizer_layout.h"
#include "model/network/variable_layout.h"

#include <array>

namespace layerscope::formats {

namespace {

constexpr std::array<std::string_view, 17> optimizerNames{ "SGD", "RMSprop", "Adam", "AdamW",
    "Adamax", "Nadam", "Adagrad", "Adadelta", "Ftrl", "Lion", "Adafactor", "Lamb", "Muon",
    "ScheduleFreeAdamW", "LossScaleOptimizer", "MultiOptimizer", "FTRL" };

/// "rm_sprop_1", as Keras 3 names its optimizers, as RMSprop; empty where it is somebody's own.
std::string classOfInstance(std::string_view instance)
{
    const std::size_t digits = instance.find_last_not_of("0123456789");
    if (digits != std::string_view::npos && instance[digits] == '_')
        instance = instance.substr(0, digits);
    for (const std::string_view name : optimizerNames)
        if (snakeCase(name) == instance)
            return std::string(name);
    return {};
}

/// A mixed_float16 model is trained with a loss-scale wrapper around the optimizer that it was
/// compiled with; the settings do not say so, the groups do.
void unhideWrapper(OptimizerState& state, const Json& setting)
{
    const bool isKeras3 = state.dialect == KerasGeneration::Keras3;
    state.className = isKeras3 ? "LossScaleOptimizer" : "LossScaleOptimizerV3";
    Json config = Json::object();
    if (isKeras3)
        config["name"] = "loss_scale_optimizer";
    config["inner_optimizer"] = setting;
    if (!isKeras3)
        config["dynamic"] = true;
    config["initial_scale"] = 32768.0;
    config["dynamic_growth_steps"] = 2000;
    state.config = std::move(config);
}

/// What Keras would call a variable; the file counts them only.
std::string nameOf(
    const Network& network, const OptimizerState& state, const OptimizerVariable& variable)
{
    const bool isKeras3 = state.dialect == KerasGeneration::Keras3;
    if (variable.role == SlotRole::Unknown || variable.slot.empty())
        return variable.path;
    const std::string prefix = snakeCase(plainOptimizerName(state.className)) + "/";
    if (!variable.weight)
        return isKeras3 ? prefix + variable.slot : variable.slot + ":0";
    std::string path = network.weights[*variable.weight].path;
    if (isKeras3) {
        std::ranges::replace(path, '/', '_');
        return prefix + path + "_" + variable.slot;
    }
    const std::string optimizer = plainOptimizerName(state.className);
    std::string slot = variable.slot;
    if (slot == "velocity_hat")
        slot = "vhat";
    else if (slot == "norm")
        slot = "u";
    else if (optimizer != "RMSprop" && (slot == "momentum" || slot == "velocity"))
        slot = slot.substr(0, 1);
    return slot + "/" + path;
}

/// In a file of weights alone it is not known which weight a slot belongs to: the order of layers
/// is not in it.
void readHead(OptimizerState& state)
{
    if (state.variables.empty())
        return;
    OptimizerVariable& first = state.variables[0];
    if (first.value.dtype() != DType::Int64 || !first.value.shape().empty())
        return;
    first.role = SlotRole::Iteration;
    first.slot = "iteration";
    if (const auto count = first.value.load())
        state.iterations = count->valuesAs<std::int64_t>()[0];
    if (state.dialect != KerasGeneration::Keras3 || state.variables.size() < 2)
        return;
    OptimizerVariable& second = state.variables[1];
    if (second.value.shape().empty() && isFloating(second.value.dtype())) {
        second.role = SlotRole::LearningRate;
        second.slot = "learning_rate";
    }
}

void noteMissing(Network& network, const OptimizerState& state)
{
    const bool isLegacy = state.dialect == KerasGeneration::Legacy;
    network.problems.push_back({ Severity::Note, std::string(v3OptimizerGroup),
        isLegacy ? "The model was compiled with an optimizer of Keras 2.10, whose state Keras does "
                   "not keep in .keras files."
                 : "The file says how the model was compiled, but holds no optimizer state.",
        "Training starts the optimizer afresh." });
}

} // namespace

void readV3Optimizer(Network& network, V3Carried& carried)
{
    const Json setting = network.training ? network.training->optimizer() : Json();
    const V3Group* const group = carried.root.find(v3OptimizerGroup);
    carried.hasOptimizer = group != nullptr;
    const bool hasState = group != nullptr && !group->variables.empty();
    if (!setting.is_object() && !hasState)
        return;
    OptimizerState state;
    state.dialect = optimizerDialect(setting, network.generation);
    if (setting.is_object()) {
        const auto className = setting.find("class_name");
        if (className != setting.end() && className->is_string())
            state.className = plainOptimizerName(className->get_ref<const std::string&>());
        if (const auto config = setting.find("config"); config != setting.end())
            state.config = *config;
    } else {
        state.dialect = network.generation;
        state.className = classOfInstance(group->instance);
        if (network.training || !network.file.weightsOnly)
            network.problems.push_back({ Severity::Warning, std::string(v3OptimizerGroup),
                "The file holds an optimizer's state, but its settings do not name the optimizer.",
                "Keras starts a new one; choose the optimizer before training here." });
    }
    if (!hasState)
        noteMissing(network, state);
    else
        for (const V3Array& array : group->variables) {
            state.variables.push_back(
                { {}, array.path, SlotRole::Unknown, {}, std::nullopt, array.asRead });
            carried.optimizer.push_back(array);
        }
    const bool isWrapped = hasState
        && (group->find("inner_optimizer") != nullptr || group->find("_optimizer") != nullptr);
    if (isWrapped && setting.is_object()
        && plainOptimizerName(state.className) != "LossScaleOptimizer")
        unhideWrapper(state, setting);
    if (network.file.weightsOnly)
        readHead(state);
    else
        interpretOptimizer(network, state);
    for (OptimizerVariable& variable : state.variables)
        variable.name = nameOf(network, state, variable);
    carried.iterations = state.iterations;
    network.optimizer = std::move(state);
}

} // namespace layerscope::formats
