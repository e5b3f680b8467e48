#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// A = ρA + (1−ρ)g²; δ = sqrt(D+ε)·g / sqrt(A+ε); D = ρD + (1−ρ)δ²; θ −= ηδ.
class Adadelta final : public UpdateRule
{
public:
    explicit Adadelta(const Settings& settings)
        : m_rho(settings.number("rho", 0.95))
        , m_epsilon(settings.number("epsilon", 1e-7))
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        out.push_back(Number::rounded(facts.learningRate, type));
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const auto mixed = [&](ops::Value old, ops::Value added) {
            return builder.add(weight.scaled(old, m_rho), weight.scaled(added, 1 - m_rho));
        };
        const ops::Value squares = weight.squaredGradient();
        const ops::Value oldGradients = weight.slot("accumulated_grad");
        const ops::Value gradients = mixed(oldGradients, squares);
        weight.setSlot("accumulated_grad", weight.inTouchedRows(gradients, oldGradients));
        const ops::Value oldChanges = weight.slot("accumulated_delta_var");
        const ops::Value above = builder.add(oldChanges, m_epsilon);
        const ops::Value below = builder.add(gradients, m_epsilon);
        const ops::Value delta = builder.divide(
            builder.multiply(builder.sqrt(above), weight.gradient()), builder.sqrt(below));
        // δ² of each occurrence of a row, where rows repeat, is its g² times the same factor.
        const ops::Value squaredDelta = builder.divide(builder.multiply(above, squares), below);
        weight.setSlot("accumulated_delta_var",
            weight.inTouchedRows(mixed(oldChanges, squaredDelta), oldChanges));
        weight.setWeight(
            builder.subtract(weight.weight(), builder.multiply(delta, weight.number(0))));
    }

private:
    double m_rho;
    double m_epsilon;
};

std::unique_ptr<UpdateRule> createAdadelta(const Settings& settings)
{
    return std::make_unique<Adadelta>(settings);
}

} // namespace

extern const OptimizerFamily adadelta_optimizers;
const OptimizerFamily adadelta_optimizers{ { { "Adadelta", 0.001, createAdadelta } } };

} // namespace layerscope::training
