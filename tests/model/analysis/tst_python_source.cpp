// That the source really rebuilds a model, real Keras says (tests/interop).
#include "model/analysis/python_source.h"
#include "model/formats/format.h"

#include <QtTest>

using namespace layerscope;
using namespace layerscope::analysis;

namespace {

std::string sourceOf(const char* name)
{
    const auto network = formats::openNetwork(std::filesystem::path(TEST_DATA) / name);
    if (!network)
        return network.error().sentence();
    const auto source = pythonSource(*network);
    return source ? source->text : source.error().sentence();
}

} // namespace

class tst_PythonSource : public QObject
{
    Q_OBJECT

private slots:
    void writesLiteralsAsPythonDoes()
    {
        const auto json = parseJson("{\"a\": [true, null, 1.0, \"it's\"], \"b\": NaN}");
        QVERIFY(json);
        QCOMPARE(QString::fromStdString(pythonLiteral(*json)),
            QString("{\"a\": [True, None, 1.0, \"it's\"], \"b\": float('nan')}"));
        QCOMPARE(pythonName("conv2d/1 \xC3\xA9"), std::string("conv2d_1___"));
        QCOMPARE(pythonName("class"), std::string("class_"));
        QCOMPARE(pythonName("3d"), std::string("_3d"));
    }

    void writesSequentialForItsGeneration()
    {
        const std::string older = sourceOf("model_cnn/keras2.15/model.h5");
        QVERIFY2(older.find("from tensorflow import keras") != std::string::npos, older.c_str());
        const std::string newer = sourceOf("model_cnn/keras3.15/model.h5");
        QVERIFY2(newer.find("\nimport keras\n") != std::string::npos, newer.c_str());
        for (const std::string& text : { older, newer }) {
            QVERIFY2(text.find("layers.Conv2D(") != std::string::npos, text.c_str());
            QVERIFY(text.find("model.load_weights(") != std::string::npos);
        }
    }

    void makesSharedLayersOnce()
    {
        const std::string text = sourceOf("model_shared_layers/keras3.15/model.h5");
        QVERIFY2(text.find("keras.Model(inputs=") != std::string::npos, text.c_str());
        const auto network = formats::openNetwork(
            std::filesystem::path(TEST_DATA) / "model_shared_layers/keras3.15/model.h5");
        for (const Layer& layer : network->model.layers) {
            const std::string name = "name=\"" + layer.name + "\"";
            const auto first = text.find(name);
            QVERIFY2(first != std::string::npos || layer.kind == LayerKind::Operation,
                layer.name.c_str());
            QVERIFY(text.find(name, first + 1) == std::string::npos);
        }
    }

    void namesCustomClasses()
    {
        const auto network = formats::openNetwork(
            std::filesystem::path(TEST_DATA) / "model_custom_layers/keras3.15/model.h5");
        QVERIFY(network);
        const auto source = pythonSource(*network);
        QVERIFY(source);
        QVERIFY(!source->remarks.empty());
    }

    void refusesWeightsAlone()
    {
        const auto network = formats::openNetwork(
            std::filesystem::path(TEST_DATA) / "model_cnn/keras2.15/legacy_weights.h5");
        QVERIFY(network);
        const auto source = pythonSource(*network);
        QVERIFY(!source);
        QCOMPARE(source.error().kind(), ErrorKind::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(tst_PythonSource)
#include "tst_python_source.moc"
