#include "model/ops/kernels/chain.h"
#include "model/ops/plan.h"
#include "model/ops/types/types.h"

#include <algorithm>
#include <numeric>

namespace layerscope::ops {

namespace {

/// The input whose elements an output of `node` may replace one by one, as far as the kernel goes.
bool readsOnlyWhole(const Node& node, std::size_t input)
{
    if (!isChain(node))
        return false;
    if (node.type == &product_chain_op) {
        // First the two sides of the product; the chain's inputs follow, without the product.
        if (input < 2)
            return false;
        input -= 2;
        const auto product = static_cast<std::size_t>(node.attributes.integer("productInput"));
        input += input >= product ? 1 : 0;
    }
    const Chain chain = Chain::decoded(node.attributes);
    return std::all_of(chain.loads.begin(), chain.loads.end(), [&](const Chain::Load& load) {
        return load.input != static_cast<std::int64_t>(input)
            || (isWhole(load) && !load.isBool && countOf(load.from) == chain.count);
    });
}

} // namespace

void hoistUpdates(Graph& graph)
{
    const std::vector<std::int32_t> makers = makersOf(graph);
    std::vector<double> key(graph.nodes.size());
    std::iota(key.begin(), key.end(), 0.0);
    std::vector<std::vector<std::size_t>> readers(graph.values.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const Value input : graph.nodes[i].inputs) {
            if (input)
                readers[idOf(input)].push_back(i);
        }
    }
    std::vector<std::vector<Value>> updated(graph.nodes.size());
    for (const Assignment& assignment : graph.assignments) {
        const std::int32_t maker = makers[idOf(assignment.newValue)];
        if (maker >= 0)
            updated[static_cast<std::size_t>(maker)].push_back(assignment.variable);
    }
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (updated[i].empty())
            continue;
        double after = -1;
        for (const Value input : graph.nodes[i].inputs) {
            const std::int32_t maker = input ? makers[idOf(input)] : -1;
            if (maker >= 0)
                after = std::max(after, key[static_cast<std::size_t>(maker)]);
        }
        for (const Value variable : updated[i]) {
            for (const std::size_t reader : readers[idOf(variable)]) {
                if (reader != i)
                    after = std::max(after, key[reader]);
            }
        }
        if (after < key[i])
            key[i] = std::floor(after) + 0.5;
    }
    std::vector<std::size_t> order(graph.nodes.size());
    std::iota(order.begin(), order.end(), std::size_t{ 0 });
    std::stable_sort(
        order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key[a] < key[b]; });
    std::vector<Node> nodes;
    for (const std::size_t i : order)
        nodes.push_back(std::move(graph.nodes[i]));
    graph.nodes = std::move(nodes);
}

Storage::Storage(const Graph& graph, std::span<const Value> kept, bool optimize)
    : m_graph(graph)
    , m_isView(graph.nodes.size(), 0)
    , m_parent(graph.values.size())
    , m_isSource(graph.values.size(), 0)
    , m_shared(graph.nodes.size())
    , m_inPlace(graph.assignments.size(), 0)
    , m_firstOverwrite(graph.nodes.size())
{
    std::iota(m_parent.begin(), m_parent.end(), 0);
    for (const Source& source : graph.sources)
        m_isSource[idOf(source.value)] = 1;
    if (optimize)
        findViews();
    m_kept.assign(graph.values.size(), 0);
    const auto keep = [&](Value value) { m_kept[idOf(root(value))] = 1; };
    std::for_each(graph.outputs.begin(), graph.outputs.end(), keep);
    std::for_each(kept.begin(), kept.end(), keep);
    findLastUses();
    if (optimize)
        assignInPlace();
    // What is assigned with a copy at the end is needed until then.
    for (std::size_t i = 0; i < graph.assignments.size(); ++i) {
        if (m_inPlace[i] == 0)
            keep(graph.assignments[i].newValue);
    }
    for (std::size_t i = 0; i < m_kept.size(); ++i) {
        if (m_kept[i] != 0)
            m_lastUse[i] = graph.nodes.size();
    }
    for (std::size_t i = 0; optimize && i < graph.nodes.size(); ++i)
        shareMemory(i);
}

Value Storage::root(Value value) const
{
    while (m_parent[idOf(value)] != value.id)
        value = { m_parent[idOf(value)] };
    return value;
}

void Storage::findViews()
{
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
        const Node& node = m_graph.nodes[i];
        if (node.type != &reshape_op && node.type != &stop_gradient_op)
            continue;
        m_isView[i] = 1;
        m_parent[idOf(node.outputs[0])] = root(node.inputs[0]).id;
    }
}

void Storage::findLastUses()
{
    m_lastUse.assign(m_graph.values.size(), 0);
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
        if (m_isView[i] != 0)
            continue;
        for (const Value output : m_graph.nodes[i].outputs)
            m_lastUse[idOf(output)] = i;
        for (const Value input : m_graph.nodes[i].inputs) {
            if (input)
                m_lastUse[idOf(root(input))] = i;
        }
    }
}

/// The only input of `node` that lies in the memory of `root`, if each element of it is read just
/// where the node's result of the same number goes; otherwise -1.
std::int64_t Storage::soleWholeInput(const Node& node, Value root) const
{
    std::int64_t found = -1;
    for (std::size_t n = 0; n < node.inputs.size(); ++n) {
        if (!node.inputs[n] || this->root(node.inputs[n]) != root)
            continue;
        if (found >= 0 || !readsOnlyWhole(node, n))
            return -1;
        found = static_cast<std::int64_t>(n);
    }
    return found;
}

/// Nobody reads the variable's old value once `maker` has run, or at its end.
bool Storage::mayOverwrite(const Assignment& assignment, std::size_t maker) const
{
    const Value variable = assignment.variable;
    if (m_kept[idOf(variable)] != 0 || m_lastUse[idOf(variable)] > maker)
        return false;
    for (const Assignment& other : m_graph.assignments) {
        if (root(other.newValue) == variable)
            return false;
    }
    const bool isRead = m_lastUse[idOf(variable)] == maker
        && std::any_of(m_graph.nodes[maker].inputs.begin(), m_graph.nodes[maker].inputs.end(),
            [&](Value input) { return input && root(input) == variable; });
    return !isRead || soleWholeInput(m_graph.nodes[maker], variable) >= 0;
}

void Storage::assignInPlace()
{
    const std::vector<std::int32_t> makers = makersOf(m_graph);
    for (std::size_t i = 0; i < m_graph.assignments.size(); ++i) {
        const Assignment& assignment = m_graph.assignments[i];
        const Value value = root(assignment.newValue);
        const std::int32_t maker = makers[idOf(value)];
        if (m_isSource[idOf(value)] != 0 || maker < 0)
            continue;
        const auto node = static_cast<std::size_t>(maker);
        if (!mayOverwrite(assignment, node))
            continue;
        const auto& outputs = m_graph.nodes[node].outputs;
        m_shared[node].resize(outputs.size(), -1);
        const auto output = static_cast<std::size_t>(
            std::find(outputs.begin(), outputs.end(), value) - outputs.begin());
        m_shared[node][output] = soleWholeInput(m_graph.nodes[node], assignment.variable);
        m_parent[idOf(value)] = assignment.variable.id;
        m_inPlace[i] = 1;
        m_firstOverwrite = std::min(m_firstOverwrite, node);
    }
}

void Storage::shareMemory(std::size_t at)
{
    const Node& node = m_graph.nodes[at];
    if (!isChain(node))
        return;
    m_shared[at].resize(node.outputs.size(), -1);
    for (std::size_t o = 0; o < node.outputs.size(); ++o) {
        const Value output = node.outputs[o];
        if (m_parent[idOf(output)] != output.id
            || carriedType(m_graph.info(output).dtype) != DType::Float32)
            continue;
        for (const Value input : node.inputs) {
            const Value from = root(input);
            const bool dies = m_isSource[idOf(from)] == 0 && m_lastUse[idOf(from)] == at
                && m_kept[idOf(from)] == 0;
            if (!dies || carriedBytes(m_graph.info(from)) != carriedBytes(m_graph.info(output)))
                continue;
            const std::int64_t whole = soleWholeInput(node, from);
            const auto& taken = m_shared[at];
            if (whole < 0 || std::find(taken.begin(), taken.end(), whole) != taken.end())
                continue;
            m_shared[at][o] = whole;
            m_parent[idOf(output)] = from.id;
            m_lastUse[idOf(from)] = m_lastUse[idOf(output)];
            m_kept[idOf(from)] = m_kept[idOf(output)];
            break;
        }
    }
}

} // namespace layerscope::ops
