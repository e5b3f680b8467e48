#include "model/training/sparse_gradient.h"

#include "model/ops/op_type.h"

#include <algorithm>

namespace layerscope::training {
namespace {

struct Rows
{
    ops::Value indices;
    ops::Value rows;
};

const ops::Node* producerOf(const ops::Graph& graph, ops::Value value)
{
    for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
        if (std::find(node->outputs.begin(), node->outputs.end(), value) != node->outputs.end())
            return &*node;
    }
    return nullptr;
}

bool isAddition(const ops::Node& node)
{
    return node.type->name == "binary" && node.attributes.has("function")
        && node.attributes.integer("function") == static_cast<std::int64_t>(ops::Binary::Add);
}

/// The row updates that `value` is the sum of, if it is one; bounded in depth.
bool collect(const ops::Graph& graph, ops::Value value, std::vector<Rows>& found, int depth)
{
    const ops::Node* node = producerOf(graph, value);
    if (!node || depth > 16)
        return false;
    if (node->type->name == "scatter add") {
        found.push_back({ node->inputs[0], node->inputs[1] });
        return true;
    }
    if (!isAddition(*node))
        return false;
    const std::vector<ops::Value> inputs = node->inputs;
    return std::all_of(inputs.begin(), inputs.end(),
        [&](ops::Value input) { return collect(graph, input, found, depth + 1); });
}

} // namespace

WeightGradient sparseGradient(ops::Builder& builder, const ops::Graph& graph, ops::Value gradient)
{
    WeightGradient result{ gradient, {}, {} };
    std::vector<Rows> parts;
    if (builder.rank(gradient) < 1 || !collect(graph, gradient, parts, 0) || parts.empty())
        return result;
    // Flat: indices [n], rows [n, row…].
    Shape row(builder.shape(gradient).begin() + 1, builder.shape(gradient).end());
    std::vector<ops::Value> indices;
    std::vector<ops::Value> rows;
    for (const Rows& part : parts) {
        const std::int64_t count = elementCount(builder.shape(part.indices)).value_or(0);
        Shape shape{ count };
        shape.insert(shape.end(), row.begin(), row.end());
        indices.push_back(builder.cast(builder.reshape(part.indices, { count }), DType::Int64));
        rows.push_back(builder.reshape(part.rows, shape));
    }
    result.indices = indices.size() == 1 ? indices[0] : builder.concat(indices, 0);
    result.rows = rows.size() == 1 ? rows[0] : builder.concat(rows, 0);
    return result;
}

} // namespace layerscope::training
