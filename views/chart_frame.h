#pragma once

#include "views/axis_ticks.h"
#include "views/visual_language.h"

#include <QRectF>

class QPainter;

namespace layerscope::views {

/// Axes for charts that are painted without a widget: where values lie, and the lines and labels
/// around them, in the same language as the plots on screen.
class ChartFrame
{
public:
    struct Axis
    {
        double low = 0, high = 1; ///< in the axis's own coordinate
        bool isLogarithmic = false; ///< base 10; low must be above 0
        QList<AxisTick> ticks;
        QString title;
    };

    /// Lays the plot area out inside `area`, leaving room for the labels in the painter's font.
    ChartFrame(const QPainter& painter, const QRectF& area, Axis horizontal, Axis vertical);

    const QRectF& plotArea() const { return m_plot; }
    double x(double place) const;
    double y(double place) const;
    QPointF at(double horizontal, double vertical) const { return { x(horizontal), y(vertical) }; }

    void paint(QPainter& painter, const VisualLanguage& language) const;

private:
    static double share(const Axis& axis, double place);

    QRectF m_area, m_plot;
    Axis m_horizontal, m_vertical;
};

} // namespace layerscope::views
