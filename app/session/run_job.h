#pragma once

#include "app/session/job.h"
#include "model/core/job_context.h"
#include "model/core/result.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <new>
#include <type_traits>

namespace layerscope::app {

/// Calls `function(result)` in the thread of `receiver` when `future` is done, and never when the
/// receiver died first. (QFuture::then with a context asserts in that case in Qt 6.4.)
template<class T, class Receiver, class Function>
QFutureWatcher<T>* whenFinished(QFuture<T> future, Receiver* receiver, Function function)
{
    auto* watcher = new QFutureWatcher<T>(receiver);
    QObject::connect(watcher, &QFutureWatcherBase::finished, receiver,
        [watcher, function = std::move(function)]() mutable {
            watcher->deleteLater();
            if (QFuture<T> done = watcher->future(); done.resultCount() > 0)
                function(done.takeResult());
        });
    watcher->setFuture(std::move(future));
    return watcher;
}

/// Runs `work(const JobContext&)` on `pool` and hands its value to `done` in the thread of
/// `receiver`. `job` shows the progress, and is finished just before `done` is called.
///
/// Stopping goes through the job's stop token and never through QFuture::cancel(), after which Qt
/// refuses results: a stopped job still delivers what it has. Progress is thinned by QPromise to
/// about 25 signals a second.
template<class Work, class Receiver, class Done>
void runJob(QThreadPool& pool, Job* job, Work work, Receiver* receiver, Done done)
{
    using T = std::invoke_result_t<Work, const JobContext&>;
    constexpr int steps = 1000;
    QFuture<T> future = QtConcurrent::run(
        &pool, [work = std::move(work), stop = job->stopToken()](QPromise<T>& promise) mutable {
            promise.setProgressRange(0, steps);
            const JobContext context(stop,
                [&promise](std::int64_t doneCount, std::int64_t total, const std::string& what) {
                    const double fraction = total > 0
                        ? static_cast<double>(doneCount) / static_cast<double>(total)
                        : 0;
                    promise.setProgressValueAndText(
                        static_cast<int>(std::min(1.0, fraction) * steps),
                        QString::fromStdString(what));
                });
            if constexpr (std::is_constructible_v<T, Error>) {
                try {
                    promise.addResult(work(context));
                } catch (const std::bad_alloc&) {
                    promise.addResult(
                        T(Error(ErrorKind::OutOfMemory, "there is not enough memory for this")));
                }
            } else {
                promise.addResult(work(context));
            }
        });

    QPointer<Job> shown(job);
    auto* watcher
        = whenFinished(future, receiver, [shown, done = std::move(done)](T value) mutable {
              if (shown)
                  shown->finish();
              done(std::move(value));
          });
    QObject::connect(watcher, &QFutureWatcherBase::progressValueChanged, job,
        [job](int value) { job->setProgress(static_cast<double>(value) / steps); });
    QObject::connect(watcher, &QFutureWatcherBase::progressTextChanged, job, &Job::setWhat);
    // A receiver that dies first leaves nobody to finish the job.
    QObject::connect(receiver, &QObject::destroyed, job, &Job::finish);
}

} // namespace layerscope::app
