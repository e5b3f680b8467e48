#include "app/session/recovery.h"

#include "app/session/run_job.h"
#include "model/formats/format.h"
#include "model/serving/serving.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QSaveFile>
#include <QUuid>

namespace layerscope::app {

namespace {

constexpr int storeIntervalMs = 2000;

QString snapshotName()
{
    return QStringLiteral("snapshot.h5");
}
QString originName()
{
    return QStringLiteral("origin.txt");
}
QString lockName()
{
    return QStringLiteral("owner.lock");
}

} // namespace

struct Recovery::Entry
{
    QString folder;
    std::unique_ptr<QLockFile> lock;
    QElapsedTimer lastStored;
    bool storing = false;

    ~Entry()
    {
        lock.reset();
        if (!folder.isEmpty())
            QDir(folder).removeRecursively();
    }
};

Recovery::Recovery(QString folder, QThreadPool& pool, QObject* parent)
    : QObject(parent)
    , m_folder(std::move(folder))
    , m_pool(pool)
{
}

Recovery::~Recovery() = default;

QList<RecoveredFile> Recovery::list() const
{
    QList<RecoveredFile> found;
    const QFileInfoList folders
        = QDir(m_folder).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Time);
    for (const QFileInfo& info : folders) {
        const QDir folder(info.filePath());
        QLockFile lock(folder.filePath(lockName()));
        lock.setStaleLockTime(0); // a lock is as old as its process, however long that trains
        if (!lock.tryLock(0))
            continue;
        QFile origin(folder.filePath(originName()));
        if (!folder.exists(snapshotName()) || !origin.open(QIODevice::ReadOnly)) {
            lock.unlock();
            QDir(info.filePath()).removeRecursively(); // it ended before its first snapshot
            continue;
        }
        found.append(
            { info.filePath(), folder.filePath(snapshotName()), QString::fromUtf8(origin.readAll()),
                QFileInfo(folder.filePath(snapshotName())).lastModified() });
    }
    return found;
}

void Recovery::discard(const RecoveredFile& entry)
{
    QDir(entry.folder).removeRecursively();
}

void Recovery::watch(Document* document)
{
    connect(&document->training(), &TrainingController::snapshotArrived, this,
        [this, document](const NetworkPointer& network) { store(document, network, Hurry::No); });
    connect(document, &Document::trainingEnded, this, [this, document] {
        if (document->isModified())
            store(document, document->network(), Hurry::Yes);
    });
    connect(document, &Document::modifiedChanged, this, [this, document](bool modified) {
        if (!modified)
            remove(document);
    });
    connect(document, &QObject::destroyed, this, [this, document] { remove(document); });
}

void Recovery::store(Document* document, const NetworkPointer& network, Hurry hurry)
{
    std::shared_ptr<Entry>& entry = m_entries[document];
    if (!entry) {
        auto fresh = std::make_shared<Entry>();
        const QString folder
            = QDir(m_folder).filePath(QUuid::createUuid().toString(QUuid::WithoutBraces));
        if (!QDir().mkpath(folder))
            return; // no place to keep it; training goes on
        fresh->folder = folder;
        fresh->lock = std::make_unique<QLockFile>(QDir(folder).filePath(lockName()));
        fresh->lock->setStaleLockTime(0);
        fresh->lock->tryLock(0);
        QSaveFile origin(QDir(folder).filePath(originName()));
        if (origin.open(QIODevice::WriteOnly)) {
            origin.write(document->path().toUtf8());
            origin.commit();
        }
        entry = std::move(fresh);
    } else if (hurry == Hurry::No
        && (entry->storing || entry->lastStored.elapsed() < storeIntervalMs)) {
        return;
    }
    entry->storing = true;
    entry->lastStored.start();
    // The folder lives as long as somebody writes into it: the work holds the entry.
    const QFuture<bool> future = QtConcurrent::run(&m_pool, [network, entry] {
        const std::filesystem::path target
            = QFileInfo(QDir(entry->folder), snapshotName()).filesystemFilePath();
        const Result<std::string> format = formats::formatForSuffix(*network, target);
        return format
            && formats::saveNetwork(
                *network, target, { .format = *format, .knowledge = serving::layerKnowledge() });
    });
    whenFinished(future, this, [held = std::weak_ptr(entry)](bool) {
        if (const auto stored = held.lock())
            stored->storing = false;
    });
}

void Recovery::remove(const Document* document)
{
    m_entries.erase(document);
}

} // namespace layerscope::app
