#include "views/histogram_drawing.h"

#include "views/number_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace layerscope::views {
namespace {

constexpr int usualSymlogBins = 60;

struct HistogramText
{
    Q_DECLARE_TR_FUNCTIONS(Histogram)
};

/// How many values each bin would have. Between the bins' middles of equal bins the same is asked
/// for bins that were moved along, so that few bins give a smooth curve too.
GhostCurve ghostOf(
    const HistogramDrawing& drawing, const analysis::ReferenceDistribution& distribution)
{
    GhostCurve ghost;
    const auto& edges = drawing.bins.edges;
    const double total = static_cast<double>(drawing.total);
    if (drawing.isSymmetricLog) {
        for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
            const double share = distribution.below(edges[i + 1]) - distribution.below(edges[i]);
            const double middle = (drawing.placeOf(edges[i]) + drawing.placeOf(edges[i + 1])) / 2;
            ghost.points.append({ middle, total * share });
        }
        return ghost;
    }
    const double width = edges[1] - edges[0];
    const int steps = std::max(200, static_cast<int>(edges.size()));
    for (int i = 0; i <= steps; ++i) {
        const double value = edges.front() + (edges.back() - edges.front()) * i / steps;
        const double share
            = distribution.below(value + width / 2) - distribution.below(value - width / 2);
        ghost.points.append({ value, total * share });
    }
    return ghost;
}

} // namespace

double HistogramDrawing::low() const
{
    return isEmpty() ? 0 : placeOf(bins.edges.front());
}
double HistogramDrawing::high() const
{
    return isEmpty() ? 1 : placeOf(bins.edges.back());
}

double HistogramDrawing::largestCount() const
{
    if (isEmpty())
        return 1;
    const auto largest = *std::max_element(bins.counts.begin(), bins.counts.end());
    return static_cast<double>(std::max<std::int64_t>(1, largest));
}

double HistogramDrawing::topCount() const
{
    constexpr double highestCurve = 1.8; // times the largest count
    const double largest = largestCount();
    double top = largest;
    for (const GhostCurve& ghost : ghosts)
        for (const QPointF& point : ghost.points)
            top = std::max(top, std::min(point.y(), highestCurve * largest));
    return top * (isLogCount ? 2 : top > largest ? 1.04 : 1.12);
}

int HistogramDrawing::binAt(double place) const
{
    if (isEmpty() || !(place >= low() && place <= high()))
        return -1;
    const auto above
        = std::upper_bound(bins.edges.begin() + 1, bins.edges.end() - 1, valueAt(place));
    return static_cast<int>(above - bins.edges.begin()) - 1;
}

QString HistogramDrawing::describe(int first, int last) const
{
    const int bound = static_cast<int>(bins.counts.size()) - 1;
    if (first > last)
        std::swap(first, last);
    first = std::clamp(first, 0, bound);
    last = std::clamp(last, 0, bound);
    qint64 count = 0;
    for (int i = first; i <= last; ++i)
        count += bins.counts[static_cast<std::size_t>(i)];
    return HistogramText::tr("%1 to %2: %3 of %4 values, %5")
        .arg(numberText(bins.edges[static_cast<std::size_t>(first)], 6),
            numberText(bins.edges[static_cast<std::size_t>(last) + 1], 6), countText(count),
            countText(total),
            percentText(
                static_cast<double>(count) / static_cast<double>(std::max<qint64>(1, total))));
}

QString HistogramDrawing::table() const
{
    QString text = HistogramText::tr("from") + u'\t' + HistogramText::tr("to") + u'\t'
        + HistogramText::tr("count") + u'\n';
    for (std::size_t i = 0; i < bins.counts.size(); ++i)
        text += numberText(bins.edges[i], 9) + u'\t' + numberText(bins.edges[i + 1], 9) + u'\t'
            + countText(bins.counts[i]) + u'\n';
    return text;
}

HistogramDrawing drawingOf(const analysis::Statistics& statistics, const HistogramOptions& options,
    const std::optional<analysis::ReferenceDistribution>& initializer)
{
    HistogramDrawing drawing;
    drawing.bins = statistics.histogram;
    drawing.total = statistics.finite();
    drawing.isLogCount = options.isLogCount;
    if (drawing.isEmpty())
        return drawing;
    if (options.isSymmetricLog) {
        drawing.isSymmetricLog = true;
        drawing.scale = analysis::SymmetricLog::forRange(
            drawing.bins.edges.front(), drawing.bins.edges.back());
        drawing.bins = analysis::regrouped(drawing.bins, drawing.scale,
            options.displayedBins > 0 ? options.displayedBins : usualSymlogBins);
    }
    if (!options.showsGuides)
        return drawing;
    if (const auto fit = analysis::normalFit(statistics)) {
        drawing.ghosts.append(ghostOf(drawing, *fit));
        drawing.ghosts.last().label = HistogramText::tr("normal fit");
    }
    if (initializer) {
        drawing.ghosts.append(ghostOf(drawing, *initializer));
        drawing.ghosts.last().label
            = HistogramText::tr("as drawn by %1").arg(QString::fromStdString(initializer->name));
    }
    return drawing;
}

} // namespace layerscope::views
