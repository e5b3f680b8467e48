#pragma once

#include "views/export_format.h"
#include "views/histogram_drawing.h"
#include "views/weights_view.h"

#include <QWidget>

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QLabel;
class QToolButton;

namespace layerscope::views {

class FlowLayout;

/// The two lines of controls below the histograms.
class WeightsControls : public QWidget
{
    Q_OBJECT

public:
    explicit WeightsControls(QWidget* parent = nullptr);

    /// "optimizer: Adam, step 92,494", and its slots to choose from beside the values.
    void setOptimizer(const QString& sentence, const QStringList& names);

    QString slot() const; ///< empty: the values
    int bins() const; ///< a number, or analysis::automaticBinCount
    HistogramOptions options() const;
    WeightsView::Scope scope() const;
    void setScope(WeightsView::Scope scope);
    void toggleLogCount();

signals:
    void slotChanged();
    void binsChanged();
    void optionsChanged();
    void scopeChanged();
    void exportRequested(layerscope::views::ExportFormat format);

private:
    void addBins(FlowLayout& row);
    void addExport(FlowLayout& row);
    void readBins();

    QLabel* m_optimizer;
    FlowLayout* m_slotRow;
    QButtonGroup* m_slots;
    QStringList m_slotNames;
    QComboBox* m_binChoice;
    int m_bins = analysis::automaticBinCount;
    QCheckBox *m_logCount, *m_symlog, *m_guides, *m_allLayers;
};

} // namespace layerscope::views
