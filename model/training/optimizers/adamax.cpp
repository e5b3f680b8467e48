#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// m += (g−m)(1−β1); u = max(β2·u, |g|); θ −= η·m / ((1−β1^t)(u+ε)).
class Adamax final : public UpdateRule
{
public:
    explicit Adamax(const Settings& settings)
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
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const ops::Value oldMomentum = weight.slot("momentum");
        const ops::Value momentum = weight.moved(oldMomentum, weight.gradient(), 1 - m_beta1);
        weight.setSlot("momentum", weight.inTouchedRows(momentum, oldMomentum));
        const ops::Value oldNorm = weight.slot("norm");
        const ops::Value magnitude
            = weight.ofGradient([&](ops::Value g) { return builder.unary(ops::Unary::Abs, g); });
        const ops::Value norm = builder.maximum(weight.scaled(oldNorm, m_beta2), magnitude);
        weight.setSlot("norm", weight.inTouchedRows(norm, oldNorm));
        const ops::Value change = builder.divide(builder.multiply(momentum, weight.number(0)),
            builder.multiply(builder.add(norm, m_epsilon), weight.number(1)));
        weight.setWeight(
            weight.inTouchedRows(builder.subtract(weight.weight(), change), weight.weight()));
    }

private:
    double m_beta1;
    double m_beta2;
    double m_epsilon;
};

std::unique_ptr<UpdateRule> createAdamax(const Settings& settings)
{
    return std::make_unique<Adamax>(settings);
}

} // namespace

extern const OptimizerFamily adamax_optimizers;
const OptimizerFamily adamax_optimizers{ { { "Adamax", 0.001, createAdamax } } };

} // namespace layerscope::training
