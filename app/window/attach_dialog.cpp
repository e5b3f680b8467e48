#include "app/window/attach_dialog.h"

#include "views/model_words.h"
#include "views/number_text.h"
#include "views/text_table_item_model.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeView>

namespace layerscope::app {

namespace {

constexpr int widthInCharacters = 96;
constexpr int heightInLines = 28;
constexpr int best = -1; ///< data of the choice that lets the program choose

QString pairingText(Pairing pairing)
{
    switch (pairing) {
    case Pairing::ByName:
        return AttachDialog::tr("By name");
    case Pairing::ByContainer:
        return AttachDialog::tr("By class and number, as .weights.h5 names them");
    case Pairing::ByPosition:
        return AttachDialog::tr("By position, layer after layer");
    default:
        return AttachDialog::tr("In their order, weight after weight");
    }
}

QString stateText(MatchState state)
{
    switch (state) {
    case MatchState::Matched:
        return AttachDialog::tr("fits");
    case MatchState::Missing:
        return AttachDialog::tr("missing");
    case MatchState::Extra:
        return AttachDialog::tr("extra");
    default:
        return AttachDialog::tr("other shape");
    }
}

QString shapeOrDash(const std::optional<Shape>& shape)
{
    return shape ? views::shapeText(*shape) : QString(QChar(0x2013));
}

} // namespace

AttachDialog::AttachDialog(const NetworkPointer& weights, const NetworkPointer& architecture,
    const QString& architectureName, QWidget* parent)
    : QDialog(parent)
    , m_weights(weights)
    , m_architecture(architecture)
    , m_pairing(new QComboBox(this))
    , m_verdict(new QLabel(this))
    , m_items(new views::TextTableItemModel(this))
{
    setWindowTitle(tr("Attach architecture"));
    setObjectName(QStringLiteral("attach_dialog"));
    build(architectureName);
    pair();
}

void AttachDialog::build(const QString& architectureName)
{
    m_pairing->setObjectName(QStringLiteral("attach_pairing"));
    m_pairing->addItem(tr("The first way that fits"), best);
    for (const Pairing pairing :
        { Pairing::ByName, Pairing::ByContainer, Pairing::ByPosition, Pairing::ByOrder })
        m_pairing->addItem(pairingText(pairing), static_cast<int>(pairing));
    m_verdict->setWordWrap(true);
    m_verdict->setObjectName(QStringLiteral("attach_verdict"));
    auto* table = new QTreeView(this);
    table->setModel(m_items);
    table->setRootIsDecorated(false);
    table->setUniformRowHeights(true);
    table->setAlternatingRowColors(true);
    table->setAccessibleName(tr("Weights and their places"));
    table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_attach = buttons->addButton(tr("Attach"), QDialogButtonBox::AcceptRole);

    auto* form = new QFormLayout(this);
    form->addRow(tr("Architecture"), new QLabel(architectureName, this));
    form->addRow(tr("&Pair weights"), m_pairing);
    form->addRow(m_verdict);
    form->addRow(table);
    form->addRow(buttons);
    resize(fontMetrics().averageCharWidth() * widthInCharacters,
        fontMetrics().height() * heightInLines);
    connect(m_pairing, &QComboBox::currentIndexChanged, this, &AttachDialog::pair);
    connect(buttons, &QDialogButtonBox::accepted, this, &AttachDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &AttachDialog::reject);
}

void AttachDialog::pair()
{
    const int asked = m_pairing->currentData().toInt();
    Result<Attachment> attachment = attachArchitecture(*m_weights, *m_architecture,
        asked == best ? std::nullopt : std::optional(static_cast<Pairing>(asked)));
    m_attachment.reset();
    if (attachment)
        m_attachment = *std::move(attachment);
    else
        m_verdict->setText(views::inWords(attachment.error()));
    m_attach->setEnabled(m_attachment && m_attachment->isComplete());
    showTable();
}

void AttachDialog::showTable()
{
    QList<views::TextTableItemModel::Row> rows;
    if (m_attachment) {
        QStringList lines{ m_attachment->isComplete() ? tr("All %n weight(s) fit. Paired: %1.",
                               nullptr, static_cast<int>(m_attachment->matches.size()))
                                                            .arg(pairingText(m_attachment->pairing))
                                                      : views::inWords(m_attachment->fault) };
        for (const std::string& remark : m_attachment->remarks)
            lines.append(views::inWords(remark));
        m_verdict->setText(lines.join(QLatin1Char('\n')));
        for (const WeightMatch& match : m_attachment->matches)
            rows.append({ { stateText(match.state), QString::fromStdString(match.layer),
                              QString::fromStdString(match.weight), shapeOrDash(match.expected),
                              shapeOrDash(match.found), QString::fromStdString(match.foundAs) },
                {}, match.state != MatchState::Matched });
    }
    m_items->setContent(
        { QString(), tr("Layer"), tr("Weight"), tr("Expected"), tr("Found"), tr("Found as") },
        rows);
}

void AttachDialog::accept()
{
    if (!m_attachment || !m_attachment->isComplete())
        return;
    emit attachRequested(std::make_shared<const Network>(std::move(m_attachment->network)));
    QDialog::accept();
}

} // namespace layerscope::app
