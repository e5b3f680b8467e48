#include "app/session/job.h"

namespace layerscope::app {

Job::Job(quint64 number, QString title, QObject* parent)
    : QObject(parent)
    , m_number(number)
    , m_title(std::move(title))
{
}

void Job::stop()
{
    if (m_stop.request_stop())
        emit changed();
}

void Job::setProgress(double fraction)
{
    m_fraction = fraction;
    emit changed();
}

void Job::setWhat(const QString& what)
{
    m_what = what;
    emit changed();
}

void Job::finish()
{
    if (m_finished)
        return;
    m_finished = true;
    emit finished();
    deleteLater();
}

Job* JobList::add(const QString& title)
{
    auto* job = new Job(++m_lastNumber, title, this);
    m_jobs.append(job);
    connect(job, &Job::changed, this, &JobList::changed);
    connect(job, &Job::finished, this, [this, job] {
        m_jobs.removeOne(job);
        emit changed();
    });
    emit changed();
    return job;
}

Job* JobList::find(quint64 number) const
{
    for (Job* job : m_jobs)
        if (job->number() == number)
            return job;
    return nullptr;
}

void JobList::stopAll()
{
    const QList<Job*> jobs = m_jobs; // stopping may finish a job, which leaves the list
    for (Job* job : jobs)
        job->stop();
}

} // namespace layerscope::app
