#include "views/property_item_model.h"

#include <QApplication>
#include <QFont>
#include <QPalette>

namespace layerscope::views {

int PropertyItemModel::add(Property property, int parent, int row)
{
    const int self = static_cast<int>(m_nodes.size());
    std::vector<Property> children = std::exchange(property.children, {});
    m_nodes.push_back({ std::move(property), parent, row, {} });
    std::vector<int> places;
    for (std::size_t i = 0; i < children.size(); ++i)
        places.push_back(add(std::move(children[i]), self, static_cast<int>(i)));
    m_nodes[static_cast<std::size_t>(self)].children = std::move(places);
    return self;
}

void PropertyItemModel::setProperties(std::vector<Property> properties)
{
    beginResetModel();
    m_nodes.clear();
    m_top.clear();
    for (std::size_t i = 0; i < properties.size(); ++i)
        m_top.push_back(add(std::move(properties[i]), -1, static_cast<int>(i)));
    endResetModel();
}

void PropertyItemModel::setChildren(const ValueSource& source, std::vector<Property> children)
{
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (m_nodes[i].property.source != source)
            continue;
        const QModelIndex parent = createIndex(m_nodes[i].row, 0, static_cast<quintptr>(i));
        const int now = static_cast<int>(m_nodes[i].children.size());
        if (static_cast<std::size_t>(now) == children.size()) { // the same facts, told anew
            for (int row = 0; row < now; ++row) {
                Node& node = m_nodes[static_cast<std::size_t>(
                    m_nodes[i].children[static_cast<std::size_t>(row)])];
                children[static_cast<std::size_t>(row)].children.clear();
                node.property = std::move(children[static_cast<std::size_t>(row)]);
            }
            emit dataChanged(index(0, 0, parent), index(now - 1, ColumnCount - 1, parent));
            return;
        }
        if (now > 0) {
            beginRemoveRows(parent, 0, now - 1);
            m_nodes[i].children.clear(); // their places stay, unused, until the next reset
            endRemoveRows();
        }
        if (!children.empty()) {
            beginInsertRows(parent, 0, static_cast<int>(children.size()) - 1);
            std::vector<int> places;
            for (std::size_t row = 0; row < children.size(); ++row)
                places.push_back(
                    add(std::move(children[row]), static_cast<int>(i), static_cast<int>(row)));
            m_nodes[i].children = std::move(places);
            endInsertRows();
        }
        return;
    }
}

QModelIndex PropertyItemModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const std::vector<int>& siblings = parent.isValid() ? nodeOf(parent).children : m_top;
    return createIndex(row, column, static_cast<quintptr>(siblings[static_cast<std::size_t>(row)]));
}

QModelIndex PropertyItemModel::parent(const QModelIndex& index) const
{
    const int parent = index.isValid() ? nodeOf(index).parent : -1;
    return parent < 0 ? QModelIndex()
                      : createIndex(m_nodes[static_cast<std::size_t>(parent)].row, 0,
                          static_cast<quintptr>(parent));
}

int PropertyItemModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_top.size());
    return parent.column() == 0 ? static_cast<int>(nodeOf(parent).children.size()) : 0;
}

int PropertyItemModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant PropertyItemModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Property& property = nodeOf(index).property;
    switch (role) {
    case Qt::DisplayRole:
        if (property.style == Property::Style::Heading && index.column() == Name
            && !property.value.isEmpty())
            return QString(
                property.name + QStringLiteral("  ") + property.value); // it spans both columns
        return index.column() == Name ? property.name : property.value;
    case Qt::ToolTipRole:
        if (!property.toolTip.isEmpty())
            return property.toolTip;
        return index.column() == Name  ? property.name
            : property.exact.isEmpty() ? property.value
                                       : property.exact;
    case Qt::FontRole:
        if (property.style == Property::Style::Heading && index.column() == Name) {
            QFont font = QApplication::font();
            font.setWeight(QFont::DemiBold);
            return font;
        }
        return {};
    case Qt::ForegroundRole:
        if (property.style == Property::Style::Heading && index.column() == Value)
            return QApplication::palette().placeholderText();
        return {};
    case ExactRole:
        return property.exact.isEmpty() ? property.value : property.exact;
    case HeadingRole:
        return property.style == Property::Style::Heading;
    case SourceRole:
        return property.source ? QVariant::fromValue(*property.source) : QVariant();
    default:
        return {};
    }
}

QVariant PropertyItemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Property") : tr("Value");
}

} // namespace layerscope::views
