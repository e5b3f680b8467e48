// Gradients of every family of layers against central differences, in double precision: the graph
// itself, run at shifted points, is the witness of its derivative.
#include "model/layers/lower_model.h"
#include "model/ops/gradient.h"
#include "model/ops/program.h"

#include <QtTest>

#include <cmath>

using namespace layerscope;

namespace {

/// Numbers without a pattern, away from the kinks of piecewise functions.
std::vector<double> someNumbers(std::int64_t count, std::uint32_t seed)
{
    std::vector<double> numbers;
    std::uint32_t state = seed * 2654435761U + 12345U;
    for (std::int64_t i = 0; i < count; ++i) {
        state = state * 1664525U + 1013904223U;
        const double value = static_cast<double>(state >> 8U) / (1U << 24U) * 2 - 1;
        numbers.push_back(value + (value < 0 ? -0.05 : 0.05));
    }
    return numbers;
}

struct Case
{
    std::string className;
    std::string config;
    Shape input;
    std::vector<Shape> weights;
    bool wholeInput = false; ///< indices rather than numbers
};

Json parsed(const std::string& text)
{
    auto json = parseJson(text);
    return json ? *json : Json();
}

/// A Sequential of one layer, in float64.
Network networkOf(const Case& test, KerasGeneration generation)
{
    Network network;
    network.generation = generation;
    network.model.kind = LayerKind::Sequential;
    network.model.name = "s";
    Layer input;
    input.name = "x";
    input.className = "InputLayer";
    Json shape = Json::array();
    for (const std::int64_t length : test.input)
        shape.push_back(length);
    input.config = Json::object({ { "dtype", "float64" } });
    input.config["batch_shape"] = shape;
    Layer layer;
    layer.name = "l";
    layer.className = test.className;
    layer.config = parsed(test.config);
    layer.dtypePolicy = "float64";
    for (std::size_t i = 0; i < test.weights.size(); ++i) {
        Weight weight;
        weight.name = weight.path = "w" + std::to_string(i);
        auto values = someNumbers(
            elementCount(test.weights[i]).value_or(0), static_cast<std::uint32_t>(i) + 7);
        if (test.className == "BatchNormalization" && i == 3)
            for (double& value : values)
                value = std::abs(value) + 0.1;
        weight.value = Tensor::of<double>(test.weights[i], values);
        layer.weights.push_back(i);
        network.weights.push_back(std::move(weight));
    }
    network.model.layers = { input, layer };
    return network;
}

/// sum(output · upstream) and its gradients to the input and all weights, as a program over copies
/// of both.
class Derivative
{
public:
    Derivative(const Network& network, const Case& test, layers::Mode mode)
        : m_builder(m_graph)
    {
        layers::LoweringOptions options;
        options.mode = mode;
        options.noise = layers::Noise::Off;
        auto lowered = layers::lowerModel(m_builder, network, 0, { test.input }, options);
        if (!lowered) {
            m_error = lowered.error().sentence();
            return;
        }
        std::vector<ops::Value> targets;
        std::vector<ops::Value> upstreams;
        std::vector<ops::Value> parts;
        for (const ops::Value output : lowered->outputs) {
            const Shape& shape = m_builder.shape(output);
            const ops::Value upstream = m_builder.constant(
                Tensor::of<double>(shape, someNumbers(elementCount(shape).value_or(0), 3)));
            targets.push_back(output);
            upstreams.push_back(upstream);
            parts.push_back(m_builder.sum(m_builder.multiply(output, upstream)));
        }
        std::vector<ops::Value> sources = lowered->weights;
        sources.push_back(lowered->inputs[0]);
        const auto gradients = ops::gradients(m_builder, targets, upstreams, sources);
        ops::Value sum = parts[0];
        for (std::size_t i = 1; i < parts.size(); ++i)
            sum = m_builder.add(sum, parts[i]);
        m_builder.output(sum);
        for (std::size_t i = 0; i < sources.size(); ++i) {
            m_has.push_back(bool(gradients[i]));
            if (gradients[i]) {
                m_builder.output(gradients[i]);
                m_counts.push_back(static_cast<std::size_t>(
                    elementCount(m_builder.shape(sources[i])).value_or(0)));
            }
        }
        if (m_builder.error()) {
            m_error = m_builder.error()->sentence();
            return;
        }
        auto program = ops::Program::compile(m_graph);
        if (!program)
            m_error = program.error().sentence();
        else
            m_program.emplace(std::move(program).value());
    }

    const std::string& error() const { return m_error; }
    bool has(std::size_t source) const { return m_has[source]; }

    /// The sum; fills `gradients` for the sources that have one.
    double operator()(std::vector<std::vector<double>> variables, const std::vector<double>& input,
        std::vector<std::vector<double>>& gradients)
    {
        double sum = 0;
        std::vector<void*> outputs{ &sum };
        gradients.clear();
        for (const std::size_t count : m_counts)
            gradients.emplace_back(count);
        for (auto& gradient : gradients)
            outputs.push_back(gradient.data());
        std::vector<void*> places;
        for (auto& variable : variables)
            places.push_back(variable.data());
        const std::vector<const void*> inputs{ input.data() };
        if (!m_program->run(inputs, places, outputs))
            m_error = "the program did not run";
        return sum;
    }

private:
    ops::Graph m_graph;
    ops::Builder m_builder;
    std::optional<ops::Program> m_program;
    std::vector<bool> m_has;
    std::vector<std::size_t> m_counts;
    std::string m_error;
};

} // namespace

class tst_LayerGradients : public QObject
{
    Q_OBJECT

private slots:
    void agreeWithCentralDifferences_data();
    void agreeWithCentralDifferences();
};

Q_DECLARE_METATYPE(Case)

void tst_LayerGradients::agreeWithCentralDifferences_data()
{
    QTest::addColumn<Case>("test");
    QTest::addColumn<bool>("keras3");
    const auto row = [](const char* name, const Case& test) {
        for (const bool keras3 : { false, true })
            QTest::newRow((std::string(name) + (keras3 ? ", Keras 3" : ", Keras 2")).c_str())
                << test << keras3;
    };
    for (const char* name : { "linear", "relu", "sigmoid", "tanh", "softmax", "softplus",
             "softsign", "swish", "gelu", "elu", "selu", "exponential", "hard_sigmoid", "mish",
             "leaky_relu", "relu6", "log_softmax", "celu", "glu", "hard_silu", "hard_tanh",
             "hard_shrink", "soft_shrink", "tanh_shrink", "log_sigmoid", "sparse_plus",
             "sparse_sigmoid", "squareplus", "sparsemax" })
        row(name,
            { "Activation", std::string(R"({"activation": ")") + name + "\"}", { 3, 4 }, {} });
    row("Dense",
        { "Dense", R"({"units": 3, "activation": "tanh"})", { 2, 4 }, { { 4, 3 }, { 3 } } });
    row("EinsumDense",
        { "EinsumDense",
            R"({"equation": "abc,cde->abde", "output_shape": [3, 2, 3], "bias_axes": "e"})",
            { 2, 3, 4 }, { { 4, 2, 3 }, { 3 } } });
    row("causal Conv1D",
        { "Conv1D",
            R"({"filters": 2, "kernel_size": [3], "padding": "causal", "dilation_rate": [2]})",
            { 2, 7, 3 }, { { 3, 3, 2 }, { 2 } } });
    row("Conv2D in groups",
        { "Conv2D",
            R"({"filters": 4, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "groups": 2})",
            { 2, 5, 4, 4 }, { { 3, 2, 2, 4 }, { 4 } } });
    row("Conv2D, channels first",
        { "Conv2D",
            R"({"filters": 2, "kernel_size": [2, 2], "data_format": "channels_first", "activation": "tanh"})",
            { 2, 3, 4, 4 }, { { 2, 2, 3, 2 }, { 2 } } });
    row("Conv3D",
        { "Conv3D", R"({"filters": 2, "kernel_size": [2, 2, 2]})", { 1, 3, 3, 3, 2 },
            { { 2, 2, 2, 2, 2 }, { 2 } } });
    row("DepthwiseConv2D",
        { "DepthwiseConv2D", R"({"kernel_size": [2, 2], "depth_multiplier": 2})", { 1, 4, 4, 3 },
            { { 2, 2, 3, 2 }, { 6 } } });
    row("SeparableConv2D",
        { "SeparableConv2D", R"({"filters": 2, "kernel_size": [3, 3], "padding": "same"})",
            { 1, 4, 4, 3 }, { { 3, 3, 3, 1 }, { 1, 1, 3, 2 }, { 2 } } });
    row("Conv2DTranspose",
        { "Conv2DTranspose",
            R"({"filters": 2, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same"})",
            { 1, 3, 3, 2 }, { { 3, 3, 2, 2 }, { 2 } } });
    row("MaxPooling2D",
        { "MaxPooling2D", R"({"pool_size": [2, 2], "padding": "same"})", { 1, 5, 4, 2 }, {} });
    row("AveragePooling1D",
        { "AveragePooling1D", R"({"pool_size": [3], "strides": [2], "padding": "same"})",
            { 2, 6, 2 }, {} });
    row("GlobalAveragePooling2D", { "GlobalAveragePooling2D", "{}", { 2, 3, 3, 2 }, {} });
    row("GlobalMaxPooling1D", { "GlobalMaxPooling1D", R"({"keepdims": true})", { 2, 4, 3 }, {} });
    row("AdaptiveAveragePooling1D",
        { "AdaptiveAveragePooling1D", R"({"output_size": [3]})", { 2, 7, 2 }, {} });
    row("BatchNormalization",
        { "BatchNormalization", R"({"axis": -1})", { 5, 3 }, { { 3 }, { 3 }, { 3 }, { 3 } } });
    row("BatchNormalization of images",
        { "BatchNormalization", R"({"axis": [3]})", { 2, 3, 2, 2 },
            { { 2 }, { 2 }, { 2 }, { 2 } } });
    row("LayerNormalization",
        { "LayerNormalization", R"({"axis": [1, 2]})", { 2, 3, 4 }, { { 3, 4 }, { 3, 4 } } });
    row("GroupNormalization",
        { "GroupNormalization", R"({"groups": 2, "axis": -1})", { 2, 3, 4 }, { { 4 }, { 4 } } });
    row("RMSNormalization", { "RMSNormalization", R"({"axis": [-1]})", { 2, 4 }, { { 4 } } });
    row("UnitNormalization", { "UnitNormalization", R"({"axis": -1})", { 2, 4 }, {} });
    row("PReLU", { "PReLU", R"({"shared_axes": [1]})", { 2, 3, 4 }, { { 1, 4 } } });
    row("ReLU of all kinds",
        { "ReLU", R"({"max_value": 0.7, "negative_slope": 0.1, "threshold": 0.2})", { 3, 4 }, {} });
    row("Softmax along another axis", { "Softmax", R"({"axis": 1})", { 2, 3, 4 }, {} });
    row("SimpleRNN",
        { "SimpleRNN", R"({"units": 3, "return_sequences": true, "go_backwards": true})",
            { 2, 4, 2 }, { { 2, 3 }, { 3, 3 }, { 3 } } });
    row("LSTM",
        { "LSTM", R"({"units": 2, "return_state": true})", { 2, 3, 2 },
            { { 2, 8 }, { 2, 8 }, { 8 } } });
    row("GRU",
        { "GRU", R"({"units": 2, "reset_after": false})", { 2, 3, 2 },
            { { 2, 6 }, { 2, 6 }, { 6 } } });
    row("GRU, reset after",
        { "GRU", R"({"units": 2, "reset_after": true})", { 2, 3, 2 },
            { { 2, 6 }, { 2, 6 }, { 2, 6 } } });
    row("Bidirectional",
        { "Bidirectional",
            R"({"merge_mode": "mul", "layer": {"class_name": "SimpleRNN", "config": {"units": 2}}})",
            { 2, 3, 2 }, { { 2, 2 }, { 2, 2 }, { 2 }, { 2, 2 }, { 2, 2 }, { 2 } } });
    row("TimeDistributed",
        { "TimeDistributed", R"({"layer": {"class_name": "Dense", "config": {"units": 2}}})",
            { 2, 3, 2 }, { { 2, 2 }, { 2 } } });
    row("ConvLSTM1D",
        { "ConvLSTM1D", R"({"filters": 1, "kernel_size": [2], "return_sequences": true})",
            { 1, 3, 4, 2 }, { { 2, 2, 4 }, { 2, 1, 4 }, { 4 } } });
    row("UpSampling2D, bicubic",
        { "UpSampling2D", R"({"size": [2, 2], "interpolation": "bicubic"})", { 1, 3, 3, 2 }, {} });
    row("Resizing, bilinear", { "Resizing", R"({"height": 5, "width": 2})", { 1, 3, 4, 2 }, {} });
    row("Cropping, padding", { "Cropping1D", R"({"cropping": [1, 2]})", { 2, 6, 2 }, {} });
    row("ZeroPadding2D",
        { "ZeroPadding2D", R"({"padding": [[1, 0], [0, 2]]})", { 1, 2, 2, 2 }, {} });
    row("Permute", { "Permute", R"({"dims": [2, 1]})", { 2, 3, 4 }, {} });
    row("Masking", { "Masking", R"({"mask_value": 0})", { 2, 3, 2 }, {} });
}

void tst_LayerGradients::agreeWithCentralDifferences()
{
    QFETCH(Case, test);
    QFETCH(bool, keras3);
    const auto generation = keras3 ? KerasGeneration::Keras3 : KerasGeneration::Keras2;
    const Network network = networkOf(test, generation);
    for (const auto mode : { layers::Mode::Training, layers::Mode::Inference }) {
        Derivative derivative(network, test, mode);
        QVERIFY2(derivative.error().empty(), derivative.error().c_str());
        std::vector<std::vector<double>> points; // the weights, then the input
        for (const Weight& weight : network.weights) {
            auto tensor = weight.value.load();
            const auto values = tensor->valuesAs<double>();
            points.emplace_back(values.begin(), values.end());
        }
        points.push_back(someNumbers(elementCount(test.input).value_or(0), 1));
        const auto at = [&](const std::vector<std::vector<double>>& where,
                            std::vector<std::vector<double>>& gradients) {
            return derivative({ where.begin(), where.end() - 1 }, where.back(), gradients);
        };
        std::vector<std::vector<double>> gradients;
        at(points, gradients);
        std::vector<std::vector<double>> unused;
        std::size_t next = 0;
        for (std::size_t source = 0; source < points.size(); ++source) {
            for (std::size_t i = 0; i < points[source].size(); ++i) {
                constexpr double step = 1e-5;
                auto moved = points;
                moved[source][i] += step;
                const double above = at(moved, unused);
                moved[source][i] -= 2 * step;
                const double difference = (above - at(moved, unused)) / (2 * step);
                const double found = derivative.has(source) ? gradients[next][i] : 0;
                // Second-order differences leave an error of the order of step².
                QVERIFY2(std::abs(found - difference) < 1e-6 * std::max(1.0, std::abs(difference)),
                    (std::to_string(found) + " instead of " + std::to_string(difference)
                        + " at element " + std::to_string(i) + " of source "
                        + std::to_string(source))
                        .c_str());
            }
            next += derivative.has(source) ? 1 : 0;
        }
        QVERIFY2(derivative.error().empty(), derivative.error().c_str());
    }
}

QTEST_GUILESS_MAIN(tst_LayerGradients)
#include "tst_layer_gradients.moc"
