#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// Adam's direction u, scaled by ‖θ‖/‖u‖ where both are positive.
class Lamb final : public UpdateRule
{
public:
    explicit Lamb(const Settings& settings)
        : m_beta1(settings.number("beta_1", 0.9))
        , m_beta2(settings.number("beta_2", 0.999))
        , m_epsilon(settings.number("epsilon", 1e-7))
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        const Number count(static_cast<double>(facts.step), type);
        out.push_back(Number::rounded(facts.learningRate, type));
        out.push_back((1.0 - power(Number(m_beta1, type), count)).value());
        out.push_back((1.0 - power(Number(m_beta2, type), count)).value());
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
        const ops::Value root
            = builder.add(builder.sqrt(builder.divide(velocity, weight.number(2))), m_epsilon);
        const ops::Value direction
            = builder.divide(builder.divide(momentum, weight.number(1)), root);
        const auto norm
            = [&](ops::Value x) { return builder.sqrt(builder.sum(builder.square(x))); };
        const ops::Value weightNorm = norm(weight.weight());
        const ops::Value directionNorm = norm(direction);
        const ops::Value zero = builder.scalar(0, weight.dtype());
        const ops::Value one = builder.scalar(1, weight.dtype());
        const auto positive
            = [&](ops::Value x) { return builder.binary(ops::Binary::Greater, x, zero); };
        const ops::Value trust = builder.select(positive(weightNorm),
            builder.select(positive(directionNorm), builder.divide(weightNorm, directionNorm), one),
            one);
        const ops::Value change
            = builder.multiply(builder.multiply(trust, weight.number(0)), direction);
        weight.setWeight(builder.subtract(weight.weight(), change));
    }

private:
    double m_beta1;
    double m_beta2;
    double m_epsilon;
};

std::unique_ptr<UpdateRule> createLamb(const Settings& settings)
{
    return std::make_unique<Lamb>(settings);
}

} // namespace

extern const OptimizerFamily lamb_optimizers;
const OptimizerFamily lamb_optimizers{ { { "Lamb", 0.001, createLamb } } };

} // namespace layerscope::training
