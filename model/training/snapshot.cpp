#include "model/network/optimizer_layout.h"
#include "model/training/optimizer_names.h"
#include "model/training/trainer_state.h"

namespace layerscope::training {
namespace {

Tensor counter(std::int64_t value, DType type)
{
    auto converted = Tensor::scalar<std::int64_t>(value).converted(type);
    return converted ? *std::move(converted) : Tensor::scalar<std::int64_t>(value);
}

Result<StoredTensor> scalarLike(const StoredTensor& old, double value)
{
    TRY(Tensor tensor, Tensor::zeros(DType::Float64, old.shape()));
    for (double& element : tensor.mutableValuesAs<double>())
        element = value;
    TRY(Tensor typed, tensor.converted(old.dtype()));
    return StoredTensor(std::move(typed));
}

/// The configuration of the optimizer itself, inside a loss-scale wrapper if there is one.
Json* innerConfig(Json& optimizer)
{
    if (!optimizer.is_object() || !optimizer.contains("config") || !optimizer["config"].is_object())
        return nullptr;
    Json& config = optimizer["config"];
    for (const char* key : { "inner_optimizer", "optimizer" }) {
        if (config.contains(key) && config[key].is_object())
            return innerConfig(config[key]);
    }
    return &config;
}

void setRate(Json& optimizer, double rate)
{
    Json* config = innerConfig(optimizer);
    if (!config)
        return;
    const bool isOld = config->contains("lr") && !config->contains("learning_rate");
    (*config)[isOld ? "lr" : "learning_rate"] = rate;
}

} // namespace

Result<OptimizerState> Trainer::State::freshOptimizerState() const
{
    OptimizerState state;
    const Settings& settings = m_optimizer.settings();
    state.className = m_optimizer.className();
    state.dialect = m_optimizer.dialect();
    state.config = settings.config();
    if (!state.config.contains("learning_rate") && !m_optimizer.hasSchedule())
        state.config["learning_rate"] = m_memory->counters.learningRate;
    const auto layout = optimizerLayout(
        state.className, state.config, state.dialect, trainableWeightsOf(m_original));
    if (!layout)
        return state;
    const std::vector<WeightIndex> trainable = trainableWeights(m_original);
    const OptimizerNames names(state);
    for (const OptimizerSlotSpec& spec : *layout) {
        OptimizerVariable variable;
        variable.role = spec.role;
        variable.slot = spec.slot;
        const Weight* weight = nullptr;
        if (spec.variable) {
            variable.weight = trainable[*spec.variable];
            weight = &m_original.weights[*variable.weight];
        }
        variable.name = variable.path = names.nameOf(spec, weight);
        TRY(const StateBuffer initial, StateBuffer::filled(spec.dtype, spec.shape, spec.initial));
        TRY(Tensor tensor, initial.tensor());
        variable.value = StoredTensor(std::move(tensor));
        state.variables.push_back(std::move(variable));
    }
    return state;
}

Result<OptimizerState> Trainer::State::optimizerState(const Network& target) const
{
    OptimizerState state;
    if (m_memory->resumes && target.optimizer) {
        state = *target.optimizer;
        bool hasSlots = false;
        for (const OptimizerVariable& variable : state.variables)
            hasSlots = hasSlots || variable.role == SlotRole::Slot;
        if (!hasSlots && !m_memory->slotList.empty()) {
            TRY(state, freshOptimizerState()); // was never trained: it has no slots yet
        }
    } else {
        TRY(state, freshOptimizerState());
    }
    const OptimizerCounters& counters = m_memory->counters;
    const bool counts = std::any_of(state.variables.begin(), state.variables.end(),
        [](const OptimizerVariable& v) { return v.role == SlotRole::Iteration; });
    if (counts || state.iterations) // old files hold slots and no count
        state.iterations = counters.iterations;
    std::map<std::pair<std::string, WeightIndex>, std::size_t> places;
    for (std::size_t i = 0; i < m_memory->slotList.size(); ++i)
        places[{ m_memory->slotList[i].name, m_memory->slotList[i].weight }] = i;
    for (OptimizerVariable& variable : state.variables) {
        if (variable.role == SlotRole::Iteration) {
            variable.value = StoredTensor(counter(counters.iterations, variable.value.dtype()));
        } else if (variable.role == SlotRole::LearningRate && !m_optimizer.hasSchedule()) {
            TRY(variable.value, scalarLike(variable.value, counters.learningRate));
        } else if (variable.slot == "u_product") {
            TRY(variable.value, scalarLike(variable.value, counters.product));
        } else if (variable.slot == "dynamic_scale") {
            TRY(variable.value, scalarLike(variable.value, counters.lossScale));
        } else if (variable.slot == "step_counter") {
            TRY(variable.value,
                scalarLike(variable.value, static_cast<double>(counters.goodSteps)));
        } else if (variable.role == SlotRole::Slot && variable.weight) {
            const auto found = places.find({ variable.slot, *variable.weight });
            if (found == places.end())
                continue;
            TRY(Tensor tensor, m_memory->buffers[found->second].tensor());
            // Kept in the type of the file, should it differ from the weight's.
            TRY(Tensor typed, tensor.converted(variable.value.dtype()));
            variable.value = StoredTensor(std::move(typed));
        }
    }
    return state;
}

void Trainer::State::writeSettings(Network& target) const
{
    const bool chose = m_options.optimizer || m_options.loss || m_options.metrics;
    if (target.training && !chose && !m_rateChanged)
        return; // letter for letter as the file had it
    Json setup = target.training ? target.training->source.value() : Json::object();
    if (!setup.is_object())
        setup = Json::object();
    const bool isArchive = target.file.format.starts_with("keras");
    const std::string key = setup.contains("optimizer") ? "optimizer"
        : setup.contains("optimizer_config")            ? "optimizer_config"
        : isArchive                                     ? "optimizer"
                                                        : "optimizer_config";
    if (m_options.optimizer || !setup.contains(key) || !setup[key].is_object()) {
        const bool isNew2 = m_optimizer.dialect() == KerasGeneration::Keras2 && !isArchive;
        Json config = m_optimizer.settings().config();
        if (!config.contains("name"))
            config["name"] = m_optimizer.className();
        if (!config.contains("learning_rate") && !config.contains("lr"))
            config["learning_rate"] = m_memory->counters.learningRate;
        if (m_optimizer.dialect() == KerasGeneration::Keras2)
            config["is_legacy_optimizer"] = false;
        setup[key] = Json{ { "class_name", (isNew2 ? "Custom>" : "") + m_optimizer.className() },
            { "config", std::move(config) } };
    }
    if (m_rateChanged)
        setRate(setup[key], m_memory->counters.learningRate);
    if (m_options.loss)
        setup["loss"] = *m_options.loss;
    if (m_options.metrics) {
        setup["metrics"] = *m_options.metrics;
        setup["weighted_metrics"] = nullptr;
    }
    for (const char* optional : { "loss", "metrics", "weighted_metrics", "loss_weights" }) {
        if (!setup.contains(optional))
            setup[optional] = nullptr;
    }
    target.training = TrainingSetup{ JsonText(std::move(setup)) };
}

Result<Network> Trainer::State::snapshot() const
{
    Network result = m_original;
    for (std::size_t i = 0; i < result.weights.size(); ++i) {
        if (!m_weights->weights[i].data())
            continue; // not a number
        TRY(Tensor tensor, m_weights->weights[i].tensor());
        result.weights[i].value = StoredTensor(std::move(tensor));
    }
    TRY(OptimizerState state, optimizerState(result));
    if (m_rateChanged) {
        Json wrapped{ { "class_name", state.className }, { "config", state.config } };
        setRate(wrapped, m_memory->counters.learningRate);
        state.config = wrapped["config"];
        const bool has = std::any_of(state.variables.begin(), state.variables.end(),
            [](const OptimizerVariable& v) { return v.role == SlotRole::LearningRate; });
        if (!has && state.dialect == KerasGeneration::Keras3 && !state.variables.empty()) {
            // A schedule had no variable of its own; a constant rate has.
            OptimizerVariable rate;
            rate.role = SlotRole::LearningRate;
            rate.slot = "learning_rate";
            rate.name = rate.path = OptimizerNames(state).nameOf(
                { SlotRole::LearningRate, "learning_rate", {}, DType::Float32, {}, 0 }, nullptr);
            rate.value
                = StoredTensor(Tensor::scalar(static_cast<float>(m_memory->counters.learningRate)));
            state.variables.insert(state.variables.begin() + 1, std::move(rate));
        }
    }
    result.optimizer = std::move(state);
    writeSettings(result);
    result.history = m_history;
    return result;
}

} // namespace layerscope::training
