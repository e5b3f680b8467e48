// .npz and .safetensors as formats of weights.
#include "model/formats/format.h"
#include "model/formats/named_arrays.h"

#include <QtTest>

using namespace layerscope;
using namespace layerscope::formats;

namespace {

std::filesystem::path dataFile(const char* name)
{
    return std::filesystem::path(TEST_DATA) / name;
}

} // namespace

class tst_NamedArrays : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path at(const std::string& name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

private slots:
    void bringsWeightsAndOptimizerBack_data()
    {
        QTest::addColumn<QString>("suffix");
        QTest::addColumn<QString>("model");
        for (const char* suffix : { "npz", "safetensors" })
            for (const char* model : { "model_cnn/keras2.15/model.h5",
                     "model_nested_shared/keras3.15/model.h5", "opt_adamw/keras3.15/model.h5",
                     "model_mlp/keras2.15/model.keras", "model_mlp/keras3.15/model.keras" })
                QTest::addRow("%s from %s", suffix, model) << suffix << model;
    }
    void bringsWeightsAndOptimizerBack()
    {
        QFETCH(QString, suffix);
        QFETCH(QString, model);
        const auto original = openNetwork(dataFile(qPrintable(model)));
        QVERIFY(original);
        const auto path = at("weights." + suffix.toStdString());
        const auto report = saveNetwork(*original, path, {});
        QVERIFY2(report, report ? "" : report.error().sentence().c_str());
        QCOMPARE(report->format, suffix.toStdString());
        const std::size_t variables
            = original->optimizer ? original->optimizer->variables.size() : 0;
        QVERIFY(report->tensorsCompared >= original->weights.size());

        const auto again = openNetwork(path);
        QVERIFY2(again, again ? "" : again.error().sentence().c_str());
        QVERIFY(again->file.weightsOnly);
        QCOMPARE(again->weights.size(), original->weights.size());
        for (std::size_t i = 0; i < again->weights.size(); ++i) {
            QCOMPARE(again->weights[i].path, original->weights[i].path);
            QCOMPARE(again->weights[i].trainable || suffix == "npz",
                original->weights[i].trainable || suffix == "npz");
        }
        QCOMPARE(again->optimizer ? again->optimizer->variables.size() : 0, variables);
        if (variables > 0)
            QCOMPARE(again->optimizer->iterations, original->optimizer->iterations);
    }

    void leavesTheOptimizerOutWhenAsked()
    {
        const auto original = openNetwork(dataFile("model_cnn/keras2.15/model.h5"));
        QVERIFY(original && original->optimizer);
        const auto report = saveNetwork(*original, at("w.npz"), { "", OptimizerInFile::Drop });
        QVERIFY(report);
        const auto again = openNetwork(at("w.npz"));
        QVERIFY(again && !again->optimizer);
        QCOMPARE(again->weights.size(), original->weights.size());
    }

    void keepsEqualNamesApart()
    {
        Network network;
        for (int i = 0; i < 3; ++i)
            network.weights.push_back({ "kernel", "dense/kernel", true, Tensor::scalar(float(i)) });
        for (const char* name : { "twice.npz", "twice.safetensors" }) {
            const auto report = saveNetwork(network, at(name), {});
            QVERIFY2(report, report ? "" : report.error().sentence().c_str());
            QCOMPARE(report->tensorsCompared, std::size_t{ 3 });
            const auto again = openNetwork(at(name));
            QVERIFY(again);
            QCOMPARE(again->weights[1].path, std::string("dense/kernel_1"));
            QCOMPARE(again->weights[2].path, std::string("dense/kernel_2"));
        }
    }

    void groupsByWhatStandsBeforeTheLastSeparator()
    {
        const Network network = networkOfArrays({ { "seq/dense/kernel", Tensor() },
            { "seq/dense/bias", Tensor() }, { "encoder.0.weight", Tensor() },
            { "bn/moving_mean:0", Tensor() }, { "alone", Tensor() } });
        QCOMPARE(network.model.layers.size(), std::size_t{ 3 });
        QCOMPARE(network.model.layers[0].name, std::string("seq/dense"));
        QCOMPARE(network.model.layers[0].weights.size(), std::size_t{ 2 });
        QCOMPARE(network.model.layers[1].name, std::string("encoder.0"));
        QVERIFY(!network.weights[3].trainable);
        QCOMPARE(network.model.weights, (std::vector<WeightIndex>{ 4 }));
    }

    void saysWhatADataSetIs()
    {
        const auto failed = openNetwork(dataFile("model_cnn/keras2.15/arrays.npz"));
        Q_UNUSED(failed); // whatever it is, it does not crash
        QVERIFY(containers::writeNpz(at("data.npz"),
            std::vector<containers::NamedTensor>{ { "x", Tensor() }, { "y", Tensor() } }));
        const auto data = openNetwork(at("data.npz"));
        QVERIFY(!data);
        QVERIFY(data.error().message().find("data set") != std::string::npos);
        QVERIFY(containers::writeNpz(
            at("inputs.npz"), std::vector<containers::NamedTensor>{ { "input_0", Tensor() } }));
        const auto inputs = openNetwork(at("inputs.npz"));
        QVERIFY(!inputs);
        QVERIFY(inputs.error().message().find("inputs of a model") != std::string::npos);
    }

    void opensAnArchitectureAlone()
    {
        const auto original = openNetwork(dataFile("model_mlp/keras2.15/model.h5"));
        QVERIFY(original);
        QFile file(QString::fromStdString(at("model.json").string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(original->architecture.text().c_str());
        file.close();
        const auto network = openNetwork(at("model.json"));
        QVERIFY2(network, network ? "" : network.error().sentence().c_str());
        QVERIFY(network->weights.empty());
        QCOMPARE(network->model.layers.size(), original->model.layers.size());
        QCOMPARE(
            network->problems.back().what, std::string("This is an architecture without weights."));
    }
};

QTEST_GUILESS_MAIN(tst_NamedArrays)
#include "tst_named_arrays.moc"
