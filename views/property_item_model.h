#pragma once

#include "views/weights_view.h"

#include <QAbstractItemModel>

#include <optional>
#include <vector>

namespace layerscope::views {

/// A named fact, and the facts below it.
struct Property
{
    enum class Style { Plain, Heading, Warning };

    QString name{};
    QString value{}; ///< as it is shown
    QString exact{}; ///< what copying gives; empty: `value`
    QString toolTip{};
    Style style = Style::Plain;
    std::optional<ValueSource> source{}; ///< the array it tells about
    std::vector<Property> children{};
};

/// Properties as a tree of two columns, name and value.
class PropertyItemModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Name, Value, ColumnCount };
    enum Role {
        ExactRole = Qt::UserRole, ///< what copying the value gives
        HeadingRole, ///< bool
        SourceRole, ///< ValueSource, where there is one
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setProperties(std::vector<Property> properties);

    /// Replaces what stands below the property with this source (statistics arrived).
    void setChildren(const ValueSource& source, std::vector<Property> children);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    /// Properties flattened: an index is a place in this list.
    struct Node
    {
        Property property; ///< its children moved out
        int parent = -1;
        int row = 0;
        std::vector<int> children;
    };

    int add(Property property, int parent, int row);
    const Node& nodeOf(const QModelIndex& index) const
    {
        return m_nodes[static_cast<std::size_t>(index.internalId())];
    }

    std::vector<Node> m_nodes;
    std::vector<int> m_top;
};

} // namespace layerscope::views

Q_DECLARE_METATYPE(layerscope::views::ValueSource)
