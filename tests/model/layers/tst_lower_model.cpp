// What a lowered model tells about itself, and how it refuses.
#include "model/layers/lower_model.h"
#include "model/network/architecture.h"
#include "model/ops/program.h"

#include <QtTest>

using namespace layerscope;

namespace {

Json json(const char* text)
{
    auto value = parseJson(text);
    return value ? *value : Json();
}

/// A network with weights of ones in the given shapes, all of them handed to the layers in order.
Network networkOf(const char* architecture, const std::vector<std::vector<Shape>>& weights,
    KerasGeneration generation = KerasGeneration::Keras3)
{
    Network network;
    network.generation = generation;
    network.architecture = JsonText(json(architecture));
    std::vector<Problem> problems;
    if (auto model = parseArchitecture(network.architecture.value(), problems))
        network.model = std::move(model).value();
    for (std::size_t i = 0; i < weights.size() && i < network.model.layers.size(); ++i)
        for (const Shape& shape : weights[i]) {
            Weight weight;
            weight.name = weight.path = network.model.layers[i].name + "/w";
            weight.value = Tensor::of<float>(shape,
                std::vector<float>(
                    static_cast<std::size_t>(elementCount(shape).value_or(0)), 1.0F));
            network.model.layers[i].weights.push_back(network.weights.size());
            network.weights.push_back(std::move(weight));
        }
    return network;
}

struct Lowering
{
    ops::Graph graph;
    ops::Builder builder{ graph };
    std::optional<layers::LoweredModel> model;
    std::optional<Error> error;

    explicit Lowering(const Network& network, std::vector<Shape> inputs = {},
        layers::LoweringOptions options = {})
    {
        auto lowered = layers::lowerModel(builder, network, 2, inputs, options);
        if (lowered)
            model = std::move(lowered).value();
        else
            error = lowered.error();
    }
};

constexpr const char* classifier
    = R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
    {"class_name": "Dense", "config": {"name": "d", "units": 3, "activation": "relu",
        "batch_input_shape": [null, 2]}},
    {"class_name": "Dense", "config": {"name": "p", "units": 2, "activation": "softmax"}}]}})";

const std::vector<std::vector<Shape>> classifierWeights{ { { 2, 3 }, { 3 } }, { { 3, 2 }, { 2 } } };

constexpr const char* two = R"({"class_name": "Functional", "config": {"name": "m", "layers": [
    {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_shape": [null, 3]},
     "inbound_nodes": []},
    {"class_name": "ReLU", "name": "r", "config": {"name": "r"}, "inbound_nodes": [
        {"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 3],
         "dtype": "float32", "keras_history": ["x", 0, 0]}}], "kwargs": {}},
        {"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 3],
         "dtype": "float32", "keras_history": ["r", 0, 0]}}], "kwargs": {}}]}],
    "input_layers": [["x", 0, 0]], "output_layers": [["r", 0, 0], ["r", 1, 0]]}})";

} // namespace

class tst_LowerModel : public QObject
{
    Q_OBJECT

private slots:
    void tellsInputsOfSequentialWithoutInputLayer();
    void looksThroughSoftmaxOfLastLayer();
    void numbersOutputsOfOneLayerAsKerasDoes();
    void countsCallsOfSharedLayers();
    void refusesUnknownLayerByName();
    void refusesUnknownActivationByName();
    void refusesMissingWeights();
    void refusesWeightsOfWrongShape();
    void refusesInputsOfWrongShape();
    void refusesOpenLengths();
    void addsPenaltiesOnce();
    void drawsNoiseOnlyWhenAskedTo();
    void saysWhatCannotRun();
    void explainsWithItsOwnNumbers();
};

void tst_LowerModel::tellsInputsOfSequentialWithoutInputLayer()
{
    const auto inputs = layers::modelInputs(networkOf(classifier, classifierWeights));
    QVERIFY(inputs.hasValue());
    QCOMPARE(inputs->size(), std::size_t{ 1 });
    QCOMPARE(inputs->front().name, std::string("d_input"));
    QVERIFY((inputs->front().shape == PartialShape{ openDimension, 2 }));
}

void tst_LowerModel::looksThroughSoftmaxOfLastLayer()
{
    Lowering lowering(networkOf(classifier, classifierWeights));
    QVERIFY2(lowering.model, lowering.error ? lowering.error->sentence().c_str() : "");
    QCOMPARE(lowering.model->outputNames.front(), std::string("p"));
    QVERIFY(bool(lowering.model->outputLogits.front()));
    QVERIFY(lowering.model->outputLogits.front() != lowering.model->outputs.front());
    QVERIFY((lowering.builder.shape(lowering.model->outputLogits.front()) == Shape{ 2, 2 }));
}

void tst_LowerModel::numbersOutputsOfOneLayerAsKerasDoes()
{
    Lowering lowering(networkOf(two, {}));
    QVERIFY2(lowering.model, lowering.error ? lowering.error->sentence().c_str() : "");
    QCOMPARE(lowering.model->outputNames, (std::vector<std::string>{ "r", "r_1" }));
}

void tst_LowerModel::countsCallsOfSharedLayers()
{
    Lowering lowering(networkOf(two, {}));
    QVERIFY2(lowering.model, lowering.error ? lowering.error->sentence().c_str() : "");
    const auto& outputs = lowering.model->layerOutputs;
    QCOMPARE(outputs.size(), std::size_t{ 2 });
    QCOMPARE(outputs[0].call, 0);
    QCOMPARE(outputs[1].call, 1);
    QVERIFY(outputs[0].value == lowering.model->outputs[0]);
}

void tst_LowerModel::refusesUnknownLayerByName()
{
    Lowering lowering(networkOf(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Marvel", "config": {"name": "odd", "batch_input_shape": [null, 2]}}]}})",
        {}));
    QVERIFY(lowering.error);
    QVERIFY(lowering.error->kind() == ErrorKind::Unsupported);
    QVERIFY(lowering.error->sentence().find("'odd' (Marvel)") != std::string::npos);
}

void tst_LowerModel::refusesUnknownActivationByName()
{
    Lowering lowering(networkOf(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Activation", "config": {"name": "a", "activation": "my>own",
         "batch_input_shape": [null, 2]}}]}})",
        {}));
    QVERIFY(lowering.error && lowering.error->kind() == ErrorKind::Unsupported);
    QVERIFY(lowering.error->message().find("my>own") != std::string::npos);
}

void tst_LowerModel::refusesMissingWeights()
{
    Lowering lowering(networkOf(classifier, { { { 2, 3 } } }));
    QVERIFY(lowering.error && lowering.error->kind() == ErrorKind::ShapeMismatch);
}

void tst_LowerModel::refusesWeightsOfWrongShape()
{
    Lowering lowering(networkOf(classifier, { { { 5, 3 }, { 3 } }, { { 3, 2 }, { 2 } } }));
    QVERIFY(lowering.error && lowering.error->kind() == ErrorKind::ShapeMismatch);
}

void tst_LowerModel::refusesInputsOfWrongShape()
{
    Lowering lowering(networkOf(classifier, classifierWeights), { { 4, 7 } });
    QVERIFY(lowering.error && lowering.error->kind() == ErrorKind::ShapeMismatch);
    QVERIFY(lowering.error->message().find("[None, 2]") != std::string::npos);
}

void tst_LowerModel::refusesOpenLengths()
{
    Lowering lowering(networkOf(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "ReLU", "config": {"name": "r", "batch_input_shape": [null, null, 2]}}]}})",
        {}));
    QVERIFY(lowering.error && lowering.error->kind() == ErrorKind::ShapeMismatch);
}

void tst_LowerModel::addsPenaltiesOnce()
{
    // One Dense on two inputs: its kernel of four ones counts once, its outputs twice.
    Network network = networkOf(R"({"class_name": "Functional", "config": {"name": "m", "layers": [
        {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_shape": [1, 2]},
         "inbound_nodes": []},
        {"class_name": "InputLayer", "name": "y", "config": {"name": "y", "batch_shape": [1, 2]},
         "inbound_nodes": []},
        {"class_name": "Dense", "name": "d", "config": {"name": "d", "units": 2, "use_bias": false,
            "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}},
            "activity_regularizer": {"class_name": "L1", "config": {"l1": 0.25}}},
         "inbound_nodes": [[["x", 0, 0, {}]], [["y", 0, 0, {}]]]}],
        "input_layers": [["x", 0, 0], ["y", 0, 0]],
        "output_layers": [["d", 0, 0], ["d", 1, 0]]}})",
        { {}, {}, { { 2, 2 } } }, KerasGeneration::Keras2);
    Lowering lowering(network);
    QVERIFY(lowering.model && lowering.model->regularization);
    lowering.builder.output(lowering.model->regularization);
    auto program = ops::Program::compile(lowering.graph);
    QVERIFY(program.hasValue());
    std::vector<float> x{ 1, 1 };
    std::vector<float> y{ 2, 2 };
    std::vector<float> kernel{ 1, 1, 1, 1 };
    float penalty = 0;
    QVERIFY(program
                ->run(std::vector<const void*>{ x.data(), y.data() },
                    std::vector<void*>{ kernel.data() }, std::vector<void*>{ &penalty })
                .hasValue());
    QCOMPARE(penalty, 0.5F * 4 + 0.25F * (2 + 2 + 4 + 4));
}

void tst_LowerModel::drawsNoiseOnlyWhenAskedTo()
{
    const Network network
        = networkOf(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Dropout", "config": {"name": "d", "rate": 0.5,
         "batch_input_shape": [null, 2]}}]}})",
            {});
    layers::LoweringOptions training;
    training.mode = layers::Mode::Training;
    training.noise = layers::Noise::Off;
    Lowering quiet(network, {}, training);
    QVERIFY(quiet.model && quiet.model->outputs[0] == quiet.model->inputs[0]);
    Lowering inference(network, {}, {});
    QVERIFY(inference.model && inference.model->outputs[0] == inference.model->inputs[0]);
}

void tst_LowerModel::saysWhatCannotRun()
{
    QVERIFY(!layers::whatCannotRun(networkOf(classifier, classifierWeights)));
    const auto found = layers::whatCannotRun(
        networkOf(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Lambda", "config": {"name": "code", "batch_input_shape": [null, 2]}}]}})",
            {}));
    QVERIFY(found && found->find("'code' (Lambda)") != std::string::npos);
}

void tst_LowerModel::explainsWithItsOwnNumbers()
{
    const Network network
        = networkOf(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Conv2D", "config": {"name": "c", "filters": 64, "kernel_size": [3, 3],
         "activation": "relu", "batch_input_shape": [null, 8, 8, 32]}},
        {"class_name": "Marvel", "config": {"name": "odd"}}]}})",
            { { { 3, 3, 32, 64 }, { 64 } } });
    const auto explained = [&network](const Layer& layer) {
        return QString::fromStdString(inEnglish(layers::explain(layer, network)));
    };
    QCOMPARE(explained(network.model.layers[0]),
        QStringLiteral("Slides 64 filters of 3×3 over 32 channels, then applies relu; "
                       "18,496 parameters = 3·3·32·64 + 64."));
    QVERIFY(explained(network.model.layers[1]).contains(QLatin1String("Marvel")));
    QCOMPARE(
        explained(network.model), QStringLiteral("A chain of 2 layers, one behind the other."));

    // Without the weights' shapes nothing is said about parameters.
    Network unknown = network;
    unknown.weights.clear();
    QCOMPARE(QString::fromStdString(inEnglish(layers::explain(unknown.model.layers[0], unknown))),
        QStringLiteral("Slides 64 filters of 3×3, then applies relu."));
}

QTEST_GUILESS_MAIN(tst_LowerModel)
#include "tst_lower_model.moc"
