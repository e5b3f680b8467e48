#include "views/axis_ticks.h"

#include <QLocale>

#include <cmath>

namespace layerscope::views {
namespace {

constexpr int mostTicks = 50; ///< a guard against ranges that rounding has made absurd

QString labelOf(double value, double step)
{
    const QLocale locale;
    if (value == 0)
        return locale.toString(0);
    const double magnitude = std::abs(value);
    if (magnitude >= 1e6 || magnitude < 1e-4 || step < 1e-5) {
        const int digits = static_cast<int>(std::ceil(std::log10(magnitude / step) - 1e-9));
        return locale.toString(value, 'g', std::clamp(digits + 1, 1, 12));
    }
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    return locale.toString(value, 'f', decimals);
}

QString powerLabel(double value)
{
    const double magnitude = std::abs(value);
    return magnitude >= 1e-3 && magnitude < 1e6 ? QLocale().toString(value, 'g', 7)
                                                : QLocale().toString(value, 'g', 1);
}

} // namespace

QList<AxisTick> linearTicks(double low, double high, int wanted, double leastStep)
{
    QList<AxisTick> ticks;
    const double range = high - low;
    if (!(range > 0) || !std::isfinite(range))
        return ticks;
    const double rough = std::max(range / std::max(1, wanted), leastStep);
    const double power = std::pow(10, std::floor(std::log10(rough)));
    if (!(power > 0))
        return ticks;
    double step = 10 * power;
    for (const double nice : { 1.0, 2.0, 5.0 }) {
        if (nice * power >= rough * 0.999) {
            step = nice * power;
            break;
        }
    }
    const double first = std::ceil(low / step - 1e-9);
    for (int i = 0; i < mostTicks; ++i) {
        const double place = (first + i) * step;
        if (place > high + 1e-9 * range)
            break;
        ticks.append({ place, labelOf(place, step) });
    }
    return ticks;
}

QList<AxisTick> logarithmicTicks(double low, double high, int wanted)
{
    QList<AxisTick> ticks;
    if (!(low > 0) || !(high > low) || !std::isfinite(high))
        return ticks;
    const double decades = std::log10(high / low);
    const int stride = std::max(1, static_cast<int>(std::ceil(decades / std::max(1, wanted))));
    const int first = static_cast<int>(std::floor(std::log10(low)));
    for (int power = first; power <= std::log10(high) + 1e-9; ++power) {
        for (const double nice : { 1.0, 2.0, 5.0 }) {
            const double place = nice * std::pow(10, power);
            const bool isWanted = nice == 1 ? (power % stride) == 0 : 3 * decades <= wanted;
            if (isWanted && place >= low * (1 - 1e-9) && place <= high * (1 + 1e-9))
                ticks.append({ place, powerLabel(place) });
        }
    }
    return ticks;
}

QList<AxisTick> symmetricLogTicks(
    const analysis::SymmetricLog& scale, double low, double high, int wanted)
{
    QList<AxisTick> ticks;
    if (!(high > low) || !std::isfinite(high - low))
        return ticks;
    const int stride = std::max(1, static_cast<int>(std::ceil((high - low) / std::max(1, wanted))));
    const auto add = [&](double value) {
        const double place = scale.forward(value);
        if (place >= low && place <= high)
            ticks.append({ place, powerLabel(value) });
    };
    const int farthest = static_cast<int>(std::ceil(std::max(std::abs(low), std::abs(high))));
    for (int power = farthest; power >= 1; --power) {
        if (power % stride == 0)
            add(-scale.threshold * std::pow(10, power));
    }
    add(0);
    for (int power = 1; power <= farthest; ++power) {
        if (power % stride == 0)
            add(scale.threshold * std::pow(10, power));
    }
    return ticks;
}

} // namespace layerscope::views
