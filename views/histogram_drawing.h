#pragma once

#include "model/analysis/histogram.h"

#include <QList>
#include <QPointF>
#include <QString>

namespace layerscope::views {

/// A curve behind a histogram: what another distribution of as many values would give.
struct GhostCurve
{
    QString label;
    QList<QPointF> points; ///< place on the value axis, expected count
};

struct HistogramOptions
{
    bool isLogCount = false;
    bool isSymmetricLog = false; ///< of the value axis; asks for analysis::fineBinCount bins
    int displayedBins = 0; ///< symmetric log only: how many to regroup into
    bool showsGuides = true;
    bool operator==(const HistogramOptions&) const = default;
};

/// A histogram made ready to be drawn, by a widget or on paper.
struct HistogramDrawing
{
    analysis::Histogram bins;
    qint64 total = 0; ///< finite values
    bool isLogCount = false;
    bool isSymmetricLog = false;
    analysis::SymmetricLog scale;
    QList<GhostCurve> ghosts;

    bool isEmpty() const { return bins.counts.empty(); }
    double placeOf(double value) const { return isSymmetricLog ? scale.forward(value) : value; }
    double valueAt(double place) const { return isSymmetricLog ? scale.inverse(place) : place; }
    double low() const; ///< places of the outermost edges
    double high() const;
    double largestCount() const; ///< at least 1
    /// Where the axis of counts ends: above the bins, and above the curves behind them unless these
    /// are so high that the bins would be hard to see.
    double topCount() const;
    int binAt(double place) const; ///< -1 outside

    /// "-0.0123 to -0.0118: 1,234 values, 1.67 %" for the bins from `first` to `last`.
    QString describe(int first, int last) const;

    /// A line for each bin: lower edge, upper edge, count, share; tab-separated, in the locale.
    QString table() const;
};

HistogramDrawing drawingOf(const analysis::Statistics& statistics, const HistogramOptions& options,
    const std::optional<analysis::ReferenceDistribution>& initializer = {});

} // namespace layerscope::views
