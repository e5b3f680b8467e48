#pragma once

#include "model/analysis/propose_architecture.h"

#include <QAbstractTableModel>

namespace layerscope::views {

/// A proposed architecture as rows; the class of a layer can be changed to another that its
/// weights allow.
class ProposalItemModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { LayerColumn, ClassColumn, ConfidenceColumn, ReasonColumn, ColumnCount };
    enum Role {
        ChoicesRole = Qt::UserRole, ///< QStringList: the classes to choose from
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setProposal(const analysis::Proposal& proposal);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    /// `value`: the position among ChoicesRole.
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

signals:
    void chosen(int row, int choice); ///< the owner answers with another proposal

private:
    analysis::Proposal m_proposal;
};

} // namespace layerscope::views
