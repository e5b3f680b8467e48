#include "model/formats/format.h"

#include <QClipboard>

#include "app_test.h"

using namespace app_test;

class tst_Session : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { view_test::ignoreMissingWindowManager(); }
    void opensAFileOnceAndShowsItTheSecondTime();
    void tellsWhatIsWrongInTheWordsOfTheCommandLine();
    void collectsFiguresOfEveryTensor();
    void keepsATrainingResultAsOneUndoableCommand();
    void stopsBeforeTheFirstStepWithoutAChange();
    void savesAndProvesEveryTensor();
    void leavesNoRecoveryFileBehindASave();
    void findsWhatACrashLeft();
    void noticesThatAFileChanged();
    void remembersNineRecentFiles();
};

namespace {

TrainingPlan planFor(const char* data, int epochs)
{
    TrainingPlan plan;
    plan.data.source = data;
    plan.epochs = epochs;
    plan.options.batchSize = 16;
    return plan;
}

bool train(Document* document, const TrainingPlan& plan)
{
    QSignalSpy ended(document, &Document::trainingEnded);
    document->training().start(document->network(), plan, false);
    return ended.wait(patienceMs);
}

QString sample(const char* name)
{
    return QLatin1String(TEST_DATA "/../../resources/samples/") + QLatin1String(name);
}

} // namespace

void tst_Session::opensAFileOnceAndShowsItTheSecondTime()
{
    OwnProgram own;
    const QString path = dataFile("model_residual/keras2.15/model.h5");
    Document* document = own.open(path);
    QVERIFY(document);
    QCOMPARE(document->name(), QStringLiteral("model.h5"));
    QVERIFY(!document->isModified());
    QSignalSpy shown(&own.session(), &Session::documentShown);
    own.session().open(path);
    QCOMPARE(shown.size(), 1);
    QCOMPARE(own.session().documents().size(), 1);
}

void tst_Session::tellsWhatIsWrongInTheWordsOfTheCommandLine()
{
    OwnProgram own;
    const QString path = dataFile("bad/lfs_pointer.h5");
    QString sentence;
    connect(&own.session(), &Session::openFailed, this, [&](const QString&, const Error& error) {
        sentence = QString::fromStdString(error.sentence());
    });
    own.session().open(path);
    QVERIFY(waitUntil([&] { return !sentence.isEmpty(); }));
    const auto direct = formats::openNetwork(path.toStdString());
    QVERIFY(!direct);
    QCOMPARE(sentence, QString::fromStdString(direct.error().sentence()));
    QCOMPARE(own.session().messages().last().kind, Message::Kind::Error);
}

void tst_Session::collectsFiguresOfEveryTensor()
{
    OwnProgram own;
    Document* document = own.open(dataFile("model_residual/keras2.15/model.h5"));
    QVERIFY(document);
    document->startStatistics();
    QVERIFY(waitUntil([&] { return document->statisticsAreComplete(); }));
    const Network& network = *document->network();
    const auto& known = document->statistics().known();
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        const auto figures = known.value({ views::ValueSource::Kind::Weight, i });
        QVERIFY(figures);
        QCOMPARE(figures->count, network.weights[i].value.count());
    }
}

void tst_Session::keepsATrainingResultAsOneUndoableCommand()
{
    OwnProgram own;
    Document* document = own.open(sample("iris_mlp.h5"));
    QVERIFY(document);
    const NetworkPointer before = document->network();
    const std::int64_t stepsBefore
        = before->optimizer ? before->optimizer->iterations.value_or(0) : 0;
    QVERIFY(train(document, planFor("builtin:iris", 3)));
    QVERIFY(document->isModified());
    QCOMPARE(document->undoStack().count(), 1);
    const NetworkPointer after = document->network();
    QVERIFY(after != before);
    QVERIFY(after->optimizer);
    QCOMPARE(*after->optimizer->iterations, stepsBefore + 3 * 10); // 150 rows in batches of 16
    QVERIFY(!after->weights[0].value.load()->identicalTo(*before->weights[0].value.load()));
    document->undoStack().undo();
    QCOMPARE(document->network(), before);
    QVERIFY(!document->isModified());
}

void tst_Session::stopsBeforeTheFirstStepWithoutAChange()
{
    OwnProgram own;
    Document* document = own.open(sample("iris_mlp.h5"));
    QVERIFY(document);
    QSignalSpy ended(document, &Document::trainingEnded);
    document->training().start(document->network(), planFor("builtin:iris", 1000), true);
    document->training().stop();
    QVERIFY(ended.wait(patienceMs));
    QVERIFY(document->undoStack().count() <= 1); // the one step may have been done
    QCOMPARE(document->training().state(), TrainingController::State::Idle);
}

void tst_Session::savesAndProvesEveryTensor()
{
    OwnProgram own;
    const QString path = own.copyOf("model_residual/keras2.15/model.h5", "copy.h5");
    Document* document = own.open(path);
    QVERIFY(document);
    std::size_t compared = 0;
    bool done = false;
    own.session().save(document,
        { path, { "h5-keras2", formats::OptimizerInFile::Keep }, SavePurpose::Document },
        [&](const Result<formats::SaveReport>& report) {
            done = true;
            compared = report ? report->tensorsCompared : 0;
        });
    QVERIFY(waitUntil([&] { return done; }));
    const Network& network = *document->network();
    QCOMPARE(compared, network.weights.size() + network.optimizer->variables.size());
    QCOMPARE(own.session().messages().last().kind, Message::Kind::Good);
}

void tst_Session::leavesNoRecoveryFileBehindASave()
{
    OwnProgram own;
    const QString path = own.filePath("trained.h5");
    QFile::copy(sample("iris_mlp.h5"), path);
    Document* document = own.open(path);
    QVERIFY(document);
    QVERIFY(train(document, planFor("builtin:iris", 2)));
    const QDir recovery(own.filePath("data/recovery"));
    QVERIFY(waitUntil(
        [&] { return !recovery.entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty(); }));
    bool saved = false;
    own.session().save(document,
        { path, { document->format().toStdString(), formats::OptimizerInFile::Keep },
            SavePurpose::Document },
        [&](const Result<formats::SaveReport>& report) { saved = report.hasValue(); });
    QVERIFY(waitUntil([&] { return saved; }));
    QVERIFY(!document->isModified());
    QVERIFY(
        waitUntil([&] { return recovery.entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty(); }));
}

void tst_Session::findsWhatACrashLeft()
{
    OwnProgram own;
    // What a process leaves that was killed: a folder with a snapshot and no living owner.
    const QDir folder(own.filePath("data/recovery/left-by-a-crash"));
    QVERIFY(QDir().mkpath(folder.path()));
    QVERIFY(QFile::copy(sample("iris_mlp.h5"), folder.filePath(QStringLiteral("snapshot.h5"))));
    QFile origin(folder.filePath(QStringLiteral("origin.txt")));
    QVERIFY(origin.open(QIODevice::WriteOnly));
    origin.write("/home/somebody/iris.h5");
    origin.close();

    const QList<RecoveredFile> found = own.session().recovery().list();
    QCOMPARE(found.size(), 1);
    QCOMPARE(found[0].originalPath, QStringLiteral("/home/somebody/iris.h5"));
    QSignalSpy opened(&own.session(), &Session::documentOpened);
    own.session().openRecovered(found[0]);
    QVERIFY(opened.wait(patienceMs));
    Document* document = own.session().documents().constFirst();
    QCOMPARE(document->path(), QStringLiteral("/home/somebody/iris.h5"));
    QVERIFY(document->isModified());
    own.session().close(document);
    QVERIFY(waitUntil([&] { return own.session().recovery().list().isEmpty(); }));
}

void tst_Session::noticesThatAFileChanged()
{
    OwnProgram own;
    const QString path = own.copyOf("model_residual/keras2.15/model.h5", "watched.h5");
    Document* document = own.open(path);
    QVERIFY(document);
    QSignalSpy changed(&own.session(), &Session::changedOnDisk);
    // Replaced by renaming, as careful programs do.
    const QString other = own.copyOf("model_residual/keras3.15/model.h5", "other.h5");
    QVERIFY(QFile::remove(path));
    QVERIFY(QFile::rename(other, path));
    QVERIFY(changed.wait(patienceMs));
    QCOMPARE(changed.first().first().value<Document*>(), document);
}

void tst_Session::remembersNineRecentFiles()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("settings.ini"));
    {
        Settings settings(file);
        for (int i = 0; i < 12; ++i)
            settings.addRecentFile(QStringLiteral("/models/%1.h5").arg(i));
        settings.addRecentFile(QStringLiteral("/models/5.h5"));
        settings.setTheme(Theme::Dark);
        settings.setLanguage(QStringLiteral("pt_BR"));
    }
    const Settings settings(file);
    QCOMPARE(settings.recentFiles().size(), 9);
    QCOMPARE(settings.recentFiles()[0], QStringLiteral("/models/5.h5"));
    QCOMPARE(settings.recentFiles()[1], QStringLiteral("/models/11.h5"));
    QCOMPARE(settings.theme(), Theme::Dark);
    QCOMPARE(settings.language(), QStringLiteral("pt_BR"));
}

QTEST_MAIN(tst_Session)
#include "tst_session.moc"
