#pragma once

#include <QAbstractTableModel>

namespace layerscope::views {

/// A table of texts to read: the header and rows come as a value.
class TextTableItemModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    struct Row
    {
        QStringList cells;
        QString toolTip; ///< the whole text where a cell shows part of it
        bool isFault = false; ///< shown in bold
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setContent(const QStringList& header, const QList<Row>& rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QStringList m_header;
    QList<Row> m_rows;
};

} // namespace layerscope::views
