#include "model/crossing/config_values.h"
#include "model/crossing/json_access.h"
#include "model/crossing/optimizer.h"
#include "model/crossing/tf_keras.h"
#include "model/network/optimizer_layout.h"

#include <algorithm>
#include <array>

namespace layerscope::crossing {

namespace {

using std::string_view;

/// What both Keras 2.11 and Keras 3 take: the base's own keys, then hyper-parameters.
constexpr std::array commonKeys{ string_view("name"), string_view("learning_rate"),
    string_view("weight_decay"), string_view("clipnorm"), string_view("global_clipnorm"),
    string_view("clipvalue"), string_view("use_ema"), string_view("ema_momentum"),
    string_view("ema_overwrite_frequency"), string_view("beta_1"), string_view("beta_2"),
    string_view("epsilon"), string_view("amsgrad"), string_view("rho"), string_view("momentum"),
    string_view("centered"), string_view("nesterov"), string_view("initial_accumulator_value"),
    string_view("learning_rate_power"), string_view("l1_regularization_strength"),
    string_view("l2_regularization_strength"), string_view("l2_shrinkage_regularization_strength"),
    string_view("beta"), string_view("beta_2_decay"), string_view("epsilon_1"),
    string_view("epsilon_2"), string_view("clip_threshold"), string_view("relative_step") };

constexpr std::array keras3Optimizers{ string_view("Lamb"), string_view("Muon"),
    string_view("ScheduleFreeAdamW"), string_view("MultiOptimizer") };

constexpr std::array knownToLegacy{ string_view("SGD"), string_view("RMSprop"), string_view("Adam"),
    string_view("Adamax"), string_view("Nadam"), string_view("Adagrad"), string_view("Adadelta"),
    string_view("Ftrl") };

bool isAmong(const auto& list, string_view name)
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

bool isNew(KerasGeneration generation)
{
    return generation == KerasGeneration::Keras2 || generation == KerasGeneration::Keras3;
}

/// Epsilon stands inside the root from 2.11 on, and outside before: sqrt(v + e²) and sqrt(v) + e
/// agree where v is 0 and where it is large.
bool epsilonMoves(const std::string& name, const Json& config)
{
    return name == "Adagrad" || (name == "RMSprop" && numberAt(config, "momentum", 0) == 0);
}

class OptimizerConfig
{
public:
    OptimizerConfig(
        std::string name, Json config, KerasGeneration from, KerasGeneration to, Journey& journey)
        : m_name(std::move(name))
        , m_config(config.is_object() ? std::move(config) : Json::object())
        , m_from(from)
        , m_to(to)
        , m_journey(journey)
    {
    }

    /// Nothing where the target has no such optimizer.
    std::optional<Json> run(const OptimizerState* state)
    {
        if (!isPossible())
            return std::nullopt;
        takeLearningRate(state);
        if (isNew(m_to) && !isNew(m_from))
            renew();
        if (m_to == KerasGeneration::Keras3)
            toKeras3();
        else if (m_to == KerasGeneration::Keras2)
            toKeras2();
        else if (isNew(m_from))
            toLegacy();
        schedule();
        return object();
    }

private:
    bool refuse(const std::string& what)
    {
        m_journey.remark(
            "The model can be saved only without loss, metrics and optimizer: " + what + ".");
        return false;
    }

    bool isPossible()
    {
        const std::string place = m_to == KerasGeneration::Keras3 ? "in Keras 3"
            : m_to == KerasGeneration::Keras2                     ? "in Keras 2"
                                                                  : "before Keras 2.11";
        if (m_to != KerasGeneration::Keras3 && isAmong(keras3Optimizers, m_name))
            return refuse("there is no optimizer " + m_name + " " + place);
        if (m_to != KerasGeneration::Keras3 && m_from == KerasGeneration::Keras3
            && numberAt(m_config, "gradient_accumulation_steps", 0) > 0)
            return refuse("gradients cannot be accumulated over several steps " + place);
        if (m_to == KerasGeneration::Legacy && isNew(m_from)) {
            if (!isAmong(knownToLegacy, m_name))
                return refuse("there is no optimizer " + m_name + " " + place);
            for (const char* key : { "weight_decay", "use_ema" })
                if (isSet(m_config, key))
                    return refuse(
                        "its optimizer's " + std::string(key) + " does not exist " + place);
        }
        return true;
    }

    /// Keras 3 keeps the present rate in a variable; the configuration's may be old.
    void takeLearningRate(const OptimizerState* state)
    {
        rename(m_config, "lr", "learning_rate");
        if (state == nullptr || m_from != KerasGeneration::Keras3 || m_to == KerasGeneration::Keras3
            || !member(m_config, "learning_rate").is_number())
            return;
        for (const OptimizerVariable& variable : state->variables) {
            if (variable.role != SlotRole::LearningRate || variable.value.count() != 1)
                continue;
            const auto tensor = variable.value.load();
            const auto wide = tensor ? tensor->converted(DType::Float64) : tensor;
            if (wide)
                m_config["learning_rate"] = wide->valuesAs<double>()[0];
        }
    }

    /// From optimizers of Keras 2.10 and before.
    void renew()
    {
        const double decay = numberAt(m_config, "decay", 0);
        m_config.erase("decay");
        if (decay > 0 && m_name != "Nadam" && member(m_config, "learning_rate").is_number()) {
            m_config["learning_rate"] = Json{ { "class_name", "InverseTimeDecay" },
                { "config",
                    { { "initial_learning_rate", m_config["learning_rate"] }, { "decay_steps", 1 },
                        { "decay_rate", decay }, { "staircase", false },
                        { "name", "InverseTimeDecay" } } } };
            m_journey.remark("The decay of the learning rate became an InverseTimeDecay schedule, "
                             "which gives the same rates.");
        } else if (decay > 0 && m_name != "Nadam") {
            m_journey.remark("The optimizer had a decay beside its schedule; it was left out, and "
                             "the learning rate falls more slowly.");
        }
        if (m_config.contains("epsilon") && m_config["epsilon"].is_null())
            m_config["epsilon"] = 1e-7;
        if (epsilonMoves(m_name, m_config)) {
            const double epsilon = numberAt(m_config, "epsilon", 1e-7);
            m_config["epsilon"] = epsilon * epsilon;
            m_journey.remark("The optimizer's epsilon was squared: it stands inside the root from "
                             "Keras 2.11 on.");
        }
        if (m_name == "Nadam")
            m_journey.remark("Nadam's momentum schedule differs from Keras 2.11 on; training will "
                             "not follow the old run exactly.");
        if (isSet(m_config, "clipvalue") + isSet(m_config, "clipnorm")
                + isSet(m_config, "global_clipnorm")
            > 1)
            m_journey.remark("Several kinds of gradient clipping are set; from Keras 2.11 on only "
                             "one of them works.");
    }

    /// Keras 3 rejects keys that it does not know; both sides share all but a few.
    void keepCommonKeys()
    {
        Json kept = Json::object();
        for (auto& [key, value] : m_config.items())
            if (isAmong(commonKeys, key))
                kept[key] = std::move(value);
        m_config = std::move(kept);
    }

    void toKeras3()
    {
        if (m_from == KerasGeneration::Keras3)
            return;
        keepCommonKeys();
        if (m_name == "Lion" && !m_config.contains("learning_rate")) // its default changed
            m_config["learning_rate"] = 1e-4;
        if (!m_config.contains("learning_rate") && m_name == "SGD")
            m_config["learning_rate"] = 0.01;
    }

    void toKeras2()
    {
        if (m_from != KerasGeneration::Keras2)
            keepCommonKeys();
        if (m_from == KerasGeneration::Keras3)
            m_config["name"] = m_name;
        m_config["jit_compile"] = flagAt(m_config, "jit_compile");
        m_config["is_legacy_optimizer"] = false;
    }

    void toLegacy()
    {
        keepCommonKeys();
        for (const char* key :
            { "weight_decay", "use_ema", "ema_momentum", "ema_overwrite_frequency" })
            m_config.erase(key);
        for (const char* key : { "clipnorm", "global_clipnorm", "clipvalue" })
            if (m_config.contains(key) && m_config[key].is_null())
                m_config.erase(key);
        m_config["name"] = m_name;
        if (m_name != "Ftrl")
            m_config["decay"] = m_name == "Nadam" ? 0.004 : 0.0;
        // The root of epsilon would agree where v is 0, but change every ordinary step by percents.
        if (epsilonMoves(m_name, m_config))
            m_journey.remark("The optimizer's epsilon stands outside the root before Keras 2.11: "
                             "weights that hardly ever changed take larger steps.");
        if (m_name == "Nadam")
            m_journey.remark("Nadam's momentum schedule differs before Keras 2.11; training will "
                             "not follow the old run exactly.");
    }

    void schedule()
    {
        const auto rate = m_config.find("learning_rate");
        if (rate == m_config.end() || !rate->is_object())
            return;
        // Without a name the first step fails in Keras 3.
        Json& config = (*rate)["config"];
        if (config.is_object() && config.contains("name") && config["name"].is_null())
            config["name"] = textAt(*rate, "class_name");
        if (m_to != KerasGeneration::Keras3)
            dropTfKerasWords(*rate);
        if (m_to == KerasGeneration::Keras3 || m_journey.to.archive()) {
            *rate = crossObject(*rate, m_journey, "keras.optimizers.schedules");
        } else if (m_to == KerasGeneration::Legacy) {
            rate->erase("module");
            rate->erase("registered_name");
        }
    }

    Json object() const
    {
        const bool keras2 = m_to == KerasGeneration::Keras2;
        if (m_journey.to.archive())
            return Json{ { "module",
                             m_to == KerasGeneration::Legacy ? "keras.optimizers.legacy"
                                                             : "keras.optimizers" },
                { "class_name", m_name }, { "config", m_config }, { "registered_name", nullptr } };
        return Json{ { "class_name", (keras2 ? "Custom>" : "") + m_name }, { "config", m_config } };
    }

    std::string m_name;
    Json m_config;
    KerasGeneration m_from;
    KerasGeneration m_to;
    Journey& m_journey;
};

/// The loss scale that Keras 3 has come to, which Keras 2 starts from.
Json presentScale(const Json& config, const OptimizerState* state)
{
    if (state != nullptr)
        for (const OptimizerVariable& variable : state->variables)
            if (variable.slot == "dynamic_scale" && variable.value.count() == 1)
                if (const auto tensor = variable.value.load())
                    if (const auto wide = tensor->converted(DType::Float64))
                        return wide->valuesAs<double>()[0];
    const Json& initial = member(config, "initial_scale");
    return initial.is_number() ? initial : Json(32768.0);
}

Json wrapperObject(const Json& config, Json inner, const OptimizerState* state, Journey& journey)
{
    Json own = Json::object();
    const Json growth = member(config, "dynamic_growth_steps").is_number()
        ? config["dynamic_growth_steps"]
        : Json(2000);
    const bool archive = journey.to.archive();
    if (journey.to.keras3()) {
        own["name"] = "loss_scale_optimizer";
        own["inner_optimizer"] = std::move(inner);
        own["initial_scale"]
            = member(config, "initial_scale").is_number() ? config["initial_scale"] : Json(32768.0);
        own["dynamic_growth_steps"] = growth;
        return archive
            ? Json{ { "module", "keras.optimizers" }, { "class_name", "LossScaleOptimizer" },
                  { "config", std::move(own) }, { "registered_name", nullptr } }
            : Json{ { "class_name", "LossScaleOptimizer" }, { "config", std::move(own) } };
    }
    own["inner_optimizer"] = std::move(inner);
    own["dynamic"] = flagAt(config, "dynamic", true);
    own["initial_scale"] = presentScale(config, state);
    own["dynamic_growth_steps"] = growth;
    const char* name = journey.to.generation == KerasGeneration::Legacy ? "LossScaleOptimizer"
                                                                        : "LossScaleOptimizerV3";
    return archive ? Json{ { "module", "keras.src.mixed_precision.loss_scale_optimizer" },
        { "class_name", name }, { "config", std::move(own) }, { "registered_name", name } }
                   : Json{ { "class_name", name }, { "config", std::move(own) } };
}

} // namespace

std::optional<Json> crossOptimizerConfig(
    const Json& object, KerasGeneration from, const OptimizerState* state, Journey& journey)
{
    const std::string name = plainOptimizerName(textAt(object, "class_name"));
    const Json& config = member(object, "config");
    if (name == "LossScaleOptimizer") {
        const Json& old = member(config, "inner_optimizer");
        const std::string innerName = plainOptimizerName(textAt(old, "class_name"));
        Journey inside = journey;
        inside.to.container = Container::Archive; // inner objects are written in full everywhere
        if (journey.to.generation == KerasGeneration::Legacy)
            inside.to.container = Container::Hdf5;
        const auto inner
            = OptimizerConfig(innerName, member(old, "config"), from, journey.to.generation, inside)
                  .run(state);
        for (const std::string& remark : inside.remarks)
            journey.remark(remark);
        if (!inner)
            return std::nullopt;
        return wrapperObject(config, *inner, state, journey);
    }
    return OptimizerConfig(name, config, from, journey.to.generation, journey).run(state);
}

} // namespace layerscope::crossing
