#include "views/banner.h"

#include "views/icons.h"
#include "views/visual_language.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace layerscope::views {

namespace {

constexpr int iconSide = 16;
constexpr int tintAlpha = 36;

} // namespace

Banner::Banner(QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_buttons(new QHBoxLayout)
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(this);
    close->setAutoRaise(true);
    close->setIcon(icon("close"));
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 8, 6);
    layout->setSpacing(8);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addLayout(m_buttons);
    layout->addWidget(close);
    hide();
}

void Banner::say(Kind kind, const QString& text, const QList<Choice>& choices)
{
    m_kind = kind;
    m_text->setText(text);
    const QIcon picture = kind == Kind::Warning
        ? icon("warning", VisualLanguage::of(palette()).warning)
        : icon("note");
    m_icon->setPixmap(picture.pixmap(QSize(iconSide, iconSide), devicePixelRatioF()));
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        item->widget()->deleteLater(); // it may be the one that was clicked
        delete item;
    }
    for (const Choice& choice : choices) {
        auto* button = new QPushButton(choice.text, this);
        connect(button, &QPushButton::clicked, this, [this, action = choice.action] {
            hide();
            action();
        });
        m_buttons->addWidget(button);
    }
    show();
    update();
}

void Banner::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    QColor tint
        = m_kind == Kind::Warning ? QColor(0xE8, 0x9A, 0x10) : palette().color(QPalette::Highlight);
    tint.setAlpha(36);
    painter.fillRect(rect(), tint);
}

} // namespace layerscope::views
