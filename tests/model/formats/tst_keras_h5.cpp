#include "model/containers/hdf5.h"
#include "model/formats/format.h"

#include <QtTest>

#include <fstream>
#include <random>

using namespace layerscope;
using namespace layerscope::formats;
using containers::Hdf5File;
using containers::Hdf5Group;
using containers::MappedFile;
namespace fs = std::filesystem;

namespace {

const fs::path data = TEST_DATA;
const fs::path mlp = data / "model_mlp/keras2.15/model.h5";

std::string contentOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return { std::istreambuf_iterator<char>(file), {} };
}

Network opened(const fs::path& path)
{
    auto network = openNetwork(path);
    if (!network)
        qFatal("%s", network.error().sentence().c_str());
    return *std::move(network);
}

Hdf5Group rootOf(const fs::path& path)
{
    return *Hdf5File::open(**MappedFile::open(path))->root();
}

std::vector<float> floats(const StoredTensor& value)
{
    const auto tensor = value.load();
    const auto values = tensor->valuesAs<float>();
    return { values.begin(), values.end() };
}

/// The same array with `added` to each element.
StoredTensor plus(const StoredTensor& value, float added)
{
    Tensor tensor = *value.load();
    for (float& element : tensor.mutableValuesAs<float>())
        element += added;
    return StoredTensor(std::move(tensor));
}

/// Every dataset below `group` by path.
void collect(const Hdf5Group& group, const std::string& path, std::map<std::string, Tensor>& found)
{
    const auto links = *group.links();
    for (const auto& link : links) {
        const std::string inner = path.empty() ? link.name : path + "/" + link.name;
        if (const auto next = group.group(link.name))
            collect(*next, inner, found);
        else if (const auto dataset = group.dataset(link.name))
            found.emplace(inner, *dataset->load());
    }
}

std::map<std::string, Tensor> datasetsOf(const fs::path& path)
{
    std::map<std::string, Tensor> found;
    collect(rootOf(path), {}, found);
    return found;
}

std::vector<std::string> differing(const fs::path& a, const fs::path& b)
{
    std::vector<std::string> names;
    const auto left = datasetsOf(a);
    const auto right = datasetsOf(b);
    for (const auto& [name, tensor] : left)
        if (const auto other = right.find(name);
            other == right.end() || !tensor.identicalTo(other->second))
            names.push_back(name);
    for (const auto& [name, tensor] : right)
        if (!left.contains(name))
            names.push_back(name);
    return names;
}

QString problemsOf(const Network& network)
{
    QString text;
    for (const Problem& problem : network.problems)
        text += QString::fromStdString(problem.where + ": " + problem.what + "\n");
    return text;
}

} // namespace

class tst_KerasH5 : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

    SaveReport saved(const Network& network, const fs::path& path, const WriteOptions& options = {})
    {
        auto report = saveNetwork(network, path, options);
        if (!report)
            qFatal("%s", report.error().sentence().c_str());
        return *std::move(report);
    }

private slots:
    void savesEveryFileAsItWas_data()
    {
        QTest::addColumn<QString>("path");
        for (const fs::path& root : { data, fs::path(SHARED_CORPUS) }) {
            std::error_code none;
            for (fs::recursive_directory_iterator entry(root, none), end; entry != end; ++entry) {
                const std::string name = entry->path().filename().string();
                const std::string version = entry->path().parent_path().filename().string();
                if ((name == "model.h5" || name == "legacy_weights.h5")
                    && version.find("keras") == (version.starts_with("tf") ? 2U : 0U)
                    && entry->path().string().find("/bad/") == std::string::npos)
                    QTest::newRow(entry->path().lexically_relative(root.parent_path()).c_str())
                        << QString::fromStdString(entry->path().string());
            }
        }
    }
    void savesEveryFileAsItWas()
    {
        QFETCH(QString, path);
        const Network network = opened(path.toStdString());
        const SaveReport report = saved(network, at("again.h5"));
        QCOMPARE(report.format, network.file.format);
        QVERIFY(contentOf(path.toStdString()) == contentOf(at("again.h5")));
    }

    void namesTheDialect_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("format");
        QTest::addColumn<bool>("weightsOnly");
        QTest::newRow("3.15") << "model_mlp/keras3.15/model.h5"
                              << "h5" << false;
        QTest::newRow("2.15") << "model_mlp/keras2.15/model.h5"
                              << "h5-keras2" << false;
        QTest::newRow("legacy optimizer") << "opt_legacy_adam/keras2.15/model.h5"
                                          << "h5-legacy" << false;
        QTest::newRow("1.2") << "old_mlp_adam/keras1.2/model.h5"
                             << "h5-legacy" << false;
        QTest::newRow("weights") << "model_mlp/keras2.15/legacy_weights.h5"
                                 << "h5-weights" << true;
    }
    void namesTheDialect()
    {
        QFETCH(QString, path);
        QFETCH(QString, format);
        QFETCH(bool, weightsOnly);
        const Network network = opened(data / path.toStdString());
        QCOMPARE(QString::fromStdString(network.file.format), format);
        QCOMPARE(network.file.weightsOnly, weightsOnly);
        QCOMPARE(network.architecture.isEmpty(), weightsOnly);
    }

    void mapsWeightsInsteadOfReadingThem()
    {
        const Network network = opened(mlp);
        for (const Weight& weight : network.weights) {
            const auto extent = weight.value.extent();
            QVERIFY(extent);
            QCOMPARE(extent->path, mlp);
            QCOMPARE(extent->length, std::uint64_t(weight.value.byteCount()));
        }
    }

    void writesChangedNumbersIntoTheirPlaces()
    {
        Network network = opened(mlp);
        network.weights[0].value = plus(network.weights[0].value, 1);
        OptimizerVariable& slot = network.optimizer->variables.back();
        slot.value = plus(slot.value, 0.5F);
        network.optimizer->variables.front().value
            = StoredTensor(Tensor::scalar<std::int64_t>(1234));
        network.optimizer->iterations = 1234;
        saved(network, at("changed.h5"));

        const std::vector<std::string> expected{ "model_weights/" + network.model.layers[0].name
                + "/" + network.weights[0].path,
            "optimizer_weights/" + slot.name, "optimizer_weights/iteration:0" };
        auto found = differing(mlp, at("changed.h5"));
        std::ranges::sort(found);
        auto sorted = expected;
        std::ranges::sort(sorted);
        QCOMPARE(found, sorted);
        const Network again = opened(at("changed.h5"));
        QCOMPARE(floats(again.weights[0].value), floats(network.weights[0].value));
        QCOMPARE(floats(again.optimizer->variables.back().value), floats(slot.value));
        QCOMPARE(*again.optimizer->iterations, std::int64_t{ 1234 });
        QCOMPARE(again.architecture.text(), opened(mlp).architecture.text());
    }

    void takesTheStepCountFromTheStateAlone()
    {
        Network network = opened(mlp);
        network.optimizer->iterations = 77;
        saved(network, at("steps.h5"));
        QCOMPARE(*opened(at("steps.h5")).optimizer->iterations, std::int64_t{ 77 });
        QCOMPARE(differing(mlp, at("steps.h5")),
            std::vector<std::string>{ "optimizer_weights/iteration:0" });
    }

    void keepsTheStoredTypeOfAChangedWeight()
    {
        const fs::path doubles = fs::path(SHARED_CORPUS) / "model_float64/keras2.15/model.h5";
        if (!fs::exists(doubles))
            QSKIP("the corpus is not here");
        Network network = opened(doubles);
        Tensor narrow = *network.weights[0].value.load()->converted(DType::Float32);
        narrow.mutableValuesAs<float>()[0] = 0.25F;
        network.weights[0].value = StoredTensor(narrow);
        saved(network, at("doubles.h5"));
        const Tensor again = *opened(at("doubles.h5")).weights[0].value.load();
        QCOMPARE(again.dtype(), DType::Float64);
        QCOMPARE(again.valuesAs<double>()[0], 0.25);
    }

    void storesTheLossHistoryWhereKerasDoesNotLook()
    {
        Network network = opened(mlp);
        QVERIFY(network.history.is_null());
        network.history = Json::parse(R"({"loss": [0.5, 0.25], "val_loss": [0.75, 1.0]})");
        saved(network, at("history.h5"));
        QVERIFY(differing(mlp, at("history.h5")).empty());
        Network again = opened(at("history.h5"));
        QCOMPARE(again.history, network.history);
        QVERIFY2(again.problems.empty(), qPrintable(problemsOf(again)));
        saved(again, at("same.h5"));
        QVERIFY(contentOf(at("same.h5")) == contentOf(at("history.h5")));
        again.history = nullptr;
        saved(again, at("without.h5"));
        QVERIFY(opened(at("without.h5")).history.is_null());
    }

    void writesChangedTexts()
    {
        Network network = opened(mlp);
        Json training = network.training->source.value();
        training["optimizer_config"]["config"]["learning_rate"] = 0.125;
        network.training->source = JsonText(training);
        saved(network, at("rate.h5"));
        const Network again = opened(at("rate.h5"));
        QCOMPARE(again.training->source.text(), network.training->source.text());
        QVERIFY(differing(mlp, at("rate.h5")).empty());
    }

    void dropsTheOptimizer()
    {
        const Network network = opened(mlp);
        saved(network, at("dropped.h5"), { "", OptimizerInFile::Drop });
        const Network again = opened(at("dropped.h5"));
        QVERIFY(again.optimizer->variables.empty());
        QCOMPARE(again.training->source.text(), network.training->source.text());
        QVERIFY(fs::file_size(at("dropped.h5")) < fs::file_size(mlp));
        for (const std::string& name : differing(mlp, at("dropped.h5")))
            QVERIFY2(name.starts_with("optimizer_weights/"), name.c_str());
    }

    void addsAnOptimizerToAFileThatHasNone()
    {
        const Network whole = opened(mlp);
        saved(whole, at("dropped.h5"), { "", OptimizerInFile::Drop });
        Network network = opened(at("dropped.h5"));
        network.optimizer = whole.optimizer;
        for (OptimizerVariable& variable : network.optimizer->variables)
            variable.name.clear(); // they are named as Keras would
        saved(network, at("added.h5"));
        const Network again = opened(at("added.h5"));
        QCOMPARE(again.optimizer->variables.size(), whole.optimizer->variables.size());
        QCOMPARE(again.optimizer->iterations, whole.optimizer->iterations);
        QVERIFY2(differing(mlp, at("added.h5")).empty(),
            differing(mlp, at("added.h5")).empty() ? ""
                                                   : differing(mlp, at("added.h5"))[0].c_str());
    }

    void writesTheWeightsOnlyFileThatKerasWrites()
    {
        // Witness: the file that Keras itself wrote with save_weights.
        const Network network = opened(mlp);
        saved(network, at("weights.h5"), { "h5-weights", OptimizerInFile::Keep });
        const fs::path witness = mlp.parent_path() / "legacy_weights.h5";
        QVERIFY(differing(witness, at("weights.h5")).empty());
        const Hdf5Group wanted = rootOf(witness);
        const Hdf5Group found = rootOf(at("weights.h5"));
        QCOMPARE(*found.nameList("layer_names"), *wanted.nameList("layer_names"));
        QCOMPARE(*found.text("keras_version"), *wanted.text("keras_version"));
        const auto layers = *wanted.nameList("layer_names");
        for (const std::string& layer : layers)
            QCOMPARE(*found.group(layer)->nameList("weight_names"),
                *wanted.group(layer)->nameList("weight_names"));
        QVERIFY(!found.hasAttribute("model_config"));
    }

    void crossesTheDialectsOfKeras2()
    {
        const fs::path source = data / "opt_legacy_adam/keras2.15/model.h5";
        const Network network = opened(source);
        saved(network, at("new.h5"), { "h5-keras2", OptimizerInFile::Keep });
        const Network crossed = opened(at("new.h5"));
        QCOMPARE(crossed.optimizer->dialect, KerasGeneration::Keras2);
        QCOMPARE(crossed.training->optimizer()["class_name"], Json("Custom>Adam"));
        QVERIFY(!crossed.training->optimizer()["config"].contains("decay"));
        QCOMPARE(crossed.optimizer->iterations, network.optimizer->iterations);
        const auto names
            = *rootOf(at("new.h5")).group("optimizer_weights")->nameList("weight_names");
        const std::string first = network.weights[0].path;
        QCOMPARE(names[0], std::string("iteration:0"));
        QCOMPARE(names[1], "Adam/m/" + first);
        QCOMPARE(names[2], "Adam/v/" + first); // in turn for each variable
        QVERIFY2(crossed.problems.empty(), qPrintable(problemsOf(crossed)));

        saved(crossed, at("old.h5"), { "h5-legacy", OptimizerInFile::Keep });
        QVERIFY2(differing(source, at("old.h5")).empty(),
            differing(source, at("old.h5")).empty() ? ""
                                                    : differing(source, at("old.h5"))[0].c_str());
        QCOMPARE(*rootOf(at("old.h5")).group("optimizer_weights")->nameList("weight_names"),
            *rootOf(source).group("optimizer_weights")->nameList("weight_names"));
    }

    void refusesWhatADialectCannotSay()
    {
        const Network adamw = opened(data / "opt_adamw/keras2.15/model.h5");
        const auto legacy = saveNetwork(adamw, at("no.h5"), { "h5-legacy", OptimizerInFile::Keep });
        QCOMPARE(legacy.error().kind(), ErrorKind::Unsupported);
        QVERIFY(QString::fromStdString(legacy.error().sentence()).contains("AdamW"));
        const auto unknown = saveNetwork(adamw, at("no.h5"), { "h6", OptimizerInFile::Keep });
        QCOMPARE(unknown.error().kind(), ErrorKind::InvalidArgument);
        QVERIFY(!fs::exists(at("no.h5")));
    }

    void keepsWhatItDoesNotUnderstand_data()
    {
        QTest::addColumn<QString>("format");
        QTest::newRow("copied") << "";
        QTest::newRow("built anew") << "h5-legacy";
    }
    void keepsWhatItDoesNotUnderstand()
    {
        QFETCH(QString, format);
        fs::copy_file(data / "opt_sgd_momentum/keras2.15/model.h5", at("odd.h5"),
            fs::copy_options::overwrite_existing);
        {
            auto file = *Hdf5File::edit(at("odd.h5"));
            auto root = *file.root();
            QVERIFY(root.setText("somebody's note", "keep me"));
            QVERIFY(root.createDataset("extra/deep/values", DType::UInt8, { 3 })
                        ->store(Tensor::of<std::uint8_t>({ 3 }, { 1, 2, 3 })));
            QVERIFY(root.group("extra")->setText("unit", "mm"));
        }
        const Network network = opened(at("odd.h5"));
        QVERIFY(problemsOf(network).contains("extra"));
        QVERIFY(problemsOf(network).contains("somebody's note"));
        saved(network, at("kept.h5"), { format.toStdString(), OptimizerInFile::Keep });
        const Hdf5Group root = rootOf(at("kept.h5"));
        QCOMPARE(*root.text("somebody's note"), std::string("keep me"));
        QCOMPARE(*root.group("extra")->text("unit"), std::string("mm"));
        QVERIFY(root.dataset("extra/deep/values")
                    ->load()
                    ->identicalTo(Tensor::of<std::uint8_t>({ 3 }, { 1, 2, 3 })));
    }

    void savesOverTheFileItCameFrom()
    {
        fs::copy_file(mlp, at("mine.h5"), fs::copy_options::overwrite_existing);
        Network network = opened(at("mine.h5"));
        network.weights[1].value = plus(network.weights[1].value, 2);
        saved(network, at("mine.h5"));
        // The Network still holds what it was opened from, and can be saved again.
        saved(network, at("mine.h5"), { "h5-weights", OptimizerInFile::Keep });
        saved(network, at("mine.h5"));
        QCOMPARE(floats(opened(at("mine.h5")).weights[1].value), floats(network.weights[1].value));
        QCOMPARE(differing(mlp, at("mine.h5")).size(), std::size_t{ 1 });
    }

    void leavesTheOldFileWhenStoppedOrRefused()
    {
        std::ofstream(at("old.h5")) << "old";
        const Network network = opened(mlp);
        std::stop_source stop;
        stop.request_stop();
        const auto stopped
            = saveNetwork(network, at("old.h5"), {}, JobContext(stop.get_token(), {}));
        QCOMPARE(stopped.error().kind(), ErrorKind::Stopped);
        Network wrong = network;
        wrong.weights[0].value = StoredTensor(Tensor::of<float>({ 1 }, { 1 }));
        QCOMPARE(saveNetwork(wrong, at("old.h5"), {}).error().kind(), ErrorKind::ShapeMismatch);
        QVERIFY(!saveNetwork(network, at("no/folder/new.h5"), {}));
        QVERIFY(!saveNetwork(network, fs::path(m_folder.path().toStdString()), { "h5-keras2" }));
        QCOMPARE(contentOf(at("old.h5")), std::string("old"));
        for (const auto& entry : fs::directory_iterator(m_folder.path().toStdString()))
            QVERIFY2(!entry.path().filename().string().starts_with(".layerscope"), "left behind");
    }

    void reportsProgressUpToTheEnd()
    {
        std::int64_t last = 0;
        bool rising = true;
        std::string what;
        const JobContext job(
            {}, [&](std::int64_t done, std::int64_t total, const std::string& words) {
                if (words == what)
                    rising = rising && done >= last && done <= total;
                last = done;
                what = words;
            });
        QVERIFY(saveNetwork(opened(mlp), at("progress.h5"), {}, job));
        QVERIFY(rising);
        QCOMPARE(what, std::string("checking"));
    }

    void saysSoWhereverAFileIsCut()
    {
        const std::string whole = contentOf(mlp);
        for (std::size_t length = 1; length < whole.size(); length += 61) {
            std::ofstream(at("cut.h5"), std::ios::binary) << whole.substr(0, length);
            const auto network = openNetwork(at("cut.h5"));
            QVERIFY(!network);
            const auto sentence = QString::fromStdString(network.error().sentence());
            QVERIFY2(sentence.contains("cut short"), qPrintable(sentence));
        }
    }

    void survivesRandomDamage()
    {
        const std::string whole = contentOf(mlp);
        for (unsigned seed = 0; seed < 300; ++seed) {
            std::mt19937 random(seed);
            std::string damaged = whole;
            for (int i = 0; i < 6; ++i)
                damaged[random() % damaged.size()] = static_cast<char>(random());
            std::ofstream(at("damaged.h5"), std::ios::binary) << damaged;
            const auto network = openNetwork(at("damaged.h5"));
            if (!network)
                QVERIFY(network.error().sentence().size() > 20);
            else
                for (const Weight& weight : network->weights)
                    static_cast<void>(weight.value.load().hasValue());
        }
    }
};

QTEST_GUILESS_MAIN(tst_KerasH5)
#include "tst_keras_h5.moc"
