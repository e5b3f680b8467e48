#include "model/network/architecture.h"
#include "model/network/variable_layout.h"
#include "tests/model/network/corpus_cases.h"

#include <QtTest>

using namespace layerscope;

namespace {

Layer layer(const char* text)
{
    const auto entry = parseJson(text);
    return entry ? parseLayer(*entry) : Layer();
}

/// "object/index name" of each variable; "-" before one that is not trained.
QStringList layoutOf(const char* text, KerasGeneration generation = KerasGeneration::Keras3)
{
    QStringList found;
    const auto layout = variableLayout(layer(text), generation);
    if (!layout)
        return { "unknown" };
    for (const VariableSpec& spec : *layout)
        found << QString("%1%2:%3 %4")
                     .arg(spec.trainable ? "" : "-", QString::fromStdString(spec.object))
                     .arg(spec.indexInObject)
                     .arg(QString::fromStdString(spec.name));
    return found;
}

/// Layers by path, operations left out.
std::map<std::string, Layer> layersByPath(const Layer& model)
{
    std::map<std::string, Layer> found;
    visitLayers(model, [&](const Layer& inner, const std::vector<std::string>& path) {
        std::string key;
        for (const std::string& part : path)
            key += part + "|";
        found.emplace(key, inner);
    });
    return found;
}

} // namespace

class tst_VariableLayout : public QObject
{
    Q_OBJECT

private slots:
    void countsVariablesAsKerasDoes_data() { tests::addCorpusRows(); }

    /// Witness: how many variables real Keras has in each layer, and which it trains.
    void countsVariablesAsKerasDoes()
    {
        QFETCH(QString, file);
        const Json expected = tests::readExpected(file);
        if (expected.is_null())
            QSKIP("the corpus is not here");
        const Json& model = expected["model"];
        if (model["kind"] == "subclassed" || file.contains("/old_"))
            QSKIP("no configuration, or names of before Keras 2.4");
        std::vector<Problem> problems;
        const auto parsed = parseArchitecture(model["model_config"], problems);
        QVERIFY(parsed);
        const auto layers = layersByPath(*parsed);
        const auto generation
            = file.contains("/keras3") ? KerasGeneration::Keras3 : KerasGeneration::Keras2;
        for (const Json& wanted : model["layers"]) {
            std::string key;
            for (const Json& part : wanted["path"])
                key += part.get<std::string>() + "|";
            const Layer& found = layers.at(key);
            const auto layout = variableLayout(found, generation);
            if (found.isModel() || !layout)
                continue; // custom classes
            QVERIFY2(layout->size() == wanted["weights"].size(), key.c_str());
            std::size_t trained = 0;
            for (const Json& weight : wanted["weights"])
                trained += weight["trainable"] == true ? 1 : 0;
            std::size_t byNature = 0;
            for (const VariableSpec& spec : *layout)
                byNature += spec.trainable ? 1 : 0;
            if (found.trainable && generation == KerasGeneration::Keras3)
                QVERIFY2(trained == byNature, key.c_str());
        }
    }

    void ordersTrainedVariablesFirst()
    {
        QCOMPARE(layoutOf(R"({"class_name": "BatchNormalization", "config": {"scale": false}})"),
            (QStringList{ ":0 beta", "-:1 moving_mean", "-:2 moving_variance" }));
        QCOMPARE(layoutOf(R"({"class_name": "Dense", "config": {"lora_rank": 2}})"),
            (QStringList{ ":1 bias", ":2 lora_kernel_a", ":3 lora_kernel_b", "-:0 kernel" }));
        QCOMPARE(layoutOf(R"({"class_name": "SpectralNormalization", "config": {"layer":
            {"class_name": "Dense", "config": {}}}})"),
            (QStringList{ ":0 kernel", "layer:1 bias", "-:1 vector_u" }));
    }

    void findsVariablesInsideWrappers()
    {
        QCOMPARE(layoutOf(R"({"class_name": "Bidirectional", "config": {"layer":
            {"class_name": "GRU", "config": {"use_bias": false}}}})"),
            (QStringList{ "forward_layer/cell:0 kernel", "forward_layer/cell:1 recurrent_kernel",
                "backward_layer/cell:0 kernel", "backward_layer/cell:1 recurrent_kernel" }));
        QCOMPARE(layoutOf(R"({"class_name": "TimeDistributed", "config": {"layer":
            {"class_name": "Sequential", "config": {"layers": [
                {"class_name": "Dense", "config": {}}, {"class_name": "Dense", "config":
                    {"use_bias": false}}]}}}})"),
            (QStringList{ "layer/layers/dense:0 kernel", "layer/layers/dense:1 bias",
                "layer/layers/dense_1:0 kernel" }));
        QCOMPARE(layoutOf(R"({"class_name": "RNN", "config": {"cell": [
            {"class_name": "LSTMCell", "config": {}}, {"class_name": "LSTMCell", "config": {}}]}})")
                     .mid(2, 2),
            (QStringList{ "cell/cells/lstm_cell:2 bias", "cell/cells/lstm_cell_1:0 kernel" }));
    }

    void namesAttentionByGeneration()
    {
        const char* attention
            = R"({"class_name": "MultiHeadAttention", "config": {"use_bias": false}})";
        QCOMPARE(layoutOf(attention).last(), QString("output_dense:0 output/kernel"));
        QCOMPARE(layoutOf(attention, KerasGeneration::Keras2).first(),
            QString("_query_dense:0 query/kernel"));
    }

    void doesNotKnowCustomClasses()
    {
        QCOMPARE(
            layoutOf(R"({"class_name": "GatedBlock", "config": {}})"), QStringList{ "unknown" });
        QCOMPARE(
            layoutOf(R"({"class_name": "mine>Dense", "config": {}})"), QStringList{ "unknown" });
    }

    void survivesEndlessWrapping()
    {
        std::string text = R"({"class_name": "Dense", "config": {}})";
        for (int i = 0; i < 100; ++i)
            text = R"({"class_name": "Wrapper", "config": {"layer": )" + text + "}}";
        QCOMPARE(layoutOf(text.c_str()), QStringList{ "unknown" });
    }

    void snakeCasesClassNames_data()
    {
        QTest::addColumn<QByteArray>("className");
        QTest::addColumn<QByteArray>("group");
        for (const auto& [className, group] : {
                 // Witness: formats.md 2.2, checked there over 441 archives of real Keras.
                 std::pair("Conv2D", "conv2d"),
                 std::pair("Conv2DTranspose", "conv2d_transpose"),
                 std::pair("DepthwiseConv2D", "depthwise_conv2d"),
                 std::pair("SeparableConv2D", "separable_conv2d"),
                 std::pair("ConvLSTM2D", "conv_lstm2d"),
                 std::pair("BatchNormalization", "batch_normalization"),
                 std::pair("PReLU", "p_re_lu"),
                 std::pair("ReLU", "re_lu"),
                 std::pair("LeakyReLU", "leaky_re_lu"),
                 std::pair("ELU", "elu"),
                 std::pair("LSTM", "lstm"),
                 std::pair("SimpleRNN", "simple_rnn"),
                 std::pair("LSTMCell", "lstm_cell"),
                 std::pair("TFOpLambda", "tf_op_lambda"),
                 std::pair("SlicingOpLambda", "slicing_op_lambda"),
                 std::pair("GlobalAveragePooling2D", "global_average_pooling2d"),
                 std::pair("MaxPooling2D", "max_pooling2d"),
                 std::pair("MultiHeadAttention", "multi_head_attention"),
                 std::pair("EinsumDense", "einsum_dense"),
                 std::pair("RMSNormalization", "rms_normalization"),
                 std::pair("TFSMLayer", "tfsm_layer"),
                 std::pair("Functional", "functional"),
                 std::pair("RMSprop", "rm_sprop"),
                 std::pair("AdamW", "adam_w"),
                 std::pair("InputLayer", "input_layer"),
                 std::pair("", ""),
             })
            QTest::newRow(className) << QByteArray(className) << QByteArray(group);
    }
    void snakeCasesClassNames()
    {
        QFETCH(QByteArray, className);
        QFETCH(QByteArray, group);
        QCOMPARE(QByteArray::fromStdString(snakeCase(className.toStdString())), group);
    }
};

QTEST_GUILESS_MAIN(tst_VariableLayout)
#include "tst_variable_layout.moc"
