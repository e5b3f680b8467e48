#include "model/ops/kernels/chain.h"
#include "model/ops/passes.h"
#include "model/ops/types/types.h"

#include <queue>

#include <algorithm>
#include <numeric>
#include <optional>

namespace layerscope::ops {

namespace {

// A chain has room for so many; more would not fit the first-level cache anyway.
constexpr std::size_t mostMembers = 40;
constexpr std::size_t mostInputs = 24;
/// Groups looked at before a merge is given up as too far-reaching.
constexpr int mostVisits = 400;

bool isCarriedInChains(DType type)
{
    return carriedType(type) == DType::Float32 || type == DType::Bool;
}

/// Neither computes nor moves anything: the elements stay where they are.
bool isIdentity(const Node& node)
{
    return node.type == &reshape_op || node.type == &stop_gradient_op;
}

bool isElementwise(const Graph& graph, const Node& node)
{
    const OpType* type = node.type;
    const bool known = type == &unary_op || type == &binary_op || type == &select_op
        || type == &clip_op || type == &cast_op || type == &broadcast_to_op || isIdentity(node);
    if (!known || node.outputs.size() != 1 || countOf(graph.info(node.outputs[0]).shape) == 0)
        return false;
    const auto fits = [&](Value value) { return isCarriedInChains(graph.info(value).dtype); };
    return fits(node.outputs[0]) && std::all_of(node.inputs.begin(), node.inputs.end(), fits);
}

/// Element-wise nodes in groups that are to become one chain each.
class Groups
{
public:
    explicit Groups(const Graph& graph)
        : m_graph(graph)
        , m_makers(makersOf(graph))
        , m_group(graph.nodes.size())
        , m_members(graph.nodes.size())
    {
        for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
            m_group[i] = i;
            m_members[i] = { i };
        }
    }

    const std::vector<std::size_t>& members(std::size_t group) const { return m_members[group]; }
    std::size_t groupOf(std::size_t node) const { return m_group[node]; }
    std::size_t groupCount() const { return m_group.size(); }

    /// The node that makes `value`, if any.
    std::optional<std::size_t> maker(Value value) const
    {
        if (!value || m_makers[idOf(value)] < 0)
            return std::nullopt;
        return static_cast<std::size_t>(m_makers[idOf(value)]);
    }

    void tryMerge(std::size_t a, std::size_t b)
    {
        if (a == b || m_members[a].size() + m_members[b].size() > mostMembers
            || inputsOf(a, b) > mostInputs || pathsOutside(a, b))
            return;
        std::vector<std::size_t>& into = m_members[std::min(a, b)];
        std::vector<std::size_t>& from = m_members[std::max(a, b)];
        for (const std::size_t node : from)
            m_group[node] = std::min(a, b);
        into.insert(into.end(), from.begin(), from.end());
        std::sort(into.begin(), into.end());
        from.clear();
    }

private:
    std::size_t inputsOf(std::size_t a, std::size_t b) const
    {
        std::vector<std::int32_t> values;
        for (const std::size_t group : { a, b }) {
            for (const std::size_t node : m_members[group]) {
                for (const Value input : m_graph.nodes[node].inputs) {
                    const auto made = maker(input);
                    if (!made || (m_group[*made] != a && m_group[*made] != b))
                        values.push_back(input.id);
                }
            }
        }
        std::sort(values.begin(), values.end());
        return static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
    }

    /// Whether something that depends on one of the two is needed by the other: as one node, they
    /// would wait for themselves. "Yes" also when that would take too long to find out.
    bool pathsOutside(std::size_t a, std::size_t b)
    {
        const std::size_t first = std::min(m_members[a].front(), m_members[b].front());
        m_visited.clear();
        std::vector<std::size_t> open;
        const auto push = [&](std::size_t group) {
            for (const std::size_t node : m_members[group]) {
                for (const Value input : m_graph.nodes[node].inputs) {
                    const auto made = maker(input);
                    if (!made)
                        continue;
                    const std::size_t from = m_group[*made];
                    if (m_members[from].back() < first)
                        continue;
                    const bool inside = from == a || from == b;
                    // Directly from one to the other is what merging is for.
                    if (inside && (group == a || group == b))
                        continue;
                    if (inside)
                        return true;
                    if (std::find(m_visited.begin(), m_visited.end(), from) == m_visited.end()) {
                        m_visited.push_back(from);
                        open.push_back(from);
                    }
                }
            }
            return false;
        };
        push(a);
        push(b);
        for (int visits = 0; !open.empty(); ++visits) {
            const std::size_t group = open.back();
            open.pop_back();
            if (visits > mostVisits || push(group))
                return true;
        }
        return false;
    }

    const Graph& m_graph;
    std::vector<std::int32_t> m_makers;
    std::vector<std::size_t> m_group; ///< by node
    std::vector<std::vector<std::size_t>> m_members; ///< by group, in order
    std::vector<std::size_t> m_visited;
};

/// Writes one group down as a chain.
class ChainWriter
{
public:
    /// `zeros`: by value, whether it is the constant 0.
    ChainWriter(Graph& graph, std::vector<std::int64_t>& operands, const std::vector<char>& zeros)
        : m_graph(graph)
        , m_operands(operands)
        , m_zeros(zeros)
    {
    }

    void add(const Node& node)
    {
        const ValueInfo& result = m_graph.info(node.outputs[0]);
        std::vector<std::int64_t> operands;
        for (const Value input : node.inputs)
            operands.push_back(operandOf(input, result.shape));
        std::int64_t operand = instructionFor(node, operands);
        if (result.dtype == DType::Float16 && !isIdentity(node))
            operand = instruct(ElementOp::RoundHalf, { operand });
        else if (result.dtype == DType::BFloat16 && !isIdentity(node))
            operand = instruct(ElementOp::RoundBFloat16, { operand });
        m_operands[idOf(node.outputs[0])] = operand;
        m_chain.count = countOf(result.shape);
        m_touched.push_back(node.outputs[0]);
    }

    /// `value` is needed outside. Values that are the same elements share one output.
    void store(Value value)
    {
        const std::int64_t operand = m_operands[idOf(value)];
        const bool isBool = m_graph.info(value).dtype == DType::Bool;
        for (std::size_t i = 0; i < m_stores.size(); ++i) {
            if (m_stores[i].operand == operand && m_stores[i].isBool == isBool) {
                m_views.push_back({ m_outputs[i], value });
                return;
            }
        }
        if (isLoad(operand) && isWhole(m_loads[loadIndex(operand)])
            && m_loads[loadIndex(operand)].isBool == isBool) {
            m_views.push_back({ m_inputs[inputIndex(operand)], value });
            return;
        }
        std::int64_t stored = operand;
        if (isLoad(operand))
            stored = instruct(ElementOp::Copy, { operand });
        m_stores.push_back({ stored, isBool });
        m_outputs.push_back(value);
    }

    /// Appends the chain and the views of its results to `nodes`.
    void finish(std::vector<Node>& nodes, const std::string& scope)
    {
        for (const Value value : m_touched)
            m_operands[idOf(value)] = none;
        if (!m_outputs.empty()) {
            // Loads first: results are numbered behind them only now.
            const auto loads = static_cast<std::int64_t>(m_loads.size());
            const auto number = [&](std::int64_t operand) {
                return operand == none ? -1 : isLoad(operand) ? -2 - operand : operand + loads;
            };
            for (Chain::Instruction& instruction : m_chain.instructions) {
                for (std::int64_t& operand : instruction.operands)
                    operand = number(operand);
            }
            for (const Chain::Store& store : m_stores)
                m_chain.stores.push_back({ number(store.operand), store.isBool });
            m_chain.loads = m_loads;
            nodes.push_back({ &chain_op, m_inputs, m_outputs, m_chain.encoded(), scope });
        }
        for (const auto& [from, to] : m_views)
            nodes.push_back(
                { &reshape_op, { from }, { to }, { { "shape", m_graph.info(to).shape } }, scope });
    }

    static constexpr std::int64_t none = -1;

private:
    // While a chain is written, loads are numbered -2, -3, … and results 0, 1, ….
    static bool isLoad(std::int64_t operand) { return operand < none; }
    static std::size_t loadIndex(std::int64_t operand)
    {
        return static_cast<std::size_t>(-2 - operand);
    }
    std::size_t inputIndex(std::int64_t operand) const
    {
        return static_cast<std::size_t>(m_loads[loadIndex(operand)].input);
    }

    std::int64_t instruct(ElementOp op, std::initializer_list<std::int64_t> operands)
    {
        Chain::Instruction instruction{ op, { none, none, none } };
        std::copy(operands.begin(), operands.end(), instruction.operands.begin());
        m_chain.instructions.push_back(instruction);
        return static_cast<std::int64_t>(m_chain.instructions.size()) - 1;
    }

    std::int64_t load(Value value, const Shape& to)
    {
        const auto found = std::find(m_inputs.begin(), m_inputs.end(), value);
        const auto input = found - m_inputs.begin();
        if (found == m_inputs.end())
            m_inputs.push_back(value);
        const ValueInfo& info = m_graph.info(value);
        Chain::Load wanted{ input, info.dtype == DType::Bool, info.shape, to };
        if (isWhole(wanted) || countOf(info.shape) == 1)
            wanted.to = info.shape; // the same, whatever the axes are called
        if (countOf(info.shape) == 1)
            wanted.to = to;
        for (std::size_t i = 0; i < m_loads.size(); ++i) {
            if (m_loads[i] == wanted)
                return -2 - static_cast<std::int64_t>(i);
        }
        m_loads.push_back(std::move(wanted));
        return -1 - static_cast<std::int64_t>(m_loads.size());
    }

    std::int64_t operandOf(Value value, const Shape& to)
    {
        const std::int64_t known = m_operands[idOf(value)];
        return known != none ? known : load(value, to);
    }

    std::int64_t number(double number, const ValueInfo& like)
    {
        const auto tensor = Tensor::scalar(number).converted(DType::Float32);
        return load(addConstant(m_graph, *tensor), like.shape);
    }

    bool isZero(Value value) const
    {
        return m_zeros.size() > idOf(value) && m_zeros[idOf(value)] != 0;
    }

    /// x, if `condition` is x > 0; otherwise none. The comparison is dropped when nobody wants it.
    std::int64_t positiveOperand(std::int64_t condition) const
    {
        if (condition < 0)
            return none;
        const auto& maker = m_chain.instructions[static_cast<std::size_t>(condition)];
        const std::int64_t right = maker.operands[1];
        if (maker.op != ElementOp::Greater || !isLoad(right)
            || !isZero(m_inputs[inputIndex(right)]))
            return none;
        return maker.operands[0];
    }

    std::int64_t instructionFor(const Node& node, const std::vector<std::int64_t>& operands)
    {
        const ValueInfo& result = m_graph.info(node.outputs[0]);
        if (node.type == &unary_op)
            return instruct(
                static_cast<ElementOp>(node.attributes.integer("function")), { operands[0] });
        if (node.type == &binary_op) {
            const auto first = static_cast<std::int64_t>(ElementOp::Add);
            return instruct(static_cast<ElementOp>(first + node.attributes.integer("function")),
                { operands[0], operands[1] });
        }
        if (node.type == &select_op && isZero(node.inputs[2])) {
            // The gradient of ReLU: x > 0 ? g : 0.
            if (const std::int64_t positive = positiveOperand(operands[0]); positive != none)
                return instruct(ElementOp::WherePositive, { positive, operands[1] });
        }
        if (node.type == &select_op)
            return instruct(ElementOp::Select, { operands[0], operands[1], operands[2] });
        if (node.type == &clip_op)
            return instruct(ElementOp::Clip,
                { operands[0], number(node.attributes.number("low"), result),
                    number(node.attributes.number("high"), result) });
        const bool toBool
            = result.dtype == DType::Bool && m_graph.info(node.inputs[0]).dtype != DType::Bool;
        return toBool ? instruct(ElementOp::NotZero, { operands[0] }) : operands[0];
    }

    Graph& m_graph;
    std::vector<std::int64_t>& m_operands; ///< by value id; `none` outside this chain
    const std::vector<char>& m_zeros;
    Chain m_chain;
    std::vector<Chain::Load> m_loads;
    std::vector<Chain::Store> m_stores;
    std::vector<Value> m_inputs;
    std::vector<Value> m_outputs;
    std::vector<std::pair<Value, Value>> m_views;
    std::vector<Value> m_touched;
};

/// Groups in an order that respects what they need of each other, as close as can be to the old.
std::vector<std::size_t> orderOf(const Graph& graph, const Groups& groups)
{
    std::vector<int> waitsFor(groups.groupCount(), 0);
    std::vector<std::vector<std::size_t>> readers(groups.groupCount());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const Value input : graph.nodes[i].inputs) {
            const auto made = groups.maker(input);
            if (made && groups.groupOf(*made) != groups.groupOf(i)) {
                readers[groups.groupOf(*made)].push_back(groups.groupOf(i));
                ++waitsFor[groups.groupOf(i)];
            }
        }
    }
    std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
    for (std::size_t i = 0; i < groups.groupCount(); ++i) {
        if (!groups.members(i).empty() && waitsFor[i] == 0)
            ready.push(i);
    }
    std::vector<std::size_t> order;
    while (!ready.empty()) {
        const std::size_t group = ready.top();
        ready.pop();
        order.push_back(group);
        for (const std::size_t reader : readers[group]) {
            if (--waitsFor[reader] == 0)
                ready.push(reader);
        }
    }
    return order;
}

} // namespace

void fuseChains(Graph& graph, std::span<const Value> kept)
{
    std::vector<char> elementwise(graph.nodes.size(), 0);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
        elementwise[i] = isElementwise(graph, graph.nodes[i]) ? 1 : 0;
    Groups groups(graph);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (elementwise[i] == 0)
            continue;
        const Node& node = graph.nodes[i];
        const std::int64_t count = countOf(graph.info(node.outputs[0]).shape);
        for (const Value input : node.inputs) {
            const auto maker = groups.maker(input);
            if (maker && elementwise[*maker] != 0 && countOf(graph.info(input).shape) == count)
                groups.tryMerge(groups.groupOf(*maker), groups.groupOf(i));
        }
    }
    // Who is needed outside of its own group.
    std::vector<char> needed = keptValues(graph, kept);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const Value input : graph.nodes[i].inputs) {
            const auto maker = groups.maker(input);
            if (maker && groups.groupOf(*maker) != groups.groupOf(i))
                needed[idOf(input)] = 1;
        }
    }
    std::vector<char> zeros(graph.values.size(), 0);
    for (const Source& source : graph.sources) {
        if (source.kind == SourceKind::Constant && source.constant.count() == 1
            && source.constant.dtype() == DType::Float32)
            zeros[idOf(source.value)] = source.constant.valuesAs<float>()[0] == 0.0F ? 1 : 0;
    }
    std::vector<Node> nodes;
    std::vector<std::int64_t> operands(graph.values.size(), ChainWriter::none);
    for (const std::size_t group : orderOf(graph, groups)) {
        const std::vector<std::size_t>& members = groups.members(group);
        const bool computes = std::any_of(members.begin(), members.end(), [&](std::size_t i) {
            return elementwise[i] != 0 && !isIdentity(graph.nodes[i])
                && graph.nodes[i].type != &broadcast_to_op;
        });
        if (!computes) {
            for (const std::size_t i : members)
                nodes.push_back(graph.nodes[i]);
            continue;
        }
        ChainWriter writer(graph, operands, zeros);
        for (const std::size_t i : members) {
            operands.resize(graph.values.size(), ChainWriter::none);
            writer.add(graph.nodes[i]);
        }
        for (const std::size_t i : members) {
            if (needed[idOf(graph.nodes[i].outputs[0])] != 0)
                writer.store(graph.nodes[i].outputs[0]);
        }
        writer.finish(nodes, graph.nodes[members.back()].scope);
    }
    graph.nodes = std::move(nodes);
}

} // namespace layerscope::ops
