#include "views/start_page.h"

#include "views/icons.h"

#include <QCommandLinkButton>
#include <QFontMetrics>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace layerscope::views {

namespace {

constexpr int startPageWidth = 680;

QLabel* columnTitle(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

void clear(QVBoxLayout* column)
{
    while (QLayoutItem* item = column->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace

StartPage::StartPage(QWidget* parent)
    : QWidget(parent)
    , m_samples(new QVBoxLayout)
    , m_recent(new QVBoxLayout)
    , m_dropArea(new QWidget(this))
    , m_formats(new QLabel(this))
{
    auto* title = new QLabel(tr("Drop a model here"), m_dropArea);
    QFont titleFont = font();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.7);
    title->setFont(titleFont);
    title->setAlignment(Qt::AlignCenter);
    auto* open = new QPushButton(icon("open"), tr("Open…"), m_dropArea);
    open->setObjectName(QStringLiteral("start_open"));
    open->setDefault(true);
    connect(open, &QPushButton::clicked, this, &StartPage::openRequested);
    auto* drop = new QVBoxLayout(m_dropArea);
    drop->setContentsMargins(24, 36, 24, 36);
    drop->setSpacing(16);
    drop->addWidget(title);
    drop->addWidget(open, 0, Qt::AlignCenter);

    for (QVBoxLayout* column : { m_samples, m_recent })
        column->setSpacing(2);
    auto* lists = new QGridLayout;
    lists->setHorizontalSpacing(32);
    lists->setVerticalSpacing(8);
    lists->addWidget(columnTitle(tr("Samples"), this), 0, 0);
    lists->addWidget(columnTitle(tr("Recent"), this), 0, 1);
    lists->addLayout(m_samples, 1, 0, Qt::AlignTop);
    lists->addLayout(m_recent, 1, 1, Qt::AlignTop);
    lists->setColumnStretch(0, 1);
    lists->setColumnStretch(1, 1);

    m_formats->setWordWrap(true);
    m_formats->setAlignment(Qt::AlignCenter);
    m_formats->setForegroundRole(QPalette::PlaceholderText);

    auto* page = new QWidget(this);
    page->setMaximumWidth(startPageWidth);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(24);
    column->addStretch(1);
    column->addWidget(m_dropArea);
    column->addLayout(lists);
    column->addWidget(m_formats);
    column->addStretch(2);
    auto* layout = new QHBoxLayout(this);
    layout->addStretch(1);
    layout->addWidget(page, 10);
    layout->addStretch(1);
}

void StartPage::fill(
    QVBoxLayout* column, const QList<StartEntry>& entries, const QString& emptyText)
{
    clear(column);
    for (const StartEntry& entry : entries) {
        auto* button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setIcon(icon("model"));
        const int width = startPageWidth / 2 - 80;
        const QString text = entry.detail.isEmpty()
            ? entry.title
            : entry.title + QLatin1String("   ") + entry.detail;
        button->setText(fontMetrics()
                            .elidedText(text, Qt::ElideMiddle, width)
                            .replace(u'&', QLatin1String("&&")));
        button->setToolTip(entry.path);
        button->setAccessibleName(entry.title);
        connect(button, &QToolButton::clicked, this,
            [this, path = entry.path] { emit pathRequested(path); });
        column->addWidget(button, 0, Qt::AlignLeft);
    }
    if (entries.isEmpty()) {
        auto* label = new QLabel(emptyText, this);
        label->setForegroundRole(QPalette::PlaceholderText);
        column->addWidget(label);
    }
}

void StartPage::setSamples(const QList<StartEntry>& samples)
{
    fill(m_samples, samples, tr("No samples are installed."));
}

void StartPage::setRecent(const QList<StartEntry>& recent)
{
    fill(m_recent, recent, tr("Nothing was opened yet."));
}

void StartPage::setFormats(const QString& formats)
{
    m_formats->setText(tr("Opens %1, by content and not by name.").arg(formats));
}

void StartPage::setDropping(bool dropping)
{
    m_dropping = dropping;
    update();
}

void StartPage::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area
        = QRectF(m_dropArea->mapTo(this, QPoint()), m_dropArea->size()).adjusted(1, 1, -1, -1);
    QColor line = palette().color(m_dropping ? QPalette::Highlight : QPalette::Mid);
    painter.setPen(QPen(line, m_dropping ? 2 : 1.5, Qt::DashLine));
    if (m_dropping) {
        line.setAlpha(24);
        painter.setBrush(line);
    }
    painter.drawRoundedRect(area, 8, 8);
}

} // namespace layerscope::views
