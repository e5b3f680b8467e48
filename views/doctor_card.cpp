#include "views/doctor_card.h"

#include "views/icons.h"
#include "views/visual_language.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace layerscope::views {

namespace {

constexpr int severityIconSide = 20;
constexpr int edgeWidth = 4;
constexpr qreal corner = 6;

using FindingSeverity = DoctorFinding::Severity;

QColor colorOf(FindingSeverity severity, const VisualLanguage& language)
{
    return severity == FindingSeverity::Error  ? language.error
        : severity == FindingSeverity::Warning ? language.warning
                                               : language.accent;
}

const char* iconName(FindingSeverity severity)
{
    return severity == FindingSeverity::Error  ? "error"
        : severity == FindingSeverity::Warning ? "warning"
                                               : "note";
}

/// Words out of a file: plain text that wraps, can be selected and copied.
QLabel* wordsLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

QString severityText(FindingSeverity severity)
{
    return severity == FindingSeverity::Error  ? DoctorCard::tr("Error")
        : severity == FindingSeverity::Warning ? DoctorCard::tr("Warning")
                                               : DoctorCard::tr("Note");
}

DoctorCard::DoctorCard(const DoctorFinding& finding, QWidget* parent)
    : QFrame(parent)
    , m_finding(finding)
    , m_icon(new QLabel(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(severityText(finding.severity) + QLatin1String(": ") + finding.what);
    setAccessibleDescription(QStringList{ finding.why, finding.remedy }.join(QLatin1Char(' ')));
    build();
    paintIcon();
}

void DoctorCard::build()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(4);
    QLabel* what = wordsLabel(m_finding.what, this);
    QFont bold = what->font();
    bold.setWeight(QFont::DemiBold);
    what->setFont(bold);
    column->addWidget(what);
    if (!m_finding.layer.isEmpty()) {
        auto* link = new QPushButton(this);
        link->setObjectName(QStringLiteral("doctor_link"));
        // In line with the words above and below.
        link->setStyleSheet(
            QStringLiteral("QPushButton { border: none; padding: 0; text-align: left; }"
                           "QPushButton:focus { border-bottom: 2px solid palette(highlight); }"));
        link->setText(QString(m_finding.where).replace(u'&', QLatin1String("&&")));
        link->setToolTip(tr("Select this layer"));
        link->setAccessibleName(tr("Select the layer %1").arg(m_finding.where));
        link->setCursor(Qt::PointingHandCursor);
        QFont underlined = link->font();
        underlined.setUnderline(true);
        link->setFont(underlined);
        connect(
            link, &QPushButton::clicked, this, [this] { emit selectRequested(m_finding.layer); });
        column->addWidget(link, 0, Qt::AlignLeft);
    } else if (!m_finding.where.isEmpty()) {
        QLabel* where = wordsLabel(m_finding.where, this);
        where->setForegroundRole(QPalette::PlaceholderText);
        column->addWidget(where);
    }
    if (!m_finding.why.isEmpty())
        column->addWidget(wordsLabel(m_finding.why, this));
    if (!m_finding.remedy.isEmpty())
        column->addWidget(wordsLabel(QStringLiteral("→ ") + m_finding.remedy, this));
    if (!m_finding.button.isEmpty()) {
        auto* button = new QPushButton(m_finding.button, this);
        button->setObjectName(QStringLiteral("doctor_remedy"));
        button->setAccessibleDescription(m_finding.what);
        connect(button, &QPushButton::clicked, this, &DoctorCard::remedyRequested);
        column->addSpacing(4);
        column->addWidget(button, 0, Qt::AlignLeft);
    }
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12 + edgeWidth, 12, 12, 12);
    row->setSpacing(12);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(column, 1);
}

void DoctorCard::paintIcon()
{
    const QColor color = colorOf(m_finding.severity, VisualLanguage::of(palette()));
    m_icon->setPixmap(icon(iconName(m_finding.severity), color)
                          .pixmap(QSize(severityIconSide, severityIconSide), devicePixelRatioF()));
    m_icon->setToolTip(severityText(m_finding.severity));
}

QString DoctorCard::words() const
{
    QStringList lines{ severityText(m_finding.severity) + QLatin1String(": ") + m_finding.what };
    for (const QString& line : { m_finding.where, m_finding.why, m_finding.remedy })
        if (!line.isEmpty())
            lines.append(line);
    return lines.join(QLatin1Char('\n'));
}

void DoctorCard::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        QGuiApplication::clipboard()->setText(words());
    else if (event->key() == Qt::Key_Return && !m_finding.layer.isEmpty())
        emit selectRequested(m_finding.layer);
    else
        QFrame::keyPressEvent(event);
}

void DoctorCard::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintIcon();
}

void DoctorCard::focusInEvent(QFocusEvent* event)
{
    QFrame::focusInEvent(event);
    update();
}

void DoctorCard::focusOutEvent(QFocusEvent* event)
{
    QFrame::focusOutEvent(event);
    update();
}

void DoctorCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const VisualLanguage language = VisualLanguage::of(palette());
    const QColor color = colorOf(m_finding.severity, language);
    const QRectF area = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(hasFocus() ? language.accent : language.grid, hasFocus() ? 2 : 1));
    painter.setBrush(language.background);
    painter.drawRoundedRect(area, corner, corner);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(
        QRectF(3, 8, edgeWidth, height() - 16), edgeWidth / 2.0, edgeWidth / 2.0);
}

} // namespace layerscope::views
