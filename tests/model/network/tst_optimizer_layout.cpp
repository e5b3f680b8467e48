#include "model/network/optimizer_layout.h"
#include "tests/model/network/corpus_cases.h"

#include <QtTest>

using namespace layerscope;

namespace {

KerasGeneration generationOf(const QString& file, const Json& optimizer)
{
    if (file.contains("/keras3"))
        return KerasGeneration::Keras3;
    return optimizer.contains("legacy") && optimizer["legacy"] == true ? KerasGeneration::Legacy
                                                                       : KerasGeneration::Keras2;
}

std::vector<TrainableWeight> trainedWeights(const Json& model)
{
    std::vector<TrainableWeight> found;
    // A variable of Keras 2 calls itself trainable even where its layer is frozen.
    for (const Json& layer : model["layers"])
        for (const Json& weight : layer["weights"])
            if (weight["trainable"] == true && layer["trainable"] == true)
                found.push_back({ weight["shape"].get<Shape>(),
                    dtypeFromName(weight["dtype"].get<std::string>()).value_or(DType::Float32),
                    weight["path"].get<std::string>() });
    return found;
}

std::vector<std::string> slotNames(const char* className, const Json& config,
    KerasGeneration dialect, const std::vector<TrainableWeight>& weights)
{
    std::vector<std::string> names;
    const auto layout = optimizerLayout(className, config, dialect, weights);
    if (layout)
        for (const OptimizerSlotSpec& spec : *layout)
            names.push_back(
                spec.slot + (spec.variable ? std::to_string(*spec.variable) : std::string()));
    return names;
}

Weight weightOf(const std::string& name, Shape shape, bool trainable = true)
{
    Weight weight;
    weight.name = weight.path = name;
    weight.trainable = trainable;
    weight.value = StoredTensor(*Tensor::zeros(DType::Float32, std::move(shape)));
    return weight;
}

OptimizerVariable variableOf(const std::string& name, Tensor value)
{
    OptimizerVariable variable;
    variable.name = name;
    variable.value = StoredTensor(std::move(value));
    return variable;
}

const std::vector<TrainableWeight> kernelAndBias{ { { 3, 2 }, DType::Float32, "dense/kernel" },
    { { 2 }, DType::Float32, "dense/bias" } };

using Names = std::vector<std::string>;

} // namespace

class tst_OptimizerLayout : public QObject
{
    Q_OBJECT

private slots:
    void listsVariablesAsKerasDoes_data() { tests::addCorpusRows(); }

    /// Witness: the variables that real Keras listed, with shape, type and (Keras 3) slot name.
    void listsVariablesAsKerasDoes()
    {
        QFETCH(QString, file);
        const Json expected = tests::readExpected(file);
        if (expected.is_null())
            QSKIP("the corpus is not here");
        const Json optimizer = expected.value("optimizer", Json());
        if (!optimizer.is_object() || file.contains("/old_") || optimizer["variables"].size() <= 2)
            QSKIP("no optimizer with state, or one of before TensorFlow");
        const auto weights = trainedWeights(expected["model"]);
        const auto layout = optimizerLayout(optimizer["class"].get<std::string>(),
            optimizer["config"], generationOf(file, optimizer), weights);
        QVERIFY(layout);
        QCOMPARE(layout->size(), optimizer["variables"].size());
        for (std::size_t i = 0; i < layout->size(); ++i) {
            const OptimizerSlotSpec& spec = (*layout)[i];
            const Json& variable = optimizer["variables"][i];
            QVERIFY(spec.shape == variable["shape"].get<Shape>());
            QCOMPARE(QString::fromStdString(std::string(name(spec.dtype))),
                QString::fromStdString(variable["dtype"].get<std::string>()));
            if (!file.contains("/keras3") || !spec.variable)
                continue;
            const auto written = variable["name"].get<std::string>();
            if (written.size() < 10 || expected["optimizer"]["class"] == "Adafactor")
                continue; // Adafactor names its factors after the weights
            QVERIFY2(written.ends_with(spec.slot) || spec.slot == "r" || spec.slot == "c",
                written.c_str());
        }
    }

    void interleavesSlotsSinceKeras211()
    {
        const Json config = Json::object();
        QCOMPARE(slotNames("Adam", config, KerasGeneration::Keras2, kernelAndBias),
            (Names{ "iteration", "momentum0", "velocity0", "momentum1", "velocity1" }));
        QCOMPARE(slotNames("Adam", config, KerasGeneration::Legacy, kernelAndBias),
            (Names{ "iteration", "momentum0", "momentum1", "velocity0", "velocity1" }));
        QCOMPARE(slotNames("Adam", config, KerasGeneration::Keras3, kernelAndBias),
            (Names{ "iteration", "learning_rate", "momentum0", "velocity0", "momentum1",
                "velocity1" }));
    }

    void hasNoLearningRateWithASchedule()
    {
        const Json config{ { "learning_rate",
            { { "class_name", "ExponentialDecay" }, { "config", Json::object() } } } };
        QCOMPARE(slotNames("SGD", config, KerasGeneration::Keras3, kernelAndBias),
            (Names{ "iteration" }));
    }

    void putsAveragesAndAccumulatorsFirst()
    {
        const Json config{ { "use_ema", true }, { "gradient_accumulation_steps", 2 } };
        QCOMPARE(slotNames("Lion", config, KerasGeneration::Keras3, kernelAndBias),
            (Names{ "iteration", "learning_rate", "average0", "average1", "gradient_accumulator0",
                "gradient_accumulator1", "momentum0", "momentum1" }));
        QCOMPARE(slotNames("Lion", config, KerasGeneration::Keras2, kernelAndBias),
            (Names{ "iteration", "average0", "average1", "momentum0", "momentum1" }));
    }

    void sharesVariablesOutAmongInnerOptimizers()
    {
        const Json config = *parseJson(R"({"optimizer_map": {"class_name": "OptimizerMap",
            "config": {"optimizer_map": {".*kernel": {"class_name": "Adam", "config": {}}},
                       "default_optimizer": {"class_name": "SGD", "config": {"momentum": 0.9}}}}})");
        QCOMPARE(slotNames("MultiOptimizer", config, KerasGeneration::Keras3, kernelAndBias),
            (Names{ "iteration", "learning_rate", "iteration", "learning_rate", "momentum0",
                "velocity0", "iteration", "learning_rate", "momentum1" }));
    }

    void doesNotKnowCustomOptimizers()
    {
        QVERIFY(!optimizerLayout("Mine", Json::object(), KerasGeneration::Keras3, kernelAndBias));
    }

    void stripsPackageAndVersion()
    {
        QCOMPARE(plainOptimizerName("Custom>Adam"), std::string("Adam"));
        QCOMPARE(plainOptimizerName("LossScaleOptimizerV3"), std::string("LossScaleOptimizer"));
        QCOMPARE(plainOptimizerName("rmsprop"), std::string("RMSprop"));
        QCOMPARE(plainOptimizerName("ScheduleFreeAdamW"), std::string("ScheduleFreeAdamW"));
        QCOMPARE(plainOptimizerName(""), std::string());
    }

    void tellsTheGeneration_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<int>("file");
        QTest::addColumn<int>("dialect");
        const int legacy = int(KerasGeneration::Legacy);
        const int keras2 = int(KerasGeneration::Keras2);
        const int keras3 = int(KerasGeneration::Keras3);
        QTest::newRow("custom") << QByteArray(R"({"class_name": "Custom>Adam", "config": {}})")
                                << keras2 << keras2;
        QTest::newRow("marked") << QByteArray(
            R"({"class_name": "Adam", "config": {"is_legacy_optimizer": false}})")
                                << keras2 << keras2;
        QTest::newRow("decay") << QByteArray(
            R"({"class_name": "Adam", "config": {"lr": 0.1, "decay": 0.0}})")
                               << keras2 << legacy;
        QTest::newRow("plain") << QByteArray(R"({"class_name": "SGD", "config": {}})") << keras2
                               << legacy;
        QTest::newRow("scaled") << QByteArray(
            R"({"class_name": "LossScaleOptimizer", "config": {"inner_optimizer":
                {"class_name": "Adam", "config": {"decay": 0.0}}}})")
                                << keras2 << legacy;
        QTest::newRow("keras 3") << QByteArray(R"({"class_name": "Adam", "config": {}})") << keras3
                                 << keras3;
        QTest::newRow("nothing") << QByteArray("null") << keras2 << legacy;
    }
    void tellsTheGeneration()
    {
        QFETCH(QByteArray, config);
        QFETCH(int, file);
        QFETCH(int, dialect);
        const auto json = parseJson(config.toStdString());
        QVERIFY(json);
        QCOMPARE(int(optimizerDialect(*json, KerasGeneration(file))), dialect);
    }

    void findsHiddenLossScaleWrapper()
    {
        Network network;
        network.weights = { weightOf("dense/kernel", { 3, 2 }) };
        OptimizerState state;
        state.className = "Adam";
        state.config = Json::object();
        for (const auto& value :
            { Tensor::scalar<std::int64_t>(0), Tensor::scalar(0.F), Tensor::scalar<std::int64_t>(3),
                Tensor::scalar(32768.F), Tensor::scalar<std::int64_t>(7), Tensor::scalar(0.01F) })
            state.variables.push_back(variableOf("v", value));
        for (int i = 0; i < 2; ++i)
            state.variables.push_back(variableOf("v", *Tensor::zeros(DType::Float32, { 3, 2 })));
        interpretOptimizer(network, state);
        QVERIFY(network.problems.empty());
        QCOMPARE(state.iterations.value_or(-1), std::int64_t(7));
        QCOMPARE(state.variables[3].slot, std::string("dynamic_scale"));
        QCOMPARE(state.variables[7].slot, std::string("velocity"));
        QCOMPARE(state.variables[7].weight.value_or(9), WeightIndex(0));
    }

    /// Keras 1 kept the slots in alphabetical order of the weights' names.
    void followsNamesInKeras1()
    {
        Network network;
        network.weights = { weightOf("first_W", { 4, 3 }), weightOf("classes_W", { 3, 2 }) };
        OptimizerState state;
        state.className = "SGD";
        state.dialect = KerasGeneration::Keras1;
        state.variables.push_back(variableOf("iterations", Tensor::scalar(5.F)));
        state.variables.push_back(variableOf("a", *Tensor::zeros(DType::Float32, { 3, 2 })));
        state.variables.push_back(variableOf("b", *Tensor::zeros(DType::Float32, { 4, 3 })));
        interpretOptimizer(network, state);
        QVERIFY(network.problems.empty());
        QCOMPARE(state.iterations.value_or(-1), std::int64_t(5));
        QCOMPARE(state.variables[1].weight.value_or(9), WeightIndex(1));
        QCOMPARE(state.variables[2].weight.value_or(9), WeightIndex(0));
    }

    void saysWhenTheStateDoesNotFit()
    {
        Network network;
        network.weights = { weightOf("dense/kernel", { 3, 2 }) };
        OptimizerState state;
        state.className = "Adam";
        state.variables.push_back(variableOf("iteration", Tensor::scalar<std::int64_t>(4)));
        for (int i = 0; i < 5; ++i)
            state.variables.push_back(variableOf("v", *Tensor::zeros(DType::Float32, { 2, 2 })));
        interpretOptimizer(network, state);
        QCOMPARE(network.problems.size(), std::size_t(1));
        QCOMPARE(state.iterations.value_or(-1), std::int64_t(4));
        QVERIFY(state.variables[1].role == SlotRole::Unknown);
    }
};

QTEST_GUILESS_MAIN(tst_OptimizerLayout)
#include "tst_optimizer_layout.moc"
