#include "app/session/statistics_collector.h"

#include "app/session/run_job.h"
#include "model/analysis/statistics.h"
#include "views/model_words.h"

#include <QSet>
#include <QThread>

#include <atomic>
#include <mutex>

namespace layerscope::app {

using views::StatisticsRequest;
using views::ValueSource;

namespace {

const StoredTensor* tensorOf(const Network& network, const ValueSource& source)
{
    if (source.kind == ValueSource::Kind::Weight)
        return source.index < network.weights.size() ? &network.weights[source.index].value
                                                     : nullptr;
    if (!network.optimizer || source.index >= network.optimizer->variables.size())
        return nullptr;
    return &network.optimizer->variables[source.index].value;
}

QList<ValueSource> everyTensor(const Network& network)
{
    QList<ValueSource> sources;
    for (std::size_t i = 0; i < network.weights.size(); ++i)
        sources.append({ ValueSource::Kind::Weight, i });
    for (std::size_t i = 0; network.optimizer && i < network.optimizer->variables.size(); ++i)
        sources.append({ ValueSource::Kind::OptimizerVariable, i });
    return sources;
}

std::int64_t bytesOf(const Network& network, const QList<ValueSource>& sources)
{
    std::int64_t bytes = 0;
    for (const ValueSource& source : sources)
        bytes += tensorOf(network, source)->byteCount();
    return bytes;
}

Result<analysis::Statistics> collect(const StoredTensor& stored, int bins, const JobContext& job)
{
    TRY(const Tensor tensor, stored.load());
    analysis::StatisticsOptions options;
    options.threads = QThread::idealThreadCount();
    options.higherMoments = true;
    options.bins = bins;
    return analysis::computeStatistics(tensor, options, job);
}

} // namespace

/// What came of one request: figures, or why there are none.
struct StatisticsCollector::Found
{
    StatisticsRequest request;
    views::SharedStatistics statistics;
    QString failure;
};

/// What is still to do: requests first, then the sweep over everything.
struct StatisticsCollector::Queue
{
    std::mutex mutex;
    QList<StatisticsRequest> requests;
    QList<StatisticsRequest> sweep;
    QSet<StatisticsRequest> done; ///< so that nothing is computed twice
    std::int64_t sweptBytes = 0;
    std::int64_t totalBytes = 0;

    std::optional<StatisticsRequest> take()
    {
        const std::lock_guard lock(mutex);
        for (QList<StatisticsRequest>* list : { &requests, &sweep }) {
            while (!list->isEmpty()) {
                const StatisticsRequest request = list->takeFirst();
                if (done.contains(request))
                    continue;
                done.insert(request);
                return request;
            }
        }
        return std::nullopt;
    }

    bool isEmpty()
    {
        const std::lock_guard lock(mutex);
        return requests.isEmpty() && sweep.isEmpty();
    }
};

StatisticsCollector::StatisticsCollector(QThreadPool& pool, JobList& jobs, QObject* parent)
    : QObject(parent)
    , m_pool(pool)
    , m_jobs(jobs)
{
}

StatisticsCollector::~StatisticsCollector()
{
    stop();
}

void StatisticsCollector::setNetwork(const NetworkPointer& network)
{
    stop();
    m_network = network;
    m_queue = std::make_shared<Queue>();
    const QList<ValueSource> sources = everyTensor(*network);
    m_queue->totalBytes = bytesOf(*network, sources);
    if (m_queue->totalBytes > automaticBytes)
        return;
    for (const ValueSource& source : sources)
        m_queue->sweep.append({ source, analysis::automaticBinCount });
    start();
}

void StatisticsCollector::request(const QList<StatisticsRequest>& requests)
{
    if (!m_network)
        return;
    {
        const std::lock_guard lock(m_queue->mutex);
        m_queue->requests.clear();
        for (const StatisticsRequest& request : requests) {
            if (!tensorOf(*m_network, request.source))
                continue;
            m_queue->requests.append(request);
            m_queue->done.remove(request); // who asks again has lost the answer
        }
    }
    if (!m_running)
        start();
}

void StatisticsCollector::start()
{
    const quint64 generation = ++m_generation;
    m_running = true;
    m_job = m_jobs.add(tr("Reading values"));

    QFuture<Found> future = QtConcurrent::run(&m_pool,
        [network = m_network, queue = m_queue, stop = m_job->stopToken()](
            QPromise<Found>& promise) {
            const JobContext job(stop, {});
            promise.setProgressRange(0, 1000);
            while (const std::optional<StatisticsRequest> request = queue->take()) {
                if (job.stopRequested())
                    return;
                const StoredTensor& tensor = *tensorOf(*network, request->source);
                Result<analysis::Statistics> figures = collect(tensor, request->bins, job);
                if (figures)
                    promise.addResult(Found{ *request,
                        std::make_shared<const analysis::Statistics>(*std::move(figures)), {} });
                else if (figures.error().kind() != ErrorKind::Stopped)
                    promise.addResult(Found{ *request, {}, views::inWords(figures.error()) });
                queue->sweptBytes += tensor.byteCount(); // only here, in the one worker of a queue
                if (queue->totalBytes > 0)
                    promise.setProgressValue(static_cast<int>(std::min<std::int64_t>(
                        1000, queue->sweptBytes * 1000 / queue->totalBytes)));
            }
        });

    auto* watcher = new QFutureWatcher<Found>(this);
    connect(watcher, &QFutureWatcherBase::resultsReadyAt, this,
        [this, watcher, generation](int begin, int end) {
            for (int i = begin; i < end && generation == m_generation; ++i)
                take(watcher->future().resultAt(i));
        });
    connect(watcher, &QFutureWatcherBase::progressValueChanged, m_job,
        [job = m_job.data()](int value) { job->setProgress(value / 1000.0); });
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, generation, job = m_job] {
        watcher->deleteLater();
        finish(generation, job);
    });
    watcher->setFuture(future);
}

void StatisticsCollector::take(const Found& found)
{
    if (!found.statistics) {
        emit failed(found.request, found.failure);
        return;
    }
    m_known.insert(found.request.source, found.statistics);
    emit arrived(found.request, found.statistics);
}

void StatisticsCollector::finish(quint64 generation, Job* job)
{
    const bool stopped = job && job->isStopping();
    if (job)
        job->finish();
    if (generation != m_generation)
        return;
    m_running = false;
    if (!stopped && !m_queue->isEmpty())
        start(); // a request came while the worker was leaving
    else
        emit completed();
}

void StatisticsCollector::stop()
{
    ++m_generation;
    m_running = false;
    if (m_job) {
        m_job->stop();
        m_job->finish();
    }
}

} // namespace layerscope::app
