#pragma once

#include "model/core/shape.h"

#include <QString>

namespace layerscope::views {

/// Numbers for people, in their locale. Exports use the C locale instead.
QString numberText(double value, int digits = 4); ///< "0.0432", "1.2e-07", "NaN", "-Inf"
QString preciseText(double value); ///< every digit that matters: reads back as the same number
QString countText(qint64 count); ///< "73,728"
QString percentText(double share); ///< 0.0167 as "1.67 %"
QString byteText(qint64 bytes); ///< "288 kB", "1.23 GB": three significant digits, decimal units

/// "(None, 32, 32, 64)", as Keras prints it.
QString shapeText(const PartialShape& shape);

/// "3·3·64·128"; "1" for a scalar.
QString productText(const Shape& shape);

} // namespace layerscope::views
