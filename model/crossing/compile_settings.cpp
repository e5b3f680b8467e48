#include "model/crossing/compile_settings.h"

#include "model/crossing/config_values.h"
#include "model/crossing/json_access.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace layerscope::crossing {

namespace {

using Names = std::unordered_set<std::string_view>;

/// Other spellings of Keras's own loss and metric functions, as all its versions understand them.
std::string presentFunction(const std::string& name)
{
    static const std::unordered_map<std::string_view, const char*> names{
        { "kullback_leibler_divergence", "kl_divergence" }, { "kld", "kl_divergence" },
        { "KLD", "kl_divergence" }, { "cosine_proximity", "cosine_similarity" },
        { "logcosh", "log_cosh" }
    };
    const auto found = names.find(name);
    return found != names.end() ? found->second : name;
}

/// Short names that mean the same as a long one.
std::string longName(const std::string& name)
{
    static const std::unordered_map<std::string_view, const char*> names{
        { "mse", "mean_squared_error" }, { "mae", "mean_absolute_error" },
        { "mape", "mean_absolute_percentage_error" }, { "msle", "mean_squared_logarithmic_error" },
        { "kld", "kl_divergence" }, { "bce", "binary_crossentropy" }, { "logcosh", "log_cosh" }
    };
    const auto found = names.find(name);
    return found != names.end() ? found->second : name;
}

bool isOwnFunction(const std::string& name)
{
    static const Names names{ "mean_squared_error", "mse", "MSE", "mean_absolute_error", "mae",
        "MAE", "mean_absolute_percentage_error", "mape", "MAPE", "mean_squared_logarithmic_error",
        "msle", "MSLE", "kl_divergence", "cosine_similarity", "log_cosh", "huber", "hinge",
        "squared_hinge", "categorical_hinge", "poisson", "binary_crossentropy", "bce", "BCE",
        "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_focal_crossentropy",
        "categorical_focal_crossentropy", "accuracy", "acc", "binary_accuracy",
        "categorical_accuracy", "sparse_categorical_accuracy", "top_k_categorical_accuracy",
        "sparse_top_k_categorical_accuracy", "crossentropy", "ce", "r2_score" };
    return names.contains(name)
        || (!name.empty() && name[0] >= 'A' && name[0] <= 'Z'
            && name.find('>') == std::string::npos);
}

constexpr std::array keras3Losses{ std::string_view("CTC"), std::string_view("ctc"),
    std::string_view("Dice"), std::string_view("dice"), std::string_view("Tversky"),
    std::string_view("tversky"), std::string_view("Circle"), std::string_view("circle"),
    std::string_view("CategoricalGeneralizedCrossEntropy"),
    std::string_view("categorical_generalized_cross_entropy") };

constexpr std::array keras3Metrics{ std::string_view("ConcordanceCorrelation"),
    std::string_view("PearsonCorrelation") };

bool isAmong(const auto& list, const std::string& name)
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

class TrainingCrossing
{
public:
    TrainingCrossing(const std::map<std::string, std::string>& renamed,
        const std::vector<std::string>& outputs, Journey& journey)
        : m_renamed(renamed)
        , m_outputs(outputs)
        , m_journey(journey)
    {
    }

    /// A loss, or a list or mapping of such.
    Json loss(const Json& value)
    {
        if (value.is_array()) {
            Json items = Json::array();
            for (const Json& item : value)
                items.push_back(loss(item));
            return items;
        }
        if (value.is_string() || textAt(value, "class_name") == "function")
            return function(functionName(value), true);
        if (value.is_object() && value.contains("class_name"))
            return lossObject(value);
        return mapped(value, [this](const Json& item) { return loss(item); });
    }

    Json metrics(const Json& value)
    {
        if (!value.is_array())
            return mapped(value, [this](const Json& item) {
                return item.is_array() ? metrics(item) : metric(item);
            });
        // Keras 2 wraps the list of a single output once more.
        if (m_journey.toKeras3() && value.size() == 1 && value[0].is_array())
            return metrics(value[0]);
        Json items = Json::array();
        for (const Json& item : value) {
            Json crossed = item.is_array() ? metrics(item) : metric(item);
            if (!crossed.is_null())
                items.push_back(std::move(crossed));
        }
        return items;
    }

    Json weights(const Json& value) const
    {
        return mapped(value, [](const Json& item) { return item; });
    }

    bool isPossible() const { return m_possible; }

private:
    template<class Change> Json mapped(const Json& value, const Change& change) const
    {
        if (!value.is_object())
            return value;
        Json items = Json::object();
        for (const auto& [key, item] : value.items()) {
            const auto renamed = m_renamed.find(key);
            items[renamed != m_renamed.end() ? renamed->second : key] = change(item);
        }
        return items;
    }

    Json function(const std::string& name, bool isLoss)
    {
        const std::string present = presentFunction(name);
        if (m_journey.toKeras2() && isLoss && isAmong(keras3Losses, present))
            refuse(present);
        if (isOwnFunction(present) || (m_journey.to.keras3() && isAmong(keras3Losses, present)))
            return Json(present);
        if (m_journey.to.keras3())
            return m_journey.to.archive() ? functionObject(name) : Json(name);
        // Keras 2.15 looks custom functions of archives up by their bare name.
        return m_journey.to.archive() ? functionObject(name.substr(name.rfind('>') + 1))
                                      : Json(name);
    }

    void refuse(const std::string& name)
    {
        m_possible = false;
        m_journey.remark("The loss " + name
            + " exists only in Keras 3; the model was saved "
              "without loss, metrics and optimizer.");
    }

    Json object(Json value, const char* module) const
    {
        if (m_journey.toKeras3() || m_journey.to.archive())
            return crossObject(value, m_journey, module);
        if (m_journey.to.generation == KerasGeneration::Legacy)
            return crossObject(value, m_journey, module);
        value.erase("shared_object_id");
        return value;
    }

    Json lossObject(const Json& value)
    {
        Json changed = value;
        Json& config = changed["config"];
        const std::string className = textAt(value, "class_name");
        if (className == "LossFunctionWrapper" && !functionName(member(config, "fn")).empty())
            return function(functionName(config["fn"]), true);
        if (!config.is_object() || !m_journey.changesGeneration())
            return object(std::move(changed), "keras.losses");
        if (m_journey.from.keras3() && className == "Huber" && !config.contains("delta"))
            m_journey.remark("Keras 3 does not save the delta of a Huber loss; it is 1.0 now.");
        const std::string reduction = textAt(config, "reduction");
        if (m_journey.toKeras3()) {
            config.erase("fn");
            if (reduction == "auto")
                config["reduction"] = "sum_over_batch_size";
        } else {
            if (isAmong(keras3Losses, className))
                refuse(className);
            config.erase("dtype");
            if (reduction == "sum_over_batch_size")
                config["reduction"] = "auto";
            else if (config.contains("reduction") && config["reduction"].is_null())
                config["reduction"] = "none";
            else if (reduction.starts_with("mean")) {
                config["reduction"] = "auto";
                m_journey.remark("The loss is averaged over the number of examples in Keras 2, "
                                 "which differs where examples have weights.");
            }
        }
        return object(std::move(changed), "keras.losses");
    }

    /// The name without the name of the output, which Keras puts before it.
    std::string withoutOutput(const std::string& name) const
    {
        for (const std::string& output : m_outputs)
            if (m_outputs.size() > 1 && name.starts_with(output + "_"))
                return name.substr(output.size() + 1);
        return name;
    }

    Json meanMetric(const Json& config)
    {
        const std::string function = functionName(member(config, "fn"));
        const std::string name = withoutOutput(textAt(config, "name"));
        if (function.ends_with("accuracy") && (name == "accuracy" || name == "acc"))
            return Json("accuracy");
        if (isOwnFunction(function) && (longName(name) == function || name == function))
            return Json(name);
        Json inner = Json::object();
        inner["name"] = name;
        if (member(config, "dtype").is_string())
            inner["dtype"] = config["dtype"];
        inner["fn"] = m_journey.to.keras3() ? functionObject(function) : Json(function);
        return object(
            Json{ { "class_name", "MeanMetricWrapper" }, { "config", inner } }, "keras.metrics");
    }

    Json metric(const Json& value)
    {
        if (value.is_string() || textAt(value, "class_name") == "function")
            return function(functionName(value), false);
        if (!value.is_object())
            return value;
        const std::string className = textAt(value, "class_name");
        if (className == "MeanMetricWrapper" && m_journey.changesGeneration())
            return meanMetric(member(value, "config"));
        if (m_journey.toKeras2() && isAmong(keras3Metrics, className)) {
            m_journey.remark("The metric " + className
                + " exists only in Keras 3 and was left "
                  "out.");
            return {};
        }
        Json changed = value;
        Json& config = changed["config"];
        if (config.is_object() && m_journey.changesGeneration()) {
            config.erase("fn");
            if (config.contains("name") && config["name"].is_string() && m_journey.toKeras3())
                config["name"] = withoutOutput(config["name"].get<std::string>());
            if (auto policy = crossPolicy(member(config, "dtype"), m_journey, className);
                policy && config.contains("dtype"))
                config["dtype"] = m_journey.toKeras2() ? *policy : config["dtype"];
        }
        return object(std::move(changed), "keras.metrics");
    }

    const std::map<std::string, std::string>& m_renamed;
    const std::vector<std::string>& m_outputs;
    Journey& m_journey;
    bool m_possible = true;
};

} // namespace

std::optional<TrainingSetup> crossTraining(const TrainingSetup& training, const Json& optimizer,
    const std::map<std::string, std::string>& renamed, const std::vector<std::string>& outputs,
    Journey& journey)
{
    TrainingCrossing crossing(renamed, outputs, journey);
    const Json& old = training.source.value();
    const bool archive = journey.to.archive();
    Json result = Json::object();
    if (archive && !optimizer.is_null())
        result["optimizer"] = optimizer;
    result["loss"] = crossing.loss(training.loss());
    result["loss_weights"] = crossing.weights(training.lossWeights());
    result["metrics"] = crossing.metrics(training.metrics());
    result["weighted_metrics"] = crossing.metrics(training.weightedMetrics());
    if (!crossing.isPossible())
        return std::nullopt;
    if (journey.to.keras3() || archive) {
        const auto kept = [&](const char* key, const Json& otherwise) {
            const Json& value = member(old, key);
            result[key] = value.is_null() && journey.to.keras3() ? otherwise : value;
        };
        kept("run_eagerly", false);
        kept("steps_per_execution", 1);
        kept("jit_compile", false);
    }
    if (!archive && !optimizer.is_null())
        result["optimizer_config"] = optimizer;
    return TrainingSetup{ JsonText(std::move(result)) };
}

} // namespace layerscope::crossing
