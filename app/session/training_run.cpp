#include "app/session/training_run.h"

#include <chrono>

namespace layerscope::app {

namespace {

/// More steps than that between two drains are more than a curve has pixels.
constexpr std::size_t mostStepsKept = 8192;

/// Epochs may take a millisecond. Looking at their weights more often than this shows nothing more.
constexpr auto snapshotInterval = std::chrono::milliseconds(200);
constexpr auto pulseInterval = std::chrono::milliseconds(30);

using Clock = std::chrono::steady_clock;

} // namespace

TrainingRun::TrainingRun(
    std::shared_ptr<const Network> network, TrainingPlan plan, bool startPaused)
    : m_network(std::move(network))
    , m_plan(std::move(plan))
{
    m_orders.paused = startPaused;
    m_orders.singleSteps = startPaused ? 1 : 0;
    m_thread = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

TrainingRun::~TrainingRun() = default;

void TrainingRun::pause()
{
    const std::lock_guard lock(m_ordersMutex);
    m_orders.paused = true;
}

void TrainingRun::resume()
{
    {
        const std::lock_guard lock(m_ordersMutex);
        m_orders.paused = false;
        m_orders.singleSteps = 0;
    }
    m_ordersChanged.notify_all();
}

void TrainingRun::stepOnce()
{
    {
        const std::lock_guard lock(m_ordersMutex);
        m_orders.paused = true;
        ++m_orders.singleSteps;
    }
    m_ordersChanged.notify_all();
}

void TrainingRun::stop()
{
    m_thread.request_stop(); // wakes the wait for orders as well
}

void TrainingRun::setLearningRate(double learningRate)
{
    const std::lock_guard lock(m_ordersMutex);
    m_orders.learningRate = learningRate;
}

TrainingNews TrainingRun::takeNews()
{
    const std::lock_guard lock(m_newsMutex);
    TrainingNews news = std::move(m_news);
    m_news = {};
    m_news.paused = news.paused;
    news.stepCount = m_stepCount;
    m_keepEvery = 1;
    return news;
}

void TrainingRun::work(const std::stop_token& stop)
{
    const JobContext job(stop, {});
    std::optional<Error> failure;
    std::shared_ptr<const Network> final;
    if (Result<training::Trainer> trainer = prepare(job)) {
        if (Result<void> trained = train(*trainer, job);
            !trained && trained.error().kind() != ErrorKind::Stopped)
            failure = std::move(trained).error();
        if (m_stepCount > 0) {
            if (Result<Network> snapshot = trainer->snapshot())
                final = std::make_shared<const Network>(*std::move(snapshot));
            else if (!failure)
                failure = std::move(snapshot).error();
        }
    } else if (trainer.error().kind() != ErrorKind::Stopped) {
        failure = std::move(trainer).error();
    }
    const std::lock_guard lock(m_newsMutex);
    m_news.ended = true;
    m_news.error = std::move(failure);
    m_news.final = std::move(final);
}

Result<training::Trainer> TrainingRun::prepare(const JobContext& job)
{
    TRY(training::DataSet data, training::loadDataSet(m_plan.data, job));
    const std::string name = data.name;
    const std::int64_t rows = data.rows();
    TRY(training::Trainer trainer,
        training::Trainer::create(*m_network, std::move(data), m_plan.options));
    trainer.setPulseEnabled(m_plan.wantsPulse);
    const std::lock_guard lock(m_newsMutex);
    m_news.prepared = true;
    m_news.resumes = trainer.resumes();
    m_news.freshStartReason = trainer.freshStartReason();
    m_news.dataName = name;
    m_news.rows = rows;
    m_news.stepsPerEpoch = trainer.stepsPerEpoch();
    return trainer;
}

/// False when the run was stopped meanwhile.
bool TrainingRun::waitForOrders(training::Trainer& trainer, const std::stop_token& stop)
{
    std::unique_lock lock(m_ordersMutex);
    const auto mayStep = [this] { return !m_orders.paused || m_orders.singleSteps > 0; };
    if (!mayStep()) {
        if (m_stepCount > 0)
            tellSnapshot(trainer);
        {
            const std::lock_guard news(m_newsMutex);
            m_news.paused = true;
        }
        m_ordersChanged.wait(lock, stop, mayStep);
        const std::lock_guard news(m_newsMutex);
        m_news.paused = false;
    }
    if (m_orders.paused && m_orders.singleSteps > 0)
        --m_orders.singleSteps;
    if (const std::optional<double> rate = std::exchange(m_orders.learningRate, std::nullopt))
        trainer.setLearningRate(*rate);
    return !stop.stop_requested();
}

Result<void> TrainingRun::train(training::Trainer& trainer, const JobContext& job)
{
    Clock::time_point lastPulse;
    for (std::int64_t epoch = 0; epoch < m_plan.epochs;) {
        if (!waitForOrders(trainer, job.stopToken()))
            return {};
        TRY(training::StepReport report, trainer.step(job));
        const bool endsEpoch = report.endsEpoch;
        std::vector<training::LayerPulse> pulse;
        if (const auto now = Clock::now();
            m_plan.wantsPulse && (endsEpoch || now - lastPulse > pulseInterval)) {
            pulse = trainer.pulse();
            lastPulse = now;
        }
        tellStep(std::move(report), std::move(pulse));
        if (endsEpoch) {
            TRY_DO(endEpoch(trainer, ++epoch == m_plan.epochs, job));
        }
    }
    return {};
}

/// Keeps every step while somebody looks, and every second, fourth, … one when the drain is late.
void TrainingRun::tellStep(training::StepReport report, std::vector<training::LayerPulse> pulse)
{
    const std::lock_guard lock(m_newsMutex);
    ++m_stepCount;
    if (!pulse.empty())
        m_news.pulse = std::move(pulse);
    if (m_stepCount % m_keepEvery != 0 && !report.endsEpoch)
        return;
    m_news.steps.push_back(std::move(report));
    if (m_news.steps.size() >= mostStepsKept) {
        std::size_t kept = 0;
        for (std::size_t i = 1; i < m_news.steps.size(); i += 2)
            m_news.steps[kept++] = std::move(m_news.steps[i]);
        m_news.steps.resize(kept);
        m_keepEvery *= 2;
    }
}

/// What is looked at while the run stands still. A failure shows itself at the end of the run.
void TrainingRun::tellSnapshot(const training::Trainer& trainer)
{
    Result<Network> taken = trainer.snapshot();
    if (!taken)
        return;
    const std::lock_guard lock(m_newsMutex);
    m_news.snapshot = std::make_shared<const Network>(*std::move(taken));
}

Result<void> TrainingRun::endEpoch(training::Trainer& trainer, bool isLast, const JobContext& job)
{
    TRY(training::EpochReport report, trainer.finishEpoch(job));
    {
        const std::lock_guard lock(m_newsMutex);
        m_news.epochs.push_back(std::move(report));
    }
    // The last one is taken when the run ends.
    if (const auto now = Clock::now(); !isLast && now - m_lastSnapshot > snapshotInterval) {
        tellSnapshot(trainer);
        m_lastSnapshot = now;
    }
    return {};
}

} // namespace layerscope::app
