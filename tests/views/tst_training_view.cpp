#include "model/analysis/history.h"
#include "tests/views/view_test.h"
#include "views/curve_plot.h"
#include "views/pulse_grid.h"
#include "views/pulse_item_model.h"
#include "views/training_curves.h"
#include "views/training_view.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QSplitter>

#include <cmath>

using namespace layerscope;
using namespace layerscope::views;

namespace {

constexpr int stepsPerEpoch = 45;

training::StepReport stepReport(int step)
{
    const double loss = 0.4 + 1.9 * std::exp(-step / 120.0) + 0.15 * std::sin(step * 1.7);
    return { .iteration = 92494 + step + 1,
        .epoch = step / stepsPerEpoch,
        .stepInEpoch = step % stepsPerEpoch,
        .stepsPerEpoch = stepsPerEpoch,
        .learningRate = step < 200 ? 1e-3 : 1e-4,
        .batch = { { "loss", loss }, { "accuracy", 1 - loss / 3 } },
        .epochSoFar = { { "loss", loss }, { "accuracy", 1 - loss / 3 } },
        .endsEpoch = step % stepsPerEpoch == stepsPerEpoch - 1 };
}

training::EpochReport epochReport(int epoch)
{
    const double loss = 0.5 + 1.7 * std::exp(-epoch / 2.0);
    return { .epoch = epoch,
        .learningRate = 1e-3,
        .seconds = 1,
        .metrics = { { "loss", loss }, { "accuracy", 1 - loss / 3 }, { "val_loss", loss + 0.1 },
            { "val_accuracy", 0.95 - loss / 3 } } };
}

void run(TrainingView& view, int steps)
{
    for (int step = 0; step < steps; ++step) {
        view.addSteps({ stepReport(step) });
        if (stepReport(step).endsEpoch)
            view.addEpoch(epochReport(step / stepsPerEpoch));
        std::vector<training::LayerPulse> pulse;
        for (const char* layer : { "conv2d", "conv2d_1", "block/dense", "dense_1", "predictions" })
            pulse.push_back({ layer, 0.3 + 0.1 * std::sin(step * 0.3 + layer[0]),
                1e-3 * (layer[0] == 'p' ? 60 : 1) * std::exp(-step / 300.0) });
        view.addPulse(step, pulse);
    }
}

void fill(TrainingView& view)
{
    view.setOrigin({ .optimizer = QStringLiteral("Adam"),
        .hasState = true,
        .iterations = 92494,
        .learningRate = 1e-3,
        .loss = QStringLiteral("mse") });
    view.setDataSets({ { .source = QStringLiteral("builtin:digits"),
                           .title = QStringLiteral("digits"),
                           .rows = 1797 },
        { .source = QStringLiteral("builtin:iris"),
            .title = QStringLiteral("iris"),
            .rows = 150 } });
}

QPushButton* button(const TrainingView& view, const QString& text)
{
    for (auto* one : view.findChildren<QPushButton*>())
        if (one->text().remove(u'&') == text)
            return one;
    return nullptr;
}

/// The form's words and figures in their order on the line.
QString sentence(const TrainingView& view)
{
    QStringList words;
    for (const auto* label : view.findChildren<QLabel*>())
        if (!label->isHidden() && !label->text().isEmpty())
            words.append(label->text());
    return words.join(u' ');
}

QComboBox* combo(const TrainingView& view, const QString& name)
{
    for (auto* one : view.findChildren<QComboBox*>())
        if (one->accessibleName() == name)
            return one;
    return nullptr;
}

} // namespace

class tst_TrainingView : public QObject
{
    Q_OBJECT

private slots:
    /// The form takes the room that its lines need, and no more.
    void formHasNoNeedlessScrollBar()
    {
        TrainingView view;
        fill(view);
        view.resize(540, 640); // narrow: the form stands below the curves
        QVERIFY(view_test::showWindow(view));
        const auto* area = view.findChild<QScrollArea*>();
        QVERIFY(area);
        auto* splitter = view.findChild<QSplitter*>();
        QVERIFY(splitter);
        const auto* last = button(view, QStringLiteral("Start"));
        QVERIFY(last);
        const int needed = last->mapTo(area->widget(), QPoint(0, last->height())).y() + 12;
        splitter->setSizes({ 640 - needed - 1, needed });
        QTRY_VERIFY(std::abs(area->height() - needed) < 8);
        QTRY_COMPARE(area->verticalScrollBar()->maximum(), std::max(0, needed - area->height()));
    }

    void initTestCase()
    {
        view_test::ignoreMissingWindowManager();
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QApplication::setStyle(QStringLiteral("Fusion"));
    }

    void readsLikeASentence()
    {
        TrainingView view;
        fill(view);
        const QString text = sentence(view);
        QVERIFY(text.contains(QStringLiteral("Continue with")));
        QVERIFY(text.contains(QStringLiteral("92,494")));
        QVERIFY(text.contains(QStringLiteral("1,797 rows")));
        QVERIFY(!text.contains(QStringLiteral("Make")));
        auto* optimizer = combo(view, QStringLiteral("Optimizer"));
        optimizer->setCurrentIndex(1);
        emit optimizer->activated(1);
        QVERIFY(sentence(view).contains(QStringLiteral("Start with")));
        QVERIFY(view.settings().freshOptimizer);
        QCOMPARE(view.settings().optimizer, QStringLiteral("Adam"));
    }

    void writesNumbersAsTheLocaleDoes()
    {
        QLocale::setDefault(QLocale(QLocale::Portuguese, QLocale::Brazil));
        TrainingView view;
        fill(view);
        const QString text = sentence(view);
        auto* rate = combo(view, QStringLiteral("Learning rate"));
        rate->setEditText(QStringLiteral("0,25"));
        const double learningRate = view.settings().learningRate;
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QVERIFY(text.contains(QStringLiteral("92.494")));
        QCOMPARE(learningRate, 0.25);
    }

    /// What 1280x800 leaves at a scale of 200 % beside the tree.
    void fitsIntoASmallWindow()
    {
        TrainingView view;
        fill(view);
        view.resize(540, 330);
        QVERIFY(view_test::showWindow(view));
        run(view, 100);
        QTest::qWait(150);
        QVERIFY(view.width() <= 540);
        view_test::takeScreenshot(view, QStringLiteral("training-small"));
    }

    void startsWithWhatTheFormSays()
    {
        TrainingView view;
        fill(view);
        QSignalSpy started(&view, &TrainingView::startRequested);
        auto* rate = combo(view, QStringLiteral("Learning rate"));
        QTest::keyClick(rate->lineEdit(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(rate->lineEdit(), QStringLiteral("2e-4"));
        for (auto* box : view.findChildren<QSpinBox*>())
            if (box->accessibleName() == QStringLiteral("Epochs"))
                box->setValue(3);
        button(view, QStringLiteral("Start"))->click();
        QCOMPARE(started.size(), 1);
        const auto settings = started[0][0].value<TrainingSettings>();
        QCOMPARE(settings,
            (TrainingSettings{ .optimizer = QStringLiteral("Adam"),
                .learningRate = 2e-4,
                .epochs = 3,
                .dataSource = QStringLiteral("builtin:digits") }));
        TrainingView other;
        fill(other);
        other.setSettings(settings);
        QCOMPARE(other.settings(), settings);
    }

    void asksForOptimizerAndLossWhereTheFileHasNone()
    {
        TrainingView view;
        fill(view);
        view.setOrigin({});
        QVERIFY(sentence(view).contains(QStringLiteral("Make")));
        QCOMPARE(view.settings().optimizer, QStringLiteral("Adam"));
        QCOMPARE(view.settings().loss, QStringLiteral("sparse_categorical_crossentropy"));
        QCOMPARE(view.settings().learningRate, 1e-3);
        QVERIFY(view.settings().freshOptimizer);
    }

    void saysWhyItCannotStart()
    {
        TrainingView view;
        view.setOrigin({ .cannotTrain = QStringLiteral("The layer 'magic' is not known.") });
        QVERIFY(!button(view, QStringLiteral("Start"))->isEnabled());
        QVERIFY(sentence(view).contains(QStringLiteral("magic")));
        fill(view);
        QVERIFY(button(view, QStringLiteral("Start"))->isEnabled());
        view.setData({ .source = QStringLiteral("/data/x.csv"),
            .title = QStringLiteral("x.csv"),
            .problem = QStringLiteral("It has 3 columns, the model wants 4.") });
        QVERIFY(!button(view, QStringLiteral("Start"))->isEnabled());
    }

    void choosesTargetColumnsOfATable()
    {
        TrainingView view;
        fill(view);
        QSignalSpy asked(&view, &TrainingView::dataRequested);
        const QStringList columns{ QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("y") };
        const TrainingData table{ .source = QStringLiteral("/data/t.csv"),
            .title = QStringLiteral("t.csv"),
            .rows = 12,
            .columns = columns };
        view.setData(table);
        QCOMPARE(view.settings().targetColumns, QStringList{ QStringLiteral("y") });
        for (QAction* action : view.findChildren<QAction*>())
            if (action->data().toString() == QStringLiteral("b"))
                action->trigger();
        QCOMPARE(asked.last()[1].toStringList(), (columns.mid(1)));
        view.setData(table); // the answer: the choice stays
        QCOMPARE(view.settings().targetColumns, columns.mid(1));
    }

    void buttonsFollowTheState()
    {
        TrainingView view;
        fill(view);
        QSignalSpy paused(&view, &TrainingView::pauseRequested);
        QSignalSpy stopped(&view, &TrainingView::stopRequested);
        QSignalSpy rate(&view, &TrainingView::learningRateChanged);
        QVERIFY(!button(view, QStringLiteral("Stop"))->isEnabled());
        view.setState(TrainingState::Preparing);
        QVERIFY(!button(view, QStringLiteral("Start"))->isEnabled());
        view.setState(TrainingState::Running);
        button(view, QStringLiteral("Pause"))->click();
        QCOMPARE(paused.size(), 1);
        QVERIFY(!combo(view, QStringLiteral("Optimizer"))->isEnabled());
        auto* line = combo(view, QStringLiteral("Learning rate"))->lineEdit();
        QTest::keyClick(line, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(line, QStringLiteral("0.5"));
        QTest::keyClick(line, Qt::Key_Return);
        QVERIFY(!rate.isEmpty());
        QCOMPARE(rate.last()[0].toDouble(), 0.5);
        view.setState(TrainingState::Paused);
        QVERIFY(button(view, QStringLiteral("Continue"))->isEnabled());
        QVERIFY(button(view, QStringLiteral("Step"))->isEnabled());
        button(view, QStringLiteral("Stop"))->click();
        QCOMPARE(stopped.size(), 1);
    }

    void offersToKeepWhatWasTrained()
    {
        TrainingView view;
        fill(view);
        QSignalSpy kept(&view, &TrainingView::keepRequested);
        QVERIFY(button(view, QStringLiteral("Keep"))->parentWidget()->isHidden());
        view.setState(TrainingState::Running);
        run(view, 3);
        view.setState(TrainingState::Ended);
        QVERIFY(!button(view, QStringLiteral("Keep"))->parentWidget()->isHidden());
        button(view, QStringLiteral("Keep"))->click();
        QCOMPARE(kept.size(), 1);
        QVERIFY(button(view, QStringLiteral("Keep"))->parentWidget()->isHidden());
    }

    void followsARun()
    {
        TrainingView view;
        view.resize(1000, 640);
        fill(view);
        QSignalSpy progress(&view, &TrainingView::progressTextChanged);
        view.setResumeCheck({ ResumeCheck::Verdict::Resumes,
            QStringLiteral("Continues exactly where Keras stopped: 6 of 6 slots, step 92,494.") });
        QVERIFY(view_test::showWindow(view));
        view_test::takeScreenshot(view, QStringLiteral("training-idle"));
        view.setHistory({ { "loss", { 0, 1, 2 }, { 2.6, 2.4, 2.31 } },
            { "val_loss", { 0, 1, 2 }, { 2.7, 2.5, 2.4 } } });
        view.setState(TrainingState::Running);
        for (auto* box : view.findChildren<QCheckBox*>())
            if (box->text().contains(QStringLiteral("Layer")))
                box->click();
        run(view, 280);
        QVERIFY(view.progressText().startsWith(QStringLiteral("epoch 7/10  loss 0.")));
        QCOMPARE(progress.last()[0].toString(), view.progressText());
        QTest::qWait(200); // the board gathers points before it draws
        view_test::takeScreenshot(view, QStringLiteral("training-running"));
        view.setState(TrainingState::Ended);
        view.setPalette(view_test::darkPalette());
        view_test::takeScreenshot(view, QStringLiteral("training-dark"));
        QVERIFY(view.exported(ExportFormat::Svg).contains("<svg"));
        QVERIFY(view.exported(ExportFormat::Csv).startsWith("epoch,loss,val_loss,accuracy"));
        view.clearRun();
        QVERIFY(view.progressText().isEmpty());
    }

    void stepsContinueBehindTheHistory()
    {
        TrainingCurves curves;
        curves.setHistory({ { "loss", { 0, 1 }, { 3, 2 } } }, 100);
        curves.add(training::StepReport{ .iteration = 101,
            .epoch = 0,
            .stepInEpoch = 0,
            .stepsPerEpoch = 2,
            .learningRate = 0.1,
            .batch = { { "loss", 1.5 } },
            .epochSoFar = {} });
        curves.add(training::EpochReport{ .metrics = { { "loss", 1.4 }, { "val_loss", 1.6 } } });
        const auto epochs = curves.curves(QStringLiteral("loss"), StepAxis::Epoch, 0.6);
        QCOMPARE(epochs.size(), 3);
        QCOMPARE(epochs[0].steps, (std::vector<double>{ 1, 2 }));
        QCOMPARE(epochs[1].steps, (std::vector<double>{ 2.5 }));
        QCOMPARE(epochs[1].smoothing, 0.6);
        QVERIFY(epochs[2].identity.isValidation);
        QCOMPARE(epochs[2].steps, (std::vector<double>{ 3 }));
        const auto steps = curves.curves(QStringLiteral("loss"), StepAxis::Step, 0);
        QCOMPARE(steps[0].steps, (std::vector<double>{ 50, 100 }));
        QCOMPARE(steps[1].steps, (std::vector<double>{ 101 }));
        QCOMPARE(curves.learningRate(StepAxis::Step).size(), 1);
    }

    void longRunsKeepTheirLayersInABoundedMemory()
    {
        PulseItemModel model;
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int step = 0; step < 5000; ++step)
            model.add({ { "a/b", 1.0 * step, 1e-3 }, { "c", 1.0, 1e-9 } });
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.trace(0).path, QStringLiteral("a / b"));
        QVERIFY(model.trace(0).gradientNorms.size() <= 257);
        QVERIFY(model.trace(0).gradientNorms.back() > 4900);
        QVERIFY(std::is_sorted(
            model.trace(0).gradientNorms.begin(), model.trace(0).gradientNorms.end()));
        QCOMPARE(PulseItemModel::verdict(model.trace(1)), QStringLiteral("hardly moves"));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void drawsALongRunInOneFrame()
    {
        CurvePlot plot;
        plot.resize(700, 400);
        PlotCurve curve;
        curve.smoothing = 0.6;
        for (int i = 0; i < 200'000; ++i) {
            curve.steps.push_back(i);
            curve.values.push_back(std::exp(-i / 5e4) + 0.1 * std::sin(i));
        }
        QVERIFY(view_test::showWindow(plot));
        QElapsedTimer clock;
        clock.start();
        plot.setCurves({ curve });
        plot.grab();
        qInfo("200,000 points: %lld ms", static_cast<long long>(clock.elapsed()));
    }
};

QTEST_MAIN(tst_TrainingView)
#include "tst_training_view.moc"
