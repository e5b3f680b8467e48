#include "views/chart_frame.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace layerscope::views {

ChartFrame::ChartFrame(const QPainter& painter, const QRectF& area, Axis horizontal, Axis vertical)
    : m_area(area)
    , m_horizontal(std::move(horizontal))
    , m_vertical(std::move(vertical))
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const double line = metrics.height();
    double widest = 0;
    for (const AxisTick& tick : m_vertical.ticks)
        widest = std::max(widest, metrics.horizontalAdvance(tick.label));
    const double left = widest + 8;
    const double bottom = line + 6 + (m_horizontal.title.isEmpty() ? 0 : line + 2);
    const double top = m_vertical.title.isEmpty() ? line / 2 : line + 6;
    m_plot = area.adjusted(left, top, -line / 2, -bottom);
}

double ChartFrame::share(const Axis& axis, double place)
{
    if (!axis.isLogarithmic)
        return (place - axis.low) / (axis.high - axis.low);
    return std::log(std::max(place, axis.low) / axis.low) / std::log(axis.high / axis.low);
}

double ChartFrame::x(double place) const
{
    return m_plot.left() + share(m_horizontal, place) * m_plot.width();
}

double ChartFrame::y(double place) const
{
    return m_plot.bottom() - share(m_vertical, place) * m_plot.height();
}

void ChartFrame::paint(QPainter& painter, const VisualLanguage& language) const
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const double line = metrics.height();
    painter.save();
    painter.setBrush(Qt::NoBrush);
    for (const AxisTick& tick : m_vertical.ticks) {
        const double at = y(tick.place);
        painter.setPen(QPen(language.grid, 1));
        painter.drawLine(QPointF(m_plot.left(), at), QPointF(m_plot.right(), at));
        painter.setPen(language.quietText);
        painter.drawText(
            QRectF(m_area.left(), at - line / 2, m_plot.left() - m_area.left() - 5, line),
            Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
    const double bottom = m_plot.bottom();
    painter.setPen(QPen(language.faded(language.quietText, 0.6), 1));
    painter.drawLine(m_plot.bottomLeft(), m_plot.bottomRight());
    double freeFrom = m_area.left(); // labels that would touch the one before are left out
    for (const AxisTick& tick : m_horizontal.ticks) {
        const double at = x(tick.place);
        painter.setPen(QPen(language.faded(language.quietText, 0.6), 1));
        painter.drawLine(QPointF(at, bottom), QPointF(at, bottom + 4));
        const double width = metrics.horizontalAdvance(tick.label);
        const double from = std::min(at - width / 2, m_area.right() - width);
        if (from < freeFrom)
            continue;
        painter.setPen(language.quietText);
        painter.drawText(QPointF(from, bottom + 5 + metrics.ascent()), tick.label);
        freeFrom = from + width + 6;
    }
    painter.setPen(language.quietText);
    painter.drawText(QRectF(m_plot.left(), m_area.bottom() - line, m_plot.width(), line),
        Qt::AlignHCenter | Qt::AlignVCenter, m_horizontal.title);
    painter.drawText(QRectF(m_area.left(), m_area.top(), m_area.width(), line),
        Qt::AlignLeft | Qt::AlignVCenter, m_vertical.title);
    painter.restore();
}

} // namespace layerscope::views
