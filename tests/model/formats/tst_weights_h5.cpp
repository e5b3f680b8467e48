#include "tests/model/formats/v3_files.h"

using namespace layerscope;
using namespace layerscope::formats;
using namespace layerscope::tests;

class tst_WeightsH5 : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

private slots:
    void savesEveryFileAsItWas_data() { addFileRows("model.weights.h5"); }
    void savesEveryFileAsItWas()
    {
        QFETCH(QString, path);
        if (path.contains("model_unzipped"))
            QSKIP("part of a folder");
        const Network network = opened(path.toStdString());
        QVERIFY(network.file.weightsOnly);
        const SaveReport report = saved(network, at("again.weights.h5"));
        QCOMPARE(report.format, network.file.format);
        QVERIFY(contentOf(path.toStdString()) == contentOf(at("again.weights.h5")));
    }

    void namesLayersAndWeights()
    {
        const Network network = opened(data / "model_mlp/keras3.15/model.weights.h5");
        QCOMPARE(network.file.format, std::string("weights.h5"));
        QCOMPARE(network.model.layers.size(), std::size_t{ 3 });
        QCOMPARE(network.model.layers[0].name, std::string("dense_a"));
        QCOMPARE(network.model.layers[0].className, std::string("Dense"));
        QCOMPARE(network.weights[0].path, std::string("dense_a/kernel"));
        QVERIFY(network.optimizer);
        QCOMPARE(network.optimizer->className, std::string("Adam"));
        QVERIFY(network.optimizer->iterations.value_or(0) > 0);
    }

    void tellsTheGenerations()
    {
        QCOMPARE(opened(data / "model_mlp/keras2.15/model.weights.h5").file.format,
            std::string("weights.h5-keras2"));
    }

    void readsShards()
    {
        const Network network = opened(data / "model_mlp/keras3.15/sharded.weights.json");
        const Network whole = opened(data / "model_mlp/keras3.15/model.weights.h5");
        QCOMPARE(network.weights.size(), whole.weights.size());
        for (std::size_t i = 0; i < whole.weights.size(); ++i)
            QVERIFY(network.weights[i].value.load()->identicalTo(*whole.weights[i].value.load()));
        saved(network, at("joined.weights.h5"));
        QCOMPARE(opened(at("joined.weights.h5")).weights.size(), whole.weights.size());
    }

    void savesShardsAsTheyWere()
    {
        const fs::path from = data / "model_mlp/keras3.15/sharded.weights.json";
        const SaveReport report = saved(opened(from), at("sharded.weights.json"));
        QCOMPARE(report.format, std::string("weights.json"));
        // Another reader: what lies in the file beside the index.
        const V3Content before = weightsIn(data / "model_mlp/keras3.15/sharded_00000.weights.h5");
        const V3Content after = weightsIn(at("sharded_00000.weights.h5"));
        QVERIFY(sameArrays(before, after));
        QCOMPARE(after.groups, before.groups);
        const auto index = [](const fs::path& path) {
            std::ifstream stream(path);
            return Json::parse(stream);
        };
        QVERIFY(index(from)["metadata"] == index(at("sharded.weights.json"))["metadata"]);
        QVERIFY(index(from)["weight_map"] == index(at("sharded.weights.json"))["weight_map"]);
    }

    void splitsWeightsOverFiles()
    {
        const Network network = opened(data / "model_mlp/keras3.15/model.keras");
        WriteOptions options;
        options.shardBytes = 500;
        saved(network, at("split.weights.json"), options);
        std::size_t files = 0;
        std::size_t arrays = 0;
        for (; fs::exists(at(("split_0000" + std::to_string(files) + ".weights.h5").c_str()));
             ++files) {
            const Network part
                = opened(at(("split_0000" + std::to_string(files) + ".weights.h5").c_str()));
            std::int64_t bytes = 0;
            const auto add = [&](const StoredTensor& value) {
                bytes += value.byteCount();
                ++arrays;
            };
            for (const Weight& weight : part.weights)
                add(weight.value);
            for (const OptimizerVariable& variable :
                part.optimizer ? part.optimizer->variables : std::vector<OptimizerVariable>())
                add(variable.value);
            QVERIFY(bytes <= 500);
        }
        QVERIFY(files > 3);
        QCOMPARE(arrays, network.weights.size() + network.optimizer->variables.size());
        const Network again = opened(at("split.weights.json"));
        QVERIFY(again.problems.empty());
        QCOMPARE(again.weights.size(), network.weights.size());
    }

    void leavesTheOldShardsUntilTheNewOnesAreThere()
    {
        Network network = opened(data / "model_mlp/keras3.15/model.keras");
        saved(network, at("twice.weights.json"));
        const Network first = opened(at("twice.weights.json"));
        network.weights[0].value = plus(network.weights[0].value, 1);
        network.history = Json{ { "loss", { 2.0, 1.0 } } };
        saved(network, at("twice.weights.json"));
        QVERIFY(!fs::exists(at("twice_00000.weights.h5"))); // a name that was taken till the end
        QVERIFY(fs::exists(at("twice_00001.weights.h5")));
        const Network second = opened(at("twice.weights.json"));
        QVERIFY(second.history == network.history);
        QVERIFY(!second.weights[0].value.load()->identicalTo(*first.weights[0].value.load()));
    }

    void takesBareWeightsToKeras3()
    {
        const fs::path from = data / "model_mlp/keras2.15/model.weights.h5";
        WriteOptions options;
        options.format = "weights.h5";
        const SaveReport report = saved(opened(from), at("three.weights.h5"), options);
        QVERIFY(!report.remarks.empty()); // of the optimizer
        V3Content source = weightsIn(from);
        std::erase_if(
            source.arrays, [](const auto& entry) { return !entry.first.starts_with("layers/"); });
        const V3Content target = weightsIn(at("three.weights.h5"));
        QVERIFY(sameArrays(source, target));
        // Keras 3's own file of the same architecture names the same places.
        V3Content own = weightsIn(data / "model_mlp/keras3.15/model.weights.h5");
        for (const auto& [path, array] : target.arrays)
            QVERIFY2(own.arrays.contains(path), path.c_str());
        QCOMPARE(opened(at("three.weights.h5")).file.format, std::string("weights.h5"));
    }

    void takesAttentionAndTheCountingOf212ToKeras3()
    {
        const fs::path corpus = fs::path(SHARED_CORPUS);
        if (!fs::exists(corpus))
            QSKIP("the corpus is not here");
        WriteOptions options;
        options.format = "weights.h5";
        for (const char* name : { "layers_multi_head_attention", "model_transformer" }) {
            saved(
                opened(corpus / name / "keras2.15/model.weights.h5"), at("a.weights.h5"), options);
            const V3Content own = weightsIn(corpus / name / "keras3.15/model.weights.h5");
            for (const auto& [path, array] : weightsIn(at("a.weights.h5")).arrays)
                QVERIFY2(own.arrays.contains(path) && own.arrays.at(path).shape() == array.shape(),
                    path.c_str());
        }
    }

    void saysWhyBareWeightsDoNotCrossElsewhere()
    {
        const Network three = opened(data / "model_mlp/keras3.15/model.weights.h5");
        for (const char* format : { "weights.h5-keras2", "savedmodel", "h5-keras2", "keras" }) {
            WriteOptions options;
            options.format = format;
            const auto report = saveNetwork(three, at("no"), options);
            QVERIFY(!report);
            QCOMPARE(report.error().kind(), ErrorKind::Unsupported);
            QVERIFY(report.error().message().find("--architecture") != std::string::npos);
        }
    }

    void refusesShardsElsewhere()
    {
        std::ofstream(at("x.weights.json"))
            << R"({"metadata": {}, "weight_map": {"/vars": "../secret.weights.h5"}})";
        const auto network = openNetwork(at("x.weights.json"));
        QVERIFY(!network);
        QCOMPARE(network.error().kind(), ErrorKind::Corrupt);
    }

    void keepsAHistory()
    {
        Network network = opened(data / "model_mlp/keras3.15/model.weights.h5");
        network.history = Json{ { "loss", { 2.0, 1.0 } } };
        network.weights[1].value = plus(network.weights[1].value, 3);
        saved(network, at("history.weights.h5"));
        Network again = opened(at("history.weights.h5"));
        QVERIFY(again.history == network.history);
        QVERIFY(again.weights[1].value.load()->identicalTo(*network.weights[1].value.load()));
        again.history = nullptr;
        saved(again, at("none.weights.h5"));
        QVERIFY(opened(at("none.weights.h5")).history.is_null());
    }

    void leavesTheOptimizerOut()
    {
        WriteOptions options;
        options.optimizer = OptimizerInFile::Drop;
        const fs::path from = data / "model_mlp/keras2.15/model.weights.h5";
        saved(opened(from), at("bare.weights.h5"), options);
        const V3Content content = weightsIn(at("bare.weights.h5"));
        QVERIFY(std::ranges::none_of(
            content.groups, [](const auto& name) { return name.starts_with("optimizer"); }));
        QVERIFY(fs::file_size(at("bare.weights.h5")) < fs::file_size(from));
    }
};

QTEST_GUILESS_MAIN(tst_WeightsH5)
#include "tst_weights_h5.moc"
