#include "model/training/optimizers/adam.h"

namespace layerscope::training {

double AdamStep::alpha(double learningRate, std::int64_t step, DType type) const
{
    const Number count(static_cast<double>(step), type);
    const Number rate(learningRate, type);
    const Number firstPower = power(Number(beta1, type), count);
    const Number secondPower = power(Number(beta2, type), count);
    return (rate * squareRoot(1.0 - secondPower) / (1.0 - firstPower)).value();
}

void AdamStep::apply(WeightUpdate& weight, std::size_t alphaIndex) const
{
    ops::Builder& builder = weight.builder();
    const ops::Value momentum = weight.moved(weight.slot("momentum"), weight.gradient(), 1 - beta1);
    weight.setSlot("momentum", momentum);
    ops::Value velocity
        = weight.moved(weight.slot("velocity"), weight.squaredGradient(), 1 - beta2);
    weight.setSlot("velocity", velocity);
    if (amsgrad && weight.hasSlot("velocity_hat")) {
        velocity = builder.maximum(weight.slot("velocity_hat"), velocity);
        weight.setSlot("velocity_hat", velocity);
    }
    const ops::Value change = builder.divide(builder.multiply(momentum, weight.number(alphaIndex)),
        builder.add(builder.sqrt(velocity), epsilon));
    weight.setWeight(builder.subtract(weight.weight(), change));
}

namespace {

class Adam final : public UpdateRule
{
public:
    Adam(const Settings& settings, std::optional<double> defaultWeightDecay)
        : m_step{ settings.number("beta_1", 0.9), settings.number("beta_2", 0.999),
            settings.number("epsilon", 1e-7), settings.flag("amsgrad", false) }
        , m_defaultWeightDecay(defaultWeightDecay)
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        out.push_back(m_step.alpha(facts.learningRate, facts.step, type));
    }

    void update(WeightUpdate& weight) const override { m_step.apply(weight, 0); }

    std::optional<double> defaultWeightDecay() const override { return m_defaultWeightDecay; }

private:
    AdamStep m_step;
    std::optional<double> m_defaultWeightDecay;
};

std::unique_ptr<UpdateRule> createAdam(const Settings& settings)
{
    return std::make_unique<Adam>(settings, std::nullopt);
}

std::unique_ptr<UpdateRule> createAdamW(const Settings& settings)
{
    return std::make_unique<Adam>(settings, 0.004);
}

} // namespace

extern const OptimizerFamily adam_optimizers;
const OptimizerFamily adam_optimizers{ { { "Adam", 0.001, createAdam },
    { "AdamW", 0.001, createAdamW } } };

} // namespace layerscope::training
