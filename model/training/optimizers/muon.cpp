#include "model/training/optimizers/adam.h"

#include <algorithm>
#include <cmath>

namespace layerscope::training {
namespace {

/// Matrices move along their momentum made orthogonal by Newton-Schulz iteration; everything else,
/// and embeddings, move as AdamW does. Which weights are which is told by their slots: those of
/// AdamW have a velocity.
class Muon final : public UpdateRule
{
public:
    explicit Muon(const Settings& settings)
        : m_adam{ settings.number("adam_beta_1", 0.9), settings.number("adam_beta_2", 0.999),
            settings.number("epsilon", 1e-7), false }
        , m_adamRatio(settings.number("adam_lr_ratio", 1))
        , m_adamWeightDecay(
              settings.has("adam_weight_decay") || !settings.config().contains("adam_weight_decay")
                  ? std::optional(settings.number("adam_weight_decay", 0.004))
                  : std::nullopt)
        , m_momentum(settings.number("momentum", 0.95))
        , m_a(settings.number("muon_a", 3.4445))
        , m_b(settings.number("muon_b", -4.775))
        , m_c(settings.number("muon_c", 2.0315))
        , m_iterations(std::clamp<std::int64_t>(settings.integer("ns_steps", 5), 0, 100))
        , m_nesterov(settings.flag("nesterov", true))
        , m_rmsRate(settings.has("rms_rate") || !settings.config().contains("rms_rate")
                  ? std::optional(settings.number("rms_rate", 0.2))
                  : std::nullopt)
    {
    }

    void numbers(const StepFacts& facts, DType type, std::vector<double>& out) const override
    {
        const double adamRate = Number::rounded(facts.learningRate * m_adamRatio, type);
        out.push_back(Number::rounded(facts.learningRate, type));
        out.push_back(m_adam.alpha(adamRate, facts.step, type));
    }

    std::optional<double> defaultWeightDecay() const override { return 0.004; }

    std::optional<double> weightDecayFor(
        const WeightUpdate& weight, std::optional<double> configured) const override
    {
        return weight.hasSlot("velocity") ? m_adamWeightDecay : configured;
    }

    void update(WeightUpdate& weight) const override
    {
        if (weight.hasSlot("velocity")) {
            m_adam.apply(weight, 1);
            return;
        }
        ops::Builder& builder = weight.builder();
        const ops::Value old = weight.slot("momentum");
        const ops::Value momentum
            = builder.add(old, builder.add(weight.gradient(), weight.scaled(old, m_momentum - 1)));
        weight.setSlot("momentum", momentum);
        const ops::Value direction = m_nesterov
            ? builder.add(weight.gradient(), weight.scaled(momentum, m_momentum))
            : momentum;
        ops::Value change = builder.multiply(orthogonal(builder, direction), weight.number(0));
        if (m_rmsRate) {
            const auto longer = static_cast<double>(std::max(weight.shape()[0], weight.shape()[1]));
            change = weight.scaled(weight.scaled(change, std::sqrt(longer)), *m_rmsRate);
        }
        weight.setWeight(builder.subtract(weight.weight(), change));
    }

private:
    ops::Value orthogonal(ops::Builder& builder, ops::Value x) const
    {
        const bool isTall = builder.shape(x)[0] > builder.shape(x)[1];
        if (isTall)
            x = builder.transpose(x, { 1, 0 });
        const ops::Value norm = builder.sqrt(builder.sum(builder.square(x)));
        x = builder.divide(x, builder.add(norm, 1e-7));
        for (std::int64_t i = 0; i < m_iterations; ++i) {
            const ops::Value a = builder.matmul(x, x, ops::Transposed::No, ops::Transposed::Yes);
            const ops::Value b = builder.add(
                builder.multiply(a, m_b), builder.multiply(builder.matmul(a, a), m_c));
            x = builder.add(builder.multiply(x, m_a), builder.matmul(b, x));
        }
        return isTall ? builder.transpose(x, { 1, 0 }) : x;
    }

    AdamStep m_adam;
    double m_adamRatio;
    std::optional<double> m_adamWeightDecay;
    double m_momentum;
    double m_a, m_b, m_c;
    std::int64_t m_iterations;
    bool m_nesterov;
    std::optional<double> m_rmsRate;
};

std::unique_ptr<UpdateRule> createMuon(const Settings& settings)
{
    return std::make_unique<Muon>(settings);
}

} // namespace

extern const OptimizerFamily muon_optimizers;
const OptimizerFamily muon_optimizers{ { { "Muon", 0.001, createMuon } } };

} // namespace layerscope::training
