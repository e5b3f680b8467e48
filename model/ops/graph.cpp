#include "model/ops/graph.h"

#include "model/ops/op_type.h"

namespace layerscope::ops {

namespace {

template<class T>
const T& get(const std::map<std::string, Attribute, std::less<>>& items, std::string_view name)
{
    const auto found = items.find(name);
    assert(found != items.end() && std::holds_alternative<T>(found->second));
    return std::get<T>(found->second);
}

} // namespace

std::int64_t Attributes::integer(std::string_view name) const
{
    return get<std::int64_t>(m_items, name);
}
double Attributes::number(std::string_view name) const
{
    return get<double>(m_items, name);
}
const std::string& Attributes::text(std::string_view name) const
{
    return get<std::string>(m_items, name);
}
const std::vector<std::int64_t>& Attributes::integers(std::string_view name) const
{
    return get<std::vector<std::int64_t>>(m_items, name);
}
const std::vector<double>& Attributes::numbers(std::string_view name) const
{
    return get<std::vector<double>>(m_items, name);
}

namespace {

std::string describe(const Graph& graph, const std::vector<Value>& values)
{
    std::string text;
    for (const Value value : values) {
        text += text.empty() ? "" : ", ";
        if (value)
            text += "%" + std::to_string(value.id) + " "
                + std::string(layerscope::name(graph.info(value).dtype))
                + layerscope::toString(graph.info(value).shape);
        else
            text += "-";
    }
    return text;
}

} // namespace

std::string toString(const Graph& graph)
{
    std::string text;
    for (const Node& node : graph.nodes) {
        text += describe(graph, node.outputs) + " = " + std::string(node.type->name) + "("
            + describe(graph, node.inputs) + ")";
        if (!node.scope.empty())
            text += " in " + node.scope;
        text += "\n";
    }
    return text;
}

} // namespace layerscope::ops
