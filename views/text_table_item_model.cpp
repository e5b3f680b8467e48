#include "views/text_table_item_model.h"

#include <QFont>

namespace layerscope::views {

void TextTableItemModel::setContent(const QStringList& header, const QList<Row>& rows)
{
    beginResetModel();
    m_header = header;
    m_rows = rows;
    endResetModel();
}

int TextTableItemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int TextTableItemModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_header.size());
}

QVariant TextTableItemModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[index.row()];
    if (role == Qt::DisplayRole)
        return row.cells.value(index.column());
    if (role == Qt::ToolTipRole)
        return row.toolTip.isEmpty() ? row.cells.value(index.column()) : row.toolTip;
    if (role == Qt::FontRole && row.isFault) {
        QFont font;
        font.setBold(true);
        return font;
    }
    return {};
}

QVariant TextTableItemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    return m_header.value(section);
}

} // namespace layerscope::views
