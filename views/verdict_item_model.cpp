#include "views/verdict_item_model.h"

#include "views/icons.h"
#include "views/visual_language.h"

#include <QApplication>

namespace layerscope::views {

namespace {

using Answer = VerdictRow::Answer;

QIcon iconOf(Answer answer)
{
    const VisualLanguage language = VisualLanguage::of(QApplication::palette());
    switch (answer) {
    case Answer::Yes:
        return icon("good", language.good);
    case Answer::No:
        return icon("error", language.error);
    case Answer::Nothing:
    case Answer::Unsure:
        break;
    }
    return icon("note", language.quietText);
}

} // namespace

void VerdictItemModel::setRows(const QList<VerdictRow>& rows)
{
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

int VerdictItemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int VerdictItemModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VerdictItemModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const VerdictRow& row = m_rows[index.row()];
    if (index.column() == Keras)
        return role == Qt::DisplayRole ? QVariant(row.keras) : QVariant();
    const bool isLoading = index.column() == Loads;
    const Answer answer = isLoading ? row.loads : row.resumes;
    const QString& reason = isLoading ? row.loadReason : row.resumeReason;
    const auto words = [&] {
        switch (answer) {
        case Answer::Yes:
            return tr("Yes");
        case Answer::No:
            return tr("No");
        case Answer::Nothing:
            return tr("Nothing to resume");
        case Answer::Unsure:
            break;
        }
        return tr("Not tried");
    };
    switch (role) {
    case Qt::DisplayRole:
        return reason.isEmpty() || answer == Answer::Nothing
            ? words()
            : tr("%1: %2", "an answer and its reason").arg(words(), reason);
    case Qt::ToolTipRole:
        return reason;
    case Qt::DecorationRole:
        return iconOf(answer);
    default:
        return {};
    }
}

QVariant VerdictItemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Keras:
        return tr("Keras");
    case Loads:
        return tr("Loads it");
    case Resumes:
        return tr("Resumes training");
    default:
        return {};
    }
}

} // namespace layerscope::views
