#include "app/session/training_controller.h"

namespace layerscope::app {

namespace {

constexpr int drainIntervalMs = 33;
constexpr int speedIntervalMs = 500;

} // namespace

TrainingController::TrainingController(QObject* parent)
    : QObject(parent)
{
    m_timer.setInterval(drainIntervalMs);
    connect(&m_timer, &QTimer::timeout, this, &TrainingController::drain);
}

TrainingController::~TrainingController() = default;

void TrainingController::start(
    const NetworkPointer& network, const TrainingPlan& plan, bool startPaused)
{
    if (isActive())
        return;
    m_plan = plan;
    m_lastStep = {};
    m_epochsDone = 0;
    m_stepsPerSecond = 0;
    m_speedSteps = 0;
    m_speedClock.start();
    m_run = std::make_unique<TrainingRun>(network, plan, startPaused);
    setState(State::Preparing);
    m_timer.start();
}

void TrainingController::pause()
{
    if (m_state != State::Running && m_state != State::Preparing)
        return;
    m_run->pause();
}

void TrainingController::resume()
{
    if (m_state != State::Paused)
        return;
    m_run->resume();
    setState(State::Running);
}

void TrainingController::stepOnce()
{
    if (m_state == State::Paused || m_state == State::Running)
        m_run->stepOnce();
}

void TrainingController::stop()
{
    if (!isActive() || m_state == State::Stopping)
        return;
    m_run->stop();
    setState(State::Stopping);
}

void TrainingController::setLearningRate(double learningRate)
{
    if (m_run)
        m_run->setLearningRate(learningRate);
}

void TrainingController::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    emit stateChanged(state);
}

void TrainingController::measureSpeed(std::int64_t stepCount)
{
    if (m_speedClock.elapsed() < speedIntervalMs)
        return;
    m_stepsPerSecond = static_cast<double>(stepCount - m_speedSteps) * 1000.0
        / static_cast<double>(m_speedClock.restart());
    m_speedSteps = stepCount;
}

void TrainingController::drain()
{
    const TrainingNews news = m_run->takeNews();
    measureSpeed(news.stepCount);
    if (news.prepared)
        emit prepared(QString::fromStdString(news.dataName), news.rows, news.stepsPerEpoch,
            news.resumes ? QString() : QString::fromStdString(news.freshStartReason));
    if (m_state != State::Stopping && (news.stepCount > 0 || news.prepared))
        setState(news.paused ? State::Paused : State::Running);
    if (!news.steps.empty()) {
        m_lastStep = news.steps.back();
        emit stepsArrived(news.steps);
    }
    if (!news.pulse.empty())
        emit pulseArrived(news.pulse);
    if (!news.epochs.empty()) {
        m_epochsDone += static_cast<std::int64_t>(news.epochs.size());
        emit epochsArrived(news.epochs);
    }
    if (news.snapshot)
        emit snapshotArrived(news.snapshot);
    if (!news.ended)
        return;
    m_timer.stop();
    m_run.reset(); // its thread has nothing left to do
    m_stepsPerSecond = 0;
    setState(State::Idle);
    emit ended(news.final, news.error ? &*news.error : nullptr);
}

} // namespace layerscope::app
