#pragma once

#include "model/analysis/history.h"
#include "model/training/trainer.h"
#include "views/curve_plot.h"

#include <QList>
#include <QStringList>

namespace layerscope::views {

enum class StepAxis {
    Epoch,
    Step,
};

/// The numbers of the board: the file's history, and behind it those of the run.
class TrainingCurves
{
public:
    /// `iterations` is the optimizer's count at the end of the history, 0 where unknown.
    void setHistory(const analysis::History& history, qint64 iterations);
    void clearRun();
    void add(const training::StepReport& step);
    void add(const training::EpochReport& epoch);

    bool isEmpty() const;
    bool hasRun() const { return m_hasRun; }

    /// "loss" first, then as they came; without the learning rate.
    QStringList metrics() const;

    /// Training and validation of one metric; of the run every batch, smoothed by `smoothing`.
    QList<PlotCurve> curves(const QString& metric, StepAxis axis, double smoothing) const;

    /// Never smoothed: its steps would become slopes.
    QList<PlotCurve> learningRate(StepAxis axis) const;

    /// Everything at the epochs' ends, for a file; the batches before the first one has ended.
    analysis::History table() const;

private:
    struct Track
    {
        CurveIdentity identity;
        bool isEachBatch = false;
        std::vector<double> epochs, steps, values;
    };
    Track& track(const CurveIdentity& identity, bool isEachBatch);

    QList<Track> m_tracks;
    double m_historyEpochs = 0;
    double m_iterations = 0; ///< at the end of the history, then of the last step
    bool m_hasRun = false;
    analysis::History m_history;
    QList<training::EpochReport> m_epochs;
};

} // namespace layerscope::views
