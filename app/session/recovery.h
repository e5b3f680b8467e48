#pragma once

#include "app/session/document.h"

#include <QDateTime>
#include <QLockFile>
#include <QObject>

namespace layerscope::app {

/// What an earlier run of the program left when it ended in the middle of training.
struct RecoveredFile
{
    QString folder; ///< names the entry
    QString file; ///< the snapshot, a model file
    QString originalPath; ///< of the model that was trained
    QDateTime time;
};

/// Keeps the latest snapshot of every running training in a folder of the program's data, so that a
/// crash costs an epoch at most (or two seconds, where epochs are shorter).
///
/// Each document has an entry of its own: the snapshot, the original path, and a lock that dies
/// with the process; an entry without a living owner is what list() finds.
class Recovery : public QObject
{
    Q_OBJECT

public:
    Recovery(QString folder, QThreadPool& pool, QObject* parent);
    ~Recovery() override;

    /// Of earlier runs.
    QList<RecoveredFile> list() const;
    void discard(const RecoveredFile& entry);

    /// Follows the runs of `document`; its entry goes when it is saved or closed.
    void watch(Document* document);

private:
    struct Entry;
    enum class Hurry { No, Yes };
    void store(Document* document, const NetworkPointer& network, Hurry hurry);
    void remove(const Document* document);

    QString m_folder;
    QThreadPool& m_pool;
    std::map<const Document*, std::shared_ptr<Entry>> m_entries;
};

} // namespace layerscope::app
