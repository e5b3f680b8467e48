#pragma once

#include <QAbstractTableModel>
#include <QList>

namespace layerscope::views {

/// What one version of Keras makes of a file, in words.
struct VerdictRow
{
    enum class Answer { Yes, No, Nothing, Unsure };

    QString keras;
    Answer loads = Answer::Unsure;
    QString loadReason;
    Answer resumes = Answer::Unsure;
    QString resumeReason;
};

/// Versions of Keras against whether they load a file and whether training goes on there.
class VerdictItemModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Keras, Loads, Resumes, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(const QList<VerdictRow>& rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(
        int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<VerdictRow> m_rows;
};

} // namespace layerscope::views
