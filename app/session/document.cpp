#include "app/session/document.h"

#include "app/session/run_job.h"
#include "model/layers/lower_model.h"
#include "views/layer_properties.h"

#include <QFileInfo>
#include <QUndoCommand>

namespace layerscope::app {

/// Swaps the kept network. Snapshots share what did not change, so that a long undo history of a
/// large model costs only what was trained.
class Document::ReplaceNetwork : public QUndoCommand
{
public:
    ReplaceNetwork(Document& document, NetworkPointer after, const QString& text)
        : QUndoCommand(text)
        , m_document(document)
        , m_before(document.m_network)
        , m_after(std::move(after))
    {
    }

    void undo() override { m_document.setNetwork(m_before); }
    void redo() override { m_document.setNetwork(m_after); }

private:
    Document& m_document;
    NetworkPointer m_before;
    NetworkPointer m_after;
};

Document::Document(NetworkPointer network, QThreadPool& pool, JobList& jobs, QObject* parent)
    : QObject(parent)
    , m_network(std::move(network))
    , m_path(QString::fromStdString(m_network->file.path.string()))
    , m_format(QString::fromStdString(m_network->file.format))
    , m_fileBytes(m_network->file.bytes)
    , m_pool(pool)
    , m_jobs(jobs)
    , m_statistics(pool, jobs)
    , m_training(nullptr)
{
    connect(&m_undoStack, &QUndoStack::cleanChanged, this,
        [this] { emit modifiedChanged(isModified()); });
    connect(&m_training, &TrainingController::snapshotArrived, this, &Document::showSnapshot);
    connect(&m_training, &TrainingController::ended, this, &Document::finishTraining);
    connect(&m_statistics, &StatisticsCollector::completed, this, [this] {
        if (std::exchange(m_statisticsLate, false))
            m_statistics.setNetwork(shown());
    });
    inferShapes();
}

Document::~Document()
{
    // The stack's destructor tells that it became clean to whoever still listens.
    m_undoStack.disconnect(this);
}

QString Document::name() const
{
    return QFileInfo(m_path).fileName();
}

void Document::setFile(const QString& path, const QString& format, quint64 bytes)
{
    m_path = path;
    m_format = format;
    m_fileBytes = bytes;
    emit fileChanged();
}

void Document::markUnsaved()
{
    m_unsavedFromStart = true;
    emit modifiedChanged(true);
}

void Document::markSaved()
{
    m_unsavedFromStart = false;
    m_undoStack.setClean();
    emit modifiedChanged(false);
}

void Document::startStatistics()
{
    if (std::exchange(m_statisticsStarted, true))
        return;
    m_statistics.setNetwork(shown());
}

void Document::selectLayer(const QStringList& path)
{
    if (m_selectedLayer == path || !views::findLayer(*m_network, path).layer)
        return;
    m_selectedLayer = path;
    emit selectedLayerChanged(path);
}

void Document::keep(const NetworkPointer& network, const QString& commandText)
{
    m_undoStack.push(new ReplaceNetwork(*this, network, commandText));
}

void Document::setNetwork(const NetworkPointer& network)
{
    const bool isOther = m_network->architecture.text() != network->architecture.text();
    m_network = network;
    updateStatistics();
    emit shownChanged();
    if (isOther)
        inferShapes();
}

void Document::showSnapshot(const NetworkPointer& network)
{
    m_live = network;
    updateStatistics();
    emit shownChanged();
}

/// A sweep that is under way is let finish: snapshots may come faster than a large model is read.
void Document::updateStatistics()
{
    if (!m_statisticsStarted)
        return;
    if (m_statistics.isComplete())
        m_statistics.setNetwork(shown());
    else
        m_statisticsLate = true;
}

void Document::finishTraining(const NetworkPointer& network, const Error* error)
{
    m_live.reset();
    const int epochs = static_cast<int>(m_training.epochsDone());
    QString sentence;
    if (network) {
        const QString command
            = epochs > 0 ? tr("Train %n epoch(s)", nullptr, epochs) : tr("Train a few steps");
        keep(network, command);
        const QString loss = QLocale().toString(m_training.lastStep().epochSoFar.empty()
                ? 0.0
                : m_training.lastStep().epochSoFar.front().second,
            'g', 4);
        sentence = epochs > 0 ? tr("Trained %n epoch(s), loss %1.", nullptr, epochs).arg(loss)
                              : tr("Trained a few steps, loss %1.").arg(loss);
    } else {
        sentence = tr("Training ended before the first step; nothing has changed.");
        emit shownChanged();
    }
    emit trainingEnded(sentence, error);
}

void Document::inferShapes()
{
    Job* job = m_jobs.add(tr("Finding output shapes"));
    runJob(
        m_pool, job,
        [network = m_network](const JobContext&) { return layers::inferOutputShapes(*network); },
        this,
        [this, asked = m_network](OutputShapes shapes) {
            // Training changes values only; another architecture asks anew.
            if (asked->architecture.text() != m_network->architecture.text())
                return;
            m_outputShapes = std::move(shapes);
            m_hasOutputShapes = true;
            emit outputShapesArrived();
        });
}

} // namespace layerscope::app
