#include "model/formats/format.h"
#include "model/ops/op_type.h"
#include "model/serving/serving.h"
#include "model/serving/translation.h"

#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace layerscope;

namespace {

Network opened(const char* name)
{
    auto network = formats::openNetwork(std::filesystem::path(TEST_DATA) / name);
    if (!network)
        qFatal("%s", network.error().sentence().c_str());
    return *std::move(network);
}

std::multiset<std::string> opsOf(const formats::ServingFunction& function)
{
    std::multiset<std::string> ops;
    for (const auto& node : function.nodes)
        ops.insert(node.op);
    return ops;
}

} // namespace

/// Witness: TensorFlow's rules for functions. That the numbers are right, real TensorFlow shows in
/// tests/interop/saved_models.py.
class tst_Serving : public QObject
{
    Q_OBJECT

private slots:
    void everyReferenceHasItsSource_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* name :
            { "model_mlp", "model_cnn", "model_nested", "model_residual", "model_two_in_two_out",
                "layers_normalizations", "layers_embedding_plain", "layers_dense_activations" })
            QTest::newRow(name) << QString(name) + "/keras2.15/model.h5";
    }
    void everyReferenceHasItsSource()
    {
        QFETCH(QString, file);
        const Network network = opened(file.toUtf8().constData());
        const auto function = serving::servingFunction(network);
        QVERIFY2(function, function ? "" : function.error().sentence().c_str());
        std::set<std::string> known;
        for (const auto& input : function->inputs) {
            QVERIFY(known.insert(input.reference).second);
            QCOMPARE(input.shape.front(), openDimension);
        }
        for (const auto& [name, weight] : function->variables) {
            QVERIFY(known.insert(name).second);
            QVERIFY(weight < network.weights.size());
        }
        std::set<std::string> names;
        for (const auto& node : function->nodes) {
            QVERIFY2(names.insert(node.name).second, node.name.c_str());
            for (const std::string& input : node.inputs) {
                const bool isArgument = known.contains(input);
                const bool isNode = names.contains(input.substr(0, input.find(':')));
                QVERIFY2(isArgument || isNode, (node.name + " takes " + input).c_str());
            }
        }
        for (const auto& output : function->outputs) {
            QVERIFY(names.contains(output.reference.substr(0, output.reference.find(':'))));
            QCOMPARE(output.shape.front(), openDimension);
        }
    }

    void aDenseLayerIsAProductABiasAndAnActivation()
    {
        const auto function = serving::servingFunction(opened("model_mlp/keras2.15/model.h5"));
        QVERIFY(function);
        const auto ops = opsOf(*function);
        QVERIFY(ops.contains("MatMul"));
        QVERIFY(ops.contains("AddV2"));
        QCOMPARE(ops.count("ReadVariableOp"), function->variables.size());
    }

    void knowsEveryOpThatRunsWithoutRandomNumbers()
    {
        // Gradients and fused forms are never in a lowered model; random numbers have no place in
        // it.
        const std::set<std::string_view> without{ "chain", "product chain", "convolution to kernel",
            "max pool gradient", "average pool gradient", "slice gradient", "random uniform",
            "random normal" };
        for (const ops::OpType* type : ops::allOps())
            QVERIFY2((serving::translationOf(*type) != nullptr) != without.contains(type->name),
                std::string(type->name).c_str());
    }

    void lengthsFollowFromTwoBatches()
    {
        const auto lengths = serving::lengthsOf({ 53, 7, 159, 54 }, { 59, 7, 177, 60 }, 53, 59);
        QVERIFY(lengths[0].isBatch());
        QVERIFY(lengths[1] == (serving::Length{ 7, 0 }));
        QVERIFY(lengths[2] == (serving::Length{ 0, 3 }));
        QVERIFY(lengths[3] == (serving::Length{ 1, 1 }));
    }

    void theShapesOfWhatGoesInAreToldByPath()
    {
        const Network network = opened("model_nested/keras2.15/model.h5");
        const auto shapes = serving::layerKnowledge().inputShapes(network);
        QVERIFY(!shapes.empty());
        bool isNested = false;
        for (const auto& [path, list] : shapes) {
            QVERIFY(!list.empty());
            QVERIFY(!list.front().empty());
            QVERIFY(!list.front().front()); // the batch is open
            isNested = isNested || path.find('/') != std::string::npos;
        }
        QVERIFY(isNested);
    }

    void aModelThatCannotRunIsSavedWithoutASignatureAndSaysWhy()
    {
        Network network = opened("model_mlp/keras2.15/model.h5");
        network.model.layers.back().className = "Mystery";
        const QTemporaryDir scratch;
        const auto report = formats::saveNetwork(network, scratch.filePath("saved").toStdString(),
            { .format = "savedmodel", .knowledge = serving::layerKnowledge() });
        QVERIFY2(report, report ? "" : report.error().sentence().c_str());
        QVERIFY(!report->remarks.empty());
        QVERIFY2(report->remarks.front().find("no signature") != std::string::npos,
            report->remarks.front().c_str());
        QVERIFY2(report->remarks.front().find("Mystery") != std::string::npos,
            report->remarks.front().c_str());
    }
};

QTEST_GUILESS_MAIN(tst_Serving)
#include "tst_serving.moc"
