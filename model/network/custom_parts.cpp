#include "model/network/custom_parts.h"

#include <algorithm>

namespace layerscope::network {

namespace {

constexpr std::size_t deepestPart = 16;

std::vector<std::string> split(const std::string& path)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        parts.push_back(path.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

} // namespace

std::vector<std::vector<std::string>> partsOfWeights(const Network& network, const Layer& layer)
{
    std::vector<std::vector<std::string>> all;
    for (const WeightIndex index : layer.weights) {
        const Weight& weight = network.weights[index];
        std::vector<std::string> parts = split(weight.path.empty() ? weight.name : weight.path);
        parts.pop_back(); // the variable itself
        if (const auto own = std::ranges::find(parts, layer.name); own != parts.end())
            parts.erase(parts.begin(), own + 1);
        if (parts.size() > deepestPart)
            parts.clear();
        all.push_back(std::move(parts));
    }
    return all;
}

} // namespace layerscope::network
