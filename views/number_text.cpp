#include "views/number_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace layerscope::views {

QString numberText(double value, int digits)
{
    if (std::isnan(value))
        return QStringLiteral("NaN");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("Inf") : QStringLiteral("-Inf");
    return QLocale().toString(value, 'g', digits);
}

QString countText(qint64 count)
{
    return QLocale().toString(count);
}

QString percentText(double share)
{
    const double percent = 100 * share;
    const double size = std::abs(percent);
    const int decimals = size == 0 || size >= 99.95 ? 0 : size >= 10 ? 1 : size >= 0.095 ? 2 : 4;
    return QLocale().toString(percent, 'f', decimals) + QStringLiteral(" %");
}

QString byteText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

} // namespace layerscope::views
