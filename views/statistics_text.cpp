#include "views/statistics_text.h"

#include "views/number_text.h"

#include <QCoreApplication>

namespace layerscope::views {
namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Statistics)
};

} // namespace

QList<QPair<QString, QString>> statisticsFigures(const analysis::Statistics& statistics)
{
    QString zeros = countText(statistics.zeros);
    if (statistics.zeros > 0 && statistics.count > 0)
        zeros += QStringLiteral(" (")
            + percentText(
                static_cast<double>(statistics.zeros) / static_cast<double>(statistics.count))
            + u')';
    return {
        { Text::tr("count"), countText(statistics.count) },
        { Text::tr("mean"), numberText(statistics.mean) },
        { Text::tr("std"), numberText(statistics.std) },
        { Text::tr("min"), numberText(statistics.min) },
        { Text::tr("max"), numberText(statistics.max) },
        { Text::tr("zeros"), zeros },
        { Text::tr("NaN"), countText(statistics.nan) },
        { Text::tr("Inf"), countText(statistics.inf) },
    };
}

QString statisticsLines(const analysis::Statistics& statistics)
{
    QStringList lines;
    for (const auto& [title, figure] : statisticsFigures(statistics))
        lines.append(title + u'\t' + figure);
    return lines.join(u'\n');
}

} // namespace layerscope::views
