#include "model/ops/builder.h"

#include "model/ops/rules.h"

#include <algorithm>

namespace layerscope::ops {

Builder::Builder(Graph& graph)
    : m_graph(graph)
{
}

void Builder::fail(ErrorKind kind, std::string message)
{
    if (m_error)
        return;
    Error error(kind, std::move(message));
    m_error = m_scope.empty() ? std::move(error) : std::move(error).in(m_scope);
}

Builder::Scope::Scope(Builder& builder, std::string name)
    : m_builder(builder)
    , m_outer(builder.m_scope)
{
    builder.m_scope = m_outer.empty() ? std::move(name) : m_outer + "/" + name;
}

Builder::Scope::~Scope()
{
    m_builder.m_scope = std::move(m_outer);
}

const ValueInfo& Builder::info(Value value) const
{
    static const ValueInfo absent;
    return value ? m_graph.info(value) : absent;
}

Value Builder::source(SourceKind kind, std::string name, ValueInfo info, Tensor constant)
{
    if (m_error)
        return {};
    if (!elementCount(info.shape) || byteSize(info.dtype) == 0 || info.dtype == DType::Complex64
        || info.dtype == DType::Complex128) {
        fail(ErrorKind::Unsupported,
            "'" + name + "': no computation with " + std::string(layerscope::name(info.dtype)) + " "
                + toString(info.shape));
        return {};
    }
    const Value value{ static_cast<std::int32_t>(m_graph.values.size()) };
    m_graph.values.push_back(std::move(info));
    m_graph.sources.push_back({ kind, std::move(name), value, std::move(constant) });
    return value;
}

Value Builder::input(std::string name, ValueInfo info)
{
    return source(SourceKind::Input, std::move(name), std::move(info), {});
}

Value Builder::variable(std::string name, ValueInfo info)
{
    return source(SourceKind::Variable, std::move(name), std::move(info), {});
}

Value Builder::constant(Tensor tensor)
{
    ValueInfo info{ tensor.dtype(), tensor.shape() };
    return source(SourceKind::Constant, "constant", std::move(info), std::move(tensor));
}

Value Builder::scalar(double number, DType type)
{
    return filled(number, {}, type);
}

Value Builder::filled(double number, Shape shape, DType type)
{
    if (m_error)
        return {};
    const Result<Tensor> single = Tensor::scalar(number).converted(type);
    if (!single) {
        fail(single.error().kind(), single.error().message());
        return {};
    }
    const Value value = constant(*single);
    return shape.empty() ? value : broadcastTo(value, std::move(shape));
}

void Builder::assign(Value variable, Value newValue)
{
    if (m_error)
        return;
    const auto found = std::find_if(m_graph.sources.begin(), m_graph.sources.end(),
        [&](const Source& source) { return source.value == variable; });
    if (!variable || !newValue || found == m_graph.sources.end()
        || found->kind != SourceKind::Variable)
        return fail(ErrorKind::InvalidArgument, "assign: not a variable, or no value for it");
    if (info(variable) != info(newValue))
        return fail(ErrorKind::ShapeMismatch,
            "assign: '" + found->name + "' is " + std::string(name(dtype(variable))) + " "
                + toString(shape(variable)) + ", its new value "
                + std::string(name(dtype(newValue))) + " " + toString(shape(newValue)));
    m_graph.assignments.push_back({ variable, newValue });
}

void Builder::output(Value value)
{
    if (m_error)
        return;
    if (!value)
        return fail(ErrorKind::InvalidArgument, "output: an absent value");
    m_graph.outputs.push_back(value);
}

Value Builder::make(const OpType& type, std::vector<Value> inputs, Attributes attributes)
{
    const std::vector<Value> outputs = makeAll(type, std::move(inputs), std::move(attributes));
    return outputs.empty() ? Value{} : outputs.front();
}

std::vector<Value> Builder::makeAll(
    const OpType& type, std::vector<Value> inputs, Attributes attributes)
{
    if (m_error)
        return {};
    std::vector<ValueInfo> infos;
    const auto present = std::make_unique<bool[]>(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        present[i] = static_cast<bool>(inputs[i]);
        if (!present[i] && !type.optionalInputs) {
            fail(ErrorKind::InvalidArgument,
                std::string(type.name) + ": input " + std::to_string(i) + " is absent");
            return {};
        }
        infos.push_back(info(inputs[i]));
    }
    auto outputs = type.infer(infos, { present.get(), inputs.size() }, attributes);
    if (!outputs) {
        fail(outputs.error().kind(), outputs.error().message());
        return {};
    }
    for (const ValueInfo& output : *outputs) {
        if (!elementCount(output.shape) || output.shape.size() > mostAxes) {
            fail(ErrorKind::OutOfMemory,
                std::string(type.name) + ": a result of shape " + toString(output.shape)
                    + " is larger than any memory");
            return {};
        }
    }
    Node node{ &type, std::move(inputs), {}, std::move(attributes), m_scope };
    for (ValueInfo& output : *outputs) {
        node.outputs.push_back({ static_cast<std::int32_t>(m_graph.values.size()) });
        m_graph.values.push_back(std::move(output));
    }
    m_graph.nodes.push_back(std::move(node));
    return m_graph.nodes.back().outputs;
}

} // namespace layerscope::ops
