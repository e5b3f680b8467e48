#include "model/crossing/graph.h"

#include "model/crossing/json_access.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace layerscope::crossing {

namespace {

using CallId = std::pair<std::size_t, std::size_t>; // layer, call

/// Keras's map_graph_network.
class OrderByDepth
{
public:
    explicit OrderByDepth(const Graph& graph)
        : m_graph(graph)
    {
    }

    std::vector<std::size_t> run()
    {
        for (const TensorReference& output : m_graph.outputs)
            visit({ output.layer, output.call });
        for (auto call = m_finished.rbegin(); call != m_finished.rend(); ++call)
            settle(*call);
        // An input that no output needs comes first among those at depth 0.
        std::vector<std::size_t> order;
        for (const TensorReference& input : m_graph.inputs)
            if (m_layerNumber.emplace(input.layer, -1).second)
                m_layerDepth[input.layer] = 0;
        for (const auto& [layer, number] : m_layerNumber)
            order.push_back(layer);
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const std::size_t depthA = m_layerDepth[a];
            const std::size_t depthB = m_layerDepth[b];
            return depthA != depthB ? depthA > depthB : m_layerNumber[a] < m_layerNumber[b];
        });
        return order;
    }

private:
    /// Depth first from the outputs, each call after what feeds it. Not recursive: graphs are deep.
    void visit(CallId start)
    {
        struct Frame
        {
            CallId call;
            std::vector<TensorReference> feeds;
            std::size_t next = 0;
        };
        std::vector<Frame> stack;
        const auto enter = [&](CallId call) {
            if (!m_seen.insert(call).second)
                return;
            m_layerNumber.emplace(call.first, static_cast<int>(m_layerNumber.size()));
            stack.push_back({ call, feedsOf(call), 0 });
        };
        enter(start);
        while (!stack.empty()) {
            Frame& top = stack.back();
            if (top.next < top.feeds.size()) {
                const TensorReference feed = top.feeds[top.next++];
                enter({ feed.layer, feed.call });
                continue;
            }
            m_finished.push_back(top.call);
            stack.pop_back();
        }
    }

    void settle(CallId call)
    {
        std::size_t& depth = m_callDepth[call];
        std::size_t& layerDepth = m_layerDepth[call.first];
        depth = layerDepth = std::max(depth, layerDepth);
        for (const TensorReference& feed : feedsOf(call)) {
            std::size_t& above = m_callDepth[{ feed.layer, feed.call }];
            above = std::max(above, depth + 1);
        }
    }

    /// Keras flattens keywords by their names.
    std::vector<TensorReference> feedsOf(CallId id) const
    {
        const GraphLayer& layer = m_graph.layers[id.first];
        if (id.second >= layer.calls.size())
            return {};
        Call call = layer.calls[id.second];
        std::sort(call.keywords.begin(), call.keywords.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
        return call.tensors();
    }

    const Graph& m_graph;
    std::set<CallId> m_seen;
    std::vector<CallId> m_finished;
    std::map<std::size_t, int> m_layerNumber;
    std::map<CallId, std::size_t> m_callDepth;
    std::map<std::size_t, std::size_t> m_layerDepth;
};

/// Operations of which Keras 3 builds masks.
bool buildsMasks(const std::string& className)
{
    return className == "NotEqual" || className == "Any" || className == "LogicalAnd"
        || className == "LogicalOr" || className == "ExpandDims" || className == "All";
}

class MaskRemoval
{
public:
    explicit MaskRemoval(Graph& graph)
        : m_graph(graph)
    {
    }

    void run()
    {
        for (const GraphLayer& layer : m_graph.layers)
            if (layer.className == "Masking"
                || (layer.className == "Embedding"
                    && flagAt(member(layer.entry, "config"), "mask_zero")))
                for (const Call& call : layer.calls)
                    for (const TensorReference& fed : call.tensors())
                        m_masked.insert({ fed.layer, fed.call });
        for (GraphLayer& layer : m_graph.layers)
            for (Call& call : layer.calls)
                std::erase_if(call.keywords, [&](const auto& keyword) {
                    return keyword.first.ends_with("mask") && keyword.first != "attention_mask"
                        && isAutomatic(keyword.second);
                });
        dropUnused();
    }

private:
    bool isAutomatic(const Argument& mask)
    {
        const auto tensors = mask.tensors();
        return !tensors.empty()
            && std::all_of(tensors.begin(), tensors.end(),
                [&](const TensorReference& tensor) { return comesFromMasked(tensor, 0); });
    }

    bool comesFromMasked(const TensorReference& tensor, int depth)
    {
        const CallId id{ tensor.layer, tensor.call };
        if (m_masked.contains(id))
            return true;
        const GraphLayer& layer = m_graph.layers[tensor.layer];
        if (layer.kind != LayerKind::Operation || !buildsMasks(layer.className)
            || tensor.call >= layer.calls.size() || depth > 32)
            return false;
        // Looked at once: a crafted graph could ask for each of 2^32 paths.
        if (const auto known = m_automatic.find(id); known != m_automatic.end())
            return known->second;
        const auto fed = layer.calls[tensor.call].tensors();
        const bool found = !fed.empty()
            && std::all_of(fed.begin(), fed.end(),
                [&](const TensorReference& inner) { return comesFromMasked(inner, depth + 1); });
        m_automatic[id] = found;
        return found;
    }

    /// Operations that no output needs any more.
    void dropUnused()
    {
        const auto needed = m_graph.kerasOrder();
        const std::set<std::size_t> used(needed.begin(), needed.end());
        for (std::size_t i = 0; i < m_graph.layers.size(); ++i)
            if (m_graph.layers[i].kind == LayerKind::Operation && !used.contains(i))
                m_graph.layers[i].isDropped = true;
    }

    Graph& m_graph;
    std::set<CallId> m_masked; // what feeds layers that make masks
    std::map<CallId, bool> m_automatic; // operations that were looked at
};

} // namespace

void forEachTensor(Argument& argument, const std::function<void(TensorReference&)>& visit)
{
    if (auto* reference = std::get_if<TensorReference>(&argument.content)) {
        visit(*reference);
    } else if (auto* list = std::get_if<Argument::List>(&argument.content)) {
        for (Argument& item : *list)
            forEachTensor(item, visit);
    } else if (auto* mapping = std::get_if<Argument::Mapping>(&argument.content)) {
        for (auto& [key, item] : *mapping)
            forEachTensor(item, visit);
    }
}

void forEachTensor(Call& call, const std::function<void(TensorReference&)>& visit)
{
    for (Argument& argument : call.arguments)
        forEachTensor(argument, visit);
    for (auto& [key, argument] : call.keywords)
        forEachTensor(argument, visit);
}

void Graph::insertBefore(std::size_t layer, GraphLayer added)
{
    const std::size_t place = layers.size();
    added.calls.clear();
    for (std::size_t call = 0; call < layers[layer].calls.size(); ++call) {
        Call& old = layers[layer].calls[call];
        added.calls.push_back({ old.arguments, {} });
        old.arguments = { Argument{ TensorReference{ place, call, 0 } } };
    }
    layers.push_back(std::move(added));
}

std::string Graph::freeName(const std::string& name) const
{
    const auto isTaken = [&](const std::string& wanted) {
        return std::any_of(layers.begin(), layers.end(),
            [&](const GraphLayer& layer) { return layer.name == wanted; });
    };
    std::string found = name;
    for (int n = 2; isTaken(found); ++n)
        found = name + "_" + std::to_string(n);
    return found;
}

std::vector<std::size_t> Graph::kerasOrder() const
{
    return OrderByDepth(*this).run();
}

void dropAutomaticMasks(Graph& graph)
{
    MaskRemoval(graph).run();
}

} // namespace layerscope::crossing
