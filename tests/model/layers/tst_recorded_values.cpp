// Outputs of every layer call, gradients, and moving statistics against what real Keras recorded
// (expected.json and arrays.npz beside each model file).
#include "model/containers/npz.h"
#include "model/formats/format.h"
#include "model/layers/lower_model.h"
#include "model/ops/gradient.h"
#include "model/ops/program.h"

#include <QtTest>

#include <cmath>
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

using Arrays = std::map<std::string, Tensor>;

Arrays arraysOf(const std::filesystem::path& path)
{
    Arrays arrays;
    if (auto members = containers::readNpz(path))
        for (auto& [name, tensor] : *members)
            arrays.emplace(name, tensor);
    return arrays;
}

/// Memory of a source or output: as the engine keeps it (half precision as float32).
struct Memory
{
    ops::ValueInfo info;
    std::vector<std::byte> bytes;

    explicit Memory(const ops::ValueInfo& info_)
        : info(info_)
        , bytes(static_cast<std::size_t>(elementCount(info.shape).value_or(0)) * byteSize(type()))
    {
    }

    DType type() const
    {
        return info.dtype == DType::Float16 || info.dtype == DType::BFloat16 ? DType::Float32
                                                                             : info.dtype;
    }

    void set(const Tensor& tensor)
    {
        const auto same = tensor.converted(type());
        if (same && same->bytes().size() == bytes.size())
            std::copy(same->bytes().begin(), same->bytes().end(), bytes.begin());
    }

    std::vector<double> numbers() const
    {
        const auto tensor = Tensor::fromBytes(type(), info.shape, bytes);
        const auto wide = tensor ? tensor->converted(DType::Float64) : tensor;
        if (!wide)
            return {};
        const auto values = wide->valuesAs<double>();
        return { values.begin(), values.end() };
    }
};

struct Tolerance
{
    double relative = 1e-4;
    double absolute = 1e-5;
};

/// Empty, or what differs. The scale of the whole array counts for its small elements.
std::string difference(const std::string& name, const std::vector<double>& got,
    const Tensor& wanted, Tolerance allowed)
{
    const auto wide = wanted.converted(DType::Float64);
    if (!wide)
        return name + ": not numbers";
    const auto values = wide->valuesAs<double>();
    if (values.size() != got.size())
        return name + ": " + std::to_string(got.size()) + " values instead of "
            + std::to_string(values.size());
    double scale = 0;
    for (const double value : values)
        if (std::isfinite(value))
            scale = std::max(scale, std::abs(value));
    for (std::size_t i = 0; i < got.size(); ++i) {
        const bool same = got[i] == values[i] || (std::isnan(got[i]) && std::isnan(values[i]))
            || std::abs(got[i] - values[i])
                <= allowed.absolute + allowed.relative * (0.1 * scale + std::abs(values[i]));
        if (!same)
            return name + ": element " + std::to_string(i) + " is " + std::to_string(got[i])
                + " instead of " + std::to_string(values[i]);
    }
    return {};
}

/// A model lowered for the recorded inputs, with what is wanted of it.
class Run
{
public:
    Run(const Network& network, const Json& expected, const Arrays& arrays, layers::Mode mode)
        : m_network(network)
        , m_arrays(arrays)
        , m_builder(m_graph)
    {
        std::vector<Shape> shapes;
        auto inputs = layers::modelInputs(network);
        const Json& recorded = expected["forward"]["inputs"];
        for (std::size_t i = 0; i < recorded.size(); ++i) {
            std::size_t place = i;
            if (recorded[i].contains("name") && recorded[i]["name"].is_string() && inputs)
                for (std::size_t j = 0; j < inputs->size(); ++j)
                    if ((*inputs)[j].name == recorded[i]["name"])
                        place = j;
            m_inputs.resize(std::max(m_inputs.size(), place + 1));
            m_inputs[place] = arrays.at(recorded[i]["key"].get<std::string>());
        }
        for (const Tensor& input : m_inputs)
            shapes.push_back(input.shape());
        layers::LoweringOptions options;
        options.mode = mode;
        options.noise = layers::Noise::Off;
        auto result = layers::lowerModel(m_builder, network, 0, shapes, options);
        if (!result)
            m_error = result.error().sentence();
        else
            lowered = std::move(result).value();
    }

    layers::LoweredModel lowered;
    const std::string& error() const { return m_error; }
    ops::Builder& builder() { return m_builder; }

    /// Marks a value as wanted; its number among the results.
    std::size_t want(ops::Value value)
    {
        m_builder.output(value);
        m_results.emplace_back(m_builder.info(value));
        return m_results.size() - 1;
    }
    const Memory& result(std::size_t number) const { return m_results[number]; }

    void compute()
    {
        if (m_builder.error()) {
            m_error = m_builder.error()->sentence();
            return;
        }
        auto program = ops::Program::compile(m_graph);
        if (!program) {
            m_error = program.error().sentence();
            return;
        }
        std::vector<Memory> inputs;
        std::vector<Memory> variables;
        std::size_t nextWeight = 0;
        for (const ops::Source& source : m_graph.sources) {
            const auto& info = m_graph.info(source.value);
            if (source.kind == ops::SourceKind::Input) {
                inputs.emplace_back(info);
                inputs.back().set(m_inputs[inputs.size() - 1]);
            } else if (source.kind == ops::SourceKind::Variable) {
                while (!lowered.weights[nextWeight])
                    ++nextWeight;
                variables.emplace_back(info);
                if (auto tensor = m_network.weights[nextWeight++].value.load())
                    variables.back().set(*tensor);
            }
        }
        std::vector<const void*> inputPlaces;
        std::vector<void*> variablePlaces;
        std::vector<void*> resultPlaces;
        for (Memory& memory : inputs)
            inputPlaces.push_back(memory.bytes.data());
        for (Memory& memory : variables)
            variablePlaces.push_back(memory.bytes.data());
        for (Memory& memory : m_results)
            resultPlaces.push_back(memory.bytes.data());
        if (auto done = program->run(inputPlaces, variablePlaces, resultPlaces); !done)
            m_error = done.error().sentence();
    }

private:
    const Network& m_network;
    const Arrays& m_arrays;
    std::vector<Tensor> m_inputs;
    ops::Graph m_graph;
    ops::Builder m_builder;
    std::vector<Memory> m_results;
    std::string m_error;
};

/// A result that is to be what the array `key` holds.
struct Wanted
{
    std::string name;
    std::string key;
    std::size_t result;
};

/// Numbers of weights in model order by path; several of one path are told apart by their order.
std::map<std::string, std::vector<std::size_t>> numbersByPath(const Json& expected)
{
    std::map<std::string, std::vector<std::size_t>> numbers;
    const Json& order = expected["model"]["weights_in_model_order"];
    for (std::size_t i = 0; i < order.size(); ++i)
        numbers[order[i]["path"].get<std::string>()].push_back(i);
    return numbers;
}

Tolerance toleranceFor(const Json& expected)
{
    for (const Json& layer : expected["model"]["layers"]) {
        const auto policy = layer.contains("dtype_policy") && layer["dtype_policy"].is_string()
            ? layer["dtype_policy"].get<std::string>()
            : std::string();
        if (policy.find("float16") != std::string::npos) // bfloat16 and the mixed ones as well
            return { 2e-2, 2e-2 };
    }
    return {};
}

std::string joined(const Json& path)
{
    std::string text;
    for (const Json& part : path)
        text += (text.empty() ? "" : "/") + part.get<std::string>();
    return text;
}

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const std::string& part : path)
        text += (text.empty() ? "" : "/") + part;
    return text;
}

void addRows(const char* block)
{
    QTest::addColumn<QString>("folder");
    // LAYERSCOPE_RECORDINGS may name a further folder of the same make (see tests/data/README.md).
    const char* further = std::getenv("LAYERSCOPE_RECORDINGS");
    for (const std::filesystem::path root : { TEST_DATA, SHARED_CORPUS, further ? further : "" }) {
        std::error_code none;
        for (const auto& family : std::filesystem::directory_iterator(root, none)) {
            if (!family.is_directory() || family.path().filename() == "bad")
                continue;
            for (const auto& folder : std::filesystem::directory_iterator(family.path())) {
                if (!std::filesystem::exists(folder.path() / "model.h5")
                    || !std::filesystem::exists(folder.path() / "expected.json"))
                    continue;
                auto expected = parseJson(textOf(folder.path() / "expected.json"));
                if (!expected || !expected->contains(block) || !(*expected)[block].is_object())
                    continue;
                QTest::newRow((root.filename().string() + "/" + family.path().filename().string()
                    + "/" + folder.path().filename().string())
                                  .c_str())
                    << QString::fromStdString(folder.path().string());
            }
        }
    }
}

/// Reads the model file of a folder and what is recorded beside it.
struct Recording
{
    Json expected;
    Arrays arrays;
    std::optional<Network> network;
    std::string error;

    explicit Recording(const std::filesystem::path& folder)
        : expected(parseJson(textOf(folder / "expected.json")).value())
        , arrays(arraysOf(folder / "arrays.npz"))
    {
        if (auto read = formats::openNetwork(folder / "model.h5"))
            network = std::move(read).value();
        else
            error = read.error().sentence();
    }
};

/// What needs code that only the file's authors have, or strings.
bool isBeyondUs(const std::string& error)
{
    return error.find("not known to Layerscope") != std::string::npos
        || error.find("Layerscope cannot run this layer") != std::string::npos
        || error.find("strings") != std::string::npos
        || error.find("Python code") != std::string::npos
        || error.find("activation 'corpus") != std::string::npos
        || error.find("activation 'swish_half'") != std::string::npos;
}

} // namespace

class tst_RecordedValues : public QObject
{
    Q_OBJECT

private slots:
    void outputsOfEveryLayer_data() { addRows("forward"); }
    void outputsOfEveryLayer();
    void gradientsAndMovingStatistics_data() { addRows("gradients"); }
    void gradientsAndMovingStatistics();
};

void tst_RecordedValues::outputsOfEveryLayer()
{
    QFETCH(QString, folder);
    const Recording recording(folder.toStdString());
    QVERIFY2(recording.network, recording.error.c_str());
    Run run(*recording.network, recording.expected, recording.arrays, layers::Mode::Inference);
    if (isBeyondUs(run.error()))
        QSKIP(run.error().c_str());
    QVERIFY2(run.error().empty(), run.error().c_str());
    std::vector<Wanted> wanted;
    for (const Json& layer : recording.expected["forward"]["layers"])
        for (std::size_t i = 0; i < layer["keys"].size(); ++i) {
            const std::string name = joined(layer["path"]);
            const layers::LayerOutput* found = nullptr;
            for (const auto& output : run.lowered.layerOutputs)
                if (joined(output.path) == name && output.call == layer["call"].get<int>()
                    && output.output == static_cast<int>(i))
                    found = &output;
            QVERIFY2(found, (name + " is not among the outputs").c_str());
            wanted.push_back({ name, layer["keys"][i].get<std::string>(), run.want(found->value) });
        }
    const Json& keys = recording.expected["forward"]["outputs"];
    QCOMPARE(run.lowered.outputs.size(), keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i)
        wanted.push_back({ "output " + std::to_string(i), keys[i].get<std::string>(),
            run.want(run.lowered.outputs[i]) });
    const bool hasPenalty = recording.expected.contains("penalty");
    QVERIFY(!hasPenalty || run.lowered.regularization);
    const std::size_t penalty = hasPenalty ? run.want(run.lowered.regularization) : 0;
    run.compute();
    QVERIFY2(run.error().empty(), run.error().c_str());
    for (const Wanted& each : wanted) {
        const auto found = difference(each.name, run.result(each.result).numbers(),
            recording.arrays.at(each.key), toleranceFor(recording.expected));
        QVERIFY2(found.empty(), found.c_str());
    }
    if (hasPenalty) {
        const auto found = difference("penalty", run.result(penalty).numbers(),
            Tensor::scalar(recording.expected["penalty"].get<double>()), {});
        QVERIFY2(found.empty(), found.c_str());
    }
}

void tst_RecordedValues::gradientsAndMovingStatistics()
{
    QFETCH(QString, folder);
    const Recording recording(folder.toStdString());
    QVERIFY2(recording.network, recording.error.c_str());
    const Json& block = recording.expected["gradients"];
    Run run(*recording.network, recording.expected, recording.arrays,
        block["training"] == true ? layers::Mode::Training : layers::Mode::Inference);
    if (isBeyondUs(run.error()))
        QSKIP(run.error().c_str());
    QVERIFY2(run.error().empty(), run.error().c_str());
    std::vector<ops::Value> upstreams;
    for (std::size_t i = 0; i < run.lowered.outputs.size(); ++i) {
        const auto tensor = recording.arrays.at(block["upstream"][i].get<std::string>())
                                .reshaped(run.builder().shape(run.lowered.outputs[i]));
        QVERIFY(tensor.hasValue());
        upstreams.push_back(run.builder().cast(
            run.builder().constant(*tensor), run.builder().dtype(run.lowered.outputs[i])));
    }
    std::vector<ops::Value> sources = run.lowered.weights;
    sources.insert(sources.end(), run.lowered.inputs.begin(), run.lowered.inputs.end());
    const auto gradients = ops::gradients(run.builder(), run.lowered.outputs, upstreams, sources);
    QVERIFY2(!run.builder().error(),
        run.builder().error() ? run.builder().error()->message().c_str() : "");
    std::vector<Wanted> wanted;
    auto byPath = numbersByPath(recording.expected);
    auto numbers = byPath;
    for (const Json& weight : block["weights"]) {
        auto& candidates = numbers[weight["path"].get<std::string>()];
        QVERIFY(!candidates.empty());
        const std::size_t number = candidates.front();
        candidates.erase(candidates.begin());
        if (!weight["key"].is_string())
            continue;
        QVERIFY2(
            gradients[number], (weight["path"].get<std::string>() + " has no gradient").c_str());
        wanted.push_back({ weight["path"].get<std::string>(), weight["key"].get<std::string>(),
            run.want(gradients[number]) });
    }
    for (std::size_t i = 0; i < block["inputs"].size(); ++i)
        if (block["inputs"][i].is_string()) {
            const auto gradient = gradients[run.lowered.weights.size() + i];
            QVERIFY(bool(gradient));
            wanted.push_back({ "input " + std::to_string(i), block["inputs"][i].get<std::string>(),
                run.want(gradient) });
        }
    for (const Json& update : block["state_updates"]) {
        const std::string path = update["path"].get<std::string>();
        QVERIFY2(byPath.contains(path), path.c_str());
        const layers::StateUpdate* found = nullptr;
        for (const auto& each : run.lowered.stateUpdates)
            if (each.weight == byPath[path].front())
                found = &each;
        QVERIFY2(found, (path + " is not updated").c_str());
        wanted.push_back(
            { path + " afterwards", update["key"].get<std::string>(), run.want(found->newValue) });
    }
    run.compute();
    QVERIFY2(run.error().empty(), run.error().c_str());
    for (const Wanted& each : wanted) {
        const auto found = difference(each.name, run.result(each.result).numbers(),
            recording.arrays.at(each.key), toleranceFor(recording.expected));
        QVERIFY2(found.empty(), found.c_str());
    }
}

QTEST_GUILESS_MAIN(tst_RecordedValues)
#include "tst_recorded_values.moc"
