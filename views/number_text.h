#pragma once

#include <QString>

namespace layerscope::views {

/// Numbers for people, in their locale. Exports use the C locale instead.
QString numberText(double value, int digits = 4); ///< "0.0432", "1.2e-07", "NaN", "-Inf"
QString countText(qint64 count); ///< "73,728"
QString percentText(double share); ///< 0.0167 as "1.67 %"
QString byteText(qint64 bytes); ///< "288 kB"

} // namespace layerscope::views
