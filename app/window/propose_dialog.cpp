#include "app/window/propose_dialog.h"

#include "views/model_words.h"
#include "views/number_text.h"
#include "views/proposal_item_model.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

namespace layerscope::app {

namespace {

constexpr int widthInCharacters = 104;
constexpr int heightInLines = 30;

/// A combo box with the classes that a layer's weights allow.
class ClassDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget* createEditor(
        QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const override
    {
        auto* box = new QComboBox(parent);
        box->addItems(index.data(views::ProposalItemModel::ChoicesRole).toStringList());
        QObject::connect(box, &QComboBox::activated, this, [this, box] {
            auto* self = const_cast<ClassDelegate*>(this);
            emit self->commitData(box);
            emit self->closeEditor(box);
        });
        return box;
    }
    void setEditorData(QWidget* editor, const QModelIndex& index) const override
    {
        static_cast<QComboBox*>(editor)->setCurrentIndex(index.data(Qt::EditRole).toInt());
    }
    void setModelData(
        QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override
    {
        model->setData(index, static_cast<QComboBox*>(editor)->currentIndex(), Qt::EditRole);
    }
};

} // namespace

ProposeDialog::ProposeDialog(
    const NetworkPointer& weights, const analysis::Proposal& proposal, QWidget* parent)
    : QDialog(parent)
    , m_weights(weights)
    , m_proposal(proposal)
    , m_items(new views::ProposalItemModel(this))
    , m_table(new QTreeView(this))
    , m_remarks(new QLabel(this))
{
    setWindowTitle(tr("Propose architecture"));
    setObjectName(QStringLiteral("propose_dialog"));
    build();
    showProposal();
}

void ProposeDialog::build()
{
    m_table->setModel(m_items);
    m_table->setObjectName(QStringLiteral("propose_table"));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setAlternatingRowColors(true);
    m_table->setAccessibleName(tr("Proposed layers"));
    m_table->setItemDelegateForColumn(
        views::ProposalItemModel::ClassColumn, new ClassDelegate(this));
    m_table->setEditTriggers(QAbstractItemView::AllEditTriggers);
    m_table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_remarks->setWordWrap(true);
    m_remarks->setObjectName(QStringLiteral("propose_remarks"));
    auto* intro = new QLabel(tr("The file holds no architecture. From shapes and names it may be "
                                "this one; a class that can be another shows the others when it "
                                "is clicked."),
        this);
    intro->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_use = buttons->addButton(tr("Use this architecture"), QDialogButtonBox::AcceptRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(intro);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_remarks);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * widthInCharacters,
        fontMetrics().height() * heightInLines);
    connect(m_items, &views::ProposalItemModel::chosen, this, &ProposeDialog::choose,
        Qt::QueuedConnection); // the answer resets the model, which must not happen in its setData
    connect(buttons, &QDialogButtonBox::accepted, this, &ProposeDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &ProposeDialog::reject);
}

void ProposeDialog::choose(int row, int choice)
{
    m_proposal.layers[static_cast<std::size_t>(row)].chosen = static_cast<std::size_t>(choice);
    // What stands between layers is for a person to choose, too, and stays then.
    if (!m_proposal.layers[static_cast<std::size_t>(row)].choice().weights.empty())
        analysis::arrange(m_proposal, *m_weights);
    showProposal();
}

void ProposeDialog::showProposal()
{
    m_items->setProposal(m_proposal);
    QStringList lines;
    if (m_proposal.inputShape)
        lines.append(tr("Input of one example: %1").arg(views::shapeText(*m_proposal.inputShape)));
    lines.append(tr("Weights do not tell activations: they are taken as linear."));
    for (const std::string& remark : m_proposal.remarks)
        lines.append(views::inWords(remark));
    m_network.reset();
    Result<Network> network = analysis::networkOf(m_proposal, *m_weights);
    if (network)
        m_network = *std::move(network);
    else
        lines.append(views::inWords(network.error()));
    lines.removeDuplicates();
    m_remarks->setText(lines.join(QLatin1Char('\n')));
    m_use->setEnabled(m_network.has_value());
}

void ProposeDialog::accept()
{
    if (!m_network)
        return;
    emit proposalAccepted(std::make_shared<const Network>(*std::move(m_network)));
    QDialog::accept();
}

} // namespace layerscope::app
