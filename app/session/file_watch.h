#pragma once

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

#include <map>

namespace layerscope::app {

/// Notices when somebody else changes a file that is open here.
///
/// A file that is replaced by renaming leaves QFileSystemWatcher's list; it is put back. Changes
/// come in bursts; they are told once, when it has been quiet for a moment.
class FileWatch : public QObject
{
    Q_OBJECT

public:
    explicit FileWatch(QObject* parent);

    void add(const QString& path); ///< or accepts the state the file has now
    void remove(const QString& path);

signals:
    void fileChanged(const QString& path);

private:
    struct Stamp
    {
        QDateTime modified;
        qint64 size = -1;
        bool operator==(const Stamp&) const = default;
    };
    static Stamp stampOf(const QString& path);
    void check();

    QFileSystemWatcher m_watcher;
    QTimer m_quiet;
    std::map<QString, Stamp> m_stamps;
};

} // namespace layerscope::app
