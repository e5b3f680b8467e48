#include "app/window/diagnosis_page.h"
#include "app/window/save_dialog.h"
#include "views/doctor_view.h"
#include "views/layer_tree.h"
#include "views/training_view.h"
#include "views/weights_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QToolBar>
#include <QTreeView>

#include "app_test.h"

using namespace app_test;

class tst_MainWindow : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { view_test::ignoreMissingWindowManager(); }
    void startsEmptyWithoutADialog();
    void opensWhatIsDropped();
    void opensWhatIsChosenInTheDialog();
    void saysWhyAFileCannotBeOpened();
    void showsTheDiagnosisOfAFileThatDoesNotOpen();
    void showsTheDoctorFirstWhereAFileIsOdd();
    void carriesOutARemedyThatCanBeUndone();
    void selectsALayerByMouse();
    void filtersLayersByKeyboard();
    void offersDataThatFitTheModel();
    void trainsSavesAndOpensAgain();
    void pausesWithTheSpaceBar();
    void asksBeforeUnsavedChangesAreLost();
    void exportsWeightsWithoutTheOptimizer();
};

namespace {

template<class Widget> Widget* visibleWindow(const QString& name)
{
    for (QWidget* widget : QApplication::topLevelWidgets())
        if (widget->isVisible() && widget->objectName() == name)
            return qobject_cast<Widget*>(widget);
    return nullptr;
}

/// Windows of dialogs come a moment after what opens them.
template<class Widget> Widget* waitForWindow(const char* name)
{
    Widget* found = nullptr;
    waitUntil([&] { return (found = visibleWindow<Widget>(QLatin1String(name))) != nullptr; });
    return found;
}

void drop(MainWindow& window, const QStringList& paths)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& path : paths)
        urls.append(QUrl::fromLocalFile(path));
    data.setUrls(urls);
    const QPoint place(200, 200);
    QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window, &event);
}

QModelIndex rowNamed(QTreeView* tree, const QString& name)
{
    const QModelIndexList found = tree->model()->match(tree->model()->index(0, 0), Qt::DisplayRole,
        name, 1, Qt::MatchExactly | Qt::MatchRecursive);
    return found.value(0);
}

void click(QTreeView* tree, const QModelIndex& index)
{
    tree->scrollTo(index);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(index).center());
}

QString sampleCopy(OwnProgram& own, const char* name)
{
    const QString path = own.filePath(name);
    QFile::copy(QLatin1String(TEST_DATA "/../../resources/samples/") + QLatin1String(name), path);
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    return path;
}

std::int64_t iterationsOf(const Document* document)
{
    return document->network()->optimizer->iterations.value_or(0);
}

void chooseTraining(DocumentPage* page, const QString& data, int epochs)
{
    views::TrainingSettings settings = page->trainingView()->settings();
    settings.dataSource = data;
    settings.epochs = epochs;
    page->trainingView()->setSettings(settings);
}

} // namespace

void tst_MainWindow::startsEmptyWithoutADialog()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    QVERIFY(!QApplication::activeModalWidget());
    QVERIFY(!own.window().currentPage());
    for (const QDockWidget* dock : own.window().findChildren<QDockWidget*>())
        QVERIFY2(!dock->isVisible(), qPrintable(dock->objectName()));
    QVERIFY(own.window().findChild<QPushButton*>(QStringLiteral("start_open"))->isVisible());
    view_test::takeScreenshot(own.window(), QStringLiteral("start"));
}

void tst_MainWindow::opensWhatIsDropped()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    drop(own.window(),
        { dataFile("model_residual/keras2.15/model.h5"),
            dataFile("model_frozen/keras2.15/model.h5") });
    QVERIFY(waitUntil([&] { return own.window().pages().size() == 2; }));
    QVERIFY(own.window().findChild<QTabBar*>(QStringLiteral("document_tabs"))->isVisible());
    DocumentPage* page = own.window().currentPage();
    QVERIFY(treeOf(page)->isVisible());
    QVERIFY(rowNamed(
        treeOf(page), QString::fromStdString(page->document().network()->model.layers.back().name))
                .isValid());
    QVERIFY(!own.window().findChild<QLabel*>(QStringLiteral("file_facts"))->text().isEmpty());
}

void tst_MainWindow::opensWhatIsChosenInTheDialog()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    QTest::keyClick(&own.window(), Qt::Key_O, Qt::ControlModifier);
    auto* dialog = waitForWindow<QFileDialog>("open_dialog");
    QVERIFY(dialog);
    auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    QVERIFY(name);
    // Typed letter by letter, the list of completions would take the Return.
    name->setText(dataFile("model_residual/keras2.15/model.h5"));
    QTest::keyClick(name, Qt::Key_Return);
    QVERIFY(waitUntil([&] { return own.window().currentPage() != nullptr; }));
    QCOMPARE(own.program().settings().recentFiles().size(), 1);
}

void tst_MainWindow::saysWhyAFileCannotBeOpened()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    drop(own.window(), { own.filePath("no_such_model.h5") });
    auto* dialog = waitForWindow<QMessageBox>("error_dialog");
    QVERIFY(dialog);
    QVERIFY(dialog->informativeText().size() > 20);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(!own.window().currentPage());
}

void tst_MainWindow::showsTheDiagnosisOfAFileThatDoesNotOpen()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    drop(own.window(), { dataFile("bad/html_page.h5") });
    DiagnosisPage* page = nullptr;
    QVERIFY(waitUntil([&] { return (page = own.window().findChild<DiagnosisPage*>()); }));
    QCOMPARE(page->view()->report().findings.size(), 1);
    QVERIFY(page->view()->report().findings.first().what.contains(QLatin1String("web page")));
    QVERIFY(!own.window().currentPage());
    auto* close = page->findChild<QPushButton*>(QStringLiteral("diagnosis_close"));
    QVERIFY(close);
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(waitUntil([&] { return !own.window().findChild<DiagnosisPage*>(); }));
}

void tst_MainWindow::showsTheDoctorFirstWhereAFileIsOdd()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    // A layer's name in the list of layers that the file does not hold.
    const QString path = own.copyOf("model_mlp/keras2.15/model.h5", "odd.h5");
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    const QByteArray before("\"units\": 12"), after("\"units\": 13");
    QVERIFY(bytes.contains(before));
    bytes.replace(bytes.indexOf(before), before.size(), after);
    file.seek(0);
    file.write(bytes);
    file.close();
    Document* document = own.open(path);
    QVERIFY(document);
    DocumentPage* page = own.window().currentPage();
    QVERIFY(waitUntil([&] { return page->currentTab() == DocumentPage::Tab::Doctor; }));
    auto* tabs = page->findChild<QTabWidget*>(QStringLiteral("view_tabs"));
    QVERIFY(tabs->tabText(tabs->currentIndex()).startsWith(QLatin1String("Doctor ")));
    QVERIFY(tabs->tabText(tabs->currentIndex()).endsWith(u'!'));
}

void tst_MainWindow::carriesOutARemedyThatCanBeUndone()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    Document* document = own.open(dataFile("model_custom_layers/keras3.15/model.h5"));
    QVERIFY(document);
    DocumentPage* page = own.window().currentPage();
    page->showTab(DocumentPage::Tab::Doctor);
    auto* view = page->findChild<views::DoctorView*>();
    QVERIFY(view);
    const auto find = [view](const QString& words) -> QPushButton* {
        for (auto* button : view->findChildren<QPushButton*>(QStringLiteral("doctor_remedy")))
            if (button->text().contains(words))
                return button;
        return nullptr;
    };
    // This build writes no .keras yet, or it does: one of the remedies is there either way.
    QVERIFY(waitUntil([&] { return !view->report().findings.isEmpty(); }));
    Network spoiled = *document->network();
    Json training = spoiled.training->source.value();
    training["loss"] = "my_own_loss";
    spoiled.training->source = JsonText(training);
    document->keep(std::make_shared<const Network>(std::move(spoiled)), QStringLiteral("spoil"));
    QPushButton* button = nullptr;
    QVERIFY(waitUntil([&] { return (button = find(QStringLiteral("training set-up"))); }));
    view->ensureWidgetVisible(button);
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(!document->network()->training);
    QVERIFY(waitUntil([&] { return !find(QStringLiteral("training set-up")); }));
    document->undoStack().undo();
    QVERIFY(document->network()->training.has_value());
}

void tst_MainWindow::selectsALayerByMouse()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    Document* document = own.open(dataFile("model_residual/keras2.15/model.h5"));
    QVERIFY(document);
    QTreeView* tree = treeOf(own.window().currentPage());
    const QString wanted = QString::fromStdString(document->network()->model.layers.back().name);
    const QModelIndex row = rowNamed(tree, wanted);
    QVERIFY(row.isValid());
    click(tree, row);
    QCOMPARE(document->selectedLayer(), QStringList{ wanted });
    // The weights of that layer are on the tab; other bins can be chosen.
    views::WeightsView* weights = nullptr;
    QVERIFY(waitUntil([&] {
        return (weights = own.window().currentPage()->findChild<views::WeightsView*>()) != nullptr;
    }));
    auto* bins = weights->findChild<QComboBox*>();
    QVERIFY(bins && bins->isVisible());
    QSignalSpy asked(weights, &views::WeightsView::statisticsRequested);
    bins->setFocus();
    QTest::keyClick(bins, Qt::Key_Down);
    QVERIFY(waitUntil([&] { return !asked.isEmpty(); }));
    QVERIFY(waitUntil([&] { return document->statisticsAreComplete(); }));
    view_test::takeScreenshot(own.window(), QStringLiteral("weights"));
}

void tst_MainWindow::filtersLayersByKeyboard()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    QVERIFY(own.open(dataFile("cnn_batch_normalization/keras2.15/model.h5")));
    QTreeView* tree = treeOf(own.window().currentPage());
    QTest::keyClick(&own.window(), Qt::Key_F, Qt::ControlModifier);
    auto* filter = own.window().findChild<QLineEdit*>(QStringLiteral("layer_filter"));
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, QStringLiteral("type:BatchNormalization"));
    const QModelIndex root = tree->model()->index(0, 0);
    QVERIFY(tree->model()->rowCount(root) >= 1);
    for (int row = 0; row < tree->model()->rowCount(root); ++row)
        QCOMPARE(tree->model()->index(row, views::LayerItemModel::Type, root).data().toString(),
            QStringLiteral("BatchNormalization"));
    // Space and full stop are letters here, not orders to train.
    QTest::keyClicks(filter, QStringLiteral(" ."));
    QCOMPARE(
        own.window().currentPage()->document().training().state(), TrainingController::State::Idle);
    QVERIFY(filter->text().endsWith(QLatin1String(" .")));
}

void tst_MainWindow::offersDataThatFitTheModel()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    for (const auto& [file, data] : { std::pair("iris_mlp.h5", "builtin:iris"),
             std::pair("digits_cnn.h5", "builtin:digits") }) {
        QVERIFY(own.open(sampleCopy(own, file)));
        DocumentPage* page = own.window().currentPage();
        page->showTab(DocumentPage::Tab::Training);
        QCOMPARE(page->trainingView()->settings().dataSource, QLatin1String(data));
    }
}

void tst_MainWindow::trainsSavesAndOpensAgain()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    const QString path = sampleCopy(own, "iris_mlp.h5");
    drop(own.window(), { path });
    QVERIFY(waitUntil([&] { return own.window().currentPage() != nullptr; }));
    DocumentPage* page = own.window().currentPage();
    Document* document = &page->document();
    const Tensor before = *document->network()->weights[0].value.load();
    const std::int64_t stepsBefore = iterationsOf(document);

    page->showTab(DocumentPage::Tab::Training);
    chooseTraining(page, QStringLiteral("builtin:iris"), 3);
    QSignalSpy ended(document, &Document::trainingEnded);
    QAbstractButton* train = toolButton(own.window(), QStringLiteral("Train"));
    QVERIFY(train && train->isEnabled());
    QTest::mouseClick(train, Qt::LeftButton);
    QVERIFY(ended.wait(patienceMs));
    QVERIFY(document->isModified());
    QVERIFY(own.window().isWindowModified());
    view_test::takeScreenshot(own.window(), QStringLiteral("training"));

    // A long run that is cancelled keeps what it learned, as a second command.
    chooseTraining(page, QStringLiteral("builtin:iris"), 1000000);
    QTest::mouseClick(train, Qt::LeftButton);
    QVERIFY(waitUntil([&] { return document->training().epochsDone() > 0; }));
    QTest::mouseClick(toolButton(own.window(), QStringLiteral("Stop")), Qt::LeftButton);
    QVERIFY(ended.wait(patienceMs));
    QCOMPARE(document->undoStack().count(), 2);
    QTest::keyClick(&own.window(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(document->undoStack().index(), 1);

    QSignalSpy saved(&own.session(), &Session::saved);
    QTest::keyClick(&own.window(), Qt::Key_S, Qt::ControlModifier);
    QVERIFY(saved.wait(patienceMs));
    QVERIFY(!document->isModified());
    QTest::keyClick(&own.window(), Qt::Key_W, Qt::ControlModifier);
    QVERIFY(waitUntil([&] { return own.session().documents().isEmpty(); }));

    Document* again = own.open(path);
    QVERIFY(again);
    QVERIFY(!again->network()->weights[0].value.load()->identicalTo(before));
    QVERIFY(iterationsOf(again) > stepsBefore);
    QVERIFY(again->network()->history.is_object()); // the loss history travels with the file
}

void tst_MainWindow::pausesWithTheSpaceBar()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    QVERIFY(own.open(sampleCopy(own, "iris_mlp.h5")));
    DocumentPage* page = own.window().currentPage();
    Document& document = page->document();
    page->showTab(DocumentPage::Tab::Training);
    chooseTraining(page, QStringLiteral("builtin:iris"), 1000000);
    page->tree()->focusTree();
    QTest::keyClick(&own.window(), Qt::Key_Space);
    QVERIFY(waitUntil(
        [&] { return document.training().state() == TrainingController::State::Running; }));
    QTest::keyClick(&own.window(), Qt::Key_Space);
    QVERIFY(waitUntil(
        [&] { return document.training().state() == TrainingController::State::Paused; }));
    const std::int64_t paused = document.training().lastStep().iteration;
    QTest::keyClick(&own.window(), Qt::Key_Period);
    QVERIFY(waitUntil([&] { return document.training().lastStep().iteration == paused + 1; }));
    QSignalSpy ended(&document, &Document::trainingEnded);
    QTest::mouseClick(toolButton(own.window(), QStringLiteral("Stop")), Qt::LeftButton);
    QVERIFY(ended.wait(patienceMs));
    QCOMPARE(iterationsOf(&document), paused + 1);
}

void tst_MainWindow::asksBeforeUnsavedChangesAreLost()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    Document* document = own.open(sampleCopy(own, "iris_mlp.h5"));
    QVERIFY(document);
    TrainingPlan plan;
    plan.data.source = "builtin:iris";
    plan.epochs = 1;
    QSignalSpy ended(document, &Document::trainingEnded);
    document->training().start(document->network(), plan, false);
    QVERIFY(ended.wait(patienceMs));

    own.window().close();
    auto* question = waitForWindow<QMessageBox>("unsaved_changes");
    QVERIFY(question);
    QTest::keyClick(question, Qt::Key_Escape);
    QVERIFY(
        waitUntil([&] { return !visibleWindow<QMessageBox>(QStringLiteral("unsaved_changes")); }));
    QVERIFY(own.window().isVisible());
    QCOMPARE(own.session().documents().size(), 1);

    own.window().close();
    question = waitForWindow<QMessageBox>("unsaved_changes");
    QVERIFY(question);
    for (QAbstractButton* button : question->buttons())
        if (question->buttonRole(button) == QMessageBox::AcceptRole)
            QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(waitUntil([&] { return !own.window().isVisible(); }));
    QVERIFY(!document->isModified());
}

void tst_MainWindow::exportsWeightsWithoutTheOptimizer()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    Document* document = own.open(sampleCopy(own, "iris_mlp.h5"));
    QVERIFY(document);
    QTest::keyClick(&own.window(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    auto* dialog = own.window().findChild<SaveDialog*>();
    QVERIFY(dialog);
    QVERIFY(!dialog->findChild<QCheckBox*>(QStringLiteral("save_optimizer"))->isChecked());
    const QString target = own.filePath("weights_only.h5");
    auto* path = dialog->findChild<QLineEdit*>(QStringLiteral("save_path"));
    path->selectAll();
    QTest::keyClicks(path, target);
    QSignalSpy saved(&own.session(), &Session::saved);
    QTest::mouseClick(
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save), Qt::LeftButton);
    QVERIFY(saved.wait(patienceMs));
    const auto written = formats::openNetwork(target.toStdString());
    QVERIFY(written);
    QVERIFY(written->file.weightsOnly);
    QVERIFY(!written->optimizer);
    QCOMPARE(written->weights.size(), document->network()->weights.size());
    QVERIFY(document->path() != target); // a copy beside the document
}

QTEST_MAIN(tst_MainWindow)
#include "tst_main_window.moc"
