#include "app/cli/model_arrays.h"
#include "app/cli/weight_selection.h"

#include <QtTest>

using namespace layerscope;
using namespace layerscope::cli;

namespace {

Layer layer(const std::string& name, std::vector<WeightIndex> weights = {})
{
    Layer result;
    result.name = name;
    result.weights = std::move(weights);
    return result;
}

/// Inputs "left" and "right"; below it a nested model "encoder" with two layers.
Network network()
{
    Network result;
    result.model.kind = LayerKind::Functional;
    auto encoder = layer("encoder");
    encoder.kind = LayerKind::Sequential;
    encoder.layers = { layer("dense", { 0, 1 }), layer("norm", { 2 }) };
    result.model.layers = { layer("left"), layer("right"), encoder, layer("head", { 3 }) };
    result.model.inputs = { { 0, 0, 0 }, { 1, 0, 0 } };
    for (const auto* path :
        { "encoder/dense/kernel", "encoder/dense/bias", "encoder/norm/gamma", "head/kernel" })
        result.weights.push_back({ path, path, true, {} });
    return result;
}

std::vector<std::string> paths(const Network& network)
{
    std::vector<std::string> result;
    for (const auto& weight : network.weights)
        result.push_back(weight.path);
    return result;
}

} // namespace

class tst_ModelArrays : public QObject
{
    Q_OBJECT

private slots:
    void ordersInputsByNumberAndByName()
    {
        const auto one = Tensor::scalar(1.0F);
        const auto two = Tensor::scalar(2.0F);
        const auto byNumber = inputArrays(
            network(), { { "input_1", two }, { "upstream_0", two }, { "input_0", one } });
        QVERIFY(byNumber);
        QVERIFY((*byNumber)[0].identicalTo(one));
        const auto byName
            = inputArrays(network(), { { "input:right", two }, { "input:left", one } });
        QVERIFY(byName);
        QVERIFY((*byName)[1].identicalTo(two));
    }

    void namesTheInputThatIsMissing()
    {
        const auto inputs = inputArrays(network(), { { "input_0", Tensor() } });
        QVERIFY(!inputs);
        QVERIFY(inputs.error().sentence().find("input:right") != std::string::npos);
        QVERIFY(!inputArrays(network(), { { "input:middle", Tensor() } }));
    }

    void keepsOnlyTheLayersAskedFor()
    {
        auto some = network();
        QVERIFY(keepLayers(some, { "head", "*norm" }));
        QCOMPARE(paths(some), (std::vector<std::string>{ "encoder/norm/gamma", "head/kernel" }));
        QCOMPARE(some.model.layers[3].weights, (std::vector<WeightIndex>{ 1 }));
        QVERIFY(some.model.layers[2].layers[0].weights.empty());
    }

    void takesAModelWithAllThatIsInIt()
    {
        auto some = network();
        QVERIFY(keepLayers(some, { "encoder" }));
        QCOMPARE(some.weights.size(), std::size_t{ 3 });
    }

    void saysWhichPatternMatchesNothing()
    {
        auto some = network();
        const auto result = keepLayers(some, { "head", "tail" });
        QVERIFY(!result);
        QVERIFY(result.error().sentence().find("'tail'") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(tst_ModelArrays)
#include "tst_model_arrays.moc"
