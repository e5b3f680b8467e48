#pragma once

#include "model/training/trainer.h"
#include "views/export_format.h"
#include "views/training_settings.h"

#include <QList>
#include <QWidget>

#include <memory>

namespace layerscope::analysis {
struct Series;
}

namespace layerscope::views {

/// What the file brings along for training.
struct TrainingOrigin
{
    QString optimizer = {}; ///< class name; empty: the file has none
    bool hasState = false; ///< slots and iteration can be continued
    qint64 iterations = 0;
    double learningRate = 0; ///< at that iteration; 0: unknown
    bool hasSchedule = false; ///< the learning rate follows a schedule of the file
    QString loss = {}; ///< for people ("sparse_categorical_crossentropy"); empty: none
    QString cannotTrain = {}; ///< one sentence; empty: it can
};

/// A data set to choose, or the chosen one once it has been looked at.
struct TrainingData
{
    QString source = {}; ///< "builtin:digits" or a path
    QString title = {}; ///< "digits", "sales.csv"
    qint64 rows = -1; ///< -1: not known yet
    QStringList columns = {}; ///< of a CSV file: what targets can be chosen from
    QString problem = {}; ///< one sentence: why it cannot be used with this model; empty: it can
};

enum class TrainingState {
    Idle, ///< nothing has run since the network was set
    Preparing, ///< data are read, the program is planned
    Running,
    Paused,
    Stopping, ///< the step under way is being finished
    Ended, ///< by itself, or stopped
};

/// The result of looking whether training truly continues, in one line before the first start.
struct ResumeCheck
{
    enum class Verdict {
        Resumes, ///< continues as real Keras would
        StartsFresh, ///< trains, with empty slots
        Impossible,
    };
    Verdict verdict = Verdict::Resumes;
    QString sentence; ///< empty: nothing to say yet
};

/// The Training tab: left the board (loss, metrics, learning rate, layer by layer), right the
/// set-up as a sentence with controls, and the buttons.
///
/// How to wire it:
///   setOrigin() and setHistory() when a document opens, setDataSets() once with the built-in ones;
///   on dataRequested(): look at the file or set and answer with setData();
///   on chooseDataRequested(): ask for a file, then setData() with its `source` and `title`;
///   on startRequested() and stepRequested(): make a Trainer in the background
///   (setState(Preparing),
///     setResumeCheck()), then run it (setState(Running)); stepRequested() runs one step and
///     pauses;
///   while it runs: addSteps() in batches, some 20 times a second, addEpoch() at each epoch's end,
///     addPulse() if pulseRequested(true) was the last word.
class TrainingView : public QWidget
{
    Q_OBJECT

public:
    explicit TrainingView(QWidget* parent = nullptr);
    ~TrainingView() override;

    void setOrigin(const TrainingOrigin& origin);

    /// The file's loss history: what stands on the board before the first step.
    void setHistory(const std::vector<analysis::Series>& history);

    void setDataSets(const QList<TrainingData>& builtin);
    /// The facts about the set that is chosen, or chooses another one.
    void setData(const TrainingData& facts);

    void setResumeCheck(const ResumeCheck& check);
    void setState(TrainingState state);
    TrainingState state() const;

    /// A sentence below the buttons: what is being prepared, or why it did not work.
    void setMessage(const QString& sentence, Severity severity = Severity::Note);

    /// Empties the board of the last run; the file's history stays.
    void clearRun();
    void addSteps(const QList<training::StepReport>& steps);
    void addEpoch(const training::EpochReport& epoch);
    void addPulse(qint64 iteration, const std::vector<training::LayerPulse>& pulse);

    TrainingSettings settings() const;
    void setSettings(const TrainingSettings& settings);

    /// "epoch 3/10  loss 0.412  1,240 steps/s", for the tool bar too; empty before the first step.
    QString progressText() const;

    /// The board as a picture, or its curves as a table.
    QByteArray exported(ExportFormat format) const;

public slots:
    /// What the buttons do, for a tool bar and shortcuts; without effect where the button is off.
    void start(); ///< or go on from pause
    void pause();
    void step();
    void stop();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

signals:
    void startRequested(
        const layerscope::views::TrainingSettings& settings); ///< or go on from pause
    void stepRequested(const layerscope::views::TrainingSettings& settings);
    void pauseRequested();
    void stopRequested();
    void keepRequested(); ///< the trained state becomes the document's
    void discardRequested(); ///< the document stays as it was before the run
    void learningRateChanged(double learningRate); ///< while a run goes on: from the next step
    void dataRequested(const QString& source, const QStringList& targetColumns);
    void chooseDataRequested();
    void pulseRequested(bool wanted); ///< the small multiples for each layer cost a little time
    void progressTextChanged(const QString& text);
    void settingsChanged(const layerscope::views::TrainingSettings& settings);
    void exportRequested(layerscope::views::ExportFormat format);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace layerscope::views
