#include "model/analysis/propose_architecture.h"
#include "model/formats/format.h"

#include <QtTest>

#include <set>

using namespace layerscope;
using namespace layerscope::analysis;

namespace {

const std::set<std::string> proposedClasses{ "Dense", "Conv1D", "Conv2D", "Conv3D",
    "DepthwiseConv2D", "SeparableConv2D", "BatchNormalization", "LayerNormalization", "LSTM", "GRU",
    "SimpleRNN", "Embedding", "PReLU", "Bidirectional" };

/// The weights of a model and nothing else, as a legacy weights-only file shows them.
Network weightsOf(const Network& model)
{
    Network network;
    network.weights = model.weights;
    network.file.weightsOnly = true;
    network.model.kind = LayerKind::Subclassed;
    visitLayers(model.model, [&](const Layer& layer, const std::vector<std::string>& path) {
        if (layer.weights.empty() || path.empty())
            return;
        Layer bare;
        bare.name = layer.name;
        bare.weights = layer.weights;
        network.model.layers.push_back(bare);
    });
    return network;
}

Network weights(std::initializer_list<std::pair<const char*, Shape>> arrays)
{
    Network network;
    network.model.kind = LayerKind::Subclassed;
    for (const auto& [path, shape] : arrays) {
        const std::string name = path;
        const std::string layer = name.substr(0, name.find('/'));
        if (network.model.layers.empty() || network.model.layers.back().name != layer)
            network.model.layers.emplace_back().name = layer;
        network.model.layers.back().weights.push_back(network.weights.size());
        network.weights.push_back({ name, name, true, *Tensor::zeros(DType::Float32, shape) });
    }
    return network;
}

std::vector<std::string> classesOf(const Proposal& proposal)
{
    std::vector<std::string> classes;
    for (const ProposedLayer& layer : proposal.layers)
        classes.push_back(layer.isKnown() ? layer.choice().className : "?");
    return classes;
}

using Names = std::vector<std::string>;

} // namespace

class tst_ProposeArchitecture : public QObject
{
    Q_OBJECT

private slots:
    void findsTheClassesOfRealModels_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* root : { TEST_DATA, SHARED_CORPUS })
            for (const char* name : { "model_mlp", "model_cnn", "layers_embedding_plain",
                     "layers_lstm", "layers_gru", "layers_simple_rnn", "layers_conv1d",
                     "layers_conv2d", "layers_conv3d", "layers_conv2d_depthwise_separable",
                     "cnn_batch_normalization", "layers_normalizations",
                     "layers_advanced_activations", "layers_bidirectional" })
                for (const char* version : { "keras2.15", "keras3.15" }) {
                    const QString file = QStringLiteral("%1/%2/%3/model.h5")
                                             .arg(QLatin1String(root), QLatin1String(name),
                                                 QLatin1String(version));
                    if (QFile::exists(file))
                        QTest::addRow("%s/%s of %s", name, version,
                            root == std::string(TEST_DATA) ? "data" : "corpus")
                            << file;
                }
    }
    void findsTheClassesOfRealModels()
    {
        QFETCH(QString, file);
        const auto model = formats::openNetwork(file.toStdString());
        QVERIFY(model);
        const auto proposal = proposeArchitecture(weightsOf(*model));
        QVERIFY(proposal);
        std::map<std::string, const ProposedLayer*> byName;
        for (const ProposedLayer& layer : proposal->layers)
            byName[layer.name] = &layer;
        visitLayers(model->model, [&](const Layer& layer, const std::vector<std::string>& path) {
            if (layer.weights.empty() || path.empty() || !proposedClasses.contains(layer.className))
                return;
            if (layer.className == "Bidirectional"
                && layer.config["layer"]["class_name"] == "ConvLSTM2D")
                return;
            const ProposedLayer* proposed = byName[layer.name];
            QVERIFY(proposed);
            const auto choices = proposed->choices;
            const bool isAmongThem = std::any_of(choices.begin(), choices.end(),
                [&](const ProposedClass& one) { return one.className == layer.className; });
            QVERIFY2(isAmongThem, (layer.name + " is a " + layer.className).c_str());
        });
    }

    void makesASequenceThatHoldsTheWeights()
    {
        const Network bare = weights(
            { { "c1/kernel", { 3, 3, 1, 8 } }, { "c1/bias", { 8 } }, { "bn/gamma", { 8 } },
                { "bn/beta", { 8 } }, { "bn/moving_mean", { 8 } }, { "bn/moving_variance", { 8 } },
                { "out/kernel", { 392, 10 } }, { "out/bias", { 10 } } });
        const auto proposal = proposeArchitecture(bare);
        QVERIFY(proposal);
        QCOMPARE(
            classesOf(*proposal), (Names{ "Conv2D", "BatchNormalization", "Flatten", "Dense" }));
        QCOMPARE(*proposal->inputShape, (PartialShape{ 7, 7, 1 })); // 392 = 7 x 7 x 8
        const auto network = networkOf(*proposal, bare);
        QVERIFY2(network, network ? "" : network.error().sentence().c_str());
        QCOMPARE(network->model.kind, LayerKind::Sequential);
        QCOMPARE(network->weights.size(), bare.weights.size());
        for (std::size_t i = 0; i < bare.weights.size(); ++i)
            QVERIFY(network->weights[i].value.sharesArrayWith(bare.weights[i].value));
        QVERIFY(!network->weights[4].trainable);
    }

    void returnsSequencesBetweenRecurrentLayers()
    {
        const Network bare = weights({ { "e/embeddings", { 100, 16 } }, { "a/kernel", { 16, 32 } },
            { "a/recurrent_kernel", { 8, 32 } }, { "a/bias", { 32 } }, { "b/kernel", { 8, 15 } },
            { "b/recurrent_kernel", { 5, 15 } }, { "b/bias", { 2, 15 } },
            { "out/kernel", { 5, 1 } }, { "out/bias", { 1 } } });
        const auto proposal = proposeArchitecture(bare);
        QVERIFY(proposal);
        QCOMPARE(classesOf(*proposal), (Names{ "Embedding", "LSTM", "GRU", "Dense" }));
        QCOMPARE(proposal->layers[1].choice().config["return_sequences"], Json(true));
        QCOMPARE(proposal->layers[2].choice().config["return_sequences"], Json(false));
        QCOMPARE(proposal->layers[2].choice().config["reset_after"], Json(true));
        QVERIFY(networkOf(*proposal, bare));
    }

    /// Such files list groups by class name.
    void ordersTheLayersOfANewerWeightsFile()
    {
        Network bare = weights({ { "batch_normalization/0", { 8 } },
            { "batch_normalization/1", { 8 } }, { "batch_normalization/2", { 8 } },
            { "batch_normalization/3", { 8 } }, { "conv2d/0", { 3, 3, 1, 8 } },
            { "conv2d/1", { 8 } }, { "conv2d_1/0", { 3, 3, 8, 16 } }, { "conv2d_1/1", { 16 } },
            { "dense/0", { 64, 10 } }, { "dense/1", { 10 } } });
        bare.file.format = "weights.h5";
        const auto proposal = proposeArchitecture(bare);
        QVERIFY(proposal);
        QCOMPARE(classesOf(*proposal),
            (Names{ "Conv2D", "BatchNormalization", "Conv2D", "Flatten", "Dense" }));
        QVERIFY(proposal->remarks.front().find("order is a guess") != std::string::npos);
        QVERIFY(networkOf(*proposal, bare));
    }

    void saysWhereAModelBranches()
    {
        const Network bare
            = weights({ { "a/kernel", { 4, 8 } }, { "a/bias", { 8 } }, { "b/kernel", { 4, 8 } },
                { "b/bias", { 8 } }, { "c/kernel", { 16, 2 } }, { "c/bias", { 2 } } });
        const auto proposal = proposeArchitecture(bare);
        QVERIFY(proposal);
        QVERIFY(proposal->remarks.front().find("'b' takes 4 features") != std::string::npos);
        const auto network = networkOf(*proposal, bare);
        QVERIFY(!network);
        QCOMPARE(network.error().kind(), ErrorKind::Unsupported);
    }

    void knowsVgg16ByItsShapes()
    {
        std::vector<std::pair<std::string, Shape>> arrays;
        std::int64_t in = 3;
        int number = 0;
        for (const std::int64_t filters :
            { 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512 }) {
            const std::string name = "block_conv" + std::to_string(++number);
            arrays.emplace_back(name + "/kernel", Shape{ 3, 3, in, filters });
            arrays.emplace_back(name + "/bias", Shape{ filters });
            in = filters;
        }
        Network network;
        network.model.kind = LayerKind::Subclassed;
        for (const auto& [path, shape] : arrays) {
            const std::string layer = path.substr(0, path.find('/'));
            if (network.model.layers.empty() || network.model.layers.back().name != layer)
                network.model.layers.emplace_back().name = layer;
            network.model.layers.back().weights.push_back(network.weights.size());
            network.weights.push_back({ path, path, true, *Tensor::zeros(DType::Float32, shape) });
        }
        const auto proposal = proposeArchitecture(network);
        QVERIFY(proposal);
        QCOMPARE(proposal->knownModel, std::string("VGG16 without its top"));
    }

    void leavesWhatItDoesNotKnowOpen()
    {
        const Network bare
            = weights({ { "odd/a", { 2, 3 } }, { "odd/b", { 7 } }, { "odd/c", { 5, 5, 5 } } });
        const auto proposal = proposeArchitecture(bare);
        QVERIFY(proposal);
        QCOMPARE(classesOf(*proposal), (Names{ "?" }));
        QVERIFY(!networkOf(*proposal, bare));
        QVERIFY(proposalText(*proposal).find("no known class fits") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(tst_ProposeArchitecture)
#include "tst_propose_architecture.moc"
