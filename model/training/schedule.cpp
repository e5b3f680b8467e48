#include "model/training/schedule.h"

#include "model/training/number.h"
#include "model/training/settings.h"

#include <array>
#include <cmath>
#include <numbers>

namespace layerscope::training {
namespace {

constexpr DType rateType = DType::Float32;

Number steps(std::int64_t count)
{
    return { static_cast<double>(count), rateType };
}

using Rate = std::function<double(std::int64_t)>;

Rate exponentialDecay(const Settings& settings)
{
    const Number initial(settings.number("initial_learning_rate", 0), rateType);
    const Number decaySteps(settings.number("decay_steps", 1), rateType);
    const Number decayRate(settings.number("decay_rate", 1), rateType);
    const bool staircase = settings.flag("staircase", false);
    return [=](std::int64_t step) {
        Number exponent = steps(step) / decaySteps;
        if (staircase)
            exponent = floorOf(exponent);
        return (initial * power(decayRate, exponent)).value();
    };
}

Rate inverseTimeDecay(const Settings& settings)
{
    const Number initial(settings.number("initial_learning_rate", 0), rateType);
    const Number decaySteps(settings.number("decay_steps", 1), rateType);
    const Number decayRate(settings.number("decay_rate", 0), rateType);
    const bool staircase = settings.flag("staircase", false);
    return [=](std::int64_t step) {
        Number count = steps(step) / decaySteps;
        if (staircase)
            count = floorOf(count);
        return (initial / (1.0 + decayRate * count)).value();
    };
}

Rate piecewiseConstantDecay(const Settings& settings)
{
    const std::vector<double> boundaries = settings.numbers("boundaries");
    std::vector<double> values = settings.numbers("values");
    values.resize(boundaries.size() + 1, values.empty() ? 0 : values.back());
    return [=](std::int64_t step) {
        std::size_t piece = 0;
        while (piece < boundaries.size() && static_cast<double>(step) > boundaries[piece])
            ++piece;
        return Number::rounded(values[piece], rateType);
    };
}

Rate polynomialDecay(const Settings& settings)
{
    const Number initial(settings.number("initial_learning_rate", 0), rateType);
    const Number end(settings.number("end_learning_rate", 0.0001), rateType);
    const Number exponent(settings.number("power", 1), rateType);
    const Number decaySteps(settings.number("decay_steps", 1), rateType);
    const bool cycle = settings.flag("cycle", false);
    return [=](std::int64_t step) {
        Number count = steps(step);
        Number length = decaySteps;
        if (cycle)
            length = length * (step == 0 ? Number(1, rateType) : ceilingOf(count / decaySteps));
        else
            count = smaller(count, decaySteps);
        return ((initial - end) * power(1.0 - count / length, exponent) + end).value();
    };
}

Rate cosineDecay(const Settings& settings)
{
    const Number initial(settings.number("initial_learning_rate", 0), rateType);
    const Number decaySteps(settings.number("decay_steps", 1), rateType);
    const Number alpha(settings.number("alpha", 0), rateType);
    const bool warmsUp = settings.has("warmup_target");
    const Number target(settings.number("warmup_target", 0), rateType);
    const Number warmupSteps(settings.number("warmup_steps", 0), rateType);
    const auto decayed = [=](Number count, Number from) {
        const Number fraction = count / decaySteps;
        const Number wave = 0.5 * (1.0 + cosine(std::numbers::pi * fraction));
        return from * ((1.0 - alpha) * wave + alpha);
    };
    return [=](std::int64_t step) {
        if (!warmsUp)
            return decayed(smaller(steps(step), decaySteps), initial).value();
        const Number count = smaller(steps(step), decaySteps + warmupSteps);
        if (count.value() < warmupSteps.value())
            return ((target - initial) * (count / warmupSteps) + initial).value();
        return decayed(count - warmupSteps, target).value();
    };
}

Rate cosineDecayRestarts(const Settings& settings)
{
    const Number initial(settings.number("initial_learning_rate", 0), rateType);
    const Number first(settings.number("first_decay_steps", 1), rateType);
    const Number alpha(settings.number("alpha", 0), rateType);
    const Number periodFactor(settings.number("t_mul", 2), rateType);
    const Number rateFactor(settings.number("m_mul", 1), rateType);
    return [=](std::int64_t step) {
        Number fraction = steps(step) / first;
        Number restarts = floorOf(fraction);
        if (periodFactor.value() == 1) {
            fraction = fraction - restarts;
        } else {
            restarts = floorOf(
                logarithm(1.0 - fraction * (1.0 - periodFactor)) / logarithm(periodFactor));
            const Number stretch = power(periodFactor, restarts);
            fraction = (fraction - (1.0 - stretch) / (1.0 - periodFactor)) / stretch;
        }
        const Number wave
            = 0.5 * power(rateFactor, restarts) * (1.0 + cosine(std::numbers::pi * fraction));
        return (initial * ((1.0 - alpha) * wave + alpha)).value();
    };
}

struct ScheduleType
{
    std::string_view name;
    Rate (*create)(const Settings&);
};

constexpr std::array<ScheduleType, 6> scheduleTypes{ {
    { "ExponentialDecay", exponentialDecay },
    { "InverseTimeDecay", inverseTimeDecay },
    { "PiecewiseConstantDecay", piecewiseConstantDecay },
    { "PolynomialDecay", polynomialDecay },
    { "CosineDecay", cosineDecay },
    { "CosineDecayRestarts", cosineDecayRestarts },
} };

} // namespace

Schedule::Schedule(double constant)
    : m_rate([rate = Number::rounded(constant, rateType)](std::int64_t) { return rate; })
{
}

Result<Schedule> Schedule::fromConfig(const Json& learningRate)
{
    const NamedObject object = namedObject(learningRate);
    if (object.name.empty() || object.name.starts_with("__")) {
        const auto constant = numberFrom(learningRate);
        if (!constant)
            return Error(ErrorKind::Corrupt,
                "The learning rate is neither a number nor a schedule; choose one to train on.");
        return Schedule(*constant);
    }
    for (const ScheduleType& type : scheduleTypes) {
        if (comparableName(type.name) == comparableName(object.name)) {
            Schedule result;
            result.m_rate = type.create(Settings(object.config, KerasGeneration::Keras3));
            result.m_isConstant = false;
            return result;
        }
    }
    return Error(ErrorKind::Unsupported,
        "The learning-rate schedule \"" + object.name
            + "\" is not one of Keras's; give a learning rate of your own to train on.");
}

std::vector<std::string> scheduleNames()
{
    std::vector<std::string> names;
    for (const ScheduleType& type : scheduleTypes)
        names.emplace_back(type.name);
    return names;
}

} // namespace layerscope::training
