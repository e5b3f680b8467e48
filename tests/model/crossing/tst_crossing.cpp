// Small files of real Keras taken to the other generation, looked at, run, and taken back.

#include "model/crossing/crossing.h"
#include "model/crossing/tf_keras.h"
#include "model/formats/format.h"
#include "model/layers/model_inputs.h"
#include "model/network/architecture.h"
#include "model/training/trainer.h"

#include <QtTest>

#include <filesystem>
#include <set>

using namespace layerscope;
namespace fs = std::filesystem;

namespace {

const fs::path data = TEST_DATA;

Network opened(const std::string& file)
{
    auto network = formats::openNetwork(data / file);
    if (!network)
        qFatal("%s", network.error().sentence().c_str());
    return *std::move(network);
}

crossing::Crossed crossed(const Network& network, const char* format)
{
    auto result = crossing::cross(network, format);
    if (!result)
        qFatal("%s", result.error().sentence().c_str());
    return *std::move(result);
}

/// Rows "case/version" for every model.h5 of `version`.
void addFiles(const std::string& version)
{
    QTest::addColumn<QString>("file");
    std::set<std::string> files;
    for (const auto& group : fs::directory_iterator(data))
        if (fs::exists(group.path() / version / "model.h5"))
            files.insert(group.path().filename() / version / "model.h5");
    for (const std::string& file : files)
        QTest::newRow(file.c_str()) << QString::fromStdString(file);
}

std::vector<Tensor> madeInputs(const Network& network)
{
    std::vector<Tensor> inputs;
    for (const layers::DeclaredInput& input : layers::declaredInputs(network.model)) {
        Shape shape;
        for (const std::int64_t length : input.shape.value_or(PartialShape{}))
            shape.push_back(length < 0 ? 3 : length);
        std::vector<float> values(static_cast<std::size_t>(elementCount(shape).value_or(0)));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = isFloating(input.dtype) ? static_cast<float>(i % 17) / 8.0F - 1.0F
                                                : static_cast<float>(i % 5);
        inputs.push_back(*Tensor::of(shape, values).converted(input.dtype));
    }
    return inputs;
}

/// Largest difference of the outputs.
double difference(const Network& a, const Network& b)
{
    const auto inputs = madeInputs(a);
    const auto left = training::predict(a, inputs, false, 32);
    const auto right = training::predict(b, inputs, false, 32);
    if (!left || !right)
        qFatal("%s", (!left ? left.error() : right.error()).sentence().c_str());
    double worst = 0;
    for (std::size_t i = 0; i < left->outputs.size(); ++i) {
        const auto x = left->outputs[i].converted(DType::Float64);
        const auto y = right->outputs[i].converted(DType::Float64);
        for (std::int64_t k = 0; k < x->count(); ++k)
            worst = std::max(worst,
                std::abs(x->valuesAs<double>()[static_cast<std::size_t>(k)]
                    - y->valuesAs<double>()[static_cast<std::size_t>(k)]));
    }
    return worst;
}

bool equal(const StoredTensor& a, const StoredTensor& b)
{
    return a.load()->identicalTo(*b.load());
}

bool mentions(const crossing::Crossed& result, const char* text)
{
    return std::any_of(result.remarks.begin(), result.remarks.end(),
        [&](const std::string& remark) { return remark.find(text) != std::string::npos; });
}

Json configOf(const Network& network, std::size_t layer)
{
    return network.architecture.value()["config"]["layers"][layer]["config"];
}

} // namespace

class tst_Crossing : public QObject
{
    Q_OBJECT

private slots:
    void leavesItsOwnDialectAlone()
    {
        const Network network = opened("model_mlp/keras2.15/model.h5");
        for (const char* format : { "h5-keras2", "h5-weights", "npz", "safetensors" }) {
            const auto same = crossed(network, format);
            QVERIFY(same.changes.empty() && same.remarks.empty());
            QCOMPARE(same.network.architecture.text(), network.architecture.text());
            QVERIFY(same.network.carried.has_value());
        }
    }

    void computesTheSameInKeras3_data() { addFiles("keras2.15"); }
    void computesTheSameInKeras3()
    {
        QFETCH(QString, file);
        const Network network = opened(file.toStdString());
        const auto three = crossed(network, "keras");
        QCOMPARE(three.network.generation, KerasGeneration::Keras3);
        QCOMPARE(three.network.file.kerasVersion, std::string("3.15.1"));
        QVERIFY(!three.network.carried.has_value());
        QVERIFY(!three.changes.empty());
        QVERIFY(difference(network, three.network) < 1e-5); // scaled weights round
    }

    void comesBackFromKeras3_data() { addFiles("keras2.15"); }
    void comesBackFromKeras3()
    {
        QFETCH(QString, file);
        const Network network = opened(file.toStdString());
        const auto three = crossed(network, "keras");
        const auto back = crossed(three.network, "h5-keras2");
        const bool isScaled = mentions(three, "hard_sigmoid");
        QCOMPARE(back.network.weights.size(), network.weights.size());
        for (std::size_t i = 0; i < network.weights.size(); ++i) {
            QCOMPARE(back.network.weights[i].trainable, network.weights[i].trainable);
            if (!isScaled)
                QVERIFY(equal(back.network.weights[i].value, network.weights[i].value));
        }
        if (!network.optimizer || isScaled)
            return;
        QVERIFY(back.network.optimizer);
        const OptimizerState& before = *network.optimizer;
        const OptimizerState& after = *back.network.optimizer;
        QCOMPARE(after.dialect, KerasGeneration::Keras2);
        QCOMPARE(after.iterations, before.iterations);
        if (before.dialect != KerasGeneration::Keras2)
            return;
        QCOMPARE(after.variables.size(), before.variables.size());
        for (std::size_t i = 0; i < before.variables.size(); ++i)
            QVERIFY(equal(after.variables[i].value, before.variables[i].value));
    }

    void computesTheSameInKeras2_data() { addFiles("keras3.15"); }
    void computesTheSameInKeras2()
    {
        QFETCH(QString, file);
        const Network network = opened(file.toStdString());
        const auto two = crossing::cross(network, "h5-keras2");
        if (!two) // a custom layer
            QSKIP(two.error().sentence().c_str());
        QCOMPARE(two->network.generation, KerasGeneration::Keras2);
        if (file.contains("custom"))
            return;
        QVERIFY(difference(network, two->network) < 1e-5);
    }

    void joinsTheGatesAndNamesOfKeras1()
    {
        const Network network = opened("old_mlp_adam/keras1.2/model.h5");
        const auto three = crossed(network, "keras");
        QCOMPARE(configOf(three.network, 1)["units"], Json(7));
        QVERIFY(difference(network, three.network) < 1e-5);
        // Slots were in the order of the variables' names.
        const OptimizerState& state = *three.network.optimizer;
        QCOMPARE(state.variables.size(), std::size_t(2 + 2 * 8));
        QVERIFY(equal(state.variables[2].value, network.optimizer->variables[3].value));
        QCOMPARE(state.variables[0].value.dtype(), DType::Int64);
    }

    void keepsTheStepsOfDecay()
    {
        const auto three
            = crossed(opened("opt_legacy_sgd_nesterov_decay/keras2.15/model.h5"), "keras");
        const Json rate = three.network.training->optimizer()["config"]["learning_rate"];
        QCOMPARE(rate["class_name"], Json("InverseTimeDecay"));
        QVERIFY(mentions(three, "InverseTimeDecay"));
        // A schedule takes the place of the variable.
        for (const OptimizerVariable& variable : three.network.optimizer->variables)
            QVERIFY(variable.role != SlotRole::LearningRate);
    }

    void takesTheLearningRateFromTheVariable()
    {
        const Network network = opened("opt_adamw/keras3.15/model.h5");
        const auto two = crossed(network, "h5-keras2");
        const Json optimizer = two.network.training->optimizer();
        QCOMPARE(optimizer["class_name"], Json("Custom>AdamW"));
        QCOMPARE(optimizer["config"]["is_legacy_optimizer"], Json(false));
        const auto rate = network.optimizer->variables[1].value.load();
        QCOMPARE(static_cast<float>(optimizer["config"]["learning_rate"].get<double>()),
            rate->valuesAs<float>()[0]);
        QCOMPARE(two.network.optimizer->variables.size(), network.optimizer->variables.size() - 1);
    }

    void renamesWhatKeras2Refuses()
    {
        Network network
            = crossed(opened("model_unicode_names/keras2.15/model.h5"), "keras").network;
        const auto two = crossed(network, "h5-keras2");
        for (const Layer& layer : two.network.model.layers)
            for (const char c : layer.name)
                QVERIFY(static_cast<unsigned char>(c) < 0x80);
        QVERIFY(mentions(two, "is called"));
        QCOMPARE(two.network.weights.size(), network.weights.size());
    }

    // Outputs as Keras 2.15 gave them.
    void runsALookupWhoseWordsLieInATable()
    {
        const Network network = opened("lookup_adapted/keras2.15/saved_model_notraces");
        const std::vector<std::int64_t> codes{ 7, 40, -3, 5, 1000000000000, 7 };
        const std::vector<float> wanted{ 2, 3, 8, 9, 4, 5, 0, 1, 6, 7, 2, 3 };
        for (const char* format : { "", "h5-keras2", "keras" }) {
            const Network& model = *format != '\0' ? crossed(network, format).network : network;
            const auto result = training::predict(
                model, { Tensor::of<std::int64_t>({ 2, 3 }, codes) }, false, 32);
            QVERIFY2(result, result ? "" : result.error().sentence().c_str());
            const auto values = result->outputs[0].valuesAs<float>();
            QVERIFY(std::ranges::equal(values, wanted));
        }
    }

    // The archive keeps them as an asset; real Keras adapted the layer to these.
    void takesTheWordsOfAnArchiveAlong()
    {
        const Network network = opened("prep_text_vectorization/keras3.15/model.keras");
        for (const char* format : { "keras2.15", "h5-keras2", "savedmodel" }) {
            const auto two = crossed(network, format);
            const Json words = two.network.model.layers.at(1).config.value("vocabulary", Json());
            QVERIFY2(words.is_array(), format);
            QCOMPARE(words.size(), std::size_t(13));
            QVERIFY(
                words[0] == Json("the") && words[1] == Json("\u8a9e") && words[12] == Json("a"));
            QVERIFY(!mentions(two, "vocabulary"));
        }
    }

    void saysThatWordsAreLost()
    {
        Network network = opened("prep_text_vectorization/keras3.15/model.keras");
        network.model.layers.at(1).vocabulary = Json();
        QVERIFY(mentions(crossed(network, "keras2.15"), "The vocabulary of layer 'vectorize'"));
    }

    void takesTheLossScaleToKeras3AndBack()
    {
        const auto number = [](const Network& from, std::string_view slot) {
            for (const OptimizerVariable& variable : from.optimizer->variables)
                if (variable.slot == slot)
                    return variable.value.load()->converted(DType::Float64)->valuesAs<double>()[0];
            return -1.0;
        };
        const auto three
            = crossed(opened("loss_scale/keras2.15/saved_model_notraces"), "keras").network;
        QCOMPARE(number(three, "dynamic_scale"), 2048.0);
        QCOMPARE(number(three, "step_counter"), 2.0);
        const auto two = crossed(three, "savedmodel").network;
        QCOMPARE(number(two, "dynamic_scale"), 2048.0);
        QCOMPARE(number(two, "step_counter"), 2.0);
        const auto archive = crossed(three, "keras2.15").network;
        QCOMPARE(number(archive, "dynamic_scale"), -1.0);
        QCOMPARE(archive.optimizer->config.value("initial_scale", 0.0), 2048.0);
    }

    void leavesOutWarmUpThatIsNoneForKeras2_12()
    {
        // Real Keras 2.12: CosineDecay.__init__() got an unexpected keyword argument
        // 'warmup_target'.
        const Json none{ { "class_name", "CosineDecay" },
            { "config",
                { { "decay_steps", 100 }, { "warmup_target", nullptr }, { "warmup_steps", 0 } } } };
        Json some = none;
        some["config"]["warmup_target"] = 0.1;
        some["config"]["warmup_steps"] = 5;
        Json left = none;
        QVERIFY(crossing::dropTfKerasWords(left));
        QVERIFY(left["config"] == Json({ { "decay_steps", 100 } }));
        Json kept = some;
        QVERIFY(!crossing::dropTfKerasWords(kept));
        QVERIFY(kept == some);
    }

    void leavesOutWhatTfKerasAdds_data()
    {
        QTest::addColumn<QString>("format");
        for (const char* format : { "h5-keras2", "keras2.15", "savedmodel", "checkpoint",
                 "weights.h5-keras2", "h5-legacy" })
            QTest::newRow(format) << QString::fromLatin1(format);
    }

    // Real Keras 2.15 on the file as it is: Unrecognized keyword arguments: ['optional'].
    void leavesOutWhatTfKerasAdds()
    {
        QFETCH(QString, format);
        const Network network = opened("model_mlp/tfkeras2.21/model.h5");
        QVERIFY(network.architecture.text().find("\"optional\"") != std::string::npos);
        const auto result = crossed(network, format.toLatin1().constData());
        QVERIFY(result.network.architecture.text().find("\"optional\"") == std::string::npos);
        QVERIFY(!result.network.model.layers.empty());
        QVERIFY(std::ranges::any_of(result.changes, [](const crossing::Change& change) {
            return change.where.ends_with("/optional") && change.before == Json(false);
        }));
    }

    void keepsWhatTfKerasAloneCanDo()
    {
        Network network = opened("model_mlp/tfkeras2.21/model.h5");
        Json config = network.architecture.value();
        Json& input = config["config"]["layers"][0]["config"];
        QVERIFY(input.contains("optional"));
        input["optional"] = true;
        network.architecture = JsonText(config);
        const auto result = crossed(network, "h5-keras2");
        QCOMPARE(result.network.architecture.value(), config);
        QVERIFY(mentions(result, "sets optional"));
    }

    void leavesWhatKeras215WroteAsItIs()
    {
        const Network network = opened("model_mlp/keras2.15/model.h5");
        const auto result = crossed(network, "h5-keras2");
        QCOMPARE(result.network.architecture.text(), network.architecture.text());
        QVERIFY(result.changes.empty());
    }

    void namesALayerThatKeras2DoesNotHave()
    {
        Network network = opened("model_mlp/keras3.15/model.h5");
        Json config = network.architecture.value();
        config["config"]["layers"][1]["class_name"] = "RMSNormalization";
        network.architecture = JsonText(config);
        network.model.layers[0].className = "RMSNormalization";
        const auto two = crossing::cross(network, "h5-keras2");
        QVERIFY(!two);
        QCOMPARE(two.error().kind(), ErrorKind::Unsupported);
        QVERIFY(two.error().sentence().find("RMSNormalization") != std::string::npos);
    }

    void refusesAnOptimizerWithoutAClassInTheOldDialect()
    {
        Network network = opened("model_mlp/keras2.15/model.h5");
        network.optimizer.reset();
        network.training
            = TrainingSetup{ JsonText(Json{ { "optimizer_config", Json::object() } }) };
        const auto old = crossing::cross(network, "h5-legacy");
        QVERIFY(!old);
        QVERIFY(old.error().sentence().find("does not say which optimizer") != std::string::npos);
    }

    // Keras 3: "Invalid value for argument `padding`", but for Conv1D.
    void refusesPaddingThatKeras3HasOnlyForConv1D()
    {
        for (const auto& [padding, isPossible] :
            { std::pair("causal", false), std::pair("same", true) }) {
            const Json layers = Json::array({ { { "class_name", "SeparableConv1D" },
                { "config",
                    { { "name", "s" }, { "batch_input_shape", { nullptr, 9, 3 } }, { "filters", 5 },
                        { "kernel_size", { 3 } }, { "padding", padding } } } } });
            Network network;
            network.generation = KerasGeneration::Keras2;
            network.file.format = "h5-keras2";
            network.architecture = JsonText(Json{ { "class_name", "Sequential" },
                { "config", { { "name", "m" }, { "layers", layers } } } });
            std::vector<Problem> problems;
            network.model = parseArchitecture(network.architecture.value(), problems).value();
            const auto three = crossing::cross(network, "keras");
            QCOMPARE(three.hasValue(), isPossible);
            if (!three)
                QVERIFY(three.error().sentence().find("causal padding") != std::string::npos);
        }
    }

    void crossesWithoutAnOptimizerThatKeras2DoesNotHave()
    {
        Network network = opened("model_mlp/keras3.15/model.h5");
        Json setup = network.training->source.value();
        setup["optimizer_config"]["class_name"] = "Lamb";
        network.training = TrainingSetup{ JsonText(setup) };
        const auto two = crossed(network, "h5-keras2");
        QVERIFY(!two.network.training && !two.network.optimizer);
        QVERIFY(mentions(two, "Lamb"));
    }
};

QTEST_GUILESS_MAIN(tst_Crossing)
#include "tst_crossing.moc"
