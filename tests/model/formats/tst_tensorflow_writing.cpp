#include "model/containers/tensor_bundle.h"
#include "model/formats/format.h"
#include "model/formats/tracked_tree.h"
#include "model/network/function_graph.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace layerscope;
namespace fs = std::filesystem;

namespace {

fs::path dataFile(const char* name)
{
    return fs::path(TEST_DATA) / name;
}

/// The files of a folder by name, hidden ones too.
QStringList filesIn(const fs::path& folder)
{
    return QDir(QString::fromStdString(folder.string()))
        .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

bool equalValues(const StoredTensor& a, const StoredTensor& b)
{
    const auto left = a.load();
    const auto right = b.load();
    return left && right && left->identicalTo(*right);
}

Network opened(const fs::path& path)
{
    auto network = formats::openNetwork(path);
    if (!network)
        qFatal("%s", network.error().sentence().c_str());
    return *std::move(network);
}

} // namespace

/// Witness: Keras 2's own keys and orders, written out here; real Keras loads such files in
/// tests/interop/saved_models.py.
class tst_TensorflowWriting : public QObject
{
    Q_OBJECT

private slots:
    void aSavedModelFromScratchHoldsTheWholeModel_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* name :
            { "model_mlp", "model_nested", "model_nested_shared", "model_frozen", "opt_legacy_adam",
                "opt_adam_exponential", "layers_normalizations" })
            QTest::newRow(name) << QString(name) + "/keras2.15/model.h5";
    }
    void aSavedModelFromScratchHoldsTheWholeModel()
    {
        QFETCH(QString, file);
        const Network original = opened(dataFile(file.toUtf8().constData()));
        const QTemporaryDir scratch;
        const fs::path target = scratch.filePath("saved").toStdString();
        const auto report = formats::saveNetwork(original, target, { .format = "savedmodel" });
        QVERIFY2(report, report ? "" : report.error().sentence().c_str());
        const Network saved = opened(target);
        QCOMPARE(saved.file.format, std::string("savedmodel"));
        QCOMPARE(saved.weights.size(), original.weights.size());
        for (WeightIndex i = 0; i < saved.weights.size(); ++i) {
            QVERIFY(equalValues(saved.weights[i].value, original.weights[i].value));
            QCOMPARE(saved.weights[i].trainable, original.weights[i].trainable);
        }
        QCOMPARE(saved.architecture.value(), original.architecture.value());
        if (!original.optimizer)
            return;
        QVERIFY(saved.optimizer);
        QCOMPARE(saved.training->source.value(), original.training->source.value());
        QCOMPARE(saved.optimizer->iterations, original.optimizer->iterations);
        QCOMPARE(saved.optimizer->variables.size(), original.optimizer->variables.size());
        for (std::size_t i = 0; i < saved.optimizer->variables.size(); ++i) {
            QCOMPARE(saved.optimizer->variables[i].slot, original.optimizer->variables[i].slot);
            QVERIFY(equalValues(
                saved.optimizer->variables[i].value, original.optimizer->variables[i].value));
        }
    }

    /// The example of savedmodel-writing 3.5: numbering, keys, optimizer last.
    void numbersObjectsBreadthFirstAsKeras()
    {
        const Network network = opened(dataFile("model_mlp/keras2.15/model.h5"));
        const auto tree = formats::trackedTree(network, {});
        QVERIFY2(tree, tree ? "" : tree.error().sentence().c_str());
        const auto& root = tree->nodes[0];
        QCOMPARE(root.identifier, std::string("_tf_keras_sequential"));
        QCOMPARE(root.children[0].first, std::string("layer_with_weights-0"));
        QCOMPARE(root.children[1].first, std::string("layer-0"));
        QCOMPARE(root.children[0].second, root.children[1].second);
        QCOMPARE(tree->nodes[1].path, std::string("root.layer_with_weights-0"));
        const std::size_t kernel = tree->nodes[1].children[0].second;
        QCOMPARE(tree->nodes[1].children[0].first, std::string("kernel"));
        QCOMPARE(tree->nodes[kernel].key,
            std::string("layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE"));
        QVERIFY(tree->checkpointOnly < tree->nodes.size());
        for (std::size_t i = 0; i < tree->checkpointOnly; ++i)
            for (const auto& [name, child] : tree->nodes[i].children)
                QVERIFY(child < tree->checkpointOnly || name == "optimizer");
    }

    /// Real Keras wrote the checkpoint and the .h5 of one model.
    void aCheckpointHasTheKeysThatKerasGives_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::newRow("new optimizer") << "model_mlp/keras2.15";
        QTest::newRow("legacy optimizer") << "opt_legacy_adam/keras2.15";
    }
    void aCheckpointHasTheKeysThatKerasGives()
    {
        QFETCH(QString, folder);
        const fs::path source = dataFile(folder.toUtf8().constData());
        const Network network = opened(source / "model.h5");
        const QTemporaryDir scratch;
        const fs::path target = scratch.filePath("ckpt").toStdString();
        const auto report = formats::saveNetwork(network, target, { .format = "checkpoint" });
        QVERIFY2(report, report ? "" : report.error().sentence().c_str());
        const auto ours = containers::TensorBundle::open(target);
        const auto theirs = containers::TensorBundle::open(source / "ckpt" / "ckpt");
        QVERIFY(ours);
        QVERIFY(theirs);
        for (const auto& [key, entry] : theirs->entries()) {
            if (key == "_CHECKPOINTABLE_OBJECT_GRAPH"
                || key == "save_counter/.ATTRIBUTES/VARIABLE_VALUE"
                || key.starts_with("keras_api/"))
                continue;
            QVERIFY2(ours->contains(key), key.c_str());
            QVERIFY2(equalValues(*ours->tensor(key), *theirs->tensor(key)), key.c_str());
        }
        QCOMPARE(filesIn(scratch.path().toStdString()),
            (QStringList{ "checkpoint", "ckpt.data-00000-of-00001", "ckpt.index" }));
    }

    void aCheckpointSavedAgainKeepsItsKeysAndReplacesItsFiles()
    {
        const QTemporaryDir scratch;
        const fs::path target = scratch.filePath("ckpt").toStdString();
        Network network = opened(dataFile("opt_legacy_adam/keras2.15/ckpt/ckpt"));
        QVERIFY(formats::saveNetwork(network, target, { .format = "checkpoint" }));
        Tensor changed = *network.weights[0].value.load();
        changed.mutableValuesAs<float>()[0] = 42;
        network.weights[0].value = StoredTensor(changed);
        // Over itself: the data get another name, so that no moment has the old index over new
        // data.
        const auto report = formats::saveNetwork(network, target, { .format = "checkpoint" });
        QVERIFY2(report, report ? "" : report.error().sentence().c_str());
        QCOMPARE(filesIn(scratch.path().toStdString()),
            (QStringList{ "checkpoint", "ckpt.data-00000-of-00002", "ckpt.data-00001-of-00002",
                "ckpt.index" }));
        const auto saved = containers::TensorBundle::open(target);
        const auto source
            = containers::TensorBundle::open(dataFile("opt_legacy_adam/keras2.15/ckpt/ckpt"));
        QVERIFY(saved);
        QCOMPARE(saved->entries().size(), source->entries().size());
        QCOMPARE(*saved->text("_CHECKPOINTABLE_OBJECT_GRAPH"),
            *source->text("_CHECKPOINTABLE_OBJECT_GRAPH"));
        const Network again = opened(target);
        QCOMPARE(again.weights[0].value.load()->valuesAs<float>()[0], 42.0F);
    }

    /// A kind of optimizer that the file did not have goes into the checkpoint's graph alone.
    void anotherOptimizerIsAppended()
    {
        Network network = opened(dataFile("model_mlp/keras2.15/saved_model_notraces"));
        const Network other = opened(dataFile("opt_sgd_momentum/keras2.15/model.h5"));
        OptimizerState state;
        state.className = "SGD";
        state.dialect = KerasGeneration::Keras2;
        state.config = Json{ { "name", "SGD" }, { "learning_rate", 0.25 }, { "momentum", 0.5 } };
        state.iterations = 77;
        state.variables.push_back({ "iteration:0", "iteration", SlotRole::Iteration, {}, {},
            StoredTensor(Tensor::scalar<std::int64_t>(77)) });
        for (const WeightIndex index : trainableWeights(network))
            state.variables.push_back({ "m/" + network.weights[index].name, "", SlotRole::Slot,
                "momentum", index, network.weights[index].value });
        network.optimizer = state;
        Json setup = network.training->source.value();
        setup["optimizer_config"]
            = Json{ { "class_name", "Custom>SGD" }, { "config", state.config } };
        network.training = TrainingSetup{ JsonText(setup) };
        const QTemporaryDir scratch;
        const fs::path target = scratch.filePath("saved").toStdString();
        const auto report = formats::saveNetwork(network, target, { .format = "savedmodel" });
        QVERIFY2(report, report ? "" : report.error().sentence().c_str());
        const Network saved = opened(target);
        QVERIFY(saved.optimizer);
        QCOMPARE(saved.optimizer->className, std::string("SGD"));
        QCOMPARE(saved.optimizer->iterations, std::optional<std::int64_t>(77));
        QCOMPARE(saved.optimizer->variables.size(), state.variables.size());
        // And once more, over what was written.
        QVERIFY(formats::saveNetwork(saved, target, { .format = "savedmodel" }));
        QCOMPARE(opened(target).optimizer->iterations, std::optional<std::int64_t>(77));
    }

    void aSubclassedModelIsSavedAgainAndNotMadeAnew()
    {
        Network network = opened(dataFile("model_subclassed/keras2.15/saved_model"));
        const QTemporaryDir scratch;
        const fs::path target = scratch.filePath("saved").toStdString();
        QVERIFY(formats::saveNetwork(network, target, { .format = "savedmodel" }));
        network.carried = {};
        const auto refused = formats::saveNetwork(network, target, { .format = "savedmodel" });
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind(), ErrorKind::Unsupported);
    }

    /// Keras 3's export() holds every variable twice.
    void bothCopiesOfAnExportedVariableChange()
    {
        Network network = opened(dataFile("model_mlp/keras3.15/export"));
        QVERIFY(network.functions);
        QVERIFY(!network.functions->empty());
        QVERIFY(!network.problems.empty());
        Tensor changed = *network.weights[0].value.load();
        changed.mutableValuesAs<float>()[0] = 42;
        network.weights[0].value = StoredTensor(changed);
        const QTemporaryDir scratch;
        const fs::path target = scratch.filePath("saved").toStdString();
        const auto report = formats::saveNetwork(network, target, { .format = "savedmodel" });
        QVERIFY2(report, report ? "" : report.error().sentence().c_str());
        const auto bundle = containers::TensorBundle::open(target / "variables" / "variables");
        int copies = 0;
        for (const auto& [key, entry] : bundle->entries())
            if (entry.dtype == DType::Float32 && entry.shape == changed.shape()
                && bundle->tensor(key)->load()->valuesAs<float>()[0] == 42.0F)
                ++copies;
        QCOMPARE(copies, 2);
    }

    void aSignatureIsShownAsATreeOfOps()
    {
        const Network network = opened(dataFile("model_mlp/keras3.15/export"));
        const FunctionGraph& signature = network.functions->front();
        QVERIFY(signature.isSignature);
        QVERIFY(signature.nodeCount > 0);
        int products = 0;
        for (const FunctionNode& node : signature.nodes)
            products += node.op == "MatMul" ? 1 : 0;
        QVERIFY(products > 0);
        const Layer tree = scopesOf(signature);
        QVERIFY(!tree.layers.empty());
    }
};

QTEST_GUILESS_MAIN(tst_TensorflowWriting)
#include "tst_tensorflow_writing.moc"
