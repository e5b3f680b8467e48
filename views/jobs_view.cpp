#include "views/jobs_view.h"

#include "views/icons.h"
#include "views/visual_language.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QProgressBar>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace layerscope::views {

namespace {

constexpr int barWidth = 140;
constexpr int barSteps = 1000;
constexpr int mostMessages = 500;

QIcon messageIcon(MessageLine::Kind kind, const QPalette& palette)
{
    const VisualLanguage colors = VisualLanguage::of(palette);
    switch (kind) {
    case MessageLine::Kind::Good:
        return icon("good", colors.good);
    case MessageLine::Kind::Warning:
        return icon("warning", colors.warning);
    case MessageLine::Kind::Error:
        return icon("error", colors.error);
    case MessageLine::Kind::Note:
        break;
    }
    return icon("note");
}

} // namespace

JobLine::JobLine(QWidget* parent)
    : QWidget(parent)
    , m_text(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_stop(new QToolButton(this))
{
    m_text->setTextFormat(Qt::PlainText);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(barWidth);
    m_bar->setMaximumHeight(8);
    m_stop->setAutoRaise(true);
    m_stop->setIcon(icon("close"));
    m_stop->setToolTip(tr("Cancel"));
    m_stop->setAccessibleName(tr("Cancel"));
    m_stop->setObjectName(QStringLiteral("stop_job"));
    connect(m_stop, &QToolButton::clicked, this, [this] { emit stopRequested(m_number); });
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 0);
    layout->setSpacing(8);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_bar);
    layout->addWidget(m_stop);
}

void JobLine::setJob(const JobState& job)
{
    m_number = job.number;
    QString text = job.title;
    if (job.stopping)
        text += QLatin1String(": ") + tr("stopping");
    else if (!job.what.isEmpty())
        text += QLatin1String(": ") + job.what;
    m_text->setText(text);
    if (job.fraction < 0) {
        m_bar->setRange(0, 0);
    } else {
        m_bar->setRange(0, barSteps);
        m_bar->setValue(static_cast<int>(job.fraction * barSteps));
    }
    m_stop->setEnabled(!job.stopping);
}

JobsView::JobsView(QWidget* parent)
    : QWidget(parent)
    , m_lines(new QVBoxLayout)
    , m_messages(new QListWidget(this))
{
    m_lines->setSpacing(0);
    m_messages->setObjectName(QStringLiteral("messages"));
    m_messages->setAccessibleName(tr("Messages"));
    m_messages->setFrameShape(QFrame::NoFrame);
    m_messages->setWordWrap(true);
    m_messages->setSelectionMode(QAbstractItemView::ExtendedSelection);
    auto* copyKey
        = new QShortcut(QKeySequence::Copy, m_messages, nullptr, nullptr, Qt::WidgetShortcut);
    connect(copyKey, &QShortcut::activated, this, &JobsView::copyMessages);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(m_lines);
    layout->addWidget(m_messages, 1);
}

void JobsView::setJobs(const QList<JobState>& jobs)
{
    while (m_jobs.size() > jobs.size())
        delete m_jobs.takeLast();
    while (m_jobs.size() < jobs.size()) {
        auto* line = new JobLine(this);
        connect(
            line, &JobLine::stopRequested, this, &JobsView::stopRequested, Qt::QueuedConnection);
        m_lines->addWidget(line);
        m_jobs.append(line);
    }
    for (qsizetype i = 0; i < jobs.size(); ++i)
        m_jobs[i]->setJob(jobs[i]);
}

void JobsView::addMessage(const MessageLine& message)
{
    const QString time = QLocale().toString(message.time.time(), QLocale::ShortFormat);
    auto* item = new QListWidgetItem(
        messageIcon(message.kind, palette()), time + QLatin1String("  ") + message.text);
    item->setToolTip(message.detail.isEmpty() ? message.text : message.detail);
    m_messages->insertItem(0, item);
    if (m_messages->count() > mostMessages)
        delete m_messages->takeItem(m_messages->count() - 1);
}

void JobsView::copyMessages()
{
    QStringList lines;
    for (const QListWidgetItem* item : m_messages->selectedItems())
        lines.append(item->toolTip() == item->text()
                ? item->text()
                : item->text() + QLatin1Char('\n') + item->toolTip());
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace layerscope::views
