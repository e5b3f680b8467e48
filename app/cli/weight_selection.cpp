#include "app/cli/weight_selection.h"

#include <algorithm>
#include <fnmatch.h>
#include <set>

namespace layerscope::cli {

namespace {

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const auto& name : path)
        text += (text.empty() ? "" : "/") + name;
    return text;
}

bool matches(const std::string& pattern, const std::string& path)
{
    return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
}

/// Every layer below `layer` loses the weights that are not in `newIndex`, the others their old
/// position.
void renumber(Layer& layer, const std::vector<std::optional<WeightIndex>>& newIndex)
{
    std::vector<WeightIndex> kept;
    for (const auto index : layer.weights)
        if (index < newIndex.size() && newIndex[index])
            kept.push_back(*newIndex[index]);
    layer.weights = std::move(kept);
    for (auto& inner : layer.layers)
        renumber(inner, newIndex);
}

std::set<WeightIndex> selected(
    const Network& network, const std::vector<std::string>& patterns, std::set<std::string>& used)
{
    std::set<WeightIndex> wanted;
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>& path) {
        for (const auto& pattern : patterns) {
            bool isWanted = false;
            for (auto outer = path; !outer.empty(); outer.pop_back())
                isWanted = isWanted || matches(pattern, joined(outer));
            if (!isWanted)
                continue;
            used.insert(pattern);
            wanted.insert(layer.weights.begin(), layer.weights.end());
        }
    });
    return wanted;
}

} // namespace

Result<void> keepLayers(Network& network, const std::vector<std::string>& patterns)
{
    std::set<std::string> used;
    const auto wanted = selected(network, patterns, used);
    for (const auto& pattern : patterns)
        if (!used.contains(pattern))
            return Error(ErrorKind::InvalidArgument,
                "no layer matches '" + pattern + "'; layerscope inspect lists the layers' names");
    std::vector<Weight> weights;
    std::vector<std::optional<WeightIndex>> newIndex(network.weights.size());
    for (WeightIndex i = 0; i < network.weights.size(); ++i)
        if (wanted.contains(i)) {
            newIndex[i] = weights.size();
            weights.push_back(std::move(network.weights[i]));
        }
    network.weights = std::move(weights);
    renumber(network.model, newIndex);
    network.optimizer.reset();
    return {};
}

} // namespace layerscope::cli
