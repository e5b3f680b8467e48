#include "views/histogram_item_model.h"

#include "views/statistics_text.h"

namespace layerscope::views {

HistogramItemModel::HistogramItemModel(Lookup lookup, FailureLookup failureLookup, QObject* parent)
    : QAbstractListModel(parent)
    , m_lookup(std::move(lookup))
    , m_failureLookup(std::move(failureLookup))
{
}

void HistogramItemModel::setItems(const QList<WeightItem>& items)
{
    beginResetModel();
    m_items = items;
    m_rows.clear();
    for (int row = 0; row < items.size(); ++row)
        m_rows.insert(items[row].source, row);
    endResetModel();
}

SharedStatistics HistogramItemModel::statistics(int row) const
{
    return m_lookup(m_items[row].source);
}

QString HistogramItemModel::failure(int row) const
{
    return m_failureLookup(m_items[row].source);
}

void HistogramItemModel::statisticsArrived(const ValueSource& source)
{
    const auto row = m_rows.constFind(source);
    if (row != m_rows.constEnd())
        emit dataChanged(index(*row), index(*row));
}

int HistogramItemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_items.size());
}

QVariant HistogramItemModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const WeightItem& item = m_items[index.row()];
    const QString title = item.layerPath.isEmpty()
        ? item.name
        : item.layerPath.last() + QStringLiteral(" / ") + item.name;
    switch (role) {
    case Qt::DisplayRole:
        return title;
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole: {
        const SharedStatistics statistics = this->statistics(index.row());
        const QString head = item.layerText() + QStringLiteral(" / ") + item.name
            + QStringLiteral("  ") + item.shapeText();
        return QString(
            head + u'\n' + (statistics ? statisticsLines(*statistics) : failure(index.row())));
    }
    case LayerPathRole:
        return item.layerPath;
    default:
        return {};
    }
}

} // namespace layerscope::views
