#include "model/layers/execution_order.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

enum class State : char { Unseen, Open, Done };

/// Keras's map_graph without its recursion: chains of a hundred thousand layers are legal.
class GraphMap
{
public:
    explicit GraphMap(const Layer& model)
        : m_model(model)
    {
        std::size_t count = 0;
        for (std::size_t layer = 0; layer < model.layers.size(); ++layer) {
            m_first.push_back(count);
            // An input has no call in the file, but others refer to its call 0.
            count += std::max<std::size_t>(model.layers[layer].calls.size(), 1);
            for (std::size_t call = 0; m_first[layer] + call < count; ++call)
                m_steps.push_back({ layer, call });
        }
        m_state.assign(count, State::Unseen);
        m_parents.resize(count);
    }

    void visit(const TensorReference& reference)
    {
        if (const auto node = nodeOf(reference))
            visitNode(*node);
    }

    void visitRest()
    {
        for (std::size_t node = 0; node < m_steps.size(); ++node)
            visitNode(node);
    }

    const std::vector<std::size_t>& postorder() const { return m_postorder; }
    const std::vector<std::size_t>& parents(std::size_t node) const { return m_parents[node]; }
    const CallStep& step(std::size_t node) const { return m_steps[node]; }
    std::size_t nodeCount() const { return m_steps.size(); }

private:
    std::optional<std::size_t> nodeOf(const TensorReference& reference) const
    {
        if (reference.layer >= m_model.layers.size())
            return std::nullopt;
        const auto calls = std::max<std::size_t>(m_model.layers[reference.layer].calls.size(), 1);
        if (reference.call >= calls)
            return std::nullopt;
        return m_first[reference.layer] + reference.call;
    }

    void open(std::size_t node, std::vector<std::pair<std::size_t, std::size_t>>& stack)
    {
        m_state[node] = State::Open;
        const auto [layer, call] = m_steps[node];
        if (call < m_model.layers[layer].calls.size())
            for (const TensorReference& reference : m_model.layers[layer].calls[call].tensors())
                if (const auto parent = nodeOf(reference))
                    m_parents[node].push_back(*parent);
        stack.emplace_back(node, 0);
    }

    void visitNode(std::size_t start)
    {
        if (m_state[start] != State::Unseen)
            return;
        std::vector<std::pair<std::size_t, std::size_t>> stack;
        open(start, stack);
        while (!stack.empty()) {
            auto& [node, next] = stack.back();
            if (next == m_parents[node].size()) {
                m_state[node] = State::Done;
                m_postorder.push_back(node);
                stack.pop_back();
                continue;
            }
            const std::size_t parent = m_parents[node][next++];
            if (m_state[parent] == State::Unseen)
                open(parent, stack); // an Open one closes a cycle: its values will be missing
        }
    }

    const Layer& m_model;
    std::vector<std::size_t> m_first; // of each layer: the number of its call 0
    std::vector<CallStep> m_steps;
    std::vector<State> m_state;
    std::vector<std::vector<std::size_t>> m_parents;
    std::vector<std::size_t> m_postorder;
};

std::vector<CallStep> ordered(const Layer& model, const GraphMap& map)
{
    // Depth: how far from the outputs; all calls of a layer are as deep as its deepest so far.
    constexpr std::size_t unset = static_cast<std::size_t>(-1);
    std::vector<std::size_t> depth(map.nodeCount(), unset);
    std::vector<std::size_t> layerDepth(model.layers.size(), 0);
    std::vector<std::size_t> order; // of first mention, as a Python dict keeps it
    std::size_t deepest = 0;
    const auto mention = [&](std::size_t node) {
        if (depth[node] == unset) {
            depth[node] = 0;
            order.push_back(node);
        }
    };
    for (auto it = map.postorder().rbegin(); it != map.postorder().rend(); ++it) {
        mention(*it);
        const std::size_t layer = map.step(*it).layer;
        depth[*it] = std::max(depth[*it], layerDepth[layer]);
        layerDepth[layer] = depth[*it];
        deepest = std::max(deepest, depth[*it]);
        for (const std::size_t parent : map.parents(*it)) {
            mention(parent);
            depth[parent] = std::max(depth[parent], depth[*it] + 1);
            deepest = std::max(deepest, depth[parent]);
        }
    }
    std::vector<std::vector<std::size_t>> byDepth(deepest + 1);
    for (const std::size_t node : order)
        byDepth[depth[node]].push_back(node);
    std::vector<CallStep> steps;
    for (auto it = byDepth.rbegin(); it != byDepth.rend(); ++it)
        for (const std::size_t node : *it)
            if (!isInput(model, map.step(node).layer))
                steps.push_back(map.step(node));
    return steps;
}

} // namespace

bool isInput(const Layer& model, std::size_t layer)
{
    return model.layers[layer].calls.empty();
}

std::vector<CallStep> executionOrder(const Layer& model)
{
    GraphMap map(model);
    for (const TensorReference& output : model.outputs)
        map.visit(output);
    return ordered(model, map);
}

std::vector<CallStep> executionOrderOfAll(const Layer& model)
{
    std::vector<CallStep> steps = executionOrder(model);
    GraphMap map(model);
    map.visitRest();
    // Whatever the outputs do not need comes last, each call after those that it depends on.
    std::vector<std::vector<bool>> listed(model.layers.size());
    for (std::size_t layer = 0; layer < model.layers.size(); ++layer)
        listed[layer].assign(model.layers[layer].calls.size(), false);
    for (const CallStep& step : steps)
        listed[step.layer][step.call] = true;
    for (const std::size_t node : map.postorder()) {
        const CallStep& step = map.step(node);
        if (!isInput(model, step.layer) && !listed[step.layer][step.call])
            steps.push_back(step);
    }
    return steps;
}

} // namespace layerscope::layers
