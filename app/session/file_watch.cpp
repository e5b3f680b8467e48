#include "app/session/file_watch.h"

#include <QFileInfo>

namespace layerscope::app {

namespace {

constexpr int quietMs = 400;

} // namespace

FileWatch::FileWatch(QObject* parent)
    : QObject(parent)
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietMs);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] { m_quiet.start(); });
    connect(&m_quiet, &QTimer::timeout, this, &FileWatch::check);
}

void FileWatch::add(const QString& path)
{
    m_stamps[path] = stampOf(path);
    if (QFileInfo::exists(path) && !m_watcher.files().contains(path))
        m_watcher.addPath(path);
}

void FileWatch::remove(const QString& path)
{
    m_stamps.erase(path);
    if (m_watcher.files().contains(path))
        m_watcher.removePath(path);
}

FileWatch::Stamp FileWatch::stampOf(const QString& path)
{
    const QFileInfo info(path);
    return info.exists() ? Stamp{ info.lastModified(), info.size() } : Stamp();
}

void FileWatch::check()
{
    QStringList changed;
    for (auto& [path, stamp] : m_stamps) {
        const Stamp now = stampOf(path);
        if (now.size < 0) // gone; a new one may be on its way
            continue;
        if (!m_watcher.files().contains(path))
            m_watcher.addPath(path);
        if (now == stamp)
            continue;
        stamp = now;
        changed.append(path);
    }
    for (const QString& path : changed)
        emit fileChanged(path);
}

} // namespace layerscope::app
