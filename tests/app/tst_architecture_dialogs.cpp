#include "app/window/attach_dialog.h"
#include "app/window/changes_panel.h"
#include "app/window/propose_dialog.h"
#include "app/window/save_dialog.h"
#include "views/banner.h"
#include "views/proposal_item_model.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QMenuBar>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeView>

#include "app_test.h"

using namespace app_test;

namespace {

const char* const weightsFile = "model_cnn/keras2.15/legacy_weights.h5";
const char* const modelFile = "model_cnn/keras2.15/model.h5";

NetworkPointer read(const char* name)
{
    auto network = formats::openNetwork(dataFile(name).toStdString());
    return network ? std::make_shared<const Network>(*std::move(network)) : nullptr;
}

QAction* menuAction(MainWindow& window, const QString& text)
{
    for (QAction* menu : window.menuBar()->actions())
        for (QAction* action : menu->menu()->actions())
            if (action->text().remove(u'&') == text)
                return action;
    return nullptr;
}

QPushButton* acceptButton(QDialog& dialog)
{
    for (QAbstractButton* button : dialog.findChild<QDialogButtonBox*>()->buttons())
        if (dialog.findChild<QDialogButtonBox*>()->buttonRole(button)
            == QDialogButtonBox::AcceptRole)
            return qobject_cast<QPushButton*>(button);
    return nullptr;
}

} // namespace

class tst_ArchitectureDialogs : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { view_test::ignoreMissingWindowManager(); }

    void offersToAttachWhatASecondFileBrings()
    {
        OwnProgram own;
        QVERIFY(view_test::showWindow(own.window()));
        Document* weights = own.open(own.copyOf(weightsFile, "weights.h5"));
        QVERIFY(weights);
        QVERIFY(weights->network()->architecture.isEmpty());
        QVERIFY(menuAction(own.window(), QStringLiteral("Propose architecture…"))->isEnabled());
        QVERIFY(own.open(own.copyOf(modelFile, "model.h5")));
        auto* banner = own.window().currentPage()->banner();
        QVERIFY(banner->isVisible());
        QPushButton* attach = nullptr;
        for (QPushButton* button : banner->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Attach it…"))
                attach = button;
        QVERIFY(attach);
        QTest::mouseClick(attach, Qt::LeftButton);
        auto* dialog = own.window().findChild<AttachDialog*>();
        QVERIFY(dialog);
        view_test::takeScreenshot(*dialog, QStringLiteral("attach"));
        QPushButton* accept = acceptButton(*dialog);
        QVERIFY(accept->isEnabled());
        QTest::mouseClick(accept, Qt::LeftButton);
        QVERIFY(!weights->network()->architecture.isEmpty());
        QVERIFY(weights->isModified());
        QVERIFY(waitUntil([&] { return !weights->outputShapes().empty(); }));
        weights->undoStack().undo();
        QVERIFY(weights->network()->architecture.isEmpty());
    }

    void saysWhyWeightsDoNotFit()
    {
        AttachDialog dialog(read(weightsFile), read("model_mlp/keras2.15/model.h5"),
            QStringLiteral("model.h5"), nullptr);
        QVERIFY(view_test::showWindow(dialog));
        QVERIFY(!acceptButton(dialog)->isEnabled());
        const QString said = dialog.findChild<QLabel*>(QStringLiteral("attach_verdict"))->text();
        QVERIFY2(said.contains(QStringLiteral("do not fit")), qPrintable(said));
        QVERIFY(dialog.findChild<QTreeView*>()->model()->rowCount() > 0);
        view_test::takeScreenshot(dialog, QStringLiteral("attach_misfit"));
    }

    void proposesAnArchitectureToBeConfirmed()
    {
        OwnProgram own;
        QVERIFY(view_test::showWindow(own.window()));
        Document* weights = own.open(own.copyOf("model_mlp/keras2.15/legacy_weights.h5", "w.h5"));
        if (!weights)
            QSKIP("no such file of weights");
        menuAction(own.window(), QStringLiteral("Propose architecture…"))->trigger();
        auto* dialog = own.window().findChild<ProposeDialog*>();
        QVERIFY(dialog);
        view_test::takeScreenshot(*dialog, QStringLiteral("propose"));
        QVERIFY(weights->network()->architecture.isEmpty()); // not before it is confirmed
        QPushButton* accept = acceptButton(*dialog);
        QVERIFY(accept->isEnabled());
        QTest::mouseClick(accept, Qt::LeftButton);
        QCOMPARE(weights->network()->model.kind, LayerKind::Sequential);
        QCOMPARE(weights->undoStack().count(), 1);
    }

    void letsAClassBeChanged()
    {
        Network network;
        network.model.kind = LayerKind::Subclassed;
        network.model.layers.emplace_back().name = "first";
        network.model.layers[0].weights = { 0 };
        network.weights.push_back(
            { "first/0", "first/0", true, *Tensor::zeros(DType::Float32, { 50, 8 }) });
        const auto proposal = analysis::proposeArchitecture(network);
        QVERIFY(proposal);
        views::ProposalItemModel items;
        QAbstractItemModelTester tester(
            &items, QAbstractItemModelTester::FailureReportingMode::QtTest);
        items.setProposal(*proposal);
        const QModelIndex place = items.index(0, views::ProposalItemModel::ClassColumn);
        const QStringList choices
            = place.data(views::ProposalItemModel::ChoicesRole).toStringList();
        QVERIFY(choices.contains(QStringLiteral("Dense")));
        QVERIFY(choices.contains(QStringLiteral("Embedding")));
        QSignalSpy chosen(&items, &views::ProposalItemModel::chosen);
        QVERIFY(items.setData(place, choices.indexOf(QStringLiteral("Embedding")), Qt::EditRole));
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(place.data().toString(), QStringLiteral("Embedding"));
        QVERIFY(!items.setData(place, 99, Qt::EditRole));
    }

    void groupsFormatsAndShowsSizes()
    {
        const NetworkPointer network = read(modelFile);
        QVERIFY(network && network->optimizer);
        SaveDialog dialog(network, dataFile(modelFile), SaveDialog::Content::WholeModel, nullptr);
        QVERIFY(view_test::showWindow(dialog));
        auto* formats = dialog.findChild<QComboBox*>(QStringLiteral("save_format"));
        QCOMPARE(formats->currentData().toString(), QStringLiteral("h5-keras2"));
        QCOMPARE(formats->itemText(0), QStringLiteral("Keras 3"));
        QVERIFY(!(formats->model()->flags(formats->model()->index(0, 0)) & Qt::ItemIsEnabled));
        const QList<QRadioButton*> contents = dialog.findChildren<QRadioButton*>();
        QCOMPARE(contents.size(), 3);
        for (const QRadioButton* button : contents)
            QVERIFY2(button->text().contains(QStringLiteral("about")), qPrintable(button->text()));
        view_test::takeScreenshot(dialog, QStringLiteral("save_whole"));
        contents[1]->click(); // weights and optimizer
        QVERIFY(formats->findData(QStringLiteral("npz")) >= 0);
        QVERIFY(formats->findData(QStringLiteral("h5-weights")) < 0); // cannot hold it
        QCOMPARE(dialog.request().options.optimizer, formats::OptimizerInFile::Keep);
        view_test::takeScreenshot(dialog, QStringLiteral("save_weights_and_optimizer"));
        contents[2]->click();
        QCOMPARE(dialog.request().options.optimizer, formats::OptimizerInFile::Drop);
        QVERIFY(formats->findData(QStringLiteral("h5-weights")) >= 0);
    }

    void showsWhatCrossingChanges()
    {
        const NetworkPointer network = read(modelFile);
        SaveDialog dialog(network, dataFile(modelFile), SaveDialog::Content::WholeModel, nullptr);
        QVERIFY(view_test::showWindow(dialog));
        auto* panel = dialog.findChild<ChangesPanel*>();
        QSignalSpy finished(panel, &ChangesPanel::finished);
        auto* formats = dialog.findChild<QComboBox*>(QStringLiteral("save_format"));
        formats->setCurrentIndex(formats->findData(QStringLiteral("h5")));
        QVERIFY(finished.wait(patienceMs));
        const auto crossed = crossing::cross(*network, "h5");
        QVERIFY(crossed);
        QCOMPARE(panel->isVisible(), !crossed->changes.empty() || !crossed->remarks.empty());
        if (auto* title = panel->findChild<QAbstractButton*>(QStringLiteral("save_changes_title"));
            title->isVisible()) {
            QTest::mouseClick(title, Qt::LeftButton);
            QCOMPARE(panel->findChild<QTreeView*>()->model()->rowCount(),
                static_cast<int>(crossed->changes.size()));
        }
        view_test::takeScreenshot(dialog, QStringLiteral("save_crossing"));
    }
};

QTEST_MAIN(tst_ArchitectureDialogs)
#include "tst_architecture_dialogs.moc"
