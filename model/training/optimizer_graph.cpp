#include "model/training/constraint.h"
#include "model/training/optimizer.h"

namespace layerscope::training {
namespace {

using Gradients = std::vector<WeightGradient>;

void scale(ops::Builder& builder, WeightGradient& gradient,
    const std::function<ops::Value(ops::Value)>& function)
{
    if (gradient.isSparse()) {
        const Shape shape = builder.shape(gradient.dense);
        gradient.rows = function(gradient.rows);
        gradient.dense = builder.scatterAdd(gradient.indices, gradient.rows, shape);
    } else {
        gradient.dense = function(gradient.dense);
    }
}

void makeDense(WeightGradient& gradient)
{
    gradient.indices = {};
    gradient.rows = {};
}

/// Σ g², each occurrence of a repeated row for itself, as TensorFlow sees a sparse gradient.
ops::Value squaredNorm(ops::Builder& builder, const WeightGradient& gradient)
{
    return builder.sum(builder.square(gradient.isSparse() ? gradient.rows : gradient.dense));
}

/// g·c / max(‖g‖, c).
void clipByNorm(ops::Builder& builder, WeightGradient& gradient, double limit)
{
    const ops::Value norm = builder.sqrt(squaredNorm(builder, gradient));
    const ops::Value divisor = builder.maximum(norm, builder.scalar(limit, builder.dtype(norm)));
    scale(builder, gradient,
        [&](ops::Value g) { return builder.divide(builder.multiply(g, limit), divisor); });
}

/// All by c·min(1/‖·‖, 1/c); a norm that is not finite makes every gradient NaN.
void clipByGlobalNorm(ops::Builder& builder, Gradients& gradients, double limit)
{
    ops::Value total;
    for (const WeightGradient& gradient : gradients) {
        const ops::Value part = builder.cast(squaredNorm(builder, gradient), DType::Float32);
        total = total ? builder.add(total, part) : part;
    }
    if (!total)
        return;
    const ops::Value norm = builder.sqrt(total);
    const ops::Value inverse
        = builder.minimum(builder.unary(ops::Unary::Reciprocal, norm), builder.scalar(1 / limit));
    const ops::Value factor
        = builder.add(builder.multiply(inverse, limit), builder.subtract(norm, norm));
    for (WeightGradient& gradient : gradients) {
        const ops::Value own = builder.cast(factor, builder.dtype(gradient.dense));
        scale(builder, gradient, [&](ops::Value g) { return builder.multiply(g, own); });
    }
}

} // namespace

Gradients Optimizer::clipped(ops::Builder& builder, Gradients gradients) const
{
    const auto byValue = [&] {
        for (WeightGradient& gradient : gradients)
            scale(builder, gradient,
                [&](ops::Value g) { return builder.clip(g, -*m_clipValue, *m_clipValue); });
    };
    const auto byNorm = [&] {
        for (WeightGradient& gradient : gradients)
            clipByNorm(builder, gradient, *m_clipNorm);
    };
    if (m_settings.isLegacy()) { // each that is set, in this order
        if (m_clipValue)
            byValue();
        if (m_clipNorm)
            byNorm();
        if (m_globalClipNorm)
            clipByGlobalNorm(builder, gradients, *m_globalClipNorm);
        return gradients;
    }
    if (m_clipNorm) {
        byNorm();
    } else if (m_globalClipNorm) {
        clipByGlobalNorm(builder, gradients, *m_globalClipNorm);
        if (m_settings.isKeras3()) {
            for (WeightGradient& gradient : gradients)
                makeDense(gradient); // the product with a tensor sums the rows there
        }
    } else if (m_clipValue) {
        byValue();
    }
    return gradients;
}

void Optimizer::average(ops::Builder& builder, Target& target, StepKind kind) const
{
    WeightUpdate& update = target.update;
    if (!m_averages || !update.hasSlot("average"))
        return;
    const ops::Value momentum = update.number(m_ruleNumbers + 1);
    const ops::Value rest = update.number(m_ruleNumbers + 2);
    const ops::Value average = builder.add(builder.multiply(update.slot("average"), momentum),
        builder.multiply(update.weight(), rest));
    update.setSlot("average", average);
    if (kind.overwrites)
        update.setWeight(average);
}

void Optimizer::updateOne(
    ops::Builder& builder, Target& target, WeightGradient gradient, StepKind kind) const
{
    WeightUpdate& update = target.update;
    update.setGradient(gradient);
    if (!kind.accumulates) {
        if (const auto decay = m_rule->weightDecayFor(update, m_weightDecay)) {
            const ops::Value pull = builder.multiply(
                builder.multiply(update.weight(), *decay), update.number(m_ruleNumbers));
            update.setWeight(builder.subtract(update.weight(), pull));
        }
        m_rule->update(update);
    }
    average(builder, target, kind);
    update.setWeight(constrained(builder, target.constraint, update.weight()));
}

ops::Value Optimizer::build(ops::Builder& builder, std::vector<Target>& targets, StepKind kind,
    const std::function<WeightGradient(std::size_t)>& gradientOf) const
{
    Gradients gradients;
    ops::Value finite;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        WeightGradient gradient = gradientOf(i);
        WeightUpdate& update = targets[i].update;
        if (m_scalesLoss) {
            const ops::Value good = builder.reduce(
                ops::Reduction::All, builder.unary(ops::Unary::IsFinite, gradient.dense));
            finite = finite ? builder.binary(ops::Binary::LogicalAnd, finite, good) : good;
            scale(builder, gradient,
                [&](ops::Value g) { return builder.divide(g, update.number(m_ruleNumbers + 3)); });
        } else if (m_constantLossScale) {
            scale(builder, gradient,
                [&](ops::Value g) { return builder.divide(g, *m_constantLossScale); });
        }
        if (m_accumulationSteps > 0 && update.hasSlot("gradient_accumulator")) {
            const ops::Value sum = builder.add(gradient.dense, update.slot("gradient_accumulator"));
            update.setSlot("gradient_accumulator",
                kind.accumulates ? sum : builder.filled(0, update.shape(), update.dtype()));
            makeDense(gradient);
            gradient.dense = builder.divide(sum, static_cast<double>(m_accumulationSteps));
        }
        gradients.push_back(gradient);
    }
    if (!kind.accumulates)
        gradients = clipped(builder, std::move(gradients));
    for (std::size_t i = 0; i < targets.size(); ++i) {
        Target& target = targets[i];
        const ops::Builder::Scope scope(builder, "optimizer/" + target.update.path());
        updateOne(builder, target, gradients[i], kind);
        const auto keepUnlessFinite = [&](ops::Value updated, ops::Value old) {
            return finite ? builder.select(finite, updated, old) : updated;
        };
        builder.assign(target.variable, keepUnlessFinite(target.update.weight(), target.variable));
        for (const auto& [name, slot] : target.update.slotMap()) {
            if (!(slot.latest == slot.variable))
                builder.assign(slot.variable, keepUnlessFinite(slot.latest, slot.variable));
        }
    }
    return finite;
}

} // namespace layerscope::training
