#pragma once

#include "model/analysis/statistics.h"

#include <QList>
#include <QPair>
#include <QString>

namespace layerscope::views {

/// What is said beside a histogram: titles and figures in the user's language and locale.
QList<QPair<QString, QString>> statisticsFigures(const analysis::Statistics& statistics);

/// The same, "mean 0.0012" a line, for tool tips and the clipboard.
QString statisticsLines(const analysis::Statistics& statistics);

} // namespace layerscope::views
