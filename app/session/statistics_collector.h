#pragma once

#include "app/session/job.h"
#include "model/network/network.h"
#include "views/weights_view.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include <memory>

namespace layerscope::app {

using NetworkPointer = std::shared_ptr<const Network>;

/// Streams the tensors of a network in the background, what is looked at first and then all weights
/// in the order of the model, and hands out the statistics one by one.
///
/// A network of more than `automaticBytes` is not read as a whole unasked: of such a one only what
/// was requested is streamed.
class StatisticsCollector : public QObject
{
    Q_OBJECT

public:
    static constexpr std::int64_t automaticBytes = std::int64_t(4) << 30;

    StatisticsCollector(QThreadPool& pool, JobList& jobs, QObject* parent = nullptr);
    ~StatisticsCollector() override;

    /// Starts over with another network (or another state of the same one). What is known of the
    /// old one stays until the new values arrive.
    void setNetwork(const NetworkPointer& network);

    /// These next, in this order. Replaces what was requested before and has not been started.
    void request(const QList<views::StatisticsRequest>& requests);

    /// The latest of each tensor, with whatever number of bins.
    const QHash<views::ValueSource, views::SharedStatistics>& known() const { return m_known; }
    bool isComplete() const { return !m_running; }

signals:
    void arrived(const layerscope::views::StatisticsRequest& request,
        const layerscope::views::SharedStatistics& statistics);
    void failed(const layerscope::views::StatisticsRequest& request, const QString& why);
    void completed();

private:
    struct Queue; // shared with the worker
    struct Found;
    void start();
    void stop();
    void take(const Found& found);
    void finish(quint64 generation, Job* job);

    QThreadPool& m_pool;
    JobList& m_jobs;
    NetworkPointer m_network;
    std::shared_ptr<Queue> m_queue;
    QHash<views::ValueSource, views::SharedStatistics> m_known;
    QPointer<Job> m_job;
    bool m_running = false;
    quint64 m_generation = 0;
};

} // namespace layerscope::app
