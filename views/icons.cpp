#include "views/icons.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

namespace layerscope::views {

namespace {

/// The drawings use black, which is replaced by the colour that is wanted.
class SvgIconEngine : public QIconEngine
{
public:
    SvgIconEngine(QByteArray drawing, QColor color)
        : m_drawing(std::move(drawing))
        , m_color(color)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const QPalette palette = QApplication::palette();
        QColor color
            = m_color.isValid() ? m_color : palette.color(QPalette::Active, QPalette::ButtonText);
        if (mode == QIcon::Disabled)
            color = palette.color(QPalette::Disabled, QPalette::ButtonText);
        else if (mode == QIcon::Selected && !m_color.isValid())
            color = palette.color(QPalette::Active, QPalette::HighlightedText);
        QByteArray drawing = m_drawing;
        drawing.replace("#000", color.name(QColor::HexRgb).toLatin1());
        QSvgRenderer renderer(drawing);
        const qreal opacity = painter->opacity();
        painter->setOpacity(opacity * color.alphaF()); // the drawing knows no transparent colours
        renderer.render(painter, rect);
        painter->setOpacity(opacity);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap picture(size);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return picture;
    }

    QIconEngine* clone() const override { return new SvgIconEngine(m_drawing, m_color); }

private:
    QByteArray m_drawing;
    QColor m_color;
};

} // namespace

QIcon icon(const char* name)
{
    return icon(name, QColor());
}

QIcon icon(const char* name, const QColor& color)
{
    QFile file(QLatin1String(":/icons/") + QLatin1String(name) + QLatin1String(".svg"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QIcon(new SvgIconEngine(file.readAll(), color));
}

} // namespace layerscope::views
