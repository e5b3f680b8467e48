#pragma once

#include "model/analysis/histogram.h"

#include <QList>
#include <QString>

namespace layerscope::views {

struct AxisTick
{
    double place; ///< where on the axis: for symlog and log axes in the axis's own coordinate
    QString label; ///< in the user's locale
};

/// About `wanted` round numbers within [low, high], `leastStep` apart or more: 1 for what is
/// counted.
QList<AxisTick> linearTicks(double low, double high, int wanted, double leastStep = 0);

/// Powers of ten (with 2 and 5 between where there are few) within [low, high]; places are values.
QList<AxisTick> logarithmicTicks(double low, double high, int wanted);

/// 0 and signed powers of ten; `low`, `high` and places are scale.forward(value).
QList<AxisTick> symmetricLogTicks(
    const analysis::SymmetricLog& scale, double low, double high, int wanted);

} // namespace layerscope::views
