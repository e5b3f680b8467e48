#include "model/training/optimizer.h"

#include "model/network/optimizer_layout.h"

#include <algorithm>
#include <cmath>

namespace layerscope::training {
namespace {

/// A number of the configuration that counts when it is set and positive, as Keras's clipping does.
std::optional<double> positive(const Settings& settings, std::string_view key)
{
    const auto number = settings.number(key);
    return number && *number > 0 ? number : std::nullopt;
}

bool isWrapper(const std::string& className)
{
    return className == "LossScaleOptimizer";
}

/// The optimizer inside a loss-scale wrapper, under the names it had over the years.
Json innerOptimizer(const Json& config)
{
    for (const char* key : { "inner_optimizer", "optimizer" }) {
        if (config.is_object() && config.contains(key))
            return config[key];
    }
    return {};
}

} // namespace

Result<Optimizer> Optimizer::create(
    const Json& specification, KerasGeneration dialect, bool mixedPrecision)
{
    NamedObject object = namedObject(specification);
    object.name = plainOptimizerName(object.name);
    Optimizer result;
    if (isWrapper(object.name)) {
        const Settings wrapper(object.config, dialect);
        result.m_scalesLoss = true;
        result.m_initialScale = wrapper.number("initial_scale", 32768);
        result.m_growthSteps = wrapper.integer("dynamic_growth_steps", 2000);
        if (!wrapper.flag("dynamic", true))
            result.m_growthSteps = 0;
        object = namedObject(innerOptimizer(object.config));
        object.name = plainOptimizerName(object.name);
    } else if (mixedPrecision) {
        result.m_scalesLoss = true;
    }
    const OptimizerType* type = findOptimizer(object.name);
    if (!type)
        return Error(ErrorKind::Unsupported,
            object.name.empty() ? "The file names no optimizer; choose one to train."
                                : "The optimizer \"" + object.name
                    + "\" cannot be run; choose another one to train (it starts fresh).");
    Settings settings(object.config, dialect);
    double rate = type->learningRate;
    if (type->name == "Lion" && !settings.isKeras3())
        rate = 1e-4; // the default differs between the generations
    Json rateConfig = rate;
    for (const char* key : { "lr", "learning_rate" }) {
        if (settings.has(key))
            rateConfig = settings.config().at(key);
    }
    TRY(result.m_schedule, Schedule::fromConfig(rateConfig));
    result.m_className = type->name;
    result.m_rule = type->create(settings);
    if (settings.isLegacy() && type->name != "Nadam")
        result.m_decay = settings.number("decay", 0);
    result.m_clipNorm = positive(settings, "clipnorm");
    result.m_globalClipNorm = positive(settings, "global_clipnorm");
    result.m_clipValue = positive(settings, "clipvalue");
    result.m_weightDecay = settings.config().contains("weight_decay")
        ? settings.number("weight_decay")
        : result.m_rule->defaultWeightDecay();
    if (settings.isLegacy())
        result.m_weightDecay.reset();
    if (settings.isKeras3() && !result.m_scalesLoss)
        result.m_constantLossScale = settings.number("loss_scale_factor");
    result.m_averages = !settings.isLegacy() && settings.flag("use_ema", false);
    result.m_averageMomentum = settings.number("ema_momentum", 0.99);
    result.m_overwriteFrequency
        = std::max<std::int64_t>(0, settings.integer("ema_overwrite_frequency", 0));
    result.m_accumulationSteps = settings.isKeras3()
        ? std::max<std::int64_t>(0, settings.integer("gradient_accumulation_steps", 0))
        : 0;
    std::vector<double> numbers;
    result.m_rule->numbers({}, DType::Float32, numbers);
    result.m_ruleNumbers = numbers.size();
    // After the rule's own: the learning rate (for weight decay), the averages' momentum and what
    // is left of 1, the loss scale.
    result.m_numberCount = result.m_ruleNumbers + 4;
    result.m_settings = std::move(settings);
    return result;
}

OptimizerCounters Optimizer::freshCounters() const
{
    OptimizerCounters counters;
    counters.learningRate = m_schedule.at(0);
    counters.lossScale = m_scalesLoss ? m_initialScale : 1;
    return counters;
}

StepKind Optimizer::kindOfNextStep(const OptimizerCounters& counters) const
{
    StepKind kind;
    std::int64_t updates = counters.iterations;
    if (m_accumulationSteps > 0) {
        kind.accumulates = (counters.iterations + 1) % m_accumulationSteps != 0;
        updates /= m_accumulationSteps;
    }
    kind.overwrites
        = m_averages && m_overwriteFrequency > 0 && (updates + 1) % m_overwriteFrequency == 0;
    return kind;
}

double Optimizer::currentRate(const OptimizerCounters& counters) const
{
    const double rate = hasSchedule() ? m_schedule.at(counters.iterations) : counters.learningRate;
    if (m_decay <= 0)
        return rate;
    const Number steps(static_cast<double>(counters.iterations), DType::Float32);
    return (Number(rate, DType::Float32) / (1.0 + m_decay * steps)).value();
}

double Optimizer::productFactor(std::int64_t step) const
{
    const double once = m_rule->productFactor(step, productType);
    return once == 1 || productRepeats == 1 ? once
                                            : std::pow(once, static_cast<double>(productRepeats));
}

void Optimizer::numbers(
    const OptimizerCounters& counters, DType type, std::vector<double>& out) const
{
    StepFacts facts;
    const std::int64_t updates
        = m_accumulationSteps > 0 ? counters.iterations / m_accumulationSteps : counters.iterations;
    facts.step = updates + 1;
    facts.learningRate = currentRate(counters);
    facts.relativeStepAllowed = !hasSchedule();
    facts.product = Number::rounded(counters.product * productFactor(facts.step), productType);
    m_rule->numbers(facts, type, out);
    out.push_back(Number::rounded(facts.learningRate, type));
    const bool startsAverage = m_settings.isKeras3() && updates == 0;
    const Number momentum(startsAverage ? 0 : m_averageMomentum, type);
    out.push_back(momentum.value());
    out.push_back((1.0 - momentum).value());
    out.push_back(Number::rounded(counters.lossScale, type));
}

void Optimizer::advance(OptimizerCounters& counters, StepKind kind, bool finite) const
{
    if (m_scalesLoss && m_growthSteps > 0) {
        if (!finite) {
            counters.goodSteps = 0;
            counters.lossScale /= 2;
            if (!m_settings.isKeras3())
                counters.lossScale = std::max(counters.lossScale, 1.0);
        } else if (++counters.goodSteps >= m_growthSteps) {
            counters.goodSteps = 0;
            if (std::isfinite(counters.lossScale * 2))
                counters.lossScale *= 2;
        }
    }
    if (m_scalesLoss && !finite)
        return;
    if (!kind.accumulates) {
        const std::int64_t step = m_accumulationSteps > 0
            ? counters.iterations / m_accumulationSteps + 1
            : counters.iterations + 1;
        counters.product = Number::rounded(counters.product * productFactor(step), productType);
    }
    ++counters.iterations;
}

} // namespace layerscope::training
