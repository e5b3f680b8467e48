#pragma once

#include "model/core/result.h"
#include "model/training/trainer.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace layerscope::app {

/// What to train with, as the form of the training view says it.
struct TrainingPlan
{
    training::DataSetRequest data;
    training::TrainingOptions options;
    std::int64_t epochs = 10;
    bool wantsPulse = true; ///< gradient norm and update ratio of each layer
};

/// What a run has to tell since it was last asked.
struct TrainingNews
{
    bool prepared = false; ///< the first steps can be expected
    bool resumes = false;
    std::string freshStartReason;
    std::string dataName;
    std::int64_t rows = 0;
    std::int64_t stepsPerEpoch = 0;

    std::vector<training::StepReport> steps; ///< in order; thinned when nobody drained for long
    std::vector<training::EpochReport> epochs;
    std::vector<training::LayerPulse> pulse; ///< of the latest step that had one
    std::shared_ptr<const Network> snapshot; ///< the latest at the end of an epoch
    std::int64_t stepCount = 0; ///< of the run so far
    bool paused = false;

    bool ended = false;
    std::optional<Error> error;
    std::shared_ptr<const Network> final; ///< what the run leaves; absent when no step was done
};

/// A training run in a thread of its own. Steps as fast as it can, and is drained by whoever looks
/// at it, at their pace: it never waits for a display.
class TrainingRun
{
public:
    TrainingRun(std::shared_ptr<const Network> network, TrainingPlan plan, bool startPaused);
    ~TrainingRun(); ///< stops, and waits for the step under way

    void pause();
    void resume();
    void stepOnce(); ///< pauses after one more step
    void stop();
    void setLearningRate(double learningRate);

    TrainingNews takeNews();

private:
    struct Orders
    {
        bool paused = false;
        int singleSteps = 0;
        std::optional<double> learningRate;
    };

    void work(const std::stop_token& stop);
    Result<training::Trainer> prepare(const JobContext& job);
    Result<void> train(training::Trainer& trainer, const JobContext& job);
    bool waitForOrders(training::Trainer& trainer, const std::stop_token& stop);
    void tellStep(training::StepReport report, std::vector<training::LayerPulse> pulse);
    void tellSnapshot(const training::Trainer& trainer);
    Result<void> endEpoch(training::Trainer& trainer, bool isLast, const JobContext& job);

    const std::shared_ptr<const Network> m_network;
    TrainingPlan m_plan;

    std::mutex m_ordersMutex;
    std::condition_variable_any m_ordersChanged;
    Orders m_orders;

    std::mutex m_newsMutex; // held for moments only, by either side
    TrainingNews m_news;
    std::int64_t m_stepCount = 0;
    std::int64_t m_keepEvery = 1; // of the steps, while nobody drains
    std::chrono::steady_clock::time_point m_lastSnapshot; // only in the thread

    std::jthread m_thread; // last: it uses everything above
};

} // namespace layerscope::app
