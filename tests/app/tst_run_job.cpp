#include "app/session/run_job.h"

#include <QSignalSpy>
#include <QtTest>

#include <latch>

using namespace layerscope;
using namespace layerscope::app;

class tst_RunJob : public QObject
{
    Q_OBJECT

private slots:
    void deliversTheValueInTheReceiversThread();
    void deliversWhatAStoppedJobHas();
    void deliversNothingToAReceiverThatDied();
    void reportsProgressAndWords();
    void finishesTheJobBeforeTheAnswer();
    void turnsMissingMemoryIntoAnError();
};

void tst_RunJob::deliversTheValueInTheReceiversThread()
{
    QThreadPool pool;
    JobList jobs;
    QObject receiver;
    std::optional<int> answer;
    QThread* thread = nullptr;
    runJob(
        pool, jobs.add(QStringLiteral("count")), [](const JobContext&) { return 42; }, &receiver,
        [&](int value) {
            answer = value;
            thread = QThread::currentThread();
        });
    QTRY_COMPARE(answer, std::optional(42));
    QCOMPARE(thread, QThread::currentThread());
    QVERIFY(jobs.jobs().isEmpty());
}

void tst_RunJob::deliversWhatAStoppedJobHas()
{
    QThreadPool pool;
    JobList jobs;
    QObject receiver;
    Job* job = jobs.add(QStringLiteral("endless"));
    std::optional<int> answer;
    runJob(
        pool, job,
        [](const JobContext& context) {
            int steps = 0;
            while (!context.stopRequested())
                ++steps;
            return steps > 0 ? 1 : 0; // a stop may come before the first step
        },
        &receiver, [&](int value) { answer = value; });
    job->stop();
    QVERIFY(job->isStopping());
    QTRY_VERIFY(answer.has_value());
}

void tst_RunJob::deliversNothingToAReceiverThatDied()
{
    QThreadPool pool;
    JobList jobs;
    auto receiver = std::make_unique<QObject>();
    std::latch mayEnd(1);
    bool answered = false;
    runJob(
        pool, jobs.add(QStringLiteral("late")),
        [&](const JobContext&) {
            mayEnd.wait();
            return 1;
        },
        receiver.get(), [&](int) { answered = true; });
    receiver.reset();
    QVERIFY(jobs.jobs().isEmpty()); // nobody waits for it any more
    mayEnd.count_down();
    pool.waitForDone();
    QCoreApplication::processEvents();
    QVERIFY(!answered);
}

void tst_RunJob::reportsProgressAndWords()
{
    QThreadPool pool;
    JobList jobs;
    QObject receiver;
    Job* job = jobs.add(QStringLiteral("half"));
    std::latch mayEnd(1);
    bool answered = false;
    runJob(
        pool, job,
        [&](const JobContext& context) {
            context.report(1, 2, "one of two");
            mayEnd.wait();
            return 0;
        },
        &receiver, [&](int) { answered = true; });
    QTRY_COMPARE(job->fraction(), 0.5);
    QTRY_COMPARE(job->what(), QStringLiteral("one of two"));
    mayEnd.count_down();
    QTRY_VERIFY(answered);
}

void tst_RunJob::finishesTheJobBeforeTheAnswer()
{
    QThreadPool pool;
    JobList jobs;
    QObject receiver;
    std::optional<qsizetype> left;
    runJob(
        pool, jobs.add(QStringLiteral("only one")), [](const JobContext&) { return 0; }, &receiver,
        [&](int) { left = jobs.jobs().size(); });
    QTRY_COMPARE(left, std::optional<qsizetype>(0));
}

void tst_RunJob::turnsMissingMemoryIntoAnError()
{
    QThreadPool pool;
    JobList jobs;
    QObject receiver;
    std::optional<ErrorKind> kind;
    runJob(
        pool, jobs.add(QStringLiteral("huge")),
        [](const JobContext&) -> Result<int> { throw std::bad_alloc(); }, &receiver,
        [&](const Result<int>& result) { kind = result.error().kind(); });
    QTRY_COMPARE(kind, std::optional(ErrorKind::OutOfMemory));
}

QTEST_GUILESS_MAIN(tst_RunJob)
#include "tst_run_job.moc"
