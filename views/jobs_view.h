#pragma once

#include <QDateTime>
#include <QList>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QListWidget;
class QProgressBar;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace layerscope::views {

/// A job as it is at the moment.
struct JobState
{
    quint64 number = 0;
    QString title;
    QString what; ///< what it does now
    double fraction = -1; ///< negative: not known
    bool stopping = false;
    bool operator==(const JobState&) const = default;
};

/// One line: what is being done, how far it is, and a button to stop it.
class JobLine : public QWidget
{
    Q_OBJECT

public:
    explicit JobLine(QWidget* parent = nullptr);
    void setJob(const JobState& job);

signals:
    void stopRequested(quint64 number);

private:
    QLabel* m_text;
    QProgressBar* m_bar;
    QToolButton* m_stop;
    quint64 m_number = 0;
};

/// Something that was done or noticed.
struct MessageLine
{
    enum class Kind { Note, Good, Warning, Error };
    Kind kind = Kind::Note;
    QString text;
    QString detail; ///< shown as a tool tip, and copied along
    QDateTime time;
};

/// The jobs under way, and what was said, newest first.
class JobsView : public QWidget
{
    Q_OBJECT

public:
    explicit JobsView(QWidget* parent = nullptr);
    void setJobs(const QList<JobState>& jobs);
    void addMessage(const MessageLine& message);

signals:
    void stopRequested(quint64 number);

private:
    void copyMessages();

    QVBoxLayout* m_lines;
    QList<JobLine*> m_jobs;
    QListWidget* m_messages;
};

} // namespace layerscope::views
