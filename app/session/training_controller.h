#pragma once

#include "app/session/training_run.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace layerscope::app {

using NetworkPointer = std::shared_ptr<const Network>;

/// Stands between a training run and the window: passes orders on, drains the run about 30 times a
/// second, and remembers the curves, so that a view can be made anew in the middle of a run.
class TrainingController : public QObject
{
    Q_OBJECT

public:
    enum class State { Idle, Preparing, Running, Paused, Stopping };
    Q_ENUM(State)

    explicit TrainingController(QObject* parent);
    ~TrainingController() override; ///< stops a run, and waits for its step under way

    State state() const { return m_state; }
    bool isActive() const { return m_state != State::Idle; }

    void start(const NetworkPointer& network, const TrainingPlan& plan, bool startPaused);
    void pause();
    void resume();
    void stepOnce();
    void stop(); ///< what was learned so far arrives with `ended`
    void setLearningRate(double learningRate);

    const TrainingPlan& plan() const { return m_plan; }
    const training::StepReport& lastStep() const { return m_lastStep; }
    double stepsPerSecond() const { return m_stepsPerSecond; }
    std::int64_t epochsDone() const { return m_epochsDone; }

signals:
    void stateChanged(layerscope::app::TrainingController::State state);
    /// The first step is about to be done. `freshStartReason` is empty where the optimizer resumes.
    void prepared(const QString& dataName, qint64 rows, qint64 stepsPerEpoch,
        const QString& freshStartReason);
    void stepsArrived(const std::vector<layerscope::training::StepReport>& steps);
    void epochsArrived(const std::vector<layerscope::training::EpochReport>& epochs);
    void pulseArrived(const std::vector<layerscope::training::LayerPulse>& pulse);
    void snapshotArrived(const layerscope::app::NetworkPointer& network);
    /// `network` is null where nothing was learned; `error` is null where all went well.
    void ended(const layerscope::app::NetworkPointer& network, const layerscope::Error* error);

private:
    void setState(State state);
    void drain();
    void measureSpeed(std::int64_t stepCount);

    std::unique_ptr<TrainingRun> m_run;
    TrainingPlan m_plan;
    State m_state = State::Idle;
    QTimer m_timer;
    training::StepReport m_lastStep;
    std::int64_t m_epochsDone = 0;
    QElapsedTimer m_speedClock;
    std::int64_t m_speedSteps = 0;
    double m_stepsPerSecond = 0;
};

} // namespace layerscope::app
