#include "views/weight_items.h"

#include <set>

namespace layerscope::views {
namespace {

QStringList textOf(const std::vector<std::string>& path)
{
    QStringList names;
    for (const std::string& name : path)
        names.append(QString::fromStdString(name));
    return names;
}

/// "dense/kernel:0" is "kernel" once its layer is known.
QString itemName(const Weight& weight)
{
    QString name = QString::fromStdString(weight.name);
    name = name.mid(name.lastIndexOf(u'/') + 1);
    const qsizetype colon = name.lastIndexOf(u':');
    return colon > 0 ? name.left(colon) : name;
}

class ItemCollector
{
public:
    ItemCollector(const Network& network, const QString& slot)
        : m_network(network)
        , m_slot(slot)
    {
        if (!slot.isEmpty() && network.optimizer) {
            const auto& variables = network.optimizer->variables;
            for (std::size_t i = 0; i < variables.size(); ++i) {
                if (variables[i].weight && QString::fromStdString(variables[i].slot) == slot)
                    m_variables.emplace(*variables[i].weight, i);
            }
        }
    }

    void add(WeightIndex index, const QStringList& path, const Json& config)
    {
        if (index >= m_network.weights.size() || !m_seen.insert(index).second)
            return;
        const Weight& weight = m_network.weights[index];
        WeightItem item{ .source = { ValueSource::Kind::Weight, index },
            .layerPath = path,
            .name = itemName(weight),
            .shape = weight.value.shape(),
            .dtype = weight.value.dtype(),
            .isTrainable = weight.trainable,
            .initializer = {} };
        if (m_slot.isEmpty()) {
            item.initializer = analysis::initializerDistribution(config, weight.name, item.shape);
        } else {
            const auto variable = m_variables.find(index);
            if (variable == m_variables.end())
                return;
            const StoredTensor& value = m_network.optimizer->variables[variable->second].value;
            item.source = { ValueSource::Kind::OptimizerVariable, variable->second };
            item.name += QStringLiteral(": ") + m_slot;
            item.shape = value.shape();
            item.dtype = value.dtype();
        }
        m_items.append(std::move(item));
    }

    QList<WeightItem> take() { return std::move(m_items); }

private:
    const Network& m_network;
    QString m_slot;
    std::map<WeightIndex, std::size_t> m_variables;
    std::set<WeightIndex> m_seen; ///< a shared layer is met more than once
    QList<WeightItem> m_items;
};

} // namespace

QString WeightItem::shapeText() const
{
    if (shape.empty())
        return QCoreApplication::translate("WeightItem", "scalar");
    QStringList axes;
    for (const std::int64_t length : shape)
        axes.append(QString::number(length));
    return axes.join(QStringLiteral(" × "));
}

QString WeightItem::layerText() const
{
    return layerPath.join(QStringLiteral(" / "));
}

QList<WeightItem> weightItems(const Network& network, const QStringList& path, const QString& slot)
{
    ItemCollector collector(network, slot);
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>& names) {
        if (names.size() < static_cast<std::size_t>(path.size()))
            return;
        const QStringList here = textOf(names);
        if (here.mid(0, path.size()) != path)
            return;
        for (const WeightIndex index : layer.weights)
            collector.add(index, here, layer.config);
    });
    if (path.isEmpty()) { // those that no layer holds: a subclassed model's own
        for (WeightIndex index = 0; index < network.weights.size(); ++index)
            collector.add(index, {}, {});
    }
    return collector.take();
}

QStringList optimizerSlots(const Network& network)
{
    QStringList names;
    if (!network.optimizer)
        return names;
    for (const OptimizerVariable& variable : network.optimizer->variables) {
        const QString name = QString::fromStdString(variable.slot);
        if (variable.role == SlotRole::Slot && variable.weight && !names.contains(name))
            names.append(name);
    }
    return names;
}

bool hasLayer(const Network& network, const QStringList& path)
{
    bool found = path.isEmpty();
    visitLayers(network.model, [&](const Layer&, const std::vector<std::string>& names) {
        found = found || textOf(names) == path;
    });
    return found;
}

} // namespace layerscope::views
