#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// θ −= η·sign(β1·m + (1−β1)g), then m = β2·m + (1−β2)g.
class Lion final : public UpdateRule
{
public:
    explicit Lion(const Settings& settings)
        : m_beta1(settings.number("beta_1", 0.9))
        , m_beta2(settings.number("beta_2", 0.99))
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        out.push_back(Number::rounded(facts.learningRate, type));
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const ops::Value old = weight.slot("momentum");
        const auto mixed = [&](double beta) {
            return builder.add(
                weight.scaled(old, beta), weight.scaled(weight.gradient(), 1 - beta));
        };
        const ops::Value direction = builder.unary(ops::Unary::Sign, mixed(m_beta1));
        weight.setWeight(
            builder.subtract(weight.weight(), builder.multiply(direction, weight.number(0))));
        weight.setSlot("momentum", mixed(m_beta2));
    }

private:
    double m_beta1;
    double m_beta2;
};

std::unique_ptr<UpdateRule> createLion(const Settings& settings)
{
    return std::make_unique<Lion>(settings);
}

} // namespace

extern const OptimizerFamily lion_optimizers;
const OptimizerFamily lion_optimizers{ { { "Lion", 0.001, createLion } } };

} // namespace layerscope::training
