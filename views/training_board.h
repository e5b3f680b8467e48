#pragma once

#include "views/export_format.h"
#include "views/training_curves.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QSlider;
class QSplitter;
class QTimer;
class QVBoxLayout;

namespace layerscope::views {

class PulseGrid;
class PulseItemModel;

/// The curves: loss large, metrics beside it, the learning rate small, layers below. New points are
/// gathered and drawn some ten times a second, however fast they come.
class TrainingBoard : public QWidget
{
    Q_OBJECT

public:
    explicit TrainingBoard(QWidget* parent = nullptr);

    TrainingCurves& curves() { return m_curves; }
    const TrainingCurves& curves() const { return m_curves; }
    PulseItemModel& pulse() { return *m_pulse; }

    /// After changes to curves().
    void scheduleUpdate();

    bool isFollowing() const;
    QByteArray exported(ExportFormat format) const;

signals:
    void pulseRequested(bool wanted);
    void exportRequested(layerscope::views::ExportFormat format);

private:
    QWidget* makeControls();
    QWidget* makeExportButton(QWidget* parent);
    void connectControls();
    void redraw();
    void updateMetrics(StepAxis axis, double smoothing);
    QList<CurvePlot*> allPlots() const;

    TrainingCurves m_curves;
    PulseItemModel* m_pulse;
    PulseGrid* m_pulseGrid;
    CurvePlot *m_loss, *m_learningRate;
    QList<CurvePlot*> m_metrics;
    QVBoxLayout* m_metricLayout;
    QWidget* m_side;
    QSplitter *m_upper, *m_whole;
    QComboBox* m_axis;
    QSlider* m_smoothing;
    QCheckBox *m_logarithm, *m_follow, *m_layers;
    QTimer* m_timer;
};

} // namespace layerscope::views
