#include "views/curve_style.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace layerscope::views {

bool CurveIdentity::isLearningRate() const
{
    return metric == QStringLiteral("learning_rate") || metric == QStringLiteral("lr");
}

CurveIdentity identify(const QString& seriesName)
{
    CurveIdentity identity;
    QStringList parts = seriesName.split(u'/');
    QString name = parts.takeLast();
    if (!parts.isEmpty() && parts.last() == QStringLiteral("validation"))
        identity.isValidation = true;
    if (!parts.isEmpty() && (identity.isValidation || parts.last() == QStringLiteral("train")))
        parts.removeLast();
    identity.run = parts.join(u'/');
    if (name.startsWith(QStringLiteral("epoch_")))
        name.remove(0, 6);
    if (name.startsWith(QStringLiteral("val_"))) {
        identity.isValidation = true;
        name.remove(0, 4);
    }
    identity.metric = name;
    return identity;
}

QPen curvePen(const CurveIdentity& identity, const VisualLanguage& language)
{
    if (identity.isValidation)
        return { language.validation, 1.6, Qt::DashLine };
    return { language.accent, 1.6 };
}

std::vector<double> smoothed(const std::vector<double>& values, double weight)
{
    if (!(weight > 0))
        return values;
    std::vector<double> result;
    result.reserve(values.size());
    double average = 0;
    double share = 1; // of the average that still comes from its start at 0
    for (const double value : values) {
        if (!std::isfinite(value)) {
            result.push_back(value);
            continue;
        }
        average = average * weight + value * (1 - weight);
        share *= weight;
        result.push_back(average / (1 - share));
    }
    return result;
}

std::vector<double> continuedSteps(const std::vector<double>& steps)
{
    std::vector<double> result;
    result.reserve(steps.size());
    double shift = 0;
    for (const double step : steps) {
        if (!result.empty() && step + shift < result.back())
            shift = result.back() + 1 - step;
        result.push_back(step + shift);
    }
    return result;
}

void decimate(std::vector<double>& steps, std::vector<double>& values, int columns)
{
    const auto most = static_cast<std::size_t>(std::max(1, columns)) * 4;
    if (steps.size() <= most || !(steps.back() > steps.front()))
        return;
    std::vector<double> keptSteps, keptValues;
    const double width = (steps.back() - steps.front()) / columns;
    for (std::size_t i = 0; i < steps.size();) {
        const double end
            = steps.front() + (std::floor((steps[i] - steps.front()) / width) + 1) * width;
        std::size_t next = i;
        std::size_t lowest = i;
        std::size_t highest = i;
        while (next < steps.size() && (steps[next] < end || next == i)) {
            lowest = values[next] < values[lowest] ? next : lowest;
            highest = values[next] > values[highest] ? next : highest;
            ++next;
        }
        std::size_t before = steps.size();
        for (const std::size_t kept :
            { i, std::min(lowest, highest), std::max(lowest, highest), next - 1 }) {
            if (kept == before)
                continue;
            keptSteps.push_back(steps[kept]);
            keptValues.push_back(values[kept]);
            before = kept;
        }
        i = next;
    }
    steps = std::move(keptSteps);
    values = std::move(keptValues);
}

} // namespace layerscope::views
