#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// v = ρv + (1−ρ)g²; θ −= ηg / sqrt(v + ε). `centered` subtracts the squared mean gradient under
/// the root. Legacy optimizers without momentum add ε outside the root.
class RmsProp final : public UpdateRule
{
public:
    explicit RmsProp(const Settings& settings)
        : m_rho(settings.number("rho", 0.9))
        , m_momentum(settings.number("momentum", 0))
        , m_epsilon(settings.number("epsilon", 1e-7))
        , m_centered(settings.flag("centered", false))
        , m_epsilonOutside(settings.isLegacy() && m_momentum == 0)
        , m_lazy(settings.isLegacy() && m_momentum != 0)
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        out.push_back(Number::rounded(facts.learningRate, type));
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const auto lazily = [&](ops::Value updated, ops::Value old) {
            return m_lazy ? weight.inTouchedRows(updated, old) : updated;
        };
        const ops::Value velocity = builder.add(weight.scaled(weight.slot("velocity"), m_rho),
            weight.scaled(weight.squaredGradient(), 1 - m_rho));
        weight.setSlot("velocity", lazily(velocity, weight.slot("velocity")));
        ops::Value denominator = velocity;
        if (m_centered && weight.hasSlot("average_gradient")) {
            const ops::Value old = weight.slot("average_gradient");
            const ops::Value average = builder.add(
                weight.scaled(old, m_rho), weight.scaled(weight.gradient(), 1 - m_rho));
            weight.setSlot("average_gradient", lazily(average, old));
            denominator = builder.subtract(denominator, builder.square(average));
        }
        denominator = m_epsilonOutside ? builder.add(builder.sqrt(denominator), m_epsilon)
                                       : builder.sqrt(builder.add(denominator, m_epsilon));
        ops::Value change
            = builder.divide(builder.multiply(weight.gradient(), weight.number(0)), denominator);
        if (m_momentum != 0 && weight.hasSlot("momentum")) {
            const ops::Value old = weight.slot("momentum");
            change = builder.add(weight.scaled(old, m_momentum), change);
            weight.setSlot("momentum", lazily(change, old));
        }
        weight.setWeight(lazily(builder.subtract(weight.weight(), change), weight.weight()));
    }

private:
    double m_rho;
    double m_momentum;
    double m_epsilon;
    bool m_centered;
    bool m_epsilonOutside;
    bool m_lazy;
};

std::unique_ptr<UpdateRule> createRmsprop(const Settings& settings)
{
    return std::make_unique<RmsProp>(settings);
}

} // namespace

extern const OptimizerFamily rmsprop_optimizers;
const OptimizerFamily rmsprop_optimizers{ { { "RMSprop", 0.001, createRmsprop } } };

} // namespace layerscope::training
