#include "views/number_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <array>
#include <cmath>

namespace layerscope::views {

namespace {

QString notFinite(double value)
{
    if (std::isnan(value))
        return QStringLiteral("NaN");
    return value > 0 ? QStringLiteral("Inf") : QStringLiteral("-Inf");
}

} // namespace

QString numberText(double value, int digits)
{
    return std::isfinite(value) ? QLocale().toString(value, 'g', digits) : notFinite(value);
}

QString preciseText(double value)
{
    return std::isfinite(value) ? QLocale().toString(value, 'g', QLocale::FloatingPointShortest)
                                : notFinite(value);
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
    static constexpr std::array units{ "B", "kB", "MB", "GB", "TB", "PB" };
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return QLocale().toString(value, 'f', decimals) + QChar(0x00A0) + QLatin1String(units[unit]);
}

QString shapeText(const PartialShape& shape)
{
    QStringList lengths;
    for (const std::int64_t length : shape)
        lengths.append(length == openDimension ? QStringLiteral("None") : QString::number(length));
    if (lengths.size() == 1)
        return QLatin1Char('(') + lengths[0] + QLatin1String(",)");
    return QLatin1Char('(') + lengths.join(QLatin1String(", ")) + QLatin1Char(')');
}

QString productText(const Shape& shape)
{
    QStringList lengths;
    for (const std::int64_t length : shape)
        lengths.append(QLocale().toString(static_cast<qlonglong>(length)));
    return lengths.isEmpty() ? QStringLiteral("1") : lengths.join(QChar(0x00B7));
}

} // namespace layerscope::views
