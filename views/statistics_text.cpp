#include "views/statistics_text.h"

#include "views/number_text.h"

#include <QCoreApplication>

namespace layerscope::views {
namespace {

struct StatisticsText
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
        { StatisticsText::tr("count"), countText(statistics.count) },
        { StatisticsText::tr("mean"), numberText(statistics.mean) },
        { StatisticsText::tr("std"), numberText(statistics.std) },
        { StatisticsText::tr("min"), numberText(statistics.min) },
        { StatisticsText::tr("max"), numberText(statistics.max) },
        { StatisticsText::tr("zeros"), zeros },
        { StatisticsText::tr("NaN"), countText(statistics.nan) },
        { StatisticsText::tr("Inf"), countText(statistics.inf) },
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
