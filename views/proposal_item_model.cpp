#include "views/proposal_item_model.h"

#include "views/model_words.h"
#include "views/number_text.h"

namespace layerscope::views {

void ProposalItemModel::setProposal(const analysis::Proposal& proposal)
{
    beginResetModel();
    m_proposal = proposal;
    endResetModel();
}

int ProposalItemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_proposal.layers.size());
}

int ProposalItemModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant ProposalItemModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const analysis::ProposedLayer& layer = m_proposal.layers[static_cast<std::size_t>(index.row())];
    if (role == ChoicesRole) {
        QStringList classes;
        for (const analysis::ProposedClass& choice : layer.choices)
            classes.append(QString::fromStdString(choice.className));
        return classes;
    }
    if (role == Qt::EditRole && index.column() == ClassColumn)
        return static_cast<int>(layer.chosen);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case LayerColumn:
        return QString::fromStdString(layer.name);
    case ClassColumn:
        return layer.isKnown() ? QString::fromStdString(layer.choice().className) : tr("unknown");
    case ConfidenceColumn:
        return layer.isKnown() ? percentText(layer.choice().confidence) : QString();
    default:
        return layer.isKnown() ? inWords(layer.choice().reason)
                               : tr("no class that is known has these weights");
    }
}

QVariant ProposalItemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case LayerColumn:
        return tr("Layer");
    case ClassColumn:
        return tr("Proposed class");
    case ConfidenceColumn:
        return tr("Sure");
    default:
        return tr("Why");
    }
}

Qt::ItemFlags ProposalItemModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    const bool hasChoice = index.isValid() && index.column() == ClassColumn
        && m_proposal.layers[static_cast<std::size_t>(index.row())].choices.size() > 1;
    return hasChoice ? flags | Qt::ItemIsEditable : flags;
}

bool ProposalItemModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    auto& layer = m_proposal.layers[static_cast<std::size_t>(index.row())];
    const int choice = value.toInt();
    if (choice < 0 || choice >= static_cast<int>(layer.choices.size()))
        return false;
    layer.chosen = static_cast<std::size_t>(choice);
    emit dataChanged(index.siblingAtColumn(LayerColumn), index.siblingAtColumn(ColumnCount - 1));
    emit chosen(index.row(), choice);
    return true;
}

} // namespace layerscope::views
