#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// a += g²; θ −= ηg / sqrt(a + ε); legacy optimizers add ε outside the root.
class Adagrad final : public UpdateRule
{
public:
    explicit Adagrad(const Settings& settings)
        : m_epsilon(settings.number("epsilon", 1e-7))
        , m_epsilonOutside(settings.isLegacy())
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        out.push_back(Number::rounded(facts.learningRate, type));
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const ops::Value accumulator
            = builder.add(weight.slot("accumulator"), weight.squaredGradient());
        weight.setSlot("accumulator", accumulator);
        const ops::Value root = m_epsilonOutside
            ? builder.add(builder.sqrt(accumulator), m_epsilon)
            : builder.sqrt(builder.add(accumulator, m_epsilon));
        const ops::Value change
            = builder.divide(builder.multiply(weight.gradient(), weight.number(0)), root);
        weight.setWeight(builder.subtract(weight.weight(), change));
    }

private:
    double m_epsilon;
    bool m_epsilonOutside;
};

std::unique_ptr<UpdateRule> createAdagrad(const Settings& settings)
{
    return std::make_unique<Adagrad>(settings);
}

} // namespace

extern const OptimizerFamily adagrad_optimizers;
const OptimizerFamily adagrad_optimizers{ { { "Adagrad", 0.001, createAdagrad } } };

} // namespace layerscope::training
