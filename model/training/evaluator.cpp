#include "model/training/trainer_state.h"

#include <algorithm>
#include <thread>

namespace layerscope::training {

int threadsOf(const TrainingOptions& options)
{
    if (options.threads > 0)
        return std::min(options.threads, 256);
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

Result<CompiledStep*> Evaluator::stepFor(std::int64_t rows, WeightMemory& weights)
{
    auto& step = m_steps[rows];
    if (!step) {
        StepRequest request{ *m_network, m_network->training ? &*m_network->training : nullptr,
            m_options, m_batches.inputShapes(rows), m_batches.targetInfos(rows),
            m_batches.targetsSumToOne(), m_batches.hasSampleWeights() };
        request.trains = false;
        TRY(step, CompiledStep::compile(request, m_threads, weights, nullptr));
    }
    return step.get();
}

Result<Metrics> Evaluator::run(WeightMemory& weights, const JobContext& job)
{
    RunningLog log;
    const std::int64_t batches = m_batches.batchesPerEpoch();
    for (std::int64_t batch = 0; batch < batches; ++batch) {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "The evaluation was stopped.");
        const std::int64_t rows = m_batches.rowsOf(batch);
        TRY(CompiledStep* const step, stepFor(rows, weights));
        m_batches.select(batch);
        TRY_DO(step->run(m_batches, job));
        log.add(*step, rows);
        job.report(batch + 1, batches);
    }
    Metrics result;
    log.soFar(result);
    return result;
}

Result<Metrics> evaluate(const Network& network, const DataSet& data,
    const TrainingOptions& options, const JobContext& job)
{
    TRY(const FittedData fitted, fitData(network, data, options));
    TRY(Batches batches,
        Batches::prepare(
            fitted.data, fitted.facts.inputTypes, fitted.lossNames, options, options.batchSize));
    TRY(WeightMemory weights, WeightMemory::load(network));
    Evaluator evaluator(
        std::move(batches), std::make_shared<const Network>(network), options, threadsOf(options));
    return evaluator.run(weights, job);
}

} // namespace layerscope::training
