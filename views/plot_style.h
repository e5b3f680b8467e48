#pragma once

#include "views/axis_ticks.h"
#include "views/visual_language.h"

#include <functional>

class QCPAxis;
class QCustomPlot;
class QFont;

/// How every plot looks: no box, a light horizontal grid, colours from the palette.
namespace layerscope::views {

void stylePlot(QCustomPlot& plot, const VisualLanguage& language, const QFont& font);

/// Ticks for the visible range, `wanted` of them at most.
using TickRule = std::function<QList<AxisTick>(double low, double high, int wanted)>;

/// `pixelsPerTick` keeps labels apart, whatever size the plot has.
void setTickRule(QCPAxis& axis, TickRule rule, int pixelsPerTick);

} // namespace layerscope::views
