#pragma once

#include <QList>
#include <QObject>
#include <QString>

#include <stop_token>

namespace layerscope::app {

/// Long work as a person sees it: what it is, how far it got, and a way to stop it.
class Job : public QObject
{
    Q_OBJECT

public:
    Job(quint64 number, QString title, QObject* parent);

    quint64 number() const { return m_number; } ///< names the job in views
    QString title() const { return m_title; }
    QString what() const { return m_what; } ///< what it does now, in a few words
    double fraction() const { return m_fraction; } ///< 0 to 1; negative while unknown
    bool isStopping() const { return m_stop.stop_requested(); }
    std::stop_token stopToken() const { return m_stop.get_token(); }

    /// Asks the work to end soon; its result, even a partial one, still arrives.
    void stop();

    void setProgress(double fraction);
    void setWhat(const QString& what);
    void finish(); ///< announces the end and deletes the job later

signals:
    void changed();
    void finished();

private:
    quint64 m_number;
    QString m_title;
    QString m_what;
    double m_fraction = -1;
    bool m_finished = false;
    std::stop_source m_stop;
};

/// The jobs under way, oldest first.
class JobList : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    Job* add(const QString& title);
    const QList<Job*>& jobs() const { return m_jobs; }
    Job* find(quint64 number) const;
    void stopAll();

signals:
    void changed(); ///< a job came, went, or got further

private:
    QList<Job*> m_jobs;
    quint64 m_lastNumber = 0;
};

} // namespace layerscope::app
