#include "model/formats/format.h"
#include "model/network/architecture.h"
#include "model/network/attach.h"

#include <QtTest>

using namespace layerscope;

namespace {

Network open(const std::string& name)
{
    auto network = formats::openNetwork(std::filesystem::path(TEST_DATA) / name);
    if (!network)
        qFatal("%s", network.error().sentence().c_str());
    return *std::move(network);
}

/// The architecture alone, as model.to_json() gives it.
Network bare(const Network& model)
{
    Network network;
    network.architecture = model.architecture;
    network.generation = model.generation;
    network.file.kerasVersion = model.file.kerasVersion;
    network.training = model.training;
    network.model = *parseArchitecture(model.architecture.value(), network.problems);
    return network;
}

void compareWeights(const Network& is, const Network& wanted)
{
    QCOMPARE(is.weights.size(), wanted.weights.size());
    for (std::size_t i = 0; i < is.weights.size(); ++i) {
        const auto left = is.weights[i].value.load();
        const auto right = wanted.weights[i].value.load();
        QVERIFY(left && right);
        QVERIFY2(left->identicalTo(*right), wanted.weights[i].path.c_str());
        QCOMPARE(is.weights[i].trainable, wanted.weights[i].trainable);
    }
}

} // namespace

class tst_Attach : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

private slots:
    /// The model of a legacy weights-only file, out of the whole file's architecture alone.
    void bringsAModelBackFromLegacyWeights_data()
    {
        QTest::addColumn<QString>("folder");
        for (const char* folder : { "model_cnn", "model_nested", "model_shared_layers",
                 "model_residual", "layers_dense_activations", "layers_normalizations",
                 "cnn_batch_normalization", "embedding_average" })
            if (QFile::exists(QString(TEST_DATA "/%1/keras2.15/legacy_weights.h5")
                                  .arg(QLatin1String(folder))))
                QTest::newRow(folder) << folder;
    }
    void bringsAModelBackFromLegacyWeights()
    {
        QFETCH(QString, folder);
        const std::string where = folder.toStdString() + "/keras2.15/";
        const Network whole = open(where + "model.h5");
        const Network weights = open(where + "legacy_weights.h5");
        const auto attached = attachArchitecture(weights, bare(whole));
        QVERIFY(attached);
        QVERIFY2(attached->isComplete(), attached->fault.c_str());
        QVERIFY(!attached->network.file.weightsOnly);
        compareWeights(attached->network, whole);
    }

    void bringsAModelBackFromArrays_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("name");
        for (const char* name : { "w.npz", "w.safetensors" })
            for (const char* model :
                { "model_cnn/keras2.15/model.h5", "model_nested_shared/keras3.15/model.h5",
                    "model_frozen/keras3.15/model.h5", "opt_adam_amsgrad/keras2.15/model.h5" })
                if (QFile::exists(QLatin1String(TEST_DATA "/") + QLatin1String(model)))
                    QTest::addRow("%s as %s", model, name) << model << name;
    }
    void bringsAModelBackFromArrays()
    {
        QFETCH(QString, model);
        QFETCH(QString, name);
        const Network whole = open(model.toStdString());
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / name.toStdString();
        QVERIFY(formats::saveNetwork(whole, path, {}));
        const auto arrays = formats::openNetwork(path);
        QVERIFY(arrays);
        const auto attached = attachArchitecture(*arrays, bare(whole));
        QVERIFY(attached);
        QVERIFY2(attached->isComplete(), attached->fault.c_str());
        compareWeights(attached->network, whole);
        if (!whole.optimizer)
            return;
        QVERIFY2(attached->network.optimizer,
            attached->remarks.empty() ? "" : attached->remarks.front().c_str());
        for (std::size_t i = 0; i < whole.optimizer->variables.size(); ++i) {
            const auto& is = attached->network.optimizer->variables[i];
            const auto& wanted = whole.optimizer->variables[i];
            QCOMPARE(is.weight, wanted.weight);
            QCOMPARE(is.slot, wanted.slot);
        }
    }

    void takesTheWeightsOfAnotherWholeModel()
    {
        const Network older = open("model_cnn/keras2.15/model.h5");
        const Network newer = open("model_cnn/keras3.15/model.h5");
        const auto attached = attachArchitecture(newer, older);
        QVERIFY(attached && attached->isComplete());
        QCOMPARE(attached->network.generation, older.generation);
        for (std::size_t i = 0; i < older.weights.size(); ++i)
            QCOMPARE(attached->network.weights[i].path, older.weights[i].path);
        QVERIFY(attached->network.weights[0].value.sharesArrayWith(newer.weights[0].value));
    }

    void saysWhichLayerIsExtra()
    {
        Network weights = open("model_mlp/keras2.15/model.h5");
        const Network architecture = bare(weights);
        Layer extra;
        extra.name = "dense_extra";
        extra.weights = { weights.weights.size() };
        weights.weights.push_back({ "k", "dense_extra/kernel:0", true, Tensor() });
        weights.model.layers.push_back(extra);
        const auto attached = attachArchitecture(weights, architecture);
        QVERIFY(attached && !attached->isComplete());
        QVERIFY2(attached->fault.find("'dense_extra' of the file is extra") != std::string::npos,
            attached->fault.c_str());
        QCOMPARE(attached->matches.back().state, MatchState::Extra);
        QVERIFY(matchTable(*attached).find("dense_extra") != std::string::npos);
    }

    void saysWhichShapeDiffers()
    {
        Network weights = open("model_mlp/keras2.15/model.h5");
        const Network architecture = bare(weights);
        weights.weights[0].value = Tensor::of<float>({ 2, 1 }, { 1, 2 });
        const auto attached = attachArchitecture(weights, architecture);
        QVERIFY(attached && !attached->isComplete());
        QVERIFY2(attached->fault.find("should have shape [None, ") != std::string::npos,
            attached->fault.c_str());
        QVERIFY(attached->fault.find("and has [2, 1]") != std::string::npos);
    }

    void neverTransposes()
    {
        const Network whole = open("model_mlp/keras2.15/model.h5");
        Network torch;
        torch.model.kind = LayerKind::Subclassed;
        for (const Weight& weight : whole.weights) {
            Shape shape = weight.value.shape();
            std::reverse(shape.begin(), shape.end());
            torch.weights.push_back(
                { "", "fc.weight", true, *Tensor::zeros(DType::Float32, shape) });
        }
        const auto attached = attachArchitecture(torch, bare(whole));
        QVERIFY(attached && !attached->isComplete());
        QVERIFY(attached->remarks.front().find("PyTorch") != std::string::npos);
    }

    void refusesWhatIsNoArchitecture()
    {
        const Network weights = open("model_cnn/keras2.15/legacy_weights.h5");
        const auto attached = attachArchitecture(weights, weights);
        QVERIFY(!attached);
        QCOMPARE(attached.error().kind(), ErrorKind::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(tst_Attach)
#include "tst_attach.moc"
