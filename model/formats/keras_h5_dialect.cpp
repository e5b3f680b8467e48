#include "model/formats/keras_h5_dialect.h"

namespace layerscope::formats {

namespace {

/// What the slots are called in file names: Keras 3's name, then 2.11's, then the one before.
struct SlotNames
{
    std::string_view optimizer; // empty: of every optimizer
    std::string_view slot;
    std::string_view keras2;
    std::string_view legacy;
};

constexpr std::array<SlotNames, 8> slotNames{ {
    { "Adamax", "norm", "u", "v" },
    { "RMSprop", "velocity", "velocity", "rms" },
    { "RMSprop", "momentum", "momentum", "momentum" },
    { "RMSprop", "average_gradient", "average_gradient", "mg" },
    { "SGD", "momentum", "m", "momentum" },
    { "", "momentum", "m", "m" },
    { "", "velocity", "v", "v" },
    { "", "velocity_hat", "vhat", "vhat" },
} };

std::string slotName(const std::string& optimizer, const std::string& slot, bool legacy)
{
    for (const SlotNames& names : slotNames)
        if (names.slot == slot && (names.optimizer.empty() || names.optimizer == optimizer))
            return std::string(legacy ? names.legacy : names.keras2);
    if (legacy && slot == "accumulated_grad")
        return "accum_grad";
    return legacy && slot == "accumulated_delta_var" ? "accum_var" : slot;
}

std::string lowerSnake(const std::string& optimizer)
{
    return optimizer == "RMSprop" ? "rm_sprop" : [&] {
        std::string text;
        for (std::size_t i = 0; i < optimizer.size(); ++i) {
            const bool isUpper = optimizer[i] >= 'A' && optimizer[i] <= 'Z';
            const bool nextIsLower
                = i + 1 < optimizer.size() && optimizer[i + 1] >= 'a' && optimizer[i + 1] <= 'z';
            if (isUpper && i > 0 && nextIsLower)
                text += '_';
            text += isUpper ? static_cast<char>(optimizer[i] - 'A' + 'a') : optimizer[i];
        }
        return text;
    }();
}

/// The name under which a variable is stored, as Keras would call it.
std::string variableName(
    const Network& network, const OptimizerState& state, const OptimizerVariable& variable)
{
    const bool keras3 = state.dialect == KerasGeneration::Keras3;
    const bool legacy = !keras3 && state.dialect != KerasGeneration::Keras2;
    const std::string& optimizer = state.className;
    if (!variable.weight || *variable.weight >= network.weights.size()) {
        if (keras3)
            return lowerSnake(optimizer) + "/"
                + (variable.slot.empty() ? "variable" : variable.slot);
        if (variable.role == SlotRole::Iteration)
            return legacy ? optimizer + "/iter:0" : "iteration:0";
        return optimizer + "/" + (variable.slot == "u_product" ? "momentum_cache" : variable.slot)
            + ":0";
    }
    std::string path = network.weights[*variable.weight].path;
    if (keras3) {
        std::ranges::replace(path, '/', '_');
        return lowerSnake(optimizer) + "/" + path + "_" + variable.slot;
    }
    const bool hasNumber = path.ends_with(":0");
    const std::string stem = hasNumber ? path.substr(0, path.size() - 2) : path;
    const std::string slot = slotName(optimizer, variable.slot, legacy);
    return legacy ? optimizer + "/" + stem + "/" + slot + ":0"
                  : optimizer + "/" + slot + "/" + stem + ":0";
}

/// Names those variables that have none: new ones, and those of another dialect.
void nameVariables(const Network& network, OptimizerState& state)
{
    for (OptimizerVariable& variable : state.variables)
        if (variable.name.empty())
            variable.name = variable.path = variableName(network, state, variable);
}

/// The set-up with the optimizer's part replaced, under the key that .h5 files use.
TrainingSetup withOptimizer(const TrainingSetup& training, const Json& optimizer)
{
    Json renamed = Json::object();
    for (const auto& [key, value] : training.source.value().items())
        renamed[key == "optimizer" ? "optimizer_config" : key] = value;
    renamed["optimizer_config"] = optimizer;
    return { JsonText(std::move(renamed)) };
}

} // namespace

Result<H5Target> targetFor(
    const Network& network, const std::string& format, OptimizerInFile optimizer)
{
    H5Target target;
    target.format = format;
    if (format == "h5-weights")
        return target;
    target.training = network.training;
    if (optimizer == OptimizerInFile::Keep)
        target.optimizer = network.optimizer;
    if (format == "h5" && target.optimizer && !target.optimizer->variables.empty())
        target.remarks.emplace_back("Keras 3 does not restore an optimizer's state from .h5 files, "
                                    "its own included; the state is in the file all the same.");
    const H5Carried* const carried = carriedH5(network);
    if (carried != nullptr && carried->format != format)
        target.kerasVersion = network.file.kerasVersion;
    if (target.training && target.training->source.value().contains("optimizer"))
        target.training = withOptimizer(*target.training, target.training->optimizer());
    if (target.optimizer)
        nameVariables(network, *target.optimizer);
    return target;
}

} // namespace layerscope::formats
