#include "model/ops/gradient.h"

#include "model/ops/gradient_sum.h"
#include "model/ops/rules.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

/// The state of one backward walk.
struct Walk
{
    Builder& builder;
    std::vector<char> dependsOnSource; ///< by value id
    std::vector<std::vector<Value>> collected; ///< by value id: what came back so far
    GradientSum sum;

    void collect(Value value, Value part)
    {
        collected[static_cast<std::size_t>(value.id)].push_back(part);
    }

    /// The gradient of a value that nothing more comes back to; absent if nothing did.
    Value total(Value value)
    {
        std::vector<Value>& parts = collected[static_cast<std::size_t>(value.id)];
        if (parts.size() > 1)
            parts = { sum.of(std::move(parts)) };
        return parts.empty() ? Value() : parts.front();
    }
};

bool dependsOnSource(const Walk& walk, const Node& node)
{
    return std::any_of(node.inputs.begin(), node.inputs.end(), [&](Value input) {
        return input && walk.dependsOnSource[static_cast<std::size_t>(input.id)] != 0;
    });
}

/// Sends what came back to `node`'s outputs on to its inputs.
void passBack(Walk& walk, const Node& node)
{
    const std::size_t count = node.inputs.size();
    if (node.type->blocksGradient || !dependsOnSource(walk, node))
        return;
    const Builder::Scope scope(walk.builder, node.scope);
    std::vector<Value> upstream;
    for (const Value output : node.outputs)
        upstream.push_back(walk.total(output));
    if (std::none_of(upstream.begin(), upstream.end(), [](Value g) { return bool(g); }))
        return;
    const auto needed = std::make_unique<bool[]>(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Value input = node.inputs[i];
        needed[i] = input && walk.dependsOnSource[static_cast<std::size_t>(input.id)] != 0;
    }
    if (node.type->gradient == nullptr)
        return walk.builder.fail(ErrorKind::Unsupported,
            std::string(node.type->name) + ": no gradient is known"
                + (node.scope.empty() ? "" : " (in " + node.scope + ")"));
    const std::vector<Value> parts = node.type->gradient({ .builder = walk.builder,
        .inputs = node.inputs,
        .outputs = node.outputs,
        .upstream = upstream,
        .attributes = node.attributes,
        .needed = { needed.get(), count } });
    for (std::size_t i = 0; i < parts.size() && i < count; ++i) {
        if (parts[i] && needed[i])
            walk.collect(node.inputs[i], parts[i]);
    }
}

} // namespace

std::vector<Value> gradients(Builder& builder, std::span<const Value> targets,
    std::span<const Value> upstreams, std::span<const Value> sources)
{
    std::vector<Value> result(sources.size());
    if (builder.error())
        return result;
    const Graph& graph = builder.graph();
    const std::size_t nodeCount = graph.nodes.size();
    Walk walk{ builder, std::vector<char>(graph.values.size(), 0),
        std::vector<std::vector<Value>>(graph.values.size()), GradientSum(builder) };
    for (const Value source : sources) {
        if (source && isFloating(builder.dtype(source)))
            walk.dependsOnSource[static_cast<std::size_t>(source.id)] = 1;
    }
    for (const Node& node : graph.nodes) {
        if (node.type->blocksGradient || !dependsOnSource(walk, node))
            continue;
        for (const Value output : node.outputs) {
            if (isFloating(builder.dtype(output)))
                walk.dependsOnSource[static_cast<std::size_t>(output.id)] = 1;
        }
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (!targets[i])
            continue;
        const bool given = i < upstreams.size() && upstreams[i];
        const ValueInfo& info = builder.info(targets[i]);
        if (!isFloating(info.dtype)
            || walk.dependsOnSource[static_cast<std::size_t>(targets[i].id)] == 0)
            continue;
        walk.collect(targets[i], given ? upstreams[i] : builder.filled(1, info.shape, info.dtype));
    }
    for (std::size_t i = nodeCount; i-- > 0 && !builder.error();) {
        // A copy: the rule appends to the graph's nodes.
        const Node node = graph.nodes[i];
        passBack(walk, node);
    }
    for (std::size_t i = 0; i < sources.size() && !builder.error(); ++i) {
        if (sources[i] && isFloating(builder.dtype(sources[i])))
            result[i] = walk.total(sources[i]);
    }
    return result;
}

} // namespace layerscope::ops
