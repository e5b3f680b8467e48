#include "app/session/session.h"

#include "app/session/run_job.h"
#include "model/serving/serving.h"
#include "views/model_words.h"

#include <QDir>
#include <QFileInfo>

namespace layerscope::app {

namespace {

constexpr int mostMessages = 500;

QString nameOf(const QString& path)
{
    return QFileInfo(path).fileName();
}

} // namespace

QString errorChain(const Error& error)
{
    QStringList lines;
    for (const std::string& place : error.places())
        lines.append(QString::fromStdString(place));
    lines.append(views::inWords(error.message()));
    return lines.join(QLatin1Char('\n'));
}

Session::Session(Settings& settings, const QString& dataFolder, QObject* parent)
    : QObject(parent)
    , m_settings(settings)
    , m_watch(this)
    , m_recovery(QDir(dataFolder).filePath(QStringLiteral("recovery")), m_filePool, nullptr)
{
    m_filePool.setObjectName(QStringLiteral("files"));
    m_filePool.setMaxThreadCount(2);
    m_computePool.setObjectName(QStringLiteral("compute"));
    m_computePool.setMaxThreadCount(2); // each job uses all cores by itself
    connect(&m_watch, &FileWatch::fileChanged, this, [this](const QString& path) {
        for (Document* document : qAsConst(m_documents))
            if (document->path() == path && !isSaving(document))
                emit changedOnDisk(document);
    });
}

Session::~Session()
{
    m_jobs.stopAll();
    const QList<Document*> documents = std::exchange(m_documents, {});
    qDeleteAll(documents);
    m_filePool.waitForDone();
    m_computePool.waitForDone();
}

void Session::open(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    for (Document* document : qAsConst(m_documents)) {
        if (document->path() == absolute) {
            emit documentShown(document);
            return;
        }
    }
    if (m_opening.contains(absolute))
        return;
    read(absolute, [this, absolute](const NetworkPointer& network) {
        Document* document = adopt(network);
        document->setFile(absolute, document->format(), document->fileBytes());
        m_watch.add(absolute);
        m_settings.addRecentFile(absolute);
        emit documentOpened(document);
    });
}

void Session::openRecovered(const RecoveredFile& entry)
{
    read(entry.file, [this, entry](const NetworkPointer& network) {
        Document* document = adopt(network);
        document->setFile(entry.originalPath, document->format(), document->fileBytes());
        document->markUnsaved();
        const auto discard = [this, entry] { m_recovery.discard(entry); };
        connect(document, &Document::modifiedChanged, this, [discard](bool modified) {
            if (!modified)
                discard();
        });
        connect(document, &QObject::destroyed, this, discard);
        emit documentOpened(document);
    });
}

void Session::reload(Document* document)
{
    const QString path = document->path();
    read(path, [this, path, old = QPointer(document)](const NetworkPointer& network) {
        Document* fresh = adopt(network);
        fresh->setFile(path, fresh->format(), fresh->fileBytes());
        m_watch.add(path);
        if (old) {
            fresh->selectLayer(old->selectedLayer());
            emit documentReplaced(old, fresh);
            forget(old);
        } else {
            emit documentOpened(fresh);
        }
    });
}

void Session::read(const QString& path, Opened opened)
{
    m_opening.append(path);
    Job* job = m_jobs.add(tr("Opening %1").arg(nameOf(path)));
    runJob(
        m_filePool, job,
        [path](const JobContext& context) -> Result<NetworkPointer> {
            TRY(Network network,
                formats::openNetwork(QFileInfo(path).filesystemFilePath(), context));
            return std::make_shared<const Network>(std::move(network));
        },
        this,
        [this, path, opened = std::move(opened)](Result<NetworkPointer> network) {
            m_opening.removeAll(path);
            if (network) {
                opened(*network);
            } else if (network.error().kind() != ErrorKind::Stopped) {
                tell(network.error());
                m_settings.removeRecentFile(path);
                emit openFailed(path, network.error());
                examine(path, network.error());
            }
        });
}

/// Where there is a file that may be read, the doctor looks at it.
void Session::examine(const QString& path, const Error& error)
{
    if (error.kind() == ErrorKind::NotFound || error.kind() == ErrorKind::NotReadable)
        return;
    Job* job = m_jobs.add(tr("Examining %1").arg(nameOf(path)));
    runJob(
        m_filePool, job,
        [file = QFileInfo(path).filesystemFilePath(), error](
            const JobContext&) { return analysis::diagnoseUnopened(file, error); },
        this,
        [this, path](const analysis::Diagnosis& diagnosis) {
            dismiss(path); // it may have been tried before
            m_unopened.append(diagnosis);
            emit examined(path);
        });
}

void Session::dismiss(const QString& path)
{
    const std::filesystem::path wanted = QFileInfo(path).filesystemFilePath();
    const auto isAbout
        = [&](const analysis::Diagnosis& diagnosis) { return diagnosis.path == wanted; };
    if (m_unopened.removeIf(isAbout) > 0)
        emit dismissed(path);
}

Document* Session::adopt(const NetworkPointer& network)
{
    auto* document = new Document(network, m_computePool, m_jobs, this);
    m_documents.append(document);
    m_undoGroup.addStack(&document->undoStack());
    m_recovery.watch(document);
    connect(document, &Document::trainingEnded, this,
        [this](const QString& sentence, const Error* error) {
            if (error)
                tell(*error);
            tell(Message::Kind::Note, sentence);
        });
    return document;
}

void Session::close(Document* document)
{
    emit documentClosing(document);
    forget(document);
}

void Session::forget(Document* document)
{
    m_documents.removeOne(document);
    const auto samePath
        = [document](const Document* other) { return other->path() == document->path(); };
    if (std::none_of(m_documents.cbegin(), m_documents.cend(), samePath))
        m_watch.remove(document->path());
    document->deleteLater();
}

void Session::save(Document* document, const SaveRequest& request, SaveDone done)
{
    Job* job = m_jobs.add(tr("Saving %1").arg(nameOf(request.path)));
    m_saving.insert(document);
    const NetworkPointer network = document->network();
    const int undoIndex = document->undoStack().index();
    runJob(
        m_filePool, job,
        [network, request](const JobContext& context) {
            formats::WriteOptions options = request.options;
            options.knowledge = serving::layerKnowledge();
            return formats::saveNetwork(
                *network, QFileInfo(request.path).filesystemFilePath(), options, context);
        },
        this,
        [this, request, undoIndex, key = static_cast<const Document*>(document),
            saved = QPointer(document),
            done = std::move(done)](const Result<formats::SaveReport>& report) {
            m_saving.remove(key);
            if (report && saved && request.purpose == SavePurpose::Document) {
                if (saved->path() != request.path)
                    m_watch.remove(saved->path());
                saved->setFile(request.path, QString::fromStdString(report->format), report->bytes);
                m_watch.add(request.path);
                m_settings.addRecentFile(request.path);
                if (saved->undoStack().index() == undoIndex) // else it changed while it was written
                    saved->markSaved();
            }
            if (report) {
                // The last message stays in the status line: the certificate.
                const int compared = static_cast<int>(report->tensorsCompared);
                for (const std::string& remark : report->remarks)
                    tell(Message::Kind::Warning, views::inWords(remark));
                tell(Message::Kind::Good,
                    tr("Saved %1: %n tensor(s) read back and found equal.", nullptr, compared)
                        .arg(nameOf(request.path)));
                if (saved)
                    emit this->saved(saved, *report);
            } else if (report.error().kind() != ErrorKind::Stopped) {
                tell(report.error());
            }
            if (done)
                done(report);
        });
}

void Session::tell(Message::Kind kind, const QString& text, const QString& detail)
{
    m_messages.append({ kind, text, detail, QDateTime::currentDateTime() });
    if (m_messages.size() > mostMessages)
        m_messages.removeFirst();
    emit messageArrived(m_messages.last());
}

void Session::tell(const Error& error)
{
    tell(Message::Kind::Error, views::inWords(error), errorChain(error));
}

} // namespace layerscope::app
