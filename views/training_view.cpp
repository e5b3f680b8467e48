#include "views/training_view.h"

#include "model/analysis/history.h"
#include "views/flow_layout.h"
#include "views/number_text.h"
#include "views/pulse_item_model.h"
#include "views/training_board.h"
#include "views/training_form.h"

#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

namespace layerscope::views {
namespace {

constexpr int narrowWidth = 680;
constexpr int formWidth = 300;
constexpr int formHeight = 300;

constexpr qint64 rateWindowMs = 700; ///< steps a second are counted over so long

QString marked(const QString& sign, const QColor& colour, const QString& sentence)
{
    return QStringLiteral("<span style=\"color:%1\">%2</span>&nbsp; %3")
        .arg(colour.name(), sign, sentence.toHtmlEscaped());
}

QLabel* sentenceLabel(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::RichText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

class TrainingView::Private
{
public:
    explicit Private(TrainingView& owner);

    QWidget* makePanel();
    void connectAll();
    void showState();
    void showCheck();
    void showMessage();
    void showProgress(const training::StepReport& step);
    void press();

    TrainingView& self;
    TrainingState state = TrainingState::Idle;
    ResumeCheck check;
    QString message;
    Severity messageSeverity = Severity::Note;
    QString progressText;
    QString rateText;
    QElapsedTimer clock;
    qint64 stepsSinceClock = 0;
    bool hasResult = false; ///< steps were made that are neither kept nor discarded

    TrainingBoard* board = nullptr;
    TrainingForm* form = nullptr;
    QSplitter* splitter = nullptr;
    QLabel *checkLabel = nullptr, *progressLabel = nullptr, *messageLabel = nullptr;
    QProgressBar* progress = nullptr;
    QPushButton *start = nullptr, *step = nullptr, *stop = nullptr;
    QWidget* result = nullptr;
    QPushButton *keep = nullptr, *discard = nullptr;
};

TrainingView::Private::Private(TrainingView& owner)
    : self(owner)
    , board(new TrainingBoard)
    , splitter(new QSplitter(Qt::Horizontal, &owner))
{
    auto* layout = new QVBoxLayout(&self);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    splitter->addWidget(board);
    splitter->addWidget(makePanel());
    splitter->setHandleWidth(1);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({ 700, formWidth });
    connectAll();
    showState();
}

QWidget* TrainingView::Private::makePanel()
{
    auto* scroll = new QScrollArea;
    auto* panel = new QWidget;
    scroll->setWidget(panel);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setMinimumWidth(220);
    // Otherwise the height that its lines need at the least width would count at any width.
    panel->setMinimumHeight(1);
    auto* layout = new QVBoxLayout(panel);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->setSpacing(12);
    form = new TrainingForm(panel);
    checkLabel = sentenceLabel(panel);
    messageLabel = sentenceLabel(panel);
    progressLabel = sentenceLabel(panel);
    progressLabel->setTextFormat(Qt::PlainText);
    progressLabel->hide();
    progress = new QProgressBar(panel);
    progress->setTextVisible(false);
    progress->setMaximumHeight(8);
    start = new QPushButton(panel);
    step = new QPushButton(TrainingView::tr("S&tep"), panel);
    stop = new QPushButton(TrainingView::tr("St&op"), panel);
    start->setDefault(true);
    step->setToolTip(TrainingView::tr("One batch, then pause"));
    stop->setToolTip(TrainingView::tr("End the run after the step under way"));
    auto* buttons = new FlowLayout(8, 4);
    for (QPushButton* button : { start, step, stop })
        buttons->addWidget(button);
    result = new QWidget(panel);
    auto* results = new QVBoxLayout(result);
    results->setContentsMargins(0, 0, 0, 0);
    auto* question = new QLabel(TrainingView::tr("Keep what was trained?"), result);
    question->setWordWrap(true);
    results->addWidget(question);
    auto* choices = new QHBoxLayout;
    keep = new QPushButton(TrainingView::tr("&Keep"), result);
    discard = new QPushButton(TrainingView::tr("&Discard"), result);
    keep->setToolTip(
        TrainingView::tr("Weights, optimizer state and history stay; Undo works later too"));
    discard->setToolTip(TrainingView::tr("The model stays as it was before this run"));
    choices->addWidget(keep);
    choices->addWidget(discard);
    results->addLayout(choices);
    layout->addWidget(form);
    layout->addWidget(checkLabel);
    layout->addLayout(buttons);
    layout->addWidget(progress);
    layout->addWidget(progressLabel);
    layout->addWidget(messageLabel);
    layout->addWidget(result);
    layout->addStretch(1);
    return scroll;
}

void TrainingView::Private::connectAll()
{
    QObject::connect(start, &QPushButton::clicked, &self, [this] { press(); });
    QObject::connect(step, &QPushButton::clicked, &self, &TrainingView::step);
    QObject::connect(stop, &QPushButton::clicked, &self, &TrainingView::stop);
    QObject::connect(keep, &QPushButton::clicked, &self, [this] {
        hasResult = false;
        showState();
        emit self.keepRequested();
    });
    QObject::connect(discard, &QPushButton::clicked, &self, [this] {
        hasResult = false;
        showState();
        emit self.discardRequested();
    });
    QObject::connect(form, &TrainingForm::changed, &self, [this] {
        showState();
        emit self.settingsChanged(form->settings());
    });
    QObject::connect(
        form, &TrainingForm::learningRateChanged, &self, &TrainingView::learningRateChanged);
    QObject::connect(form, &TrainingForm::dataRequested, &self, &TrainingView::dataRequested);
    QObject::connect(
        form, &TrainingForm::chooseDataRequested, &self, &TrainingView::chooseDataRequested);
    QObject::connect(board, &TrainingBoard::pulseRequested, &self, &TrainingView::pulseRequested);
    QObject::connect(board, &TrainingBoard::exportRequested, &self, &TrainingView::exportRequested);
}

void TrainingView::Private::press()
{
    if (state == TrainingState::Running)
        self.pause();
    else
        self.start();
}

void TrainingView::Private::showState()
{
    const bool isRunning = state == TrainingState::Running;
    const bool isBusy = state == TrainingState::Preparing || state == TrainingState::Stopping;
    const bool isOngoing = isRunning || isBusy || state == TrainingState::Paused;
    const QString obstacle = form->obstacle();
    const bool canRun = obstacle.isEmpty();
    start->setText(isRunning                 ? TrainingView::tr("&Pause")
            : state == TrainingState::Paused ? TrainingView::tr("&Continue")
                                             : TrainingView::tr("&Start"));
    start->setEnabled(!isBusy && (canRun || isOngoing));
    start->setToolTip(canRun ? QString() : obstacle);
    step->setEnabled(!isBusy && !isRunning && (canRun || isOngoing));
    stop->setEnabled(isOngoing && state != TrainingState::Stopping);
    form->setRunning(isOngoing);
    progress->setVisible(isOngoing);
    if (state == TrainingState::Preparing)
        progress->setRange(0, 0);
    result->setVisible(hasResult && !isOngoing);
    showCheck();
    showMessage();
}

void TrainingView::Private::showCheck()
{
    const auto language = VisualLanguage::of(self.palette());
    const bool isBefore = state == TrainingState::Idle || state == TrainingState::Preparing;
    checkLabel->setVisible(isBefore && !check.sentence.isEmpty());
    switch (check.verdict) {
    case ResumeCheck::Verdict::Resumes:
        return checkLabel->setText(marked(QStringLiteral("✔"), language.good, check.sentence));
    case ResumeCheck::Verdict::StartsFresh:
        return checkLabel->setText(marked(QStringLiteral("⚠"), language.warning, check.sentence));
    case ResumeCheck::Verdict::Impossible:
        return checkLabel->setText(marked(QStringLiteral("✖"), language.error, check.sentence));
    }
}

void TrainingView::Private::showMessage()
{
    const auto language = VisualLanguage::of(self.palette());
    QString sentence = message;
    Severity severity = messageSeverity;
    if (sentence.isEmpty() && state == TrainingState::Idle) {
        sentence = form->obstacle();
        severity = Severity::Warning;
        if (check.verdict == ResumeCheck::Verdict::Impossible && sentence == check.sentence)
            sentence.clear(); // it is said above
    }
    messageLabel->setVisible(!sentence.isEmpty());
    switch (severity) {
    case Severity::Error:
        return messageLabel->setText(marked(QStringLiteral("✖"), language.error, sentence));
    case Severity::Warning:
        return messageLabel->setText(marked(QStringLiteral("⚠"), language.warning, sentence));
    case Severity::Note:
        return messageLabel->setText(sentence.toHtmlEscaped());
    }
}

void TrainingView::Private::showProgress(const training::StepReport& report)
{
    const qint64 epochs = form->settings().epochs;
    progress->setRange(0, 1000);
    const double inEpoch = static_cast<double>(report.stepInEpoch + 1)
        / static_cast<double>(std::max<std::int64_t>(1, report.stepsPerEpoch));
    progress->setValue(static_cast<int>(
        1000 * (static_cast<double>(report.epoch) + inEpoch) / static_cast<double>(epochs)));
    progressText = TrainingView::tr("epoch %1/%2")
                       .arg(countText(report.epoch + 1),
                           countText(std::max<qint64>(epochs, report.epoch + 1)));
    if (!report.epochSoFar.empty())
        progressText += QStringLiteral("  ")
            + TrainingView::tr("loss %1").arg(numberText(report.epochSoFar.front().second));
    if (!rateText.isEmpty())
        progressText += QStringLiteral("  ") + rateText;
    progressLabel->setText(progressText);
    progressLabel->show();
    emit self.progressTextChanged(progressText);
}

TrainingView::TrainingView(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(*this))
{
    setAccessibleName(tr("Training"));
}

TrainingView::~TrainingView() = default;

void TrainingView::setOrigin(const TrainingOrigin& origin)
{
    d->form->setOrigin(origin);
    d->showState();
}

void TrainingView::setHistory(const std::vector<analysis::Series>& history)
{
    d->board->curves().setHistory(history, d->form->origin().iterations);
    d->board->scheduleUpdate();
}

void TrainingView::setDataSets(const QList<TrainingData>& builtin)
{
    d->form->setDataSets(builtin);
    d->showState();
}

void TrainingView::setData(const TrainingData& facts)
{
    d->form->setData(facts);
}

void TrainingView::setResumeCheck(const ResumeCheck& check)
{
    d->check = check;
    d->showCheck();
    d->showMessage();
}

void TrainingView::setState(TrainingState state)
{
    if (state == d->state)
        return;
    if (state == TrainingState::Running)
        d->clock.invalidate();
    d->state = state;
    d->showState();
}

TrainingState TrainingView::state() const
{
    return d->state;
}

void TrainingView::setMessage(const QString& sentence, Severity severity)
{
    d->message = sentence;
    d->messageSeverity = severity;
    d->showMessage();
}

void TrainingView::clearRun()
{
    d->board->curves().clearRun();
    d->board->pulse().clear();
    d->board->scheduleUpdate();
    d->hasResult = false;
    d->progressText.clear();
    d->rateText.clear();
    d->progressLabel->clear();
    d->progressLabel->hide();
    d->showState();
    emit progressTextChanged({});
}

void TrainingView::addSteps(const QList<training::StepReport>& steps)
{
    if (steps.isEmpty())
        return;
    for (const training::StepReport& step : steps)
        d->board->curves().add(step);
    d->hasResult = true;
    d->stepsSinceClock += steps.size();
    if (!d->clock.isValid()) {
        d->clock.start();
        d->stepsSinceClock = 0;
        d->rateText.clear();
    } else if (d->clock.elapsed() >= rateWindowMs) {
        const double seconds = static_cast<double>(d->clock.restart()) / 1000;
        const double rate = static_cast<double>(d->stepsSinceClock) / seconds;
        d->rateText
            = tr("%1 steps/s").arg(rate >= 10 ? countText(qRound64(rate)) : numberText(rate, 2));
        d->stepsSinceClock = 0;
    }
    d->showProgress(steps.last());
    d->board->scheduleUpdate();
}

void TrainingView::addEpoch(const training::EpochReport& epoch)
{
    d->board->curves().add(epoch);
    d->board->scheduleUpdate();
}

void TrainingView::addPulse(qint64, const std::vector<training::LayerPulse>& pulse)
{
    d->board->pulse().add(pulse);
}

TrainingSettings TrainingView::settings() const
{
    return d->form->settings();
}

void TrainingView::setSettings(const TrainingSettings& settings)
{
    d->form->setSettings(settings);
    d->showState();
}

QString TrainingView::progressText() const
{
    return d->progressText;
}
QByteArray TrainingView::exported(ExportFormat format) const
{
    return d->board->exported(format);
}

void TrainingView::start()
{
    if (d->start->isEnabled() && d->state != TrainingState::Running)
        emit startRequested(settings());
}

void TrainingView::pause()
{
    if (d->state == TrainingState::Running)
        emit pauseRequested();
}

void TrainingView::step()
{
    if (d->step->isEnabled())
        emit stepRequested(settings());
}

void TrainingView::stop()
{
    if (d->stop->isEnabled())
        emit stopRequested();
}

/// In a narrow window the form stands below the board, where its sentence has room.
void TrainingView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    const Qt::Orientation wanted = width() < narrowWidth ? Qt::Vertical : Qt::Horizontal;
    if (d->splitter->orientation() == wanted)
        return;
    d->splitter->setOrientation(wanted);
    d->splitter->setSizes(wanted == Qt::Vertical ? QList<int>{ height() - formHeight, formHeight }
                                                 : QList<int>{ width() - formWidth, formWidth });
}

void TrainingView::changeEvent(QEvent* event)
{
    if (d && event->type() == QEvent::PaletteChange)
        d->showState();
    QWidget::changeEvent(event);
}

} // namespace layerscope::views
