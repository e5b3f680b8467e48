#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {

WeightUpdate::WeightUpdate(
    ops::Builder& builder, ops::Value weight, KerasGeneration dialect, std::string path)
    : m_builder(builder)
    , m_weight(weight)
    , m_dialect(dialect)
    , m_path(std::move(path))
{
}

void WeightUpdate::setWeight(ops::Value value)
{
    m_weight = value;
}

ops::Value WeightUpdate::ofGradient(const Function& function)
{
    if (m_gradient.isSparse() && m_dialect == KerasGeneration::Keras3)
        return m_builder.scatterAdd(m_gradient.indices, function(m_gradient.rows), shape());
    return function(m_gradient.dense);
}

ops::Value WeightUpdate::squaredGradient()
{
    return ofGradient([this](ops::Value g) { return m_builder.square(g); });
}

bool WeightUpdate::touchesSomeRows() const
{
    return m_gradient.isSparse()
        && (m_dialect == KerasGeneration::Legacy || m_dialect == KerasGeneration::Keras1);
}

ops::Value WeightUpdate::inTouchedRows(ops::Value updated, ops::Value old)
{
    if (!touchesSomeRows())
        return updated;
    if (!m_touched) {
        // [rows, 1, …]: how often each row occurs, then whether it does.
        const std::int64_t count = m_builder.shape(m_gradient.indices)[0];
        Shape one(shape().size(), 1);
        Shape column = one;
        one[0] = count;
        column[0] = shape()[0];
        const ops::Value occurrences
            = m_builder.scatterAdd(m_gradient.indices, m_builder.filled(1, one, dtype()), column);
        m_touched
            = m_builder.binary(ops::Binary::Greater, occurrences, m_builder.scalar(0, dtype()));
    }
    return m_builder.select(m_touched, updated, old);
}

ops::Value WeightUpdate::slot(std::string_view name) const
{
    const auto found = m_slots.find(name);
    return found == m_slots.end() ? ops::Value() : found->second.latest;
}

void WeightUpdate::setSlot(std::string_view name, ops::Value value)
{
    if (const auto found = m_slots.find(name); found != m_slots.end())
        found->second.latest = value;
}

void WeightUpdate::addSlot(std::string name, ops::Value variable)
{
    m_slots.insert_or_assign(std::move(name), Slot{ variable, variable });
}

ops::Value WeightUpdate::moved(ops::Value old, ops::Value target, double rate)
{
    return m_builder.add(old, scaled(m_builder.subtract(target, old), rate));
}

const OptimizerType* findOptimizer(std::string_view name)
{
    const std::string wanted = comparableName(name);
    for (const OptimizerFamily* family : optimizerFamilies()) {
        for (const OptimizerType& type : family->types) {
            if (comparableName(type.name) == wanted)
                return &type;
        }
    }
    return nullptr;
}

std::vector<std::string> optimizerNames()
{
    std::vector<std::string> names;
    for (const OptimizerFamily* family : optimizerFamilies()) {
        for (const OptimizerType& type : family->types)
            names.emplace_back(type.name);
    }
    return names;
}

} // namespace layerscope::training
