#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// z −= η'·g / (sqrt(v/(1−β2^t)) + ε); x = (θ − (1−β1)z)/β1; x = (1−1/t)x + z/t;
/// θ = (1−β1)z + β1·x. The slot "momentum" is z. On TensorFlow the first x is computed with the
/// *new* z, since Keras keeps a live reference to the variable (formats.md 1.10).
class ScheduleFreeAdamW final : public UpdateRule
{
public:
    explicit ScheduleFreeAdamW(const Settings& settings)
        : m_beta1(settings.number("beta_1", 0.9))
        , m_beta2(settings.number("beta_2", 0.999))
        , m_epsilon(settings.number("epsilon", 1e-8))
        , m_warmupSteps(settings.number("warmup_steps", 0))
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        const Number count(static_cast<double>(facts.step), type);
        Number rate(facts.learningRate, type);
        if (m_warmupSteps > 0)
            rate = rate * smaller(count / m_warmupSteps, Number(1, type));
        out.push_back(rate.value());
        out.push_back((1.0 - power(Number(m_beta2, type), count)).value());
        out.push_back((1.0 / count).value());
        out.push_back((1.0 - 1.0 / count).value());
    }

    bool startsAsWeight(std::string_view slot) const override { return slot == "momentum"; }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const double rest = (1.0 - Number(m_beta1, weight.dtype())).value();
        const ops::Value velocity
            = weight.moved(weight.slot("velocity"), weight.squaredGradient(), 1 - m_beta2);
        weight.setSlot("velocity", velocity);
        const ops::Value root
            = builder.add(builder.sqrt(builder.divide(velocity, weight.number(1))), m_epsilon);
        const ops::Value z = builder.subtract(weight.slot("momentum"),
            builder.divide(builder.multiply(weight.gradient(), weight.number(0)), root));
        weight.setSlot("momentum", z);
        const ops::Value pulled = weight.scaled(z, rest);
        const ops::Value oldX = builder.divide(builder.subtract(weight.weight(), pulled), m_beta1);
        const ops::Value x = builder.add(
            builder.multiply(oldX, weight.number(3)), builder.multiply(z, weight.number(2)));
        weight.setWeight(builder.add(pulled, weight.scaled(x, m_beta1)));
    }

private:
    double m_beta1;
    double m_beta2;
    double m_epsilon;
    double m_warmupSteps;
};

std::unique_ptr<UpdateRule> createScheduleFreeAdamw(const Settings& settings)
{
    return std::make_unique<ScheduleFreeAdamW>(settings);
}

} // namespace

extern const OptimizerFamily schedule_free_adamw_optimizers;
const OptimizerFamily schedule_free_adamw_optimizers{
    { { "ScheduleFreeAdamW", 0.0025, createScheduleFreeAdamw } }
};

} // namespace layerscope::training
