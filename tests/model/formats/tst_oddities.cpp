#include "model/formats/oddities.h"
#include "model/network/architecture.h"

#include <QtTest>

using namespace layerscope;

class tst_Oddities : public QObject
{
    Q_OBJECT

    /// What is odd about a model of one Dense layer whose configuration has `value` under `key`.
    static QString oddities(const char* key, const Json& value, const char* className = "Dense")
    {
        Json layer = { { "name", "hidden" }, { "trainable", true }, { "dtype", "float32" },
            { "units", 6 }, { "activation", "tanh" }, { "use_bias", true },
            { "batch_input_shape", { nullptr, 5 } } };
        layer[key] = value;
        Network network;
        network.generation = KerasGeneration::Keras2;
        network.architecture = JsonText({ { "class_name", "Sequential" },
            { "config",
                { { "name", "model" },
                    { "layers", { { { "class_name", className }, { "config", layer } } } } } } });
        network.model = *parseArchitecture(network.architecture.value(), network.problems);
        std::vector<Weight> weights(2);
        weights[0].path = "hidden/kernel:0";
        weights[0].value = StoredTensor(*Tensor::zeros(DType::Float32, { 5, 6 }));
        weights[1].path = "hidden/bias:0";
        weights[1].value = StoredTensor(*Tensor::zeros(DType::Float32, { 6 }));
        assignWeights(network, { { "hidden", weights } });
        network.problems.clear();
        formats::noteOddities(network);
        QString text;
        for (const Problem& problem : network.problems)
            text += QString::fromStdString(problem.where + ": " + problem.what + "\n");
        return text;
    }

private slots:
    void saysNothingOfASoundModel()
    {
        QCOMPARE(oddities("units", 6), QString());
        QCOMPARE(oddities("activation", nullptr), QString());
        QCOMPARE(oddities("activation", "softmax_v2"), QString());
        QCOMPARE(oddities("dtype", "mixed_float16"), QString());
        QCOMPARE(oddities("batch_input_shape", nullptr), QString());
    }

    void namesWhatNoKerasCanMean()
    {
        QVERIFY(
            oddities("units", 7).contains("7 units, but the kernel in the file has shape [5, 6]"));
        for (const Json& units :
            { Json(2.5), Json(-3), Json(0), Json(), Json("six"), Json(std::int64_t{ 1 } << 40) })
            QVERIFY2(oddities("units", units).contains("which is no size"), units.dump().c_str());
        QVERIFY(oddities("dtype", "float99").contains("data type 'float99'"));
        QVERIFY(oddities("batch_input_shape", { nullptr, -5 }).contains("not a possible shape"));
        const std::int64_t big = std::int64_t{ 1 } << 31;
        QVERIFY(oddities("batch_input_shape", { big, big, big }).contains("not a possible shape"));
        QVERIFY(oddities("batch_input_shape", "wide").contains("not a possible shape"));
    }

    void namesWhatOnlyItsAuthorKnows()
    {
        QVERIFY(oddities("activation", "no_such").contains("'no_such' is not one of Keras's"));
        QVERIFY(oddities("activation", 7).contains("not understood"));
        QVERIFY(oddities("activation", { { "class_name", "X" }, { "config", Json::object() } })
                    .contains("'X'"));
        QVERIFY(oddities("units", 6, "NoSuchLayer").contains("class 'NoSuchLayer'"));
        QVERIFY(oddities("units", 6, "Lambda").contains("never run"));
    }
};

QTEST_GUILESS_MAIN(tst_Oddities)
#include "tst_oddities.moc"
