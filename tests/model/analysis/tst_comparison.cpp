#include "model/analysis/array_distance.h"
#include "model/analysis/comparison.h"
#include "model/formats/format.h"
#include "model/network/architecture.h"

#include <QtTest>

#include <cmath>

using namespace layerscope;
using namespace layerscope::analysis;

namespace {

Network open(const char* name)
{
    auto network = formats::openNetwork(std::filesystem::path(TEST_DATA) / name);
    if (!network)
        qFatal("%s", network.error().sentence().c_str());
    return *std::move(network);
}

Comparison compared(const Network& a, const Network& b)
{
    auto comparison = compareNetworks(a, b);
    if (!comparison)
        qFatal("%s", comparison.error().sentence().c_str());
    return *std::move(comparison);
}

/// With another value for one key of a layer's configuration.
Network withSetting(Network network, std::size_t layer, const char* key, const Json& value)
{
    Json config = network.architecture.value();
    config["config"]["layers"][layer]["config"][key] = value;
    network.architecture = JsonText(config);
    for (Layer& one : network.model.layers)
        if (one.name == config["config"]["layers"][layer]["config"]["name"])
            one.config[key] = value;
    return network;
}

} // namespace

class tst_Comparison : public QObject
{
    Q_OBJECT

private slots:
    void findsAFileEqualToItself()
    {
        const Network network = open("model_nested_shared/keras3.15/model.h5");
        const Comparison comparison
            = compared(network, open("model_nested_shared/keras3.15/model.h5"));
        QVERIFY(comparison.isEqual(0));
        QCOMPARE(comparison.weights.size(), network.weights.size());
        QVERIFY(comparisonText(comparison, 0).starts_with("The two are equal."));
        QCOMPARE(comparisonReport(comparison, 0)["equal"], Json(true));
    }

    void measuresHowFarWeightsAreApart()
    {
        const Network a = open("model_mlp/keras2.15/model.h5");
        Network b = a;
        Tensor changed = *b.weights[0].value.load();
        const auto values = changed.mutableValuesAs<float>();
        double squares = 0;
        for (const float value : values)
            squares += double(value) * double(value);
        values[0] += 0.5F;
        b.weights[0].value = changed;
        const Comparison comparison = compared(a, b);
        QVERIFY(!comparison.isEqual(0));
        QVERIFY(comparison.isEqual(1));
        QVERIFY(comparison.layers.empty());
        const ValueChange& change = comparison.weights[0];
        QVERIFY(std::abs(*change.distance - 0.5 / std::sqrt(squares)) < 1e-6);
        QVERIFY(std::abs(*change.largest - 0.5) < 1e-6);
        QVERIFY(comparisonText(comparison, 0).find("weights differ from") != std::string::npos);
    }

    void namesASettingThatDiffers()
    {
        const Network a = open("model_mlp/keras2.15/model.h5");
        std::size_t dense = 0;
        while (a.architecture.value()["config"]["layers"][dense]["class_name"] != "Dense")
            ++dense;
        const Comparison comparison = compared(a, withSetting(a, dense, "activation", "tanh"));
        QCOMPARE(comparison.layers.size(), std::size_t{ 1 });
        QCOMPARE(comparison.layers[0].settings[0].where, std::string("activation"));
        QCOMPARE(comparison.layers[0].settings[0].after, Json("tanh"));
    }

    void alignsARenamedLayer()
    {
        const Network a = open("model_mlp/keras2.15/model.h5");
        Network b = a;
        b.model.layers.back().name = "another_name";
        b.model.layers.back().config["name"] = "another_name";
        const Comparison comparison = compared(a, b);
        QCOMPARE(comparison.layers.size(), std::size_t{ 1 });
        QCOMPARE(comparison.layers[0].other, std::string("another_name"));
        QVERIFY(comparison.layers[0].settings.empty());
        QVERIFY(std::all_of(comparison.weights.begin(), comparison.weights.end(),
            [](const ValueChange& change) { return change.isIdentical; }));
    }

    void comparesOptimizers()
    {
        const Network a = open("opt_adamw/keras3.15/model.h5");
        QVERIFY(a.optimizer);
        Network b = a;
        b.optimizer->iterations = *a.optimizer->iterations + 1;
        b.optimizer->variables.back().value = Tensor();
        const Comparison comparison = compared(a, b);
        QCOMPARE(comparison.optimizer.size(), std::size_t{ 1 });
        QCOMPARE(comparison.optimizer[0].where, std::string("iterations"));
        QVERIFY(!comparison.isEqual(1e9)); // a shape is never within a tolerance
        b.optimizer.reset();
        QCOMPARE(compared(a, b).optimizer[0].where, std::string("state"));
    }

    void countsEqualNansAsEqual()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const auto same = arrayDistance(
            Tensor::of<float>({ 2 }, { nan, 1 }), Tensor::of<float>({ 2 }, { -nan, 1 }));
        QVERIFY(same);
        QCOMPARE(same->relative, 0.0);
        const auto other = arrayDistance(
            Tensor::of<float>({ 2 }, { nan, 1 }), Tensor::of<float>({ 2 }, { 0, 1 }));
        QVERIFY(other);
        QVERIFY(std::isinf(other->largest));
        QVERIFY(!arrayDistance(Tensor::of<float>({ 1 }, { 0 }), Tensor::of<float>({}, { 0 })));
    }
};

QTEST_GUILESS_MAIN(tst_Comparison)
#include "tst_comparison.moc"
