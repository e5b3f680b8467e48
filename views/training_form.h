#pragma once

#include "views/training_settings.h"
#include "views/training_view.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSpinBox;
class QToolButton;

namespace layerscope::views {

class FlowLayout;

/// The set-up as a sentence whose bold words are controls: "Continue with Adam at learning rate
/// 1e-4 from step 92,494, batches of 32, 10 epochs, on digits (1,797 rows, 20 % kept for
/// validation)."
class TrainingForm : public QWidget
{
    Q_OBJECT

public:
    explicit TrainingForm(QWidget* parent = nullptr);

    void setOrigin(const TrainingOrigin& origin);
    const TrainingOrigin& origin() const { return m_origin; }
    void setDataSets(const QList<TrainingData>& builtin);
    void setData(const TrainingData& facts);

    /// Only the learning rate can be changed while a run goes on.
    void setRunning(bool isRunning);

    TrainingSettings settings() const;
    void setSettings(const TrainingSettings& settings);

    /// One sentence; empty: it can start.
    QString obstacle() const;

signals:
    void changed();
    void learningRateChanged(double learningRate);
    void dataRequested(const QString& source, const QStringList& targetColumns);
    void chooseDataRequested();

private:
    void makeControls();
    void makeMore();
    void connectControls();
    void fillOptimizers();
    void fillData();
    void rebuildSentence();
    void addWords(FlowLayout& line, const QString& sentence, const QList<QWidget*>& controls);
    void fillTargets();
    void chooseData(int index);
    bool continues() const; ///< the file's optimizer, with its state
    const TrainingData* chosenData() const;
    double learningRate() const;

    TrainingOrigin m_origin;
    QList<TrainingData> m_builtin;
    QList<TrainingData> m_files; ///< chosen ones, newest first
    QString m_source;
    bool m_isRunning = false;

    QWidget* m_sentence;
    QList<QWidget*> m_words;
    QComboBox *m_optimizer, *m_learningRate, *m_loss, *m_data;
    QSpinBox *m_batchSize, *m_epochs;
    QDoubleSpinBox* m_validation;
    QLabel *m_step, *m_rows, *m_problem;
    QCheckBox* m_shuffle;
    QSpinBox* m_seed;
    QToolButton* m_targets;
    QWidget* m_more;
};

} // namespace layerscope::views
