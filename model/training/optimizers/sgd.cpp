#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// θ −= ηg; with momentum μ: m = μm − ηg, θ += m, or with Nesterov's look-ahead θ += μm − ηg.
class Sgd final : public UpdateRule
{
public:
    explicit Sgd(const Settings& settings)
        : m_momentum(settings.number("momentum", 0))
        , m_nesterov(settings.flag("nesterov", false))
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        out.push_back(Number::rounded(facts.learningRate, type));
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const ops::Value step = builder.multiply(weight.gradient(), weight.number(0));
        const ops::Value old = weight.slot("momentum");
        // Keras 2 keeps a momentum slot that holds −ηg even where there is no momentum.
        ops::Value momentum;
        if (old) {
            momentum = builder.subtract(weight.scaled(old, m_momentum), step);
            weight.setSlot("momentum", weight.inTouchedRows(momentum, old));
        }
        if (m_momentum == 0 || !old) {
            weight.setWeight(builder.subtract(weight.weight(), step));
            return;
        }
        const ops::Value change
            = m_nesterov ? builder.subtract(weight.scaled(momentum, m_momentum), step) : momentum;
        weight.setWeight(
            weight.inTouchedRows(builder.add(weight.weight(), change), weight.weight()));
    }

private:
    double m_momentum;
    bool m_nesterov;
};

std::unique_ptr<UpdateRule> createSgd(const Settings& settings)
{
    return std::make_unique<Sgd>(settings);
}

} // namespace

extern const OptimizerFamily sgd_optimizers;
const OptimizerFamily sgd_optimizers{ { { "SGD", 0.01, createSgd } } };

} // namespace layerscope::training
