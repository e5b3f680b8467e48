#pragma once

#include "app/session/document.h"
#include "model/analysis/propose_architecture.h"

#include <QDialog>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
class QTreeView;
QT_END_NAMESPACE

namespace layerscope::views {
class ProposalItemModel;
}

namespace layerscope::app {

/// Shows the architecture that the shapes of weights allow, to be changed and confirmed.
class ProposeDialog : public QDialog
{
    Q_OBJECT

public:
    ProposeDialog(
        const NetworkPointer& weights, const analysis::Proposal& proposal, QWidget* parent);

signals:
    void proposalAccepted(const layerscope::app::NetworkPointer& network);

public slots:
    void accept() override;

private:
    void build();
    void choose(int row, int choice);
    void showProposal();

    NetworkPointer m_weights;
    analysis::Proposal m_proposal;
    std::optional<Network> m_network;
    views::ProposalItemModel* m_items;
    QTreeView* m_table;
    QLabel* m_remarks;
    QPushButton* m_use = nullptr;
};

} // namespace layerscope::app
