#pragma once

#include "views/histogram_drawing.h"
#include "views/visual_language.h"

#include <QRectF>

class QPainter;

namespace layerscope::views {

enum class HistogramDetail {
    Sparkline, ///< the shape alone, with its range in words below
    Full, ///< axes and guides
};

/// Paints a histogram into `area` with the painter's font; nothing outside of it.
void paintHistogram(QPainter& painter, const QRectF& area, const HistogramDrawing& drawing,
    const VisualLanguage& language, HistogramDetail detail);

} // namespace layerscope::views
