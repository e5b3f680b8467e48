// Files of the v3 layout list layers by class, not in the model's order. Within a class their
// numbers tell the order; across classes what one layer gives and the next takes does.
#include "model/analysis/proposal_shapes.h"

#include <algorithm>
#include <map>

namespace layerscope::analysis {

namespace {

constexpr int mostSteps = 200000; // of the search; a real sequence needs few
constexpr std::size_t mostLayers = 2000; // the search is as deep as there are layers

struct Candidate
{
    Flow flow;
    std::string className;
};

/// Looks for an order in which every layer takes what the one before gives.
class OrderSearch
{
public:
    OrderSearch(const std::vector<ProposedLayer>& layers, std::vector<Candidate> candidates)
        : m_candidates(std::move(candidates))
    {
        std::map<std::string, std::size_t> groupOf;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto [place, isNew] = groupOf.emplace(m_candidates[i].className, m_groups.size());
            if (isNew)
                m_groups.emplace_back();
            m_groups[place->second].push_back(i);
        }
        m_next.assign(m_groups.size(), 0);
    }

    std::optional<std::vector<std::size_t>> run()
    {
        if (!extend({}, 0))
            return std::nullopt;
        return m_order;
    }

private:
    static int rank(const Candidate& candidate, bool isFirst)
    {
        const std::string& name = candidate.className;
        if (isFirst) // what data go into as they are, before what takes features
            return name == "Embedding" ? 0 : name.find("Conv") == 0 ? 1 : name == "Dense" ? 3 : 2;
        if (name.ends_with("Normalization") || name == "PReLU")
            return 0; // they stand behind the layer that they belong to
        return name == "Dense" ? 2 : 1;
    }

    bool follows(
        const Candidate& candidate, std::optional<std::int64_t> channels, bool hasAxes) const
    {
        if (m_order.empty())
            return candidate.flow.channelsOut.has_value();
        if (!candidate.flow.channelsIn || !channels)
            return true;
        if (candidate.flow.spatialAxes && !hasAxes)
            return false;
        if (candidate.className == "Dense" && hasAxes)
            return *candidate.flow.channelsIn % *channels == 0;
        return candidate.flow.channelsIn == channels;
    }

    bool extend(std::optional<std::int64_t> channels, std::size_t axes)
    {
        if (m_order.size() == m_candidates.size())
            return true;
        if (++m_steps > mostSteps)
            return false;
        std::vector<std::size_t> open;
        for (std::size_t g = 0; g < m_groups.size(); ++g)
            if (m_next[g] < m_groups[g].size())
                open.push_back(g);
        std::ranges::stable_sort(open, {}, [&](std::size_t g) {
            return rank(m_candidates[m_groups[g][m_next[g]]], m_order.empty());
        });
        for (const std::size_t g : open) {
            const std::size_t layer = m_groups[g][m_next[g]];
            const Candidate& candidate = m_candidates[layer];
            if (!follows(candidate, channels, axes > 0))
                continue;
            ++m_next[g];
            m_order.push_back(layer);
            const std::size_t after
                = candidate.className == "Dense" ? 0 : candidate.flow.spatialAxes.value_or(axes);
            if (extend(candidate.flow.channelsOut ? candidate.flow.channelsOut : channels, after))
                return true;
            m_order.pop_back();
            --m_next[g];
        }
        return false;
    }

    std::vector<Candidate> m_candidates;
    std::vector<std::vector<std::size_t>> m_groups; ///< layers of one class, in their order
    std::vector<std::size_t> m_next;
    std::vector<std::size_t> m_order;
    int m_steps = 0;
};

} // namespace

bool orderByFlow(std::vector<ProposedLayer>& layers, const FlowLookup& flow)
{
    if (layers.size() > mostLayers)
        return false;
    std::vector<Candidate> candidates;
    for (const ProposedLayer& layer : layers) {
        if (!layer.isKnown())
            return false;
        candidates.push_back({ flow(layer.choice()), layer.choice().className });
    }
    const auto order = OrderSearch(layers, std::move(candidates)).run();
    if (!order)
        return false;
    std::vector<ProposedLayer> ordered;
    for (const std::size_t i : *order)
        ordered.push_back(std::move(layers[i]));
    layers = std::move(ordered);
    return true;
}

} // namespace layerscope::analysis
