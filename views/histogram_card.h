#pragma once

#include "views/histogram_drawing.h"
#include "views/weight_items.h"

#include <QFrame>

class QLabel;

namespace layerscope::views {

class HistogramPlot;

/// One weight: its name and shape, its histogram, and its figures below.
class HistogramCard : public QFrame
{
    Q_OBJECT

public:
    explicit HistogramCard(QWidget* parent = nullptr);

    void setItem(const WeightItem& item);
    const WeightItem& item() const { return m_item; }

    /// Null: still being computed.
    void setStatistics(SharedStatistics statistics, const HistogramOptions& options);
    void setFailure(const QString& why);

    HistogramPlot& plot() { return *m_plot; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showFigures();

    WeightItem m_item;
    SharedStatistics m_statistics;
    QLabel* m_title;
    HistogramPlot* m_plot;
    QLabel* m_figures;
    int m_figureColumns = 0; ///< as many as the width has room for
};

} // namespace layerscope::views
