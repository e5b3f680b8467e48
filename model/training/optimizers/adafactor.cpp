#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {
namespace {

/// Second moments of a matrix as the product of a row and a column (formats.md 1.10).
class Adafactor final : public UpdateRule
{
public:
    explicit Adafactor(const Settings& settings)
        : m_decay(settings.number("beta_2_decay", -0.8))
        , m_epsilon1(settings.number("epsilon_1", 1e-30))
        , m_epsilon2(settings.number("epsilon_2", 1e-3))
        , m_clipThreshold(settings.number("clip_threshold", 1))
        , m_relativeStep(settings.flag("relative_step", true))
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        const Number count(static_cast<double>(facts.step), type);
        const Number bound = 1.0 / squareRoot(count);
        Number rate(facts.learningRate, type);
        if (m_relativeStep && facts.relativeStepAllowed)
            rate = smaller(rate, bound);
        out.push_back(smaller(rate, bound).value());
        out.push_back((1.0 - power(count, Number(m_decay, type))).value());
    }

    void update(WeightUpdate& weight) const override
    {
        ops::Builder& builder = weight.builder();
        const ops::Value share = weight.number(1);
        const ops::Value rest = builder.subtract(builder.scalar(1, weight.dtype()), share);
        const auto mixed = [&](std::string_view slot, ops::Value added) {
            const ops::Value result = builder.add(
                builder.multiply(weight.slot(slot), share), builder.multiply(added, rest));
            weight.setSlot(slot, result);
            return result;
        };
        const ops::Value alpha = builder.multiply(builder.maximum(rms(builder, weight.weight()),
                                                      builder.scalar(m_epsilon2, weight.dtype())),
            weight.number(0));
        const ops::Value squares = builder.add(weight.squaredGradient(), m_epsilon1);
        ops::Value velocity;
        if (weight.shape().size() >= 2 && weight.hasSlot("r") && weight.hasSlot("c")) {
            const ops::Value row = mixed("r", builder.mean(squares, { -1 }));
            const ops::Value column = mixed("c", builder.mean(squares, { -2 }));
            const ops::Value share0
                = builder.divide(row, builder.mean(row, { -1 }, ops::KeepAxes::Yes));
            velocity
                = builder.multiply(builder.expandDims(share0, -1), builder.expandDims(column, -2));
            weight.setSlot("velocity", velocity);
        } else {
            velocity = mixed("velocity", squares);
        }
        const ops::Value direction = builder.divide(weight.gradient(), builder.sqrt(velocity));
        const ops::Value excess
            = builder.maximum(builder.divide(rms(builder, direction), m_clipThreshold),
                builder.scalar(1, weight.dtype()));
        const ops::Value change = builder.multiply(builder.divide(direction, excess), alpha);
        weight.setWeight(builder.subtract(weight.weight(), change));
    }

private:
    static ops::Value rms(ops::Builder& builder, ops::Value x)
    {
        return builder.sqrt(builder.mean(builder.square(x)));
    }

    double m_decay;
    double m_epsilon1;
    double m_epsilon2;
    double m_clipThreshold;
    bool m_relativeStep;
};

std::unique_ptr<UpdateRule> createAdafactor(const Settings& settings)
{
    return std::make_unique<Adafactor>(settings);
}

} // namespace

extern const OptimizerFamily adafactor_optimizers;
const OptimizerFamily adafactor_optimizers{ { { "Adafactor", 0.001, createAdafactor } } };

} // namespace layerscope::training
