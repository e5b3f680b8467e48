#pragma once

#include "app/session/session.h"
#include "views/training_view.h"

#include <QObject>

namespace layerscope::app {

/// Connects the Training tab of a document with its training controller: the view knows neither
/// data sets nor threads, the controller no widgets.
class TrainingBinding : public QObject
{
    Q_OBJECT

public:
    TrainingBinding(
        Session& session, Document& document, views::TrainingView& view, QObject* parent);

    /// What the buttons of the tool bar do.
    void start();
    void pause();
    void stepOnce();
    void stop();
    void togglePause(); ///< Space: starts, pauses or goes on

    bool canTrain() const { return m_canTrain; }

    /// Another source of rows, as if it had been chosen in the form.
    void chooseData(const QString& source);

private:
    void begin(const views::TrainingSettings& settings, bool startPaused);
    void lookAtData(const QString& source, const QStringList& targetColumns);
    void askForData();
    void setControllerState(TrainingController::State state);
    void finish(const QString& sentence, const Error* error);
    void updateOrigin();

    Session& m_session;
    Document& m_document;
    views::TrainingView& m_view;
    bool m_canTrain = false;
    bool m_hasEnded = false;
    bool m_wantsPulse = true;
    int m_indexBeforeRun = 0; ///< of the undo stack
    quint64 m_dataRequest = 0; ///< a late answer to an old question is dropped
};

} // namespace layerscope::app
