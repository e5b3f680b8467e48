#include "app/window/training_binding.h"

#include "app/session/run_job.h"
#include "app/window/training_origin.h"
#include "model/analysis/history.h"
#include "model/layers/model_inputs.h"
#include "model/training/model_facts.h"
#include "views/model_words.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>

#include <map>

namespace layerscope::app {

namespace {

views::TrainingState viewState(TrainingController::State state, bool hasEnded)
{
    switch (state) {
    case TrainingController::State::Preparing:
        return views::TrainingState::Preparing;
    case TrainingController::State::Running:
        return views::TrainingState::Running;
    case TrainingController::State::Paused:
        return views::TrainingState::Paused;
    case TrainingController::State::Stopping:
        return views::TrainingState::Stopping;
    case TrainingController::State::Idle:
        break;
    }
    return hasEnded ? views::TrainingState::Ended : views::TrainingState::Idle;
}

class DataText
{
    Q_DECLARE_TR_FUNCTIONS(DataText)
};

QString titleOf(const training::BuiltinDataSet& set)
{
    static const std::map<std::string_view, const char*> titles{
        { "spirals", QT_TRANSLATE_NOOP("DataText", "Two spirals") },
        { "circles", QT_TRANSLATE_NOOP("DataText", "Two circles") },
        { "xor", QT_TRANSLATE_NOOP("DataText", "Exclusive or") },
        { "plane", QT_TRANSLATE_NOOP("DataText", "A plane to fit") },
        { "iris", QT_TRANSLATE_NOOP("DataText", "Iris flowers") },
        { "digits", QT_TRANSLATE_NOOP("DataText", "Handwritten digits, 8 × 8") },
    };
    const auto known = titles.find(set.name);
    return known == titles.end() ? QString::fromStdString(set.title) : DataText::tr(known->second);
}

/// What a source of rows is called: a built-in set by its title, a file by its name.
QString titleOf(const QString& source)
{
    for (const training::BuiltinDataSet& set : training::builtinDataSets())
        if (source == QLatin1String("builtin:") + QString::fromStdString(set.name))
            return titleOf(set);
    return QFileInfo(source).fileName();
}

/// Whether the rows can be brought into the shape that the model's only input declares.
bool fits(const training::BuiltinDataSet& set, const Network& network)
{
    const auto inputs = layers::declaredInputs(network.model);
    if (inputs.size() != 1 || !inputs.front().shape || inputs.front().shape->empty())
        return false;
    const Shape row(inputs.front().shape->begin() + 1, inputs.front().shape->end());
    return isFullyKnown(row) && elementCount(row) == elementCount(set.inputShape);
}

/// What fits the model comes first: the first is what is trained on unless another is chosen.
QList<views::TrainingData> builtinSets(const Network& network)
{
    QList<views::TrainingData> fitting;
    QList<views::TrainingData> others;
    for (const training::BuiltinDataSet& set : training::builtinDataSets())
        (fits(set, network) ? fitting : others)
            .append({ QLatin1String("builtin:") + QString::fromStdString(set.name), titleOf(set),
                set.rows, {}, {} });
    return fitting + others;
}

} // namespace

TrainingBinding::TrainingBinding(
    Session& session, Document& document, views::TrainingView& view, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_document(document)
    , m_view(view)
{
    using View = views::TrainingView;
    TrainingController& controller = document.training();

    connect(&view, &View::startRequested, this,
        [this](const views::TrainingSettings& settings) { begin(settings, false); });
    connect(&view, &View::stepRequested, this,
        [this](const views::TrainingSettings& settings) { begin(settings, true); });
    connect(&view, &View::pauseRequested, &controller, &TrainingController::pause);
    connect(&view, &View::stopRequested, &controller, &TrainingController::stop);
    connect(&view, &View::learningRateChanged, &controller, &TrainingController::setLearningRate);
    connect(&view, &View::dataRequested, this, &TrainingBinding::lookAtData);
    connect(&view, &View::chooseDataRequested, this, &TrainingBinding::askForData);
    connect(&view, &View::pulseRequested, this, [this](bool wanted) { m_wantsPulse = wanted; });
    // The result is kept already, as a command that can be undone: that is what discarding does.
    connect(&view, &View::keepRequested, this, [this] {
        m_hasEnded = false;
        m_view.setState(views::TrainingState::Idle);
    });
    connect(&view, &View::discardRequested, this, [this] {
        while (m_document.undoStack().index() > m_indexBeforeRun)
            m_document.undoStack().undo();
        m_hasEnded = false;
        m_view.clearRun();
        m_view.setState(views::TrainingState::Idle);
    });

    connect(
        &controller, &TrainingController::stateChanged, this, &TrainingBinding::setControllerState);
    connect(&controller, &TrainingController::prepared, this,
        [this](const QString&, qint64, qint64, const QString& freshStartReason) {
            if (!freshStartReason.isEmpty())
                m_view.setResumeCheck(
                    { views::ResumeCheck::Verdict::StartsFresh, freshStartReason });
        });
    connect(&controller, &TrainingController::stepsArrived, this,
        [this](const std::vector<training::StepReport>& steps) {
            m_view.addSteps(QList<training::StepReport>(steps.begin(), steps.end()));
        });
    connect(&controller, &TrainingController::epochsArrived, this,
        [this](const std::vector<training::EpochReport>& epochs) {
            for (const training::EpochReport& epoch : epochs)
                m_view.addEpoch(epoch);
        });
    connect(&controller, &TrainingController::pulseArrived, this,
        [this](const std::vector<training::LayerPulse>& pulse) {
            m_view.addPulse(m_document.training().lastStep().iteration, pulse);
        });
    connect(&document, &Document::trainingEnded, this, &TrainingBinding::finish);
    connect(&document, &Document::shownChanged, this, [this] {
        if (!m_document.training().isActive())
            updateOrigin();
    });

    const Network& network = *document.network();
    view.setDataSets(builtinSets(network));
    updateOrigin();
    view.setHistory(analysis::historyOf(network.history));
    view.setState(viewState(controller.state(), false));
}

void TrainingBinding::updateOrigin()
{
    const Network& network = *m_document.network();
    const views::TrainingOrigin origin = trainingOriginOf(network);
    m_canTrain = origin.cannotTrain.isEmpty();
    m_view.setOrigin(origin);
    m_view.setResumeCheck(resumeCheckOf(network));
}

void TrainingBinding::start()
{
    begin(m_view.settings(), false);
}

void TrainingBinding::pause()
{
    m_document.training().pause();
}

void TrainingBinding::stepOnce()
{
    begin(m_view.settings(), true);
}

void TrainingBinding::stop()
{
    m_document.training().stop();
}

void TrainingBinding::togglePause()
{
    if (m_document.training().state() == TrainingController::State::Running)
        pause();
    else
        start();
}

void TrainingBinding::begin(const views::TrainingSettings& settings, bool startPaused)
{
    TrainingController& controller = m_document.training();
    if (controller.isActive()) {
        startPaused ? controller.stepOnce() : controller.resume();
        return;
    }
    if (!m_canTrain)
        return;
    if (settings.dataSource.isEmpty()) {
        m_view.setMessage(tr("Choose the data to train on."), Severity::Warning);
        return;
    }
    m_hasEnded = true;
    m_indexBeforeRun = m_document.undoStack().index();
    m_view.clearRun();
    m_view.setMessage({});
    TrainingPlan plan = trainingPlanOf(settings, *m_document.network());
    plan.wantsPulse = m_wantsPulse;
    controller.start(m_document.network(), plan, startPaused);
}

void TrainingBinding::setControllerState(TrainingController::State state)
{
    m_view.setState(viewState(state, m_hasEnded));
}

void TrainingBinding::finish(const QString& sentence, const Error* error)
{
    if (error)
        m_view.setMessage(views::inWords(*error), Severity::Error);
    else
        m_view.setMessage(sentence);
    const bool learned = m_document.undoStack().index() > m_indexBeforeRun;
    if (!learned) {
        m_hasEnded = false;
        m_view.setState(views::TrainingState::Idle);
    }
}

void TrainingBinding::chooseData(const QString& source)
{
    views::TrainingData data;
    data.source = source;
    data.title = titleOf(source);
    m_view.setData(data);
    lookAtData(source, {});
}

void TrainingBinding::askForData()
{
    auto* dialog = new QFileDialog(&m_view, tr("Choose data"), m_session.settings().lastFolder(),
        tr("Tables and arrays (*.csv *.npz)") + QLatin1String(";;") + tr("All files (*)"));
    dialog->setObjectName(QStringLiteral("choose_data"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &TrainingBinding::chooseData);
    dialog->open();
}

/// Reads the set in the background, and tries whether it fits the model.
void TrainingBinding::lookAtData(const QString& source, const QStringList& targetColumns)
{
    const quint64 number = ++m_dataRequest;
    TrainingPlan plan;
    plan.data.source = source.toStdString();
    for (const QString& column : targetColumns)
        plan.data.targetColumns.push_back(column.toStdString());
    const views::TrainingSettings settings = m_view.settings();
    plan.options = trainingPlanOf(settings, *m_document.network()).options;
    Job* job = m_session.jobs().add(tr("Reading %1").arg(titleOf(source)));
    runJob(
        m_session.filePool(), job,
        [network = m_document.network(), plan, source](const JobContext& context) {
            views::TrainingData data;
            data.source = source;
            data.title = titleOf(source);
            if (source.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
                if (const auto columns = training::csvColumns(plan.data.source))
                    for (const std::string& column : *columns)
                        data.columns.append(QString::fromStdString(column));
            Result<training::DataSet> set = training::loadDataSet(plan.data, context);
            if (set)
                data.rows = set->rows();
            const Result<training::FittedData> fitted = set
                ? training::fitData(*network, *std::move(set), plan.options)
                : Result<training::FittedData>(std::move(set).error());
            if (!fitted)
                data.problem = views::inWords(fitted.error());
            return data;
        },
        this,
        [this, number](const views::TrainingData& data) {
            if (number == m_dataRequest)
                m_view.setData(data);
        });
}

} // namespace layerscope::app
