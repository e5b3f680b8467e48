#pragma once

#include "app/session/statistics_collector.h"
#include "app/session/training_controller.h"
#include "model/core/shape.h"

#include <QObject>
#include <QUndoStack>

#include <map>
#include <string>

namespace layerscope::app {

using OutputShapes = std::map<std::string, PartialShape>; ///< by layer path joined by '/'

/// An open model: the network as it is kept, what can be undone, what is selected, and the work
/// that goes on with it.
class Document : public QObject
{
    Q_OBJECT

public:
    /// The pools run its background work; both outlive it.
    Document(NetworkPointer network, QThreadPool& pool, JobList& jobs, QObject* parent);
    ~Document() override;

    /// What saving writes.
    const NetworkPointer& network() const { return m_network; }
    /// What is looked at: the latest snapshot while a training run is on, else network().
    const NetworkPointer& shown() const { return m_live ? m_live : m_network; }

    QString path() const { return m_path; } ///< of the file it came from or was last saved to
    QString name() const; ///< that file's name, for titles
    QString format() const { return m_format; } ///< a FORMAT name of the command line
    quint64 fileBytes() const { return m_fileBytes; }
    void setFile(const QString& path, const QString& format, quint64 bytes);

    bool isModified() const { return m_unsavedFromStart || !m_undoStack.isClean(); }
    /// For what comes out of a recovery file.
    void markUnsaved();
    void markSaved();

    QUndoStack& undoStack() { return m_undoStack; }
    StatisticsCollector& statistics() { return m_statistics; }
    TrainingController& training() { return m_training; }

    /// Empty until they are known (a short job that starts with the document).
    const OutputShapes& outputShapes() const { return m_outputShapes; }
    bool hasOutputShapes() const { return m_hasOutputShapes; }

    /// Names below the model; empty is the model itself.
    const QStringList& selectedLayer() const { return m_selectedLayer; }
    void selectLayer(const QStringList& path);

    /// Begins to read values. Left to whoever shows the document, once its tree is on screen.
    void startStatistics();
    bool statisticsAreComplete() const { return m_statisticsStarted && m_statistics.isComplete(); }

    /// Makes `network` the kept one, as a command of the undo stack.
    void keep(const NetworkPointer& network, const QString& commandText);

signals:
    void shownChanged(); ///< other values, or another network altogether
    void modifiedChanged(bool modified);
    void fileChanged();
    void outputShapesArrived();
    void selectedLayerChanged(const QStringList& path);
    /// A run is over. `sentence` says what came of it.
    void trainingEnded(const QString& sentence, const layerscope::Error* error);

private:
    class ReplaceNetwork;
    void setNetwork(const NetworkPointer& network);
    void showSnapshot(const NetworkPointer& network);
    void finishTraining(const NetworkPointer& network, const Error* error);
    void updateStatistics();
    void inferShapes();

    NetworkPointer m_network;
    NetworkPointer m_live;
    QString m_path;
    QString m_format;
    quint64 m_fileBytes = 0;
    bool m_unsavedFromStart = false;
    bool m_statisticsStarted = false;
    bool m_statisticsLate = false;
    QUndoStack m_undoStack;
    QThreadPool& m_pool;
    JobList& m_jobs;
    StatisticsCollector m_statistics;
    TrainingController m_training;
    OutputShapes m_outputShapes;
    bool m_hasOutputShapes = false;
    QStringList m_selectedLayer;
};

} // namespace layerscope::app
