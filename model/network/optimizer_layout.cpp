#include "model/network/optimizer_layout.h"

#include "model/network/optimizer_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

/// The table of formats.md 1.9: which variables each optimizer has, in the order in which each
/// generation of Keras lists them.
namespace layerscope {

namespace network {

namespace {

using Slots = std::vector<OptimizerSlotSpec>;

struct Rule
{
    const Json& config;
    KerasGeneration dialect;
    const std::vector<TrainableWeight>& weights;
    Slots& slots;

    bool keras3() const { return dialect == KerasGeneration::Keras3; }
    bool keras2() const { return dialect == KerasGeneration::Keras2; }
    bool legacy() const { return !keras3() && !keras2(); }

    double number(const char* key, double otherwise) const
    {
        const Json& value = jsonMember(config, key);
        return value.is_number() ? value.get<double>() : otherwise;
    }
    bool flag(const char* key) const
    {
        const Json& value = jsonMember(config, key);
        return value.is_boolean() && value.get<bool>();
    }

    void scalar(SlotRole role, std::string slot, DType dtype, double initial = 0) const
    {
        slots.push_back({ role, std::move(slot), std::nullopt, dtype, {}, initial });
    }
    void slot(std::size_t variable, std::string name, double initial = 0) const
    {
        const TrainableWeight& weight = weights[variable];
        slots.push_back(
            { SlotRole::Slot, std::move(name), variable, weight.dtype, weight.shape, initial });
    }
    void slot(std::size_t variable, std::string name, Shape shape, DType dtype) const
    {
        slots.push_back({ SlotRole::Slot, std::move(name), variable, dtype, std::move(shape), 0 });
    }
    /// All of one slot, then all of the next: Keras 2 up to 2.10.
    void blocks(std::initializer_list<const char*> names, double initial = 0) const
    {
        for (const char* name : names)
            for (std::size_t v = 0; v < weights.size(); ++v)
                slot(v, name, initial);
    }
    /// For each variable all its slots: Keras 2.11 and later.
    void interleaved(std::initializer_list<const char*> names, double initial = 0) const
    {
        for (std::size_t v = 0; v < weights.size(); ++v)
            for (const char* name : names)
                slot(v, name, initial);
    }
    void momentumAndVelocity() const
    {
        legacy() ? blocks({ "momentum", "velocity" }) : interleaved({ "momentum", "velocity" });
    }
};

void sgd(const Rule& rule)
{
    // Keras 2.11 and later create the momentum whether it is used or not.
    if (rule.keras2() || rule.number("momentum", 0) != 0)
        rule.interleaved({ "momentum" });
}

void rmsprop(const Rule& rule)
{
    rule.blocks({ "velocity" });
    if (rule.number("momentum", 0) > 0)
        rule.blocks({ "momentum" });
    if (rule.flag("centered"))
        rule.blocks({ "average_gradient" });
}

void adam(const Rule& rule)
{
    rule.momentumAndVelocity();
    if (rule.flag("amsgrad"))
        rule.blocks({ "velocity_hat" });
}

void momentumVelocity(const Rule& rule)
{
    rule.momentumAndVelocity();
}

void adamax(const Rule& rule)
{
    rule.legacy() ? rule.blocks({ "momentum", "norm" }) : rule.interleaved({ "momentum", "norm" });
}

void nadam(const Rule& rule)
{
    if (rule.legacy())
        rule.scalar(SlotRole::Scalar, "u_product", DType::Float32, 1);
    rule.momentumAndVelocity();
    if (rule.keras3())
        rule.scalar(SlotRole::Scalar, "u_product",
            rule.weights.empty() ? DType::Float32 : rule.weights.front().dtype, 1);
}

void adagrad(const Rule& rule)
{
    rule.interleaved({ "accumulator" }, rule.number("initial_accumulator_value", 0.1));
}

void adadelta(const Rule& rule)
{
    rule.legacy() ? rule.blocks({ "accumulated_grad", "accumulated_delta_var" })
                  : rule.interleaved({ "accumulated_grad", "accumulated_delta_var" });
}

void ftrl(const Rule& rule)
{
    const double initial = rule.number("initial_accumulator_value", 0.1);
    for (std::size_t v = 0; v < rule.weights.size(); ++v) {
        rule.slot(v, "accumulator", initial);
        rule.slot(v, "linear");
    }
}

void lion(const Rule& rule)
{
    rule.interleaved({ "momentum" });
}

void adafactor(const Rule& rule)
{
    for (std::size_t v = 0; v < rule.weights.size(); ++v) {
        const TrainableWeight& weight = rule.weights[v];
        if (weight.shape.size() >= 2) {
            Shape rows(weight.shape.begin(), weight.shape.end() - 1);
            Shape columns(weight.shape.begin(), weight.shape.end() - 2);
            columns.push_back(weight.shape.back());
            rule.slot(v, "r", std::move(rows), weight.dtype);
            rule.slot(v, "c", std::move(columns), weight.dtype);
        } else if (rule.keras3()) { // placeholders
            rule.slot(v, "r", Shape(), DType::Int32);
            rule.slot(v, "c", Shape(), DType::Int32);
        }
        rule.slot(v, "velocity");
    }
}

bool matches(const std::string& path, const Json& pattern)
{
    if (!pattern.is_string())
        return false;
    const auto& text = pattern.get_ref<const std::string&>();
    try {
        // A crafted pattern must not cost minutes: long ones are compared as plain text.
        if (text.size() <= 64 && path.size() <= 512)
            return std::regex_search(path, std::regex(text));
    } catch (const std::regex_error&) {
        // Python's syntax goes beyond ECMAScript's.
    }
    return path.find(text) != std::string::npos;
}

void muon(const Rule& rule)
{
    for (std::size_t v = 0; v < rule.weights.size(); ++v) {
        rule.slot(v, "momentum");
        if (muonUsesAdam(rule.weights[v], rule.config))
            rule.slot(v, "velocity");
    }
}

using RuleFunction = void (*)(const Rule&);

struct KnownOptimizer
{
    std::string_view name;
    RuleFunction rule;
};

constexpr std::array<KnownOptimizer, 15> knownOptimizers{ {
    { "SGD", sgd },
    { "RMSprop", rmsprop },
    { "Adam", adam },
    { "AdamW", adam },
    { "Adamax", adamax },
    { "Nadam", nadam },
    { "Adagrad", adagrad },
    { "Adadelta", adadelta },
    { "Ftrl", ftrl },
    { "Lion", lion },
    { "Adafactor", adafactor },
    { "Lamb", momentumVelocity },
    { "Muon", muon },
    { "ScheduleFreeAdamW", momentumVelocity },
    { "FTRL", ftrl },
} };

bool hasSchedule(const Json& config)
{
    return jsonMember(config, "learning_rate").is_object();
}

/// What comes before the slots proper: the count of steps, the learning rate, averages and
/// accumulators of gradients.
void addHead(const Rule& rule)
{
    rule.scalar(SlotRole::Iteration, "iteration", DType::Int64);
    if (rule.keras3() && !hasSchedule(rule.config))
        rule.scalar(SlotRole::LearningRate, "learning_rate", DType::Float32,
            rule.number("learning_rate", 0.001));
    if (!rule.legacy() && rule.flag("use_ema"))
        rule.blocks({ "average" });
    if (rule.keras3() && rule.number("gradient_accumulation_steps", 0) > 0)
        rule.blocks({ "gradient_accumulator" });
}

std::optional<Slots> layoutOf(const std::string& className, const Json& config,
    KerasGeneration dialect, const std::vector<TrainableWeight>& weights, int depth);

std::optional<Slots> layoutOfObject(const Json& optimizer, KerasGeneration dialect,
    const std::vector<TrainableWeight>& weights, int depth)
{
    const Json& name = jsonMember(optimizer, "class_name");
    if (!name.is_string() || depth > 4)
        return std::nullopt;
    return layoutOf(plainOptimizerName(name.get_ref<const std::string&>()),
        jsonMember(optimizer, "config"), dialect, weights, depth + 1);
}

std::optional<Slots> lossScaleLayout(const Json& config, KerasGeneration dialect,
    const std::vector<TrainableWeight>& weights, int depth)
{
    const Json& inner = jsonMember(config, "inner_optimizer");
    auto slots = layoutOfObject(
        inner.is_null() ? jsonMember(config, "optimizer") : inner, dialect, weights, depth);
    if (!slots || dialect != KerasGeneration::Keras3)
        return slots;
    Slots own = lossScaleHead(config);
    own.insert(own.end(), slots->begin(), slots->end());
    return own;
}

/// Which of the inner optimizers each variable goes to, as keras.optimizers.OptimizerMap decides:
/// an exact path first, else the one pattern that matches it whole, else the default.
std::optional<Slots> multiLayout(const Json& config, KerasGeneration dialect,
    const std::vector<TrainableWeight>& weights, int depth)
{
    const Json& map = jsonMember(jsonMember(config, "optimizer_map"), "config");
    const Json& byPath = jsonMember(map, "optimizer_map");
    const Json& otherwise = jsonMember(map, "default_optimizer");
    if (!byPath.is_object())
        return std::nullopt;
    std::vector<const Json*> optimizers;
    std::vector<std::string> patterns;
    for (const auto& [pattern, optimizer] : byPath.items()) {
        patterns.push_back(pattern);
        optimizers.push_back(&optimizer);
    }
    optimizers.push_back(&otherwise);

    std::vector<std::vector<std::size_t>> members(optimizers.size());
    for (std::size_t v = 0; v < weights.size(); ++v)
        members[matchingPattern(weights[v].path, patterns)].push_back(v);
    Slots slots;
    const Json nothing = Json::object();
    const Rule own{ nothing, dialect, weights, slots };
    own.scalar(SlotRole::Iteration, "iteration", DType::Int64);
    own.scalar(SlotRole::LearningRate, "learning_rate", DType::Float32);
    for (std::size_t i = 0; i < optimizers.size(); ++i) {
        if (members[i].empty())
            continue;
        std::vector<TrainableWeight> subset;
        for (const std::size_t v : members[i])
            subset.push_back(weights[v]);
        const auto inner = layoutOfObject(*optimizers[i], dialect, subset, depth);
        if (!inner)
            return std::nullopt;
        for (OptimizerSlotSpec spec : *inner) {
            if (spec.variable)
                spec.variable = members[i][*spec.variable];
            slots.push_back(std::move(spec));
        }
    }
    return slots;
}

std::optional<Slots> layoutOf(const std::string& className, const Json& config,
    KerasGeneration dialect, const std::vector<TrainableWeight>& weights, int depth)
{
    const std::string name = plainOptimizerName(className);
    if (name == "LossScaleOptimizer")
        return lossScaleLayout(config, dialect, weights, depth);
    if (name == "MultiOptimizer")
        return multiLayout(config, dialect, weights, depth);
    const auto known = std::find_if(knownOptimizers.begin(), knownOptimizers.end(),
        [&](const KnownOptimizer& candidate) { return candidate.name == name; });
    if (known == knownOptimizers.end())
        return std::nullopt;
    Slots slots;
    const Rule rule{ config, dialect, weights, slots };
    addHead(rule);
    known->rule(rule);
    return slots;
}

} // namespace

const Json& jsonMember(const Json& object, const char* key)
{
    static const Json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(key);
    return found != object.end() ? *found : nothing;
}

bool muonUsesAdam(const TrainableWeight& weight, const Json& config)
{
    if (weight.shape.size() != 2)
        return true;
    std::string lower = weight.path;
    std::transform(lower.begin(), lower.end(), lower.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const Json& embeddings = jsonMember(config, "exclude_embeddings");
    if ((!embeddings.is_boolean() || embeddings.get<bool>())
        && lower.find("embedding") != std::string::npos)
        return true;
    for (const Json& pattern : jsonMember(config, "exclude_layers"))
        if (matches(weight.path, pattern))
            return true;
    return false;
}

std::size_t matchingPattern(const std::string& path, const std::vector<std::string>& patterns)
{
    const auto exact = std::find(patterns.begin(), patterns.end(), path);
    if (exact != patterns.end())
        return static_cast<std::size_t>(exact - patterns.begin());
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        try {
            if (patterns[i].size() <= 64 && path.size() <= 512
                && std::regex_match(path, std::regex(patterns[i])))
                return i;
        } catch (const std::regex_error&) {
            continue;
        }
    }
    return patterns.size();
}

std::vector<OptimizerSlotSpec> lossScaleHead(const Json& config)
{
    const std::vector<TrainableWeight> none;
    Slots slots;
    const Rule rule{ config, KerasGeneration::Keras3, none, slots };
    rule.scalar(SlotRole::Scalar, "wrapper_iteration", DType::Int64);
    rule.scalar(SlotRole::Scalar, "wrapper_learning_rate", DType::Float32);
    rule.scalar(SlotRole::Scalar, "step_counter", DType::Int64);
    rule.scalar(
        SlotRole::Scalar, "dynamic_scale", DType::Float32, rule.number("initial_scale", 32768));
    return slots;
}

} // namespace network

std::optional<std::vector<OptimizerSlotSpec>> optimizerLayout(const std::string& className,
    const Json& config, KerasGeneration dialect, const std::vector<TrainableWeight>& weights)
{
    return network::layoutOf(className, config, dialect, weights, 0);
}

std::vector<TrainableWeight> trainableWeightsOf(const Network& network)
{
    std::vector<TrainableWeight> found;
    for (const WeightIndex index : trainableWeights(network)) {
        const Weight& weight = network.weights[index];
        found.push_back({ weight.value.shape(), weight.value.dtype(),
            weight.path.empty() ? weight.name : weight.path });
    }
    return found;
}

std::string plainOptimizerName(std::string_view className)
{
    std::string name(className.substr(className.rfind('>') + 1));
    if (name.size() > 2 && name[name.size() - 2] == 'V'
        && std::isdigit(static_cast<unsigned char>(name.back())))
        name.resize(name.size() - 2);
    // Keras takes names in any case ("adam").
    const auto sameLetters = [&](std::string_view known) {
        return std::equal(known.begin(), known.end(), name.begin(), name.end(), [](char a, char b) {
            return std::tolower(static_cast<unsigned char>(a))
                == std::tolower(static_cast<unsigned char>(b));
        });
    };
    for (const network::KnownOptimizer& known : network::knownOptimizers)
        if (sameLetters(known.name))
            return std::string(known.name);
    return name;
}

KerasGeneration optimizerDialect(const Json& optimizerConfig, KerasGeneration fileGeneration)
{
    if (fileGeneration == KerasGeneration::Keras3 || fileGeneration == KerasGeneration::Keras1)
        return fileGeneration;
    const auto text = [&](const char* key) {
        const Json& value = network::jsonMember(optimizerConfig, key);
        return value.is_string() ? value.get<std::string>() : std::string();
    };
    const std::string className = text("class_name");
    const std::string module = text("module");
    const Json& config = network::jsonMember(optimizerConfig, "config");
    const Json& legacyMark = network::jsonMember(config, "is_legacy_optimizer");
    if (legacyMark.is_boolean())
        return legacyMark.get<bool>() ? KerasGeneration::Legacy : KerasGeneration::Keras2;
    if (module.find("legacy") != std::string::npos)
        return KerasGeneration::Legacy;
    if (className.starts_with("Custom>") || module.find("experimental") != std::string::npos
        || className == "LossScaleOptimizerV3")
        return KerasGeneration::Keras2;
    if (className.starts_with("LossScaleOptimizer")) {
        const Json& inner = network::jsonMember(config, "inner_optimizer");
        return inner.is_null() ? KerasGeneration::Legacy : optimizerDialect(inner, fileGeneration);
    }
    for (const char* key : { "jit_compile", "use_ema", "global_clipnorm", "ema_momentum" })
        if (config.is_object() && config.contains(key)
            && std::string_view(key) != "global_clipnorm")
            return KerasGeneration::Keras2;
    return KerasGeneration::Legacy;
}

} // namespace layerscope
