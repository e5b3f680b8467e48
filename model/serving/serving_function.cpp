#include "model/layers/lower_model.h"
#include "model/ops/op_type.h"
#include "model/serving/serving.h"
#include "model/serving/translation.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace layerscope::serving {

using formats::ServingFunction;
using formats::ServingTensor;

namespace {

// Two sizes that no layer has by chance, so that lengths that follow from the batch show.
constexpr std::int64_t oneBatch = 53;
constexpr std::int64_t otherBatch = 59;

/// A recurrent layer over thousands of steps is thousands of ops: a file nobody would wait for.
constexpr std::size_t mostNodes = 50'000;

struct Lowered
{
    ops::Graph graph;
    layers::LoweredModel model;
};

Result<void> lower(const Network& network, std::int64_t batch, Lowered& lowered)
{
    ops::Builder builder(lowered.graph);
    TRY(lowered.model,
        layers::lowerModel(builder, network, batch, {},
            { .mode = layers::Mode::Inference, .noise = layers::Noise::Off, .seed = {} }));
    return {};
}

Error noCounterpart(const std::string& layer, const std::string& what)
{
    return Error(ErrorKind::Unsupported,
        what + " of the layer '" + layer
            + "' has no counterpart among TensorFlow's that is known "
              "here");
}

/// Names of a signature's tensors must differ.
std::string unique(std::string name, std::set<std::string>& taken)
{
    const std::string stem = name.empty() ? "tensor" : name;
    name = stem;
    for (int i = 1; !taken.insert(name).second; ++i)
        name = stem + "_" + std::to_string(i);
    return name;
}

class FunctionTranslation
{
public:
    FunctionTranslation(const Network& network, const Lowered& one, const Lowered& other)
        : m_network(network)
        , m_one(one)
        , m_other(other)
        , m_writer(m_function)
        , m_references(one.graph.values.size())
        , m_isNeeded(one.graph.values.size(), false)
        , m_userOf(one.graph.values.size())
    {
    }

    Result<ServingFunction> run()
    {
        if (m_one.graph.nodes.size() != m_other.graph.nodes.size()
            || m_one.graph.sources.size() != m_other.graph.sources.size())
            return noCounterpart(m_network.model.name, "a computation that depends on the batch");
        markNeeded();
        if (std::size_t(std::ranges::count_if(
                m_one.graph.nodes, [&](const ops::Node& node) { return isNeeded(node); }))
            > mostNodes)
            return Error(ErrorKind::Unsupported,
                "its layers unfold into more than " + std::to_string(mostNodes) + " ops");
        addInputs();
        TRY_DO(addSources());
        for (std::size_t i = 0; i < m_one.graph.nodes.size(); ++i)
            if (isNeeded(m_one.graph.nodes[i]))
                TRY_DO(translate(i));
        addOutputs();
        return std::move(m_function);
    }

private:
    std::string& reference(ops::Value value)
    {
        return m_references[static_cast<std::size_t>(value.id)];
    }

    bool isNeeded(const ops::Node& node) const
    {
        return std::ranges::any_of(node.outputs,
            [&](ops::Value value) { return m_isNeeded[static_cast<std::size_t>(value.id)]; });
    }

    void markNeeded()
    {
        for (const ops::Value value : m_one.model.outputs)
            m_isNeeded[static_cast<std::size_t>(value.id)] = true;
        for (auto node = m_one.graph.nodes.rbegin(); node != m_one.graph.nodes.rend(); ++node)
            if (isNeeded(*node))
                for (const ops::Value value : node->inputs)
                    if (value) {
                        m_isNeeded[static_cast<std::size_t>(value.id)] = true;
                        m_userOf[static_cast<std::size_t>(value.id)] = node->scope;
                    }
    }

    PartialShape shapeOf(ops::Value one, ops::Value other) const
    {
        PartialShape shape;
        for (const Length& length : lengthsOf(m_one.graph.info(one).shape,
                 m_other.graph.info(other).shape, oneBatch, otherBatch))
            shape.push_back(length.isFixed() ? length.fixed : openDimension);
        return shape;
    }

    void addInputs()
    {
        std::set<std::string> taken;
        for (std::size_t i = 0; i < m_one.model.inputs.size(); ++i) {
            const ops::Value value = m_one.model.inputs[i];
            const ops::ValueInfo& info = m_one.graph.info(value);
            const std::string argument = "input_" + std::to_string(i);
            reference(value) = argument;
            const PartialShape shape = shapeOf(value, m_other.model.inputs[i]);
            m_function.inputs.push_back(
                { unique(m_one.model.inputNames[i], taken), argument, info.dtype, shape });
            if (!shape.empty() && shape[0] == openDimension && info.shape[0] == oneBatch)
                m_writer.setBatchSource(argument, info.dtype);
        }
    }

    /// Variables that are used become arguments that are read once, constants stay constants.
    Result<void> addSources()
    {
        std::map<std::int32_t, WeightIndex> weightOf;
        for (WeightIndex i = 0; i < m_one.model.weights.size(); ++i)
            if (m_one.model.weights[i])
                weightOf.emplace(m_one.model.weights[i].id, i);
        for (std::size_t i = 0; i < m_one.graph.sources.size(); ++i) {
            const ops::Source& source = m_one.graph.sources[i];
            const auto at = static_cast<std::size_t>(source.value.id);
            if (!m_isNeeded[at] || !m_references[at].empty())
                continue;
            m_writer.setScope(m_userOf[at]);
            if (source.kind == ops::SourceKind::Constant) {
                TRY(m_references[at], constant(source, m_other.graph.sources[i]));
            } else if (const auto found = weightOf.find(source.value.id); found != weightOf.end()) {
                const std::string argument = "variable_" + std::to_string(found->second);
                m_function.variables.emplace_back(argument, found->second);
                m_references[at] = m_writer.add("ReadVariableOp", { argument },
                    { { "dtype", m_one.graph.info(source.value).dtype } }, "value");
            } else {
                return noCounterpart(m_userOf[at], "a source");
            }
        }
        return {};
    }

    /// A constant whose length follows from the batch is made when the function runs: equal rows,
    /// or the numbers of the examples.
    Result<std::string> constant(const ops::Source& one, const ops::Source& other)
    {
        const Tensor& value = one.constant;
        if (value.identicalTo(other.constant))
            return m_writer.constant(value);
        const std::string& layer = m_userOf[static_cast<std::size_t>(one.value.id)];
        const Lengths lengths
            = lengthsOf(value.shape(), other.constant.shape(), oneBatch, otherBatch);
        if (lengths.empty() || lengths.front().isFixed())
            return noCounterpart(layer, "a constant");
        const auto rows = static_cast<std::size_t>(value.shape().front());
        const auto bytes = value.bytes();
        const std::size_t rowBytes = bytes.size() / rows;
        for (std::size_t row = 1; row < rows; ++row)
            if (std::memcmp(bytes.data(), bytes.data() + row * rowBytes, rowBytes) != 0)
                return numbersOfExamples(value, lengths, layer);
        Shape single = value.shape();
        single.front() = 1;
        TRY(const Tensor first, Tensor::fromBytes(value.dtype(), single, bytes.first(rowBytes)));
        const auto shape = m_writer.shape(lengths, FunctionWriter::Inference::No);
        if (!shape)
            return noCounterpart(layer, "a constant");
        return m_writer.add("BroadcastTo", { m_writer.constant(first), *shape },
            { { "T", value.dtype() }, { "Tidx", DType::Int32 } }, "output");
    }

    Result<std::string> numbersOfExamples(
        const Tensor& value, const Lengths& lengths, const std::string& layer)
    {
        TRY(const Tensor wide, value.converted(DType::Float64));
        const auto numbers = wide.valuesAs<double>();
        const auto batch = m_writer.batch();
        for (std::size_t i = 0; i < numbers.size(); ++i)
            if (numbers[i] != static_cast<double>(i) || lengths.size() != 1 || !lengths[0].isBatch()
                || !batch)
                return noCounterpart(layer, "a constant");
        const std::string range
            = m_writer.add("Range", { m_writer.number(0), *batch, m_writer.number(1) },
                { { "Tidx", DType::Int32 } }, "output");
        return value.dtype() == DType::Int32
            ? range
            : m_writer.add(
                "Cast", { range }, { { "SrcT", DType::Int32 }, { "DstT", value.dtype() } }, "y");
    }

    Result<void> translate(std::size_t index)
    {
        const ops::Node& node = m_one.graph.nodes[index];
        const ops::Node& twin = m_other.graph.nodes[index];
        m_writer.setScope(node.scope);
        const Translate translation = translationOf(*node.type);
        const std::string what = "the op '" + std::string(node.type->name) + "'";
        if (translation == nullptr || node.type != twin.type
            || node.inputs.size() != twin.inputs.size())
            return noCounterpart(node.scope, what);
        Operation operation{ m_one.graph, node, twin, oneBatch, otherBatch, m_other.graph, {},
            m_writer };
        for (const ops::Value input : node.inputs) {
            if (!input || reference(input).empty())
                return noCounterpart(node.scope, what);
            operation.inputs.push_back(reference(input));
        }
        const Translated outputs = translation(operation);
        if (outputs.size() < node.outputs.size())
            return noCounterpart(node.scope, what + " in this form");
        for (std::size_t i = 0; i < node.outputs.size(); ++i)
            reference(node.outputs[i]) = outputs[i];
        return {};
    }

    void addOutputs()
    {
        std::set<std::string> taken;
        m_writer.setScope("");
        for (std::size_t i = 0; i < m_one.model.outputs.size(); ++i) {
            const ops::Value value = m_one.model.outputs[i];
            const DType type = m_one.graph.info(value).dtype;
            // A model may give out what it was given, or one tensor twice.
            const std::string result
                = m_writer.add("Identity", { reference(value) }, { { "T", type } }, "output");
            m_function.outputs.push_back({ unique(m_one.model.outputNames[i], taken), result, type,
                shapeOf(value, m_other.model.outputs[i]) });
        }
    }

    const Network& m_network;
    const Lowered& m_one;
    const Lowered& m_other;
    ServingFunction m_function;
    FunctionWriter m_writer;
    std::vector<std::string> m_references; ///< by Value::id, of the graph for oneBatch
    std::vector<bool> m_isNeeded; ///< by Value::id
    std::vector<std::string> m_userOf; ///< layer that first uses a value
};

} // namespace

Result<ServingFunction> servingFunction(const Network& network)
{
    Lowered one;
    Lowered other;
    TRY_DO(lower(network, oneBatch, one));
    TRY_DO(lower(network, otherBatch, other));
    return FunctionTranslation(network, one, other).run();
}

} // namespace layerscope::serving
