#include "tests/views/view_test.h"
#include "views/doctor_view.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>

using namespace layerscope::views;

class tst_DoctorView : public QObject
{
    Q_OBJECT

    using Severity = DoctorFinding::Severity;
    using Answer = VerdictRow::Answer;

    static DoctorReport report()
    {
        DoctorReport report;
        report.title = QStringLiteral("A whole Keras model in an HDF5 file (.h5).");
        report.facts = { QStringLiteral("Written by Keras 3.15.1."),
            QStringLiteral("Optimizer Adam, dialect C, 12 slots, step 8.") };
        report.findings = {
            { Severity::Error, QStringLiteral("12 of 72 values of kernel are NaN or infinite."),
                QStringLiteral("block/conv"), { QStringLiteral("block"), QStringLiteral("conv") },
                QStringLiteral("Training has diverged."),
                QStringLiteral("Go back to an earlier checkpoint."), {} },
            { Severity::Warning, QStringLiteral("Keras 3 does not load the optimizer's state."),
                QStringLiteral("optimizer"), {}, QStringLiteral("load_model drops it."),
                QStringLiteral("Save as .keras."), QStringLiteral("Save as… (Keras archive)") },
            { Severity::Note, QStringLiteral("A note & nothing <b>more</b>."), {}, {}, {}, {}, {} },
        };
        report.verdicts = { { QStringLiteral("2.15"), Answer::No,
                                QStringLiteral("its configuration is in Keras 3's words"),
                                Answer::No, QStringLiteral("it does not load") },
            { QStringLiteral("3.15"), Answer::Yes, {}, Answer::Nothing,
                QStringLiteral("the file holds no optimizer state") } };
        report.checked = { QStringLiteral("values"), QStringLiteral("names") };
        return report;
    }

    static QList<DoctorCard*> cards(const DoctorView& view)
    {
        return view.findChildren<DoctorCard*>();
    }

    static bool says(const QWidget& widget, const QString& words)
    {
        for (const QLabel* label : widget.findChildren<QLabel*>())
            if (label->text().contains(words))
                return true;
        return false;
    }

private slots:
    void initTestCase() { view_test::ignoreMissingWindowManager(); }

    void keepsTheRulesOfItemModels()
    {
        VerdictItemModel model;
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(report().verdicts);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, VerdictItemModel::Loads).data().toString(),
            QStringLiteral("No: its configuration is in Keras 3's words"));
        QCOMPARE(model.index(1, VerdictItemModel::Resumes).data().toString(),
            QStringLiteral("Nothing to resume"));
        QVERIFY(!model.index(1, VerdictItemModel::Loads)
                     .data(Qt::DecorationRole)
                     .value<QIcon>()
                     .isNull());
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }

    void showsACardForEachFinding()
    {
        DoctorView view;
        view.resize(900, 700);
        view.setReport(report());
        QVERIFY(view_test::showWindow(view));
        QCOMPARE(cards(view).size(), 3);
        QVERIFY(says(view, QStringLiteral("Errors (1)")));
        QVERIFY(says(view, QStringLiteral("Warnings (1)")));
        QVERIFY(says(view, QStringLiteral("A note & nothing <b>more</b>.")));
        QVERIFY(!view.findChild<QWidget*>(QStringLiteral("doctor_nothing")));
        // Colour is never the only sign.
        QCOMPARE(cards(view)[0]->accessibleName().section(u':', 0, 0), QStringLiteral("Error"));
        QVERIFY(cards(view)[0]->accessibleDescription().contains(QLatin1String("diverged")));
        view_test::takeScreenshot(view, QStringLiteral("doctor_light"));
    }

    void leadsToTheLayerByMouseAndByKey()
    {
        DoctorView view;
        view.resize(900, 700);
        view.setReport(report());
        QVERIFY(view_test::showWindow(view));
        QSignalSpy selected(&view, &DoctorView::selectRequested);
        auto* link = view.findChild<QPushButton*>(QStringLiteral("doctor_link"));
        QVERIFY(link);
        QTest::mouseClick(link, Qt::LeftButton);
        const QStringList path{ QStringLiteral("block"), QStringLiteral("conv") };
        QCOMPARE(selected.takeFirst().first().toStringList(), path);
        cards(view)[0]->setFocus();
        QTest::keyClick(cards(view)[0], Qt::Key_Return);
        QCOMPARE(selected.takeFirst().first().toStringList(), path);
    }

    void asksForTheRemedyOfTheRightFinding()
    {
        DoctorView view;
        view.resize(900, 700);
        view.setReport(report());
        QVERIFY(view_test::showWindow(view));
        QSignalSpy wanted(&view, &DoctorView::remedyRequested);
        auto* button = view.findChild<QPushButton*>(QStringLiteral("doctor_remedy"));
        QVERIFY(button);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wanted.takeFirst().first().toInt(), 1);
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QCOMPARE(wanted.takeFirst().first().toInt(), 1);
        // A new report while a button of the old one is pressed.
        connect(&view, &DoctorView::remedyRequested, &view, [&view] { view.setReport({}); });
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        QTRY_VERIFY(cards(view).isEmpty());
    }

    void isWalkedThroughWithTheTabulator()
    {
        DoctorView view;
        view.resize(900, 700);
        view.setReport(report());
        QVERIFY(view_test::showWindow(view));
        cards(view)[0]->setFocus();
        QSet<QWidget*> reached;
        for (int i = 0; i < 12; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            reached.insert(QApplication::focusWidget());
        }
        for (DoctorCard* card : cards(view))
            QVERIFY(reached.contains(card));
        QVERIFY(reached.contains(view.findChild<QPushButton*>(QStringLiteral("doctor_remedy"))));
        QVERIFY(reached.contains(view.findChild<QTableView*>(QStringLiteral("doctor_verdicts"))));
    }

    void copiesTheWordsOfACard()
    {
        DoctorView view;
        view.setReport(report());
        QVERIFY(view_test::showWindow(view));
        cards(view)[1]->setFocus();
        QTest::keyClick(cards(view)[1], Qt::Key_C, Qt::ControlModifier);
        const QString text = QApplication::clipboard()->text();
        QVERIFY(text.startsWith(QLatin1String("Warning: Keras 3 does not load")));
        QVERIFY(text.contains(QLatin1String("Save as .keras.")));
    }

    void saysThatNothingIsSuspicious()
    {
        DoctorReport sound = report();
        sound.findings.removeIf(
            [](const DoctorFinding& finding) { return finding.severity != Severity::Note; });
        DoctorView view;
        view.setReport(sound);
        QVERIFY(view_test::showWindow(view));
        QVERIFY(view.findChild<QWidget*>(QStringLiteral("doctor_nothing")));
        QVERIFY(says(view, QStringLiteral("What was checked")));
        QVERIFY(says(view, QStringLiteral("names")));
    }

    void showsTheWholeTable()
    {
        DoctorView view;
        view.resize(420, 500);
        view.setReport(report());
        QVERIFY(view_test::showWindow(view));
        auto* table = view.findChild<QTableView*>(QStringLiteral("doctor_verdicts"));
        QVERIFY(table);
        const auto fits
            = [table] { return table->viewport()->height() >= table->verticalHeader()->length(); };
        QTRY_VERIFY(fits());
        view.resize(900, 500);
        QTRY_VERIFY(fits());
        QVERIFY(!view.horizontalScrollBar()->isVisible());
    }

    void isReadableInTheDark()
    {
        const QPalette before = QApplication::palette();
        QApplication::setPalette(view_test::darkPalette());
        DoctorView view;
        view.resize(900, 700);
        view.setReport(report());
        QVERIFY(view_test::showWindow(view));
        const QImage picture = cards(view)[0]->grab().toImage();
        QVERIFY(picture.pixelColor(picture.width() / 2, 4).lightness() < 80);
        view_test::takeScreenshot(view, QStringLiteral("doctor_dark"));
        QApplication::setPalette(before);
    }
};

QTEST_MAIN(tst_DoctorView)
#include "tst_doctor_view.moc"
