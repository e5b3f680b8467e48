#pragma once

#include "app/session/document.h"
#include "app/session/file_watch.h"
#include "app/session/recovery.h"
#include "app/session/settings.h"
#include "model/analysis/doctor.h"
#include "model/formats/format.h"

#include <QObject>
#include <QThreadPool>
#include <QUndoGroup>

#include <functional>
#include <optional>

namespace layerscope::app {

/// Something that was done or noticed, for the list of messages.
struct Message
{
    enum class Kind { Note, Good, Warning, Error };
    Kind kind = Kind::Note;
    QString text;
    QString detail; ///< the chain of an error; empty otherwise
    QDateTime time;
};

/// What a save is for: a new home of the document, or a copy beside it.
enum class SavePurpose { Document, Export };

struct SaveRequest
{
    QString path;
    formats::WriteOptions options;
    SavePurpose purpose = SavePurpose::Document;
};

/// Everything that is open, apart from any window: a window can be made anew over it (as happens
/// when the language changes).
class Session : public QObject
{
    Q_OBJECT

public:
    /// `dataFolder` holds the recovery files.
    Session(Settings& settings, const QString& dataFolder, QObject* parent = nullptr);
    ~Session() override; ///< stops all jobs and waits for them

    Settings& settings() { return m_settings; }
    JobList& jobs() { return m_jobs; }
    QUndoGroup& undoGroup() { return m_undoGroup; }
    Recovery& recovery() { return m_recovery; }
    QThreadPool& filePool() { return m_filePool; } ///< for what reads or writes files
    const QList<Document*>& documents() const { return m_documents; }
    const QList<Message>& messages() const { return m_messages; }
    /// What the doctor found in files that did not open; they stay until they are dismissed.
    const QList<analysis::Diagnosis>& unopened() const { return m_unopened; }
    void dismiss(const QString& path);

    /// Reads the structure of `path` in the background. A file that is open already is only shown.
    void open(const QString& path);
    void openRecovered(const RecoveredFile& entry);
    /// Reads the file of `document` again, in its place; what was not saved is lost.
    void reload(Document* document);
    void close(Document* document);

    /// Writes in the background. `done` gets the report or the error.
    using SaveDone = std::function<void(const Result<formats::SaveReport>&)>;
    void save(Document* document, const SaveRequest& request, SaveDone done = {});
    bool isSaving(const Document* document) const { return m_saving.contains(document); }

    void tell(Message::Kind kind, const QString& text, const QString& detail = {});
    void tell(const Error& error);

signals:
    void documentOpened(layerscope::app::Document* document);
    void documentShown(layerscope::app::Document* document); ///< was asked for again
    void documentClosing(layerscope::app::Document* document);
    void documentReplaced(layerscope::app::Document* old, layerscope::app::Document* fresh);
    void openFailed(const QString& path, const layerscope::Error& error);
    /// A file that is there and did not open was looked at: it is the last of unopened().
    void examined(const QString& path);
    void dismissed(const QString& path);
    void changedOnDisk(layerscope::app::Document* document);
    void saved(layerscope::app::Document* document, const layerscope::formats::SaveReport& report);
    void messageArrived(const layerscope::app::Message& message);

private:
    using Opened = std::function<void(NetworkPointer)>;
    void read(const QString& path, Opened opened);
    void examine(const QString& path, const Error& error);
    Document* adopt(const NetworkPointer& network);
    void forget(Document* document);

    Settings& m_settings;
    QThreadPool m_filePool; ///< opening and saving
    QThreadPool m_computePool; ///< statistics, shapes
    JobList m_jobs;
    QUndoGroup m_undoGroup;
    FileWatch m_watch;
    Recovery m_recovery;
    QList<Document*> m_documents;
    QSet<const Document*> m_saving;
    QStringList m_opening;
    QList<Message> m_messages;
    QList<analysis::Diagnosis> m_unopened;
};

/// "file: group: what is wrong" as one line, for people who want to know where.
QString errorChain(const Error& error);

} // namespace layerscope::app
