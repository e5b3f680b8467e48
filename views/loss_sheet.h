#pragma once

#include "model/analysis/history.h"
#include "views/visual_language.h"

#include <QByteArray>
#include <QSize>
#include <QString>

class QPainter;

namespace layerscope::views {

/// Loss curves on paper: the loss large, metrics in pairs below, the learning rate last; training
/// and validation of one metric share a chart.
struct LossSheet
{
    QString title;
    analysis::History history;
    bool isLogarithmic = false; ///< the value axis; where all values are above 0

    bool isEmpty() const; ///< no curve has a finite point
    QSize size() const;
    void paint(QPainter& painter, const VisualLanguage& language) const;

    /// In the C locale: a column for each curve, a row for each step that one of them has.
    QByteArray csv() const;
};

} // namespace layerscope::views
