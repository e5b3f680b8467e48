#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// Follow the regularized leader: n' = n + g²; z += g + 2·shrinkage·θ − (n'^p − n^p)/η · θ;
/// θ = (clamp(z, −l1, l1) − z) / (n'^p/η + 2·(l2 + β/(2η))), p = −learning_rate_power.
class Ftrl final : public UpdateRule
{
public:
    explicit Ftrl(const Settings& settings)
        : m_power(-settings.number("learning_rate_power", -0.5))
        , m_l1(settings.number("l1_regularization_strength", 0))
        , m_l2(settings.number("l2_regularization_strength", 0))
        , m_shrinkage(settings.number("l2_shrinkage_regularization_strength", 0))
        , m_beta(settings.number("beta", 0))
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        const Number rate(facts.learningRate, type);
        out.push_back(rate.value());
        out.push_back((2.0 * (m_l2 + m_beta / (2.0 * rate))).value());
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const auto lifted = [&](ops::Value x) {
            return m_power == 0.5
                ? builder.sqrt(x)
                : builder.binary(ops::Binary::Power, x, builder.scalar(m_power, weight.dtype()));
        };
        const ops::Value old = weight.slot("accumulator");
        const ops::Value accumulator = builder.add(old, weight.squaredGradient());
        const ops::Value oldLinear = weight.slot("linear");
        ops::Value pull = weight.gradient();
        if (m_shrinkage != 0)
            pull = builder.add(pull, weight.scaled(weight.weight(), 2 * m_shrinkage));
        const ops::Value newPower = lifted(accumulator);
        const ops::Value sigma
            = builder.divide(builder.subtract(newPower, lifted(old)), weight.number(0));
        const ops::Value linear = builder.add(
            oldLinear, builder.subtract(pull, builder.multiply(sigma, weight.weight())));
        const ops::Value quadratic
            = builder.add(builder.divide(newPower, weight.number(0)), weight.number(1));
        const ops::Value clipped = builder.clip(linear, -m_l1, m_l1);
        const ops::Value updated = builder.divide(builder.subtract(clipped, linear), quadratic);
        weight.setSlot("linear", weight.inTouchedRows(linear, oldLinear));
        weight.setSlot("accumulator", weight.inTouchedRows(accumulator, old));
        weight.setWeight(weight.inTouchedRows(updated, weight.weight()));
    }

private:
    double m_power;
    double m_l1;
    double m_l2;
    double m_shrinkage;
    double m_beta;
};

std::unique_ptr<UpdateRule> createFtrl(const Settings& settings)
{
    return std::make_unique<Ftrl>(settings);
}

} // namespace

extern const OptimizerFamily ftrl_optimizers;
const OptimizerFamily ftrl_optimizers{ { { "Ftrl", 0.001, createFtrl } } };

} // namespace layerscope::training
