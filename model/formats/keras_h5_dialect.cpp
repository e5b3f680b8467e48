#include "model/formats/keras_h5_dialect.h"

#include "model/network/optimizer_layout.h"

// Crossing between the two dialects of Keras 2: "Custom>Adam" of 2.11 and later with its slots in
// turn for each variable, and "Adam" of 2.10 and before with all of one slot before the next.

namespace layerscope::formats {

namespace {

constexpr const char* versionOfKeras2 = "2.15.0";
constexpr const char* versionOfLegacy = "2.10.0";

double numberAt(const Json& object, const char* key, double otherwise)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_number() ? found->get<double>()
                                                                             : otherwise;
}

bool isSet(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && !found->is_null() && *found != Json(false);
}

KerasGeneration dialectOf(const std::string& format)
{
    return format == "h5"       ? KerasGeneration::Keras3
        : format == "h5-keras2" ? KerasGeneration::Keras2
                                : KerasGeneration::Legacy;
}

/// Epsilon stands inside the root from 2.11 on, and outside before: sqrt(v + e²) and sqrt(v) + e
/// agree where v is 0 and where it is large.
bool epsilonMoves(const std::string& name, const Json& config)
{
    return name == "Adagrad" || (name == "RMSprop" && numberAt(config, "momentum", 0) == 0);
}

struct Crossing
{
    std::string name; // of the optimizer
    Json config; // in the new dialect
    std::vector<std::string>& remarks;
};

Result<void> toKeras2(Crossing& crossing)
{
    Json& config = crossing.config;
    if (const auto rate = config.find("lr"); rate != config.end()) {
        config["learning_rate"] = *rate;
        config.erase("lr");
    }
    const double decay = numberAt(config, "decay", 0);
    config.erase("decay");
    if (decay > 0 && crossing.name != "Nadam") {
        if (!config.contains("learning_rate") || !config["learning_rate"].is_number())
            return Error(ErrorKind::Unsupported,
                "the optimizer has both a schedule and a decay, which Keras 2.11 cannot express");
        config["learning_rate"] = Json{ { "class_name", "InverseTimeDecay" },
            { "config",
                { { "initial_learning_rate", config["learning_rate"] }, { "decay_steps", 1 },
                    { "decay_rate", decay }, { "staircase", false },
                    { "name", "InverseTimeDecay" } } } };
        crossing.remarks.push_back("The decay of the learning rate became an InverseTimeDecay "
                                   "schedule, which gives the same rates.");
    }
    if (epsilonMoves(crossing.name, config)) {
        const double epsilon = numberAt(config, "epsilon", 1e-7);
        config["epsilon"] = epsilon * epsilon;
        crossing.remarks.push_back("The optimizer's epsilon was squared: it stands inside the root "
                                   "from Keras 2.11 on.");
    }
    if (crossing.name == "Nadam")
        crossing.remarks.push_back("Nadam's momentum schedule differs from Keras 2.11 on; training "
                                   "will not follow the old run exactly.");
    if (isSet(config, "clipvalue") + isSet(config, "clipnorm") + isSet(config, "global_clipnorm")
        > 1)
        crossing.remarks.push_back("Several kinds of gradient clipping are set; from Keras 2.11 on "
                                   "only one of them works.");
    config["jit_compile"] = false;
    config["is_legacy_optimizer"] = false;
    return {};
}

Result<void> toLegacy(Crossing& crossing)
{
    static constexpr std::array<std::string_view, 9> known{ "SGD", "RMSprop", "Adam", "Adamax",
        "Nadam", "Adagrad", "Adadelta", "Ftrl", "FTRL" };
    Json& config = crossing.config;
    if (std::ranges::find(known, crossing.name) == known.end())
        return Error(ErrorKind::Unsupported,
            "the optimizer " + crossing.name
                + " does not exist before Keras 2.11; choose h5-keras2, or drop the optimizer");
    for (const char* key : { "weight_decay", "use_ema" })
        if (isSet(config, key))
            return Error(ErrorKind::Unsupported,
                "the optimizer's " + std::string(key)
                    + " does not exist before Keras 2.11; choose h5-keras2, or drop the optimizer");
    for (const char* key : { "weight_decay", "use_ema", "ema_momentum", "ema_overwrite_frequency",
             "jit_compile", "is_legacy_optimizer" })
        config.erase(key);
    if (const auto rate = config.find("learning_rate"); rate != config.end() && rate->is_object()) {
        rate->erase("module");
        rate->erase("registered_name");
    }
    if (crossing.name != "Ftrl" && crossing.name != "FTRL")
        config["decay"] = crossing.name == "Nadam" ? 0.004 : 0.0;
    // The root of epsilon would agree where v is 0, but change every ordinary step by percents.
    if (epsilonMoves(crossing.name, config))
        crossing.remarks.push_back("The optimizer's epsilon stands outside the root before Keras "
                                   "2.11: weights that hardly ever changed take larger steps.");
    if (crossing.name == "Nadam")
        crossing.remarks.push_back("Nadam's momentum schedule differs before Keras 2.11; training "
                                   "will not follow the old run exactly.");
    return {};
}

/// Nadam's running product as Keras before 2.11 keeps it: over steps s of
/// beta_1 (1 - 0.96^(decay s) / 2).
double momentumCache(const Json& config, std::int64_t iterations)
{
    const double beta = numberAt(config, "beta_1", 0.9);
    const double decay = numberAt(config, "decay", 0.004);
    double product = 1;
    for (std::int64_t step = 1; step <= std::min(iterations, std::int64_t{ 1 } << 20); ++step)
        product *= beta * (1 - 0.5 * std::pow(0.96, decay * static_cast<double>(step)));
    return product;
}

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

void nameVariables(const Network& network, OptimizerState& state, bool all)
{
    for (OptimizerVariable& variable : state.variables)
        if (all || variable.name.empty())
            variable.name = variable.path = variableName(network, state, variable);
}

Result<StoredTensor> filled(const OptimizerSlotSpec& spec, double value)
{
    TRY(Tensor zeros, Tensor::zeros(DType::Float64, spec.shape));
    std::ranges::fill(zeros.mutableValuesAs<double>(), value);
    TRY(Tensor tensor, zeros.converted(spec.dtype));
    return StoredTensor(std::move(tensor));
}

/// The variables of `state` in the order of the new dialect; those it does not have are made new.
Result<std::vector<OptimizerVariable>> reordered(const Network& network,
    const OptimizerState& state, KerasGeneration dialect, const Json& config)
{
    const auto layout
        = optimizerLayout(state.className, config, dialect, trainableWeightsOf(network));
    if (!layout)
        return Error(ErrorKind::Unsupported,
            "the variables of the optimizer '" + state.className
                + "' are not known, so that it cannot be saved in another dialect; drop it, or "
                  "save in the file's own dialect");
    const auto trainable = trainableWeights(network);
    std::vector<OptimizerVariable> variables;
    for (const OptimizerSlotSpec& spec : *layout) {
        OptimizerVariable variable;
        variable.role = spec.role;
        variable.slot = spec.slot;
        if (spec.variable)
            variable.weight = trainable[*spec.variable];
        const auto same = std::ranges::find_if(state.variables, [&](const auto& candidate) {
            return candidate.role == spec.role && candidate.weight == variable.weight
                && (candidate.slot == spec.slot || spec.role == SlotRole::Iteration)
                && candidate.value.shape() == spec.shape;
        });
        const bool isProduct = spec.slot == "u_product";
        if (same != state.variables.end() && !isProduct) {
            variable.value = same->value;
        } else {
            double initial = spec.initial;
            if (isProduct)
                initial = momentumCache(config, state.iterations.value_or(0));
            else if (spec.role == SlotRole::Iteration)
                initial = static_cast<double>(state.iterations.value_or(0));
            TRY(variable.value, filled(spec, initial));
        }
        variables.push_back(std::move(variable));
    }
    return variables;
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

Result<void> cross(const Network& network, KerasGeneration dialect, H5Target& target)
{
    const Json old = target.training->optimizer();
    if (!old.is_object() || !old.contains("class_name") || !old["class_name"].is_string())
        return Error(ErrorKind::Unsupported,
            "the optimizer's configuration is not understood, so that it cannot be saved in "
            "another "
            "dialect");
    const auto inner = old.find("config");
    Crossing crossing{ plainOptimizerName(old["class_name"].get_ref<const std::string&>()),
        inner != old.end() && inner->is_object() ? *inner : Json::object(), target.remarks };
    TRY_DO(dialect == KerasGeneration::Keras2 ? toKeras2(crossing) : toLegacy(crossing));
    const std::string prefix = dialect == KerasGeneration::Keras2 ? "Custom>" : "";
    Json written = old;
    written["class_name"] = prefix + crossing.name;
    written["config"] = crossing.config;
    target.training = withOptimizer(*target.training, written);
    if (!target.optimizer)
        return {};
    OptimizerState& state = *target.optimizer;
    state.dialect = dialect;
    state.config = crossing.config;
    if (!state.variables.empty()) {
        TRY(state.variables, reordered(network, *network.optimizer, dialect, crossing.config));
    }
    nameVariables(network, state, true);
    return {};
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
    const bool ownDialect = carried != nullptr && carried->format == format;
    const KerasGeneration wanted = dialectOf(format);
    if (!ownDialect && wanted != KerasGeneration::Keras3 && wanted != network.generation)
        target.kerasVersion = wanted == KerasGeneration::Keras2 ? versionOfKeras2 : versionOfLegacy;
    if (!target.training)
        return target;

    const Json config = target.training->optimizer();
    const KerasGeneration written = network.optimizer
        ? network.optimizer->dialect
        : optimizerDialect(config, network.generation);
    const bool isKeras2 = wanted != KerasGeneration::Keras3
        && (written == KerasGeneration::Keras2 || written == KerasGeneration::Legacy);
    if (config.is_object() && isKeras2 && written != wanted)
        TRY_DO(cross(network, wanted, target));
    else if (config.is_object() && target.training->source.value().contains("optimizer"))
        target.training = withOptimizer(*target.training, config);
    if (target.optimizer)
        nameVariables(network, *target.optimizer, false);
    return target;
}

} // namespace layerscope::formats
