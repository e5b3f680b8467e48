#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// μ_t = β1(1 − ½·0.96^t), P = Π μ_s; m, v as Adam;
/// m̂ = μ_{t+1}·m/(1 − P·μ_{t+1}) + (1−μ_t)·g/(1−P); θ −= η·m̂ / (sqrt(v/(1−β2^t)) + ε).
/// Legacy optimizers raise 0.96 to decay·t.
class Nadam final : public UpdateRule
{
public:
    explicit Nadam(const Settings& settings)
        : m_beta1(settings.number("beta_1", 0.9))
        , m_beta2(settings.number("beta_2", 0.999))
        , m_epsilon(settings.number("epsilon", 1e-7))
        , m_exponent(settings.isLegacy()
                  ? settings.number("decay", settings.number("schedule_decay", 0.004))
                  : 1.0)
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        const Number now = momentumAt(facts.step, type);
        const Number next = momentumAt(facts.step + 1, type);
        const Number product(facts.product, type);
        const Number count(static_cast<double>(facts.step), type);
        out.push_back(Number::rounded(facts.learningRate, type));
        out.push_back(next.value());
        out.push_back((1.0 - product * next).value());
        out.push_back((1.0 - now).value());
        out.push_back((1.0 - product).value());
        out.push_back((1.0 - power(Number(m_beta2, type), count)).value());
    }

    double productFactor(std::int64_t step, DType type) const override
    {
        return momentumAt(step, type).value();
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const ops::Value momentum
            = weight.moved(weight.slot("momentum"), weight.gradient(), 1 - m_beta1);
        weight.setSlot("momentum", momentum);
        const ops::Value velocity
            = weight.moved(weight.slot("velocity"), weight.squaredGradient(), 1 - m_beta2);
        weight.setSlot("velocity", velocity);
        const ops::Value ahead
            = builder.divide(builder.multiply(momentum, weight.number(1)), weight.number(2));
        const ops::Value now = builder.divide(
            builder.multiply(weight.gradient(), weight.number(3)), weight.number(4));
        const ops::Value root
            = builder.add(builder.sqrt(builder.divide(velocity, weight.number(5))), m_epsilon);
        const ops::Value change
            = builder.divide(builder.multiply(builder.add(ahead, now), weight.number(0)), root);
        weight.setWeight(
            weight.inTouchedRows(builder.subtract(weight.weight(), change), weight.weight()));
    }

private:
    Number momentumAt(std::int64_t step, DType type) const
    {
        const Number exponent = m_exponent * Number(static_cast<double>(step), type);
        return m_beta1 * (1.0 - 0.5 * power(Number(0.96, type), exponent));
    }

    double m_beta1;
    double m_beta2;
    double m_epsilon;
    double m_exponent;
};

std::unique_ptr<UpdateRule> createNadam(const Settings& settings)
{
    return std::make_unique<Nadam>(settings);
}

} // namespace

extern const OptimizerFamily nadam_optimizers;
const OptimizerFamily nadam_optimizers{ { { "Nadam", 0.001, createNadam } } };

} // namespace layerscope::training
