#include "views/histogram_painter.h"

#include "views/chart_frame.h"
#include "views/number_text.h"

#include <QPainter>
#include <QPainterPath>

#include <functional>

namespace layerscope::views {
namespace {

constexpr double logFloor = 0.5;

using Place = std::function<QPointF(double place, double count)>;

/// The outline of the bins between two places, down to the axis.
QPolygonF outline(
    const HistogramDrawing& drawing, double from, double to, double floor, const Place& at)
{
    QPolygonF polygon;
    for (std::size_t i = 0; i < drawing.bins.counts.size(); ++i) {
        const double left = std::max(from, drawing.placeOf(drawing.bins.edges[i]));
        const double right = std::min(to, drawing.placeOf(drawing.bins.edges[i + 1]));
        if (left >= right)
            continue;
        const double count = std::max(floor, static_cast<double>(drawing.bins.counts[i]));
        if (polygon.isEmpty())
            polygon << at(left, floor);
        polygon << at(left, count) << at(right, count);
    }
    if (!polygon.isEmpty())
        polygon << QPointF(polygon.last().x(), polygon.first().y());
    return polygon;
}

void paintBins(QPainter& painter, const HistogramDrawing& drawing, const VisualLanguage& language,
    double floor, const Place& at)
{
    const auto fill = [&](double from, double to, const QColor& colour) {
        painter.setPen(QPen(colour, 1));
        painter.setBrush(language.faded(colour, 0.45));
        painter.drawPolygon(outline(drawing, from, to, floor, at));
    };
    fill(drawing.low(), 0, language.negative);
    fill(0, drawing.high(), language.positive);
}

QPen ghostPen(int index, const VisualLanguage& language)
{
    return { language.quietText, index == 0 ? 1.2 : 1.8, index == 0 ? Qt::DashLine : Qt::DotLine };
}

void paintGhosts(QPainter& painter, const QRectF& plot, const HistogramDrawing& drawing,
    const VisualLanguage& language, double floor, const Place& at)
{
    painter.save();
    painter.setClipRect(plot);
    painter.setBrush(Qt::NoBrush);
    for (int i = 0; i < drawing.ghosts.size(); ++i) {
        QPolygonF curve;
        for (const QPointF& point : drawing.ghosts[i].points)
            curve << at(point.x(), std::max(floor, point.y()));
        painter.setPen(ghostPen(i, language));
        painter.drawPolyline(curve);
    }
    painter.restore();
}

/// What the guides are, right-aligned in one line.
void paintLegend(QPainter& painter, const QRectF& line, const HistogramDrawing& drawing,
    const VisualLanguage& language)
{
    constexpr double sample = 24;
    const QFontMetricsF metrics(painter.font(), painter.device());
    double right = line.right();
    for (int i = static_cast<int>(drawing.ghosts.size()) - 1; i >= 0; --i) {
        const QString& label = drawing.ghosts[i].label;
        const double left = right - metrics.horizontalAdvance(label);
        painter.setPen(language.quietText);
        painter.drawText(QPointF(left, line.top() + metrics.ascent()), label);
        painter.setPen(ghostPen(i, language));
        const double middle = line.top() + metrics.ascent() * 0.65;
        painter.drawLine(QPointF(left - sample - 6, middle), QPointF(left - 6, middle));
        right = left - sample - 20;
    }
}

void paintSparkline(QPainter& painter, const QRectF& area, const HistogramDrawing& drawing,
    const VisualLanguage& language)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    const QRectF words(
        area.left(), area.bottom() - metrics.height(), area.width(), metrics.height());
    const QRectF plot = area.adjusted(0, 1, 0, -metrics.height() - 3);
    const double floor = drawing.isLogCount ? logFloor : 0;
    ChartFrame::Axis vertical{ .low = floor,
        .high = drawing.largestCount(),
        .isLogarithmic = drawing.isLogCount,
        .ticks = {},
        .title = {} };
    const double range = std::max(drawing.high() - drawing.low(), 1e-300);
    const auto at = [&](double place, double count) {
        const double share = drawing.isLogCount
            ? std::log(count / floor) / std::log(vertical.high / floor)
            : count / vertical.high;
        return QPointF(plot.left() + (place - drawing.low()) / range * plot.width(),
            plot.bottom() - share * plot.height());
    };
    painter.setRenderHint(QPainter::Antialiasing);
    paintBins(painter, drawing, language, floor, at);
    painter.setPen(language.faded(language.quietText, 0.6));
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    painter.setPen(language.quietText);
    painter.drawText(words, Qt::AlignLeft, numberText(drawing.bins.edges.front(), 3));
    painter.drawText(words, Qt::AlignRight, numberText(drawing.bins.edges.back(), 3));
}

} // namespace

void paintHistogram(QPainter& painter, const QRectF& area, const HistogramDrawing& drawing,
    const VisualLanguage& language, HistogramDetail detail)
{
    if (drawing.isEmpty())
        return;
    painter.save();
    if (detail == HistogramDetail::Sparkline) {
        paintSparkline(painter, area, drawing, language);
        painter.restore();
        return;
    }
    const QFontMetricsF metrics(painter.font(), painter.device());
    const int columns = static_cast<int>(area.width() / (metrics.averageCharWidth() * 14));
    const QRectF chart
        = area.adjusted(0, drawing.ghosts.isEmpty() ? 0 : metrics.height() + 2, 0, 0);
    const int rows = static_cast<int>(area.height() / (metrics.height() * 2.5));
    const double floor = drawing.isLogCount ? logFloor : 0;
    const double top = drawing.topCount();
    const ChartFrame frame(painter, chart,
        { .low = drawing.low(),
            .high = drawing.high(),
            .isLogarithmic = false,
            .ticks = drawing.isSymmetricLog
                ? symmetricLogTicks(drawing.scale, drawing.low(), drawing.high(), columns)
                : linearTicks(drawing.low(), drawing.high(), columns),
            .title = {} },
        { .low = floor,
            .high = top,
            .isLogarithmic = drawing.isLogCount,
            .ticks = drawing.isLogCount ? logarithmicTicks(floor, top, rows)
                                        : linearTicks(floor, top, rows, 1),
            .title = {} });
    painter.setRenderHint(QPainter::Antialiasing);
    frame.paint(painter, language);
    const auto at = [&](double place, double count) { return frame.at(place, count); };
    paintBins(painter, drawing, language, floor, at);
    paintLegend(painter, area, drawing, language);
    paintGhosts(painter, frame.plotArea(), drawing, language, floor, at);
    painter.restore();
}

} // namespace layerscope::views
