#include "views/loss_sheet.h"

#include "views/chart_frame.h"
#include "views/curve_style.h"
#include "views/number_text.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>

namespace layerscope::views {
namespace {

constexpr int lossMargin = 24;
constexpr int lossGap = 28;
constexpr int lossHeadHeight = 40;
constexpr QSize large{ 820, 400 };
constexpr QSize small{ 396, 240 };

struct LossSheetText
{
    Q_DECLARE_TR_FUNCTIONS(LossSheet)
};

struct Curve
{
    CurveIdentity identity;
    std::vector<double> steps, values; ///< finite ones
};

struct Chart
{
    QString metric;
    QList<Curve> curves;
};

bool isFinite(double value)
{
    return std::isfinite(value);
}

QList<Chart> chartsOf(const analysis::History& history)
{
    QList<Chart> charts;
    for (const analysis::Series& series : history) {
        if (std::none_of(series.values.begin(), series.values.end(), isFinite))
            continue;
        Curve curve{ identify(QString::fromStdString(series.name)), {}, {} };
        const auto steps = continuedSteps(series.steps);
        for (std::size_t i = 0; i < series.values.size(); ++i) {
            if (!std::isfinite(series.values[i]))
                continue;
            curve.steps.push_back(steps[i]);
            curve.values.push_back(series.values[i]);
        }
        const auto isSame
            = [&](const Chart& chart) { return chart.metric == curve.identity.metric; };
        auto chart = std::find_if(charts.begin(), charts.end(), isSame);
        if (chart == charts.end())
            chart = charts.insert(charts.end(), Chart{ curve.identity.metric, {} });
        chart->curves.append(std::move(curve));
    }
    const auto rank = [](const Chart& chart) {
        const CurveIdentity& identity = chart.curves.first().identity;
        return identity.isLoss() ? 0 : identity.isLearningRate() ? 2 : 1;
    };
    std::stable_sort(charts.begin(), charts.end(),
        [&](const Chart& a, const Chart& b) { return rank(a) < rank(b); });
    return charts;
}

QRect areaOf(qsizetype index)
{
    if (index == 0)
        return { QPoint(lossMargin, lossMargin + lossHeadHeight), large };
    const auto row = static_cast<int>((index - 1) / 2);
    const auto column = static_cast<int>((index - 1) % 2);
    return { QPoint(lossMargin + column * (small.width() + lossGap),
                 lossMargin + lossHeadHeight + large.height() + lossGap
                     + row * (small.height() + lossGap)),
        small };
}

struct ValueRange
{
    double low = INFINITY, high = -INFINITY;
    void add(const std::vector<double>& values)
    {
        for (const double value : values) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    /// Room for a curve that is flat or a single point.
    void widen(double share)
    {
        const double room
            = high > low ? share * (high - low) : std::max(1e-12, std::abs(high) * 0.1);
        low -= room;
        high += room;
    }
};

QString labelOf(const Curve& curve)
{
    const QString side = curve.identity.isValidation ? LossSheetText::tr("validation")
                                                     : LossSheetText::tr("training");
    return curve.identity.run.isEmpty() ? side : curve.identity.run + QStringLiteral(", ") + side;
}

QPen penOf(const Chart& chart, qsizetype index, const VisualLanguage& language)
{
    QPen pen = curvePen(chart.curves[index].identity, language);
    if (chart.curves.size() > 2) // several runs: a colour for each
        pen.setColor(language.series(static_cast<int>(index) / 2));
    return pen;
}

void paintLegend(
    QPainter& painter, const QRectF& line, const Chart& chart, const VisualLanguage& language)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    double right = line.right();
    for (qsizetype i = chart.curves.size() - 1; i >= 0 && right > line.left() + 80; --i) {
        const QString label = labelOf(chart.curves[i]);
        const double left = right - metrics.horizontalAdvance(label);
        painter.setPen(language.quietText);
        painter.drawText(QPointF(left, line.top() + metrics.ascent()), label);
        painter.setPen(penOf(chart, i, language));
        const double middle = line.top() + metrics.ascent() * 0.65;
        painter.drawLine(QPointF(left - 30, middle), QPointF(left - 6, middle));
        right = left - 44;
    }
}

void paintCurve(QPainter& painter, const ChartFrame& frame, Curve curve, const QPen& pen)
{
    decimate(curve.steps, curve.values, static_cast<int>(frame.plotArea().width()));
    QPolygonF line;
    for (std::size_t i = 0; i < curve.steps.size(); ++i)
        line << frame.at(curve.steps[i], curve.values[i]);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
    if (line.size() == 1) { // one epoch makes a point, not a line
        painter.setBrush(pen.color());
        painter.drawEllipse(line.first(), 3, 3);
    }
}

void paintChart(QPainter& painter, const QRectF& area, const Chart& chart, bool wantsLogarithm,
    const VisualLanguage& language)
{
    const QFontMetricsF metrics(painter.font(), painter.device());
    ValueRange steps, values;
    for (const Curve& curve : chart.curves) {
        steps.add(curve.steps);
        values.add(curve.values);
    }
    const bool isLogarithmic = wantsLogarithm && values.low > 0;
    if (isLogarithmic) {
        values.low /= 1.1;
        values.high *= 1.1;
    } else {
        values.widen(0.05);
    }
    if (!(steps.high > steps.low))
        steps.widen(0);
    const int columns = static_cast<int>(area.width() / 60);
    const int rows = static_cast<int>(area.height() / (metrics.height() * 2.5));
    const ChartFrame frame(painter, area.adjusted(0, metrics.height() + 4, 0, 0),
        { .low = steps.low,
            .high = steps.high,
            .isLogarithmic = false,
            .ticks = linearTicks(steps.low, steps.high, columns, 1),
            .title = LossSheetText::tr("epoch or step") },
        { .low = values.low,
            .high = values.high,
            .isLogarithmic = isLogarithmic,
            .ticks = isLogarithmic ? logarithmicTicks(values.low, values.high, rows)
                                   : linearTicks(values.low, values.high, rows),
            .title = {} });
    QFont bold = painter.font();
    bold.setBold(true);
    painter.save();
    painter.setFont(bold);
    painter.setPen(language.text);
    painter.drawText(QPointF(area.left(), area.top() + metrics.ascent()), chart.metric);
    painter.restore();
    if (chart.curves.size() > 1 || chart.curves.first().identity.isValidation)
        paintLegend(painter, area, chart, language);
    frame.paint(painter, language);
    painter.setRenderHint(QPainter::Antialiasing);
    for (qsizetype i = 0; i < chart.curves.size(); ++i)
        paintCurve(painter, frame, chart.curves[i], penOf(chart, i, language));
}

QByteArray lossText(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

} // namespace

bool LossSheet::isEmpty() const
{
    return chartsOf(history).isEmpty();
}

QSize LossSheet::size() const
{
    const auto charts = chartsOf(history);
    if (charts.isEmpty())
        return {};
    return { 2 * lossMargin + large.width(), areaOf(charts.size() - 1).bottom() + lossMargin };
}

void LossSheet::paint(QPainter& painter, const VisualLanguage& language) const
{
    painter.fillRect(QRect(QPoint(), size()), language.background);
    QFont font = painter.font();
    font.setPixelSize(18);
    painter.setFont(font);
    painter.setPen(language.text);
    painter.drawText(
        QRect(lossMargin, lossMargin, large.width(), lossHeadHeight), Qt::AlignLeft, title);
    font.setPixelSize(12);
    painter.setFont(font);
    const auto charts = chartsOf(history);
    for (qsizetype i = 0; i < charts.size(); ++i)
        paintChart(painter, areaOf(i), charts[i], isLogarithmic, language);
}

QByteArray LossSheet::csv() const
{
    QByteArrayList head{ "epoch" };
    std::map<double, std::vector<double>> rows;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const analysis::Series& series = history[i];
        QString name = QString::fromStdString(series.name);
        if (name.contains(u',') || name.contains(u'"'))
            name = u'"' + name.replace(u'"', QStringLiteral("\"\"")) + u'"';
        head.append(name.toUtf8());
        const auto steps = continuedSteps(series.steps);
        for (std::size_t point = 0; point < steps.size(); ++point) {
            auto& row = rows[steps[point]];
            row.resize(history.size(), NAN);
            row[i] = series.values[point];
        }
    }
    QByteArray text = head.join(',') + '\n';
    for (const auto& [step, values] : rows) {
        QByteArrayList cells{ lossText(step) };
        for (const double value : values)
            cells.append(lossText(value));
        text += cells.join(',') + '\n';
    }
    return text;
}

} // namespace layerscope::views
