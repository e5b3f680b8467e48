#include "views/doctor_view.h"

#include "views/icons.h"
#include "views/visual_language.h"

#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace layerscope::views {

namespace {

constexpr int pageWidth = 920; ///< longer lines are hard to read

QLabel* textLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QLabel* headingLabel(const QString& text, qreal scale, QWidget* parent)
{
    QLabel* label = textLabel(text, parent);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    font.setPointSizeF(font.pointSizeF() * scale);
    label->setFont(font);
    return label;
}

} // namespace

int DoctorReport::count(DoctorFinding::Severity severity) const
{
    return static_cast<int>(std::count_if(findings.cbegin(), findings.cend(),
        [severity](const DoctorFinding& finding) { return finding.severity == severity; }));
}

DoctorView::DoctorView(QWidget* parent)
    : QScrollArea(parent)
    , m_model(new VerdictItemModel(this))
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setObjectName(QStringLiteral("doctor_view"));
    setAccessibleName(tr("Doctor"));
}

void DoctorView::setReport(const DoctorReport& report)
{
    m_report = report;
    m_model->setRows(report.verdicts);
    m_table = nullptr;
    auto* holder = new QWidget; // the old one goes with its cards
    m_page = new QWidget(holder);
    m_page->setMaximumWidth(pageWidth);
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(16, 16, 16, 16);
    row->addWidget(m_page, 1);
    row->addStretch();
    row->setStretch(0, 1000); // all the width up to its own limit
    m_column = new QVBoxLayout(m_page);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    addHeading();
    addCards();
    addVerdicts();
    addLists();
    m_column->addStretch(1);
    if (QWidget* old = takeWidget())
        old->deleteLater(); // a button in it may be the one that was clicked
    setWidget(holder);
}

void DoctorView::addHeading()
{
    m_column->addWidget(headingLabel(m_report.title, 1.2, m_page));
    for (const QString& fact : qAsConst(m_report.facts)) {
        QLabel* label = textLabel(fact, m_page);
        label->setForegroundRole(QPalette::PlaceholderText);
        m_column->addWidget(label);
    }
    m_column->addSpacing(8);
}

void DoctorView::addCards()
{
    using Severity = DoctorFinding::Severity;
    if (m_report.count(Severity::Error) + m_report.count(Severity::Warning) == 0)
        m_column->addWidget(nothingFound());
    std::optional<Severity> group;
    for (qsizetype i = 0; i < m_report.findings.size(); ++i) {
        const DoctorFinding& finding = m_report.findings[i];
        if (group != finding.severity) {
            group = finding.severity;
            const QString words = *group == Severity::Error ? tr("Errors")
                : *group == Severity::Warning               ? tr("Warnings")
                                                            : tr("Notes");
            m_column->addSpacing(4);
            m_column->addWidget(headingLabel(
                QStringLiteral("%1 (%2)").arg(words).arg(m_report.count(*group)), 1.0, m_page));
        }
        auto* card = new DoctorCard(finding, m_page);
        connect(card, &DoctorCard::selectRequested, this, &DoctorView::selectRequested);
        connect(card, &DoctorCard::remedyRequested, this,
            [this, i] { emit remedyRequested(static_cast<int>(i)); });
        m_column->addWidget(card);
    }
}

QWidget* DoctorView::nothingFound()
{
    auto* box = new QWidget(m_page);
    box->setObjectName(QStringLiteral("doctor_nothing"));
    auto* mark = new QLabel(box);
    constexpr int side = 20;
    mark->setPixmap(icon("good", VisualLanguage::of(palette()).good)
                        .pixmap(QSize(side, side), devicePixelRatioF()));
    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(mark, 0, Qt::AlignTop);
    layout->addWidget(headingLabel(tr("Nothing suspicious"), 1.0, box), 1);
    return box;
}

void DoctorView::addVerdicts()
{
    if (m_report.verdicts.isEmpty())
        return;
    m_column->addSpacing(8);
    m_column->addWidget(headingLabel(tr("Which Keras takes it"), 1.0, m_page));
    m_table = new QTableView(m_page);
    m_table->setObjectName(QStringLiteral("doctor_verdicts"));
    m_table->setAccessibleName(tr("Which Keras takes it"));
    m_table->setModel(m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(true);
    m_table->setTabKeyNavigation(false); // Tab leaves the table
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(
        VerdictItemModel::Keras, QHeaderView::ResizeToContents);
    for (const int column : { VerdictItemModel::Loads, VerdictItemModel::Resumes })
        m_table->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    // Rows grow and shrink with the width, and the table with them: the page scrolls, not the
    // table.
    connect(m_table->verticalHeader(), &QHeaderView::geometriesChanged, this, &DoctorView::fitTable,
        Qt::QueuedConnection);
    connect(m_table->verticalHeader(), &QHeaderView::sectionResized, this, &DoctorView::fitTable,
        Qt::QueuedConnection);
    m_column->addWidget(m_table);
    fitTable();
}

void DoctorView::fitTable()
{
    if (!m_table)
        return;
    const int rows = m_table->verticalHeader()->length();
    const int header = m_table->horizontalHeader()->sizeHint().height();
    if (m_table->height() != rows + header + 2)
        m_table->setFixedHeight(rows + header + 2);
}

void DoctorView::addLists()
{
    const auto add = [this](const QString& heading, const QStringList& items) {
        if (items.isEmpty())
            return;
        m_column->addSpacing(8);
        m_column->addWidget(headingLabel(heading, 1.0, m_page));
        QLabel* label
            = textLabel(QStringLiteral("• ") + items.join(QStringLiteral("\n• ")), m_page);
        label->setForegroundRole(QPalette::PlaceholderText);
        m_column->addWidget(label);
    };
    add(tr("What survives"), m_report.intact);
    add(tr("What was checked"), m_report.checked);
}

void DoctorView::changeEvent(QEvent* event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_table)
        m_table->viewport()->update();
}

} // namespace layerscope::views
