#include "model/analysis/doctor_values.h"
#include "model/analysis/lambda_code.h"
#include "model/network/remedies.h"
#include "tests/model/analysis/doctor_files.h"

using namespace doctor_files;
using analysis::Outcome;
using analysis::RemedyKind;

class tst_Doctor : public QObject
{
    Q_OBJECT

    static std::vector<Finding> ofWeight(
        std::vector<float> values, const char* name, std::optional<std::int64_t> iterations = 7)
    {
        Recipe recipe;
        recipe.iterations = iterations;
        Network network = networkOf(recipe);
        const auto count = static_cast<std::int64_t>(values.size());
        network.weights[0].name = name;
        const Tensor tensor = Tensor::of<float>({ 1, count }, values);
        network.weights[0].value = StoredTensor(tensor);
        return analysis::ValueDoctor(network).weight(0, *analysis::computeStatistics(tensor));
    }

    static QString rules(const std::vector<Finding>& findings)
    {
        QStringList names;
        for (const Finding& finding : findings)
            names.append(QString::fromStdString(finding.rule));
        return names.join(u',');
    }

private slots:
    void saysWhichKerasLoadsAndResumes_data();
    void saysWhichKerasLoadsAndResumes();
    void knowsThatNoKerasLoadsLostValues_data();
    void knowsThatNoKerasLoadsLostValues();
    void namesTheDialectOfTheOptimizer();
    void measuresWhatIsLeftOfAFile();
    void listsTheLayersThatSurvive();
    void proposesTheNeighbour();
    void noticesSickValues();
    void leavesSoundValuesAlone();
    void noticesUnitsThatCannotFire();
    void noticesAnOptimizerOfNegativeSquares();
    void tellsThePythonOfALambda_data();
    void tellsThePythonOfALambda();
    void repairsCompletely();
    void survivesEveryBadFile();
};

void tst_Doctor::saysWhichKerasLoadsAndResumes_data()
{
    // As real Keras did with these very files.
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("loads"); // 2.12, 2.15, 3.15, tf_keras: y or n
    QTest::addColumn<QString>("resumes"); // -: nothing to resume
    const auto add = [](const char* file, const char* loads, const char* resumes) {
        QTest::newRow(file) << QString::fromLatin1(file) << QString::fromLatin1(loads)
                            << QString::fromLatin1(resumes);
    };
    add("model_mlp/keras2.12/model.h5", "yyyy", "yyny");
    add("model_mlp/keras2.15/model.h5", "yyyy", "yyny");
    add("model_mlp/keras3.15/model.h5", "nnyn", "nnnn");
    add("model_mlp/tfkeras2.21/model.h5", "nnyy", "nnny");
    add("model_nested/keras2.15/model.h5", "yyny", "yyny");
    add("model_cnn/keras2.15/legacy_weights.h5", "yyyy", "----");
    add("opt_legacy_adam/keras2.15/model.h5", "yyny", "yyny"); // its loss is "mse"
    add("old_mlp_adam/keras1.2/model.h5", "nnnn", "nnnn");
}

void tst_Doctor::saysWhichKerasLoadsAndResumes()
{
    QFETCH(QString, file);
    const Diagnosis diagnosis = diagnosisOf(TEST_DATA "/" + file.toStdString());
    QVERIFY(diagnosis.opens);
    const auto letter = [](Outcome outcome) {
        return outcome == Outcome::Yes ? u'y' : outcome == Outcome::Nothing ? u'-' : u'n';
    };
    QString loads, resumes;
    for (const char* keras : { "2.12", "2.15", "3.15", "tf_keras 2.21" }) {
        const auto* item = verdict(diagnosis, keras);
        QVERIFY(item);
        loads += letter(item->loads);
        resumes += letter(item->resumes);
        QVERIFY(item->loads != Outcome::No || !item->loadReason.isEmpty());
        QVERIFY(item->resumes != Outcome::No || !item->resumeReason.isEmpty());
    }
    QTEST(loads, "loads");
    QTEST(resumes, "resumes");
}

void tst_Doctor::knowsThatNoKerasLoadsLostValues_data()
{
    // Keras 2.12 and 2.15 refuse each of them, with compile=False as well: NotFoundError,
    // DataLossError, "Read less bytes than requested", "Perhaps the file is corrupt".
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("bytesKept"); // -1: the file is removed, -2: one bit is turned
    QTest::newRow("no index") << "variables.index" << -1;
    QTest::newRow("no data") << "variables.data-00000-of-00001" << -1;
    QTest::newRow("half an index") << "variables.index" << 200;
    QTest::newRow("a piece of the data") << "variables.data-00000-of-00001" << 40;
    QTest::newRow("another value") << "variables.data-00000-of-00001" << -2;
}

void tst_Doctor::knowsThatNoKerasLoadsLostValues()
{
    namespace fs = std::filesystem;
    QFETCH(QString, file);
    QFETCH(int, bytesKept);
    QTemporaryDir folder;
    const fs::path model = fs::path(folder.path().toStdString()) / "model";
    fs::copy(
        TEST_DATA "/model_mlp/keras2.15/saved_model_notraces", model, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(model))
        fs::permissions(entry.path(), fs::perms::owner_write, fs::perm_options::add);
    const auto judged = [&model](const char* keras) {
        const auto diagnosis = analysis::diagnose(model, analysis::Values::Read);
        const auto* item = verdict(*diagnosis, keras);
        return item ? item->loads : Outcome::Unsure;
    };
    QCOMPARE(judged("2.15"), Outcome::Yes);

    const fs::path damaged = model / "variables" / file.toStdString();
    if (bytesKept == -1)
        fs::remove(damaged);
    else if (bytesKept >= 0)
        fs::resize_file(damaged, static_cast<std::uintmax_t>(bytesKept));
    else {
        QFile stream(QString::fromStdString(damaged));
        QVERIFY(stream.open(QIODevice::ReadWrite));
        const QByteArray first = stream.read(1);
        stream.seek(0);
        stream.write(QByteArray(1, static_cast<char>(first[0] ^ 0x40)));
    }
    for (const char* keras : { "2.10", "2.12", "2.15", "3.15", "tf_keras 2.21" })
        QVERIFY2(judged(keras) == Outcome::No, keras);
}

void tst_Doctor::namesTheDialectOfTheOptimizer()
{
    const auto dialect
        = [](const char* file) { return diagnosisOf(std::string(TEST_DATA "/") + file).dialect; };
    QCOMPARE(dialect("opt_legacy_adam/keras2.15/model.h5"), std::string("A"));
    QCOMPARE(dialect("model_mlp/keras2.15/model.h5"), std::string("B"));
    QCOMPARE(dialect("model_mlp/keras3.15/model.h5"), std::string("C"));
    Recipe recipe;
    recipe.format = "keras";
    recipe.path = "/somewhere/model.keras";
    QCOMPARE(diagnosisOf(recipe).dialect, std::string("D"));
    const Diagnosis mlp = diagnosisOf(TEST_DATA "/model_mlp/keras3.15/model.h5");
    QCOMPARE(mlp.slotCount, std::size_t{ 12 });
    QCOMPARE(mlp.iterations.value_or(0), std::int64_t{ 8 });
}

void tst_Doctor::measuresWhatIsLeftOfAFile()
{
    const Diagnosis half = diagnosisOf(TEST_DATA "/bad/truncated_half.h5");
    QVERIFY(!half.opens && half.damage);
    QCOMPARE(half.damage->bytesExpected, 2 * half.damage->bytesHere);
    QCOMPARE(half.damage->percent(), 50.0);
    QCOMPARE(half.count(Severity::Error), std::size_t{ 1 });

    // An archive whose directory is gone: members tell of themselves.
    const QByteArray name("config.json");
    QByteArray zip("PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0", 18);
    zip += QByteArray("\x64\0\0\0\x64\0\0\0\x0b\0\0\0", 12) + name + QByteArray(40, 'x');
    Folder folder;
    const Diagnosis archive = diagnosisOf(folder.write("cut.keras", zip));
    QVERIFY(!archive.opens && archive.damage && archive.damage->atLeast);
    QCOMPARE(archive.damage->bytesExpected, std::uint64_t(30 + 11 + 100));
    QCOMPARE(archive.lost, std::vector<std::string>{ "config.json" });
}

void tst_Doctor::listsTheLayersThatSurvive()
{
    // Cut inside the optimizer's part, which lies behind all weights.
    Folder folder;
    const QFileInfo whole(QLatin1String(TEST_DATA "/model_mlp/keras2.15/model.h5"));
    const Diagnosis diagnosis
        = diagnosisOf(folder.copy("model_mlp/keras2.15/model.h5", "cut.h5", whole.size() - 600));
    QVERIFY(diagnosis.damage);
    QCOMPARE(diagnosis.intact, (std::vector<std::string>{ "dense_a", "dense_b", "probabilities" }));
    const Finding* finding = found(diagnosis, "truncated");
    QVERIFY(finding && finding->remedy.english().find("dense_b") != std::string::npos);
}

void tst_Doctor::proposesTheNeighbour()
{
    Folder folder;
    const std::string there = folder.copy("model_mlp/keras2.15/model.h5", "model_v2.h5");
    const Diagnosis diagnosis = diagnosisOf(folder.path("model_v3.h5"));
    QVERIFY(!diagnosis.opens);
    const Finding* finding = found(diagnosis, "missing-path");
    QVERIFY(finding);
    QVERIFY(finding->action.kind == RemedyKind::OpenAnother);
    QCOMPARE(finding->action.target, there);
}

void tst_Doctor::noticesSickValues()
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    QCOMPARE(rules(ofWeight({ 1, nan, 2, 3 }, "hidden/kernel:0")), QString("not-finite"));
    QCOMPARE(rules(ofWeight({ 0, 0, 0, 0 }, "hidden/kernel:0")), QString("all-zero"));
    QCOMPARE(rules(ofWeight({ 2, 2, 2, 2 }, "hidden/kernel:0")), QString("constant"));
    QCOMPARE(rules(ofWeight({ 1, -2e5F, 2, 3 }, "hidden/kernel:0")), QString("exploding"));
    QCOMPARE(rules(ofWeight({ 1, -0.5F }, "bn/moving_variance:0")), QString("negative-variance"));
    QCOMPARE(rules(ofWeight({ 1, 1e-14F }, "bn/moving_variance:0")), QString("tiny-variance"));
    // The middle of each of 96 equal parts of GlorotUniform's interval for (1, 96).
    std::vector<float> fresh;
    const double limit = std::sqrt(6.0 / 97.0);
    for (int i = 0; i < 96; ++i)
        fresh.push_back(static_cast<float>(limit * ((i + 0.5) / 48.0 - 1.0)));
    QCOMPARE(rules(ofWeight(fresh, "hidden/kernel:0", 0)), QString("untrained"));
    QCOMPARE(rules(ofWeight(fresh, "hidden/kernel:0", 7)), QString());
}

void tst_Doctor::leavesSoundValuesAlone()
{
    QCOMPARE(rules(ofWeight({ 0, 0, 0, 0 }, "hidden/bias:0")), QString());
    QCOMPARE(rules(ofWeight({ 1, 1, 1, 1 }, "bn/gamma:0")), QString());
    QCOMPARE(rules(ofWeight({ 1, 1, 1, 1 }, "bn/moving_variance:0")), QString());
    // Every model that real Keras wrote and trained is free of warnings about its values.
    for (const char* file : { "model_cnn/keras2.15/model.h5", "model_residual/keras3.15/model.h5",
             "cnn_batch_normalization/keras2.15/model.h5", "opt_adamw/keras3.15/model.h5" }) {
        auto network = formats::openNetwork(std::string(TEST_DATA "/") + file);
        QVERIFY(network.hasValue());
        const Diagnosis without = analysis::diagnose(*network);
        const Diagnosis with = diagnosisOf(std::string(TEST_DATA "/") + file);
        QCOMPARE(with.count(Severity::Warning), without.count(Severity::Warning));
        QCOMPARE(with.count(Severity::Error), std::size_t{ 0 });
    }
}

void tst_Doctor::noticesUnitsThatCannotFire()
{
    Folder folder;
    Recipe recipe;
    recipe.architecture
        = sequential(Json::array({ dense("hidden", { { "activation", "relu" } }), dense("out") }));
    Network network = networkOf(recipe);
    // Units 0 and 2 are twins; unit 1 lies 100 row norms below zero.
    network.weights[0].value = StoredTensor(Tensor::of<float>({ 2, 3 }, { 1, 2, 1, 3, 4, 3 }));
    network.weights[1].value = StoredTensor(Tensor::of<float>({ 3 }, { 0, -447.2F, 0.5F }));
    network.weights[2].value
        = StoredTensor(Tensor::of<float>({ 3, 3 }, { 1, 2, 3, 4, 5, 6, 7, 8, 9 }));
    network.optimizer.reset();
    const std::string path = folder.path("sick.h5");
    QVERIFY(formats::saveNetwork(network, path, { "h5-keras2" }).hasValue());
    const Diagnosis diagnosis = diagnosisOf(path);
    const Finding* dead = found(diagnosis, "dead-units");
    QVERIFY2(dead, qPrintable(allRules(diagnosis)));
    QVERIFY(dead->what.english().starts_with("1 of 3 ReLU units"));
    QCOMPARE(dead->where, std::string("hidden"));
    const Finding* twins = found(diagnosis, "equal-filters");
    QVERIFY(twins && twins->what.english().starts_with("1 of 3 units"));
}

void tst_Doctor::noticesAnOptimizerOfNegativeSquares()
{
    Network network = networkOf({});
    const Tensor negative = Tensor::of<float>({ 2 }, { 0.5F, -1e-3F });
    const auto statistics = *analysis::computeStatistics(negative);
    const analysis::ValueDoctor doctor(network);
    QCOMPARE(rules(doctor.slot(2, statistics)), QString("negative-squares")); // a velocity
    QCOMPARE(rules(doctor.slot(1, statistics)), QString()); // a momentum
}

void tst_Doctor::tellsThePythonOfALambda_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("python");
    const auto code = [](int numbers, unsigned char first) {
        QByteArray bytes(1, '\xE3');
        for (int i = 0; i < numbers; ++i)
            bytes += QByteArray(i == 0       ? "\1\0\0\0"
                    : i == 2 && numbers == 5 ? "\1\0\0\0"
                                             : "\0\0\0\0",
                4);
        return bytes + QByteArray("s\2\0\0\0", 5) + QByteArray(1, static_cast<char>(first))
            + QByteArray(1, '\0');
    };
    QTest::newRow("2.7") << code(4, 124) << QStringLiteral("2");
    QTest::newRow("3.6") << code(5, 124) << QStringLiteral("3.7 or older");
    QTest::newRow("3.9") << code(6, 124) << QStringLiteral("3.8 to 3.10");
    QTest::newRow("3.11") << code(5, 151) << QStringLiteral("3.11 or 3.12");
    QTest::newRow("3.13") << code(5, 149) << QStringLiteral("3.13");
    QTest::newRow("noise") << QByteArray("nothing of the kind") << QString();
}

void tst_Doctor::tellsThePythonOfALambda()
{
    QFETCH(QByteArray, code);
    const std::string text = code.toBase64().toStdString();
    for (const Json& config : { Json{ { "function", { text, nullptr, nullptr } } },
             Json{ { "function",
                 { { "class_name", "__lambda__" }, { "config", { { "code", text } } } } } } }) {
        const auto found = analysis::lambdaCode(config);
        QVERIFY(found);
        QCOMPARE(found->bytes, static_cast<std::size_t>(code.size()));
        QTEST(QString::fromStdString(found->python), "python");
    }
    QVERIFY(!analysis::lambdaCode(
        Json{ { "function", "my_function" }, { "function_type", "function" } }));
}

void tst_Doctor::repairsCompletely()
{
    Recipe recipe;
    recipe.training["loss"] = "my_own_loss";
    const Network network = networkOf(recipe);
    QVERIFY(found(analysis::diagnose(network), "custom-loss"));
    const Network stripped = withoutTrainingSetup(network);
    QVERIFY(!stripped.training && !stripped.optimizer);
    QVERIFY(found(analysis::diagnose(stripped), "no-training-setup"));
    QVERIFY(!analysis::diagnose(stripped).isSuspicious());
    QVERIFY(withoutOptimizerState(network).training.has_value());

    recipe = {};
    recipe.architecture = sequential(Json::array({ dense("twin"), dense("twin") }));
    Network twins = networkOf(recipe);
    QVERIFY(found(analysis::diagnose(twins), "duplicate-layer-names"));
    twins.weights[1].path = twins.weights[0].path;
    const Network renamed = withUniqueNames(twins);
    const Diagnosis after = analysis::diagnose(renamed);
    QVERIFY2(!found(after, "duplicate-layer-names") && !found(after, "duplicate-weight-names"),
        qPrintable(allRules(after)));
    QCOMPARE(renamed.model.layers.back().name, std::string("twin_1"));
    QVERIFY(renamed.architecture.text().find("twin_1") != std::string::npos);
}

void tst_Doctor::survivesEveryBadFile()
{
    const std::filesystem::path corpus(SHARED_CORPUS "/bad");
    if (!std::filesystem::exists(corpus))
        QSKIP("the corpus is not here");
    for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
        QFile file(QString::fromStdString((entry.path() / "expected.json").string()));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const auto expected = parseJson(file.readAll().toStdString());
        QVERIFY(expected.hasValue());
        const auto path = entry.path() / expected->value("file", "model.h5");
        const Diagnosis diagnosis = diagnosisOf(path.string());
        QVERIFY2(diagnosis.opens || diagnosis.count(Severity::Error) > 0, path.c_str());
        for (const Finding& finding : diagnosis.findings)
            QVERIFY2(!finding.what.isEmpty(), path.c_str());
        QVERIFY(analysis::diagnosisText(diagnosis).size() > 40);
        QVERIFY(analysis::diagnosisJson(diagnosis).is_object());
    }
}

QTEST_GUILESS_MAIN(tst_Doctor)
#include "tst_doctor.moc"
