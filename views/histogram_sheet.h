#pragma once

#include "views/histogram_drawing.h"
#include "views/visual_language.h"
#include "views/weight_items.h"

#include <QSize>

class QPainter;

namespace layerscope::views {

/// Histograms on paper: a titled sheet of them, or a table of their figures.
struct HistogramSheet
{
    struct Entry
    {
        WeightItem item;
        SharedStatistics statistics; ///< null: left empty
    };
    QString title;
    QList<Entry> entries;
    HistogramOptions options;

    QSize size() const;
    void paint(QPainter& painter, const VisualLanguage& language) const;

    /// In the C locale: a row for each weight, its bins in the last two columns.
    QByteArray csv() const;
};

} // namespace layerscope::views
