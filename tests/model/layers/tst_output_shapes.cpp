// Output shapes against what real Keras says of its own models (expected.json of the corpus), and
// against configurations that make no sense.
#include "model/layers/lower_model.h"
#include "model/network/architecture.h"

#include <QtTest>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace layerscope;

namespace {

std::string textOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

KerasGeneration generationOf(const std::string& version)
{
    if (version.rfind("keras3", 0) == 0)
        return KerasGeneration::Keras3;
    if (version.rfind("keras1", 0) == 0)
        return KerasGeneration::Keras1;
    return version.rfind("keras2.0", 0) == 0 || version.rfind("keras2.2", 0) == 0
        ? KerasGeneration::Legacy
        : KerasGeneration::Keras2;
}

Network networkOf(const Json& architecture, KerasGeneration generation)
{
    Network network;
    network.architecture = JsonText(architecture);
    network.generation = generation;
    std::vector<Problem> problems;
    if (auto model = parseArchitecture(architecture, problems))
        network.model = std::move(model).value();
    return network;
}

Json jsonOf(const PartialShape& shape)
{
    Json json = Json::array();
    for (const std::int64_t length : shape)
        json.push_back(length == openDimension ? Json() : Json(length));
    return json;
}

Json jsonOf(const layers::LayerShapes& shapes)
{
    if (!shapes.isList)
        return jsonOf(shapes.shapes.front());
    Json json = Json::array();
    for (const PartialShape& shape : shapes.shapes)
        json.push_back(jsonOf(shape));
    return json;
}

/// A Sequential of one layer on the given input.
Network oneLayer(const char* className, const char* config, const char* input)
{
    const std::string text = R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": )"
        + std::string(input) + R"(}}, {"class_name": ")" + className + R"(", "config": )" + config
        + "}]}}";
    return networkOf(parseJson(text).value(), KerasGeneration::Keras3);
}

} // namespace

class tst_OutputShapes : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithKeras_data();
    void agreesWithKeras();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void walksLongChainsWithoutRecursion();
    void survivesCycles();
    void takesShapesOfCustomLayersFromTheFile();
    void takesShapesOfCustomLayersFromWhatTheNextOneWasBuiltFor();
};

void tst_OutputShapes::agreesWithKeras_data()
{
    QTest::addColumn<QString>("folder");
    // LAYERSCOPE_RECORDINGS may name a further folder of the same make (see tests/data/README.md).
    const char* further = std::getenv("LAYERSCOPE_RECORDINGS");
    for (const std::filesystem::path root : { TEST_DATA, SHARED_CORPUS, further ? further : "" }) {
        std::error_code none;
        for (const auto& family : std::filesystem::directory_iterator(root, none)) {
            const auto name = family.path().filename().string();
            if (!family.is_directory() || name == "bad" || name == "logs")
                continue;
            for (const auto& folder : std::filesystem::directory_iterator(family.path()))
                if (std::filesystem::exists(folder.path() / "expected.json"))
                    QTest::newRow((root.filename().string() + "/" + name + "/"
                        + folder.path().filename().string())
                                      .c_str())
                        << QString::fromStdString(folder.path().string());
        }
    }
}

void tst_OutputShapes::agreesWithKeras()
{
    QFETCH(QString, folder);
    const std::filesystem::path path = folder.toStdString();
    const Json expected = parseJson(textOf(path / "expected.json")).value();
    const Json& model = expected["model"];
    if (!model.contains("model_config") || model["kind"] == "subclassed")
        return;
    const Network network
        = networkOf(model["model_config"], generationOf(path.filename().string()));
    const auto found = layers::inferLayerShapes(network);
    for (const Json& layer : model["layers"]) {
        if (layer["output_shape"].is_null())
            continue;
        std::string name;
        for (const Json& part : layer["path"])
            name += (name.empty() ? "" : "/") + part.get<std::string>();
        const auto shape = found.find(name);
        const bool isCustom = layer["class"] == "ScaleShift" || layer["class"] == "GatedBlock";
        if (shape == found.end() && isCustom && path.filename() == "keras2.12")
            break; // nothing in that file tells the shapes of custom layers and of what follows
        QVERIFY2(shape != found.end(), name.c_str());
        QVERIFY2(jsonOf(shape->second) == layer["output_shape"],
            (name + ": " + dumpJson(jsonOf(shape->second)) + " instead of "
                + dumpJson(layer["output_shape"]))
                .c_str());
    }
}

void tst_OutputShapes::refusesWhatCannotBe_data()
{
    QTest::addColumn<QByteArray>("className");
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QByteArray>("input");
    const auto row = [](const char* name, const char* className, const char* config,
                         const char* input) {
        QTest::newRow(name) << QByteArray(className) << QByteArray(config) << QByteArray(input);
    };
    row("no units", "Dense", R"({"name": "l"})", "[null, 4]");
    row("negative units", "Dense", R"({"name": "l", "units": -3})", "[null, 4]");
    row("units of text", "Dense", R"({"name": "l", "units": "many"})", "[null, 4]");
    row("half a unit", "Dense", R"({"name": "l", "units": 0.5})", "[null, 4]");
    row("units beyond memory", "Dense", R"({"name": "l", "units": 4611686018427387904})",
        "[null, 9007199254740992, 4]");
    row("stride zero", "Conv2D",
        R"({"name": "l", "filters": 2, "kernel_size": [3, 3], "strides": [0, 0]})",
        "[null, 8, 8, 1]");
    row("kernel larger than image", "Conv2D",
        R"({"name": "l", "filters": 2, "kernel_size": [9, 9]})", "[null, 8, 8, 1]");
    row("kernel of overflowing reach", "Conv1D",
        R"({"name": "l", "filters": 2, "kernel_size": [9007199254740992],
            "dilation_rate": [9007199254740992]})",
        "[null, 8, 1]");
    row("groups that do not divide", "Conv2D",
        R"({"name": "l", "filters": 3, "kernel_size": [1, 1], "groups": 2})", "[null, 8, 8, 2]");
    row("unknown padding", "Conv2D",
        R"({"name": "l", "filters": 2, "kernel_size": [1, 1], "padding": "huge"})",
        "[null, 8, 8, 1]");
    row("wrong rank", "Conv2D", R"({"name": "l", "filters": 2, "kernel_size": [1, 1]})",
        "[null, 8]");
    row("reshape of another size", "Reshape", R"({"name": "l", "target_shape": [5, 5]})",
        "[null, 24]");
    row("reshape with two open axes", "Reshape", R"({"name": "l", "target_shape": [-1, -1]})",
        "[null, 24]");
    row("reshape by zero", "Reshape", R"({"name": "l", "target_shape": [0, -1]})", "[null, 24]");
    row("reshape that overflows", "Reshape",
        R"({"name": "l", "target_shape": [9007199254740992, 9007199254740992]})", "[null, 24]");
    row("permutation that is none", "Permute", R"({"name": "l", "dims": [1, 1]})", "[null, 3, 4]");
    row("cropped to nothing", "Cropping1D", R"({"name": "l", "cropping": [4, 4]})", "[null, 8, 2]");
    row("negative padding", "ZeroPadding1D", R"({"name": "l", "padding": [-9, 1]})",
        "[null, 8, 2]");
    row("upsampled beyond memory", "UpSampling1D", R"({"name": "l", "size": 4611686018427387904})",
        "[null, 8, 2]");
    row("negative repetition", "RepeatVector", R"({"name": "l", "n": -1})", "[null, 8]");
    row("cell without width", "LSTM", R"({"name": "l", "units": 0})", "[null, 5, 3]");
    row("unknown class", "Marvel", R"({"name": "l"})", "[null, 5, 3]");
    row("configuration of text", "Dense", R"("nonsense")", "[null, 5]");
    row("wrapper around itself", "TimeDistributed", R"({"name": "l", "layer": null})",
        "[null, 5, 3]");
    row("equation of nonsense", "EinsumDense",
        R"({"name": "l", "equation": "ab->", "output_shape": [2]})", "[null, 5]");
}

void tst_OutputShapes::refusesWhatCannotBe()
{
    QFETCH(QByteArray, className);
    QFETCH(QByteArray, config);
    QFETCH(QByteArray, input);
    const auto found = layers::inferOutputShapes(
        oneLayer(className.constData(), config.constData(), input.constData()));
    QVERIFY(!found.contains("l"));
}

void tst_OutputShapes::walksLongChainsWithoutRecursion()
{
    Network network;
    network.generation = KerasGeneration::Keras3;
    network.model.kind = LayerKind::Functional;
    const std::size_t count = 100'000;
    network.model.layers.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        Layer& layer = network.model.layers[i];
        layer.name = "l" + std::to_string(i);
        layer.className = i == 0 ? "InputLayer" : "ReLU";
        layer.config = i == 0 ? parseJson(R"({"batch_shape": [null, 3]})").value() : Json::object();
        if (i > 0)
            layer.calls = { Call{ { Argument{ TensorReference{ i - 1, 0, 0 } } }, {} } };
    }
    network.model.inputs = { { 0, 0, 0 } };
    network.model.outputs = { { count - 1, 0, 0 } };
    const auto found = layers::inferOutputShapes(network);
    QCOMPARE(found.size(), count);
    QVERIFY((found.at("l99999") == PartialShape{ openDimension, 3 }));
}

void tst_OutputShapes::survivesCycles()
{
    Network network;
    network.model.kind = LayerKind::Functional;
    network.model.layers.resize(2);
    for (std::size_t i = 0; i < 2; ++i) {
        network.model.layers[i].name = i == 0 ? "a" : "b";
        network.model.layers[i].className = "ReLU";
        network.model.layers[i].calls
            = { Call{ { Argument{ TensorReference{ 1 - i, 0, 0 } } }, {} } };
    }
    network.model.outputs = { { 1, 0, 0 } };
    QVERIFY(layers::inferOutputShapes(network).empty());
}

void tst_OutputShapes::takesShapesOfCustomLayersFromTheFile()
{
    const Json architecture = parseJson(R"({"class_name": "Sequential", "config": {"name": "s",
        "layers": [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 4]}},
        {"class_name": "Marvel", "config": {"name": "custom"}},
        {"class_name": "Dense", "config": {"name": "d", "units": 2},
         "build_config": {"input_shape": [null, 7]}}]}})")
                                  .value();
    const auto found = layers::inferOutputShapes(networkOf(architecture, KerasGeneration::Keras3));
    QVERIFY((found.at("custom") == PartialShape{ openDimension, 7 }));
    QVERIFY((found.at("d") == PartialShape{ openDimension, 2 }));
}

/// SavedModels keep it in the metadata of objects, not in the architecture.
void tst_OutputShapes::takesShapesOfCustomLayersFromWhatTheNextOneWasBuiltFor()
{
    const Json architecture = parseJson(R"({"class_name": "Sequential", "config": {"name": "s",
        "layers": [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null, 4]}},
        {"class_name": "Marvel", "config": {"name": "custom"}},
        {"class_name": "Dense", "config": {"name": "d", "units": 2}}]}})")
                                  .value();
    Network network = networkOf(architecture, KerasGeneration::Keras2);
    QVERIFY(!layers::inferOutputShapes(network).contains("custom"));
    network.model.layers.back().builtFor = Json({ nullptr, 7 });
    const auto found = layers::inferOutputShapes(network);
    QVERIFY((found.at("custom") == PartialShape{ openDimension, 7 }));
    QVERIFY((found.at("d") == PartialShape{ openDimension, 2 }));
}

QTEST_GUILESS_MAIN(tst_OutputShapes)
#include "tst_output_shapes.moc"
