#include "model/network/remedies.h"

#include <set>

namespace layerscope {

namespace {

/// "dense/kernel:0" and 2 → "dense/kernel_2:0".
std::string numbered(const std::string& name, int number)
{
    const std::size_t colon = name.rfind(':');
    const std::size_t end = colon == std::string::npos ? name.size() : colon;
    return name.substr(0, end) + "_" + std::to_string(number) + name.substr(end);
}

/// Names of which none is another one, nor a folder of it.
class Names
{
public:
    std::string take(const std::string& wanted)
    {
        std::string name = wanted;
        for (int number = 1; isTaken(name); ++number)
            name = numbered(wanted, number);
        m_taken.insert(name);
        return name;
    }

private:
    bool isTaken(const std::string& name) const
    {
        if (m_taken.contains(name))
            return true;
        const auto next = m_taken.lower_bound(name + "/");
        if (next != m_taken.end() && next->starts_with(name + "/"))
            return true;
        for (std::size_t slash = name.find('/'); slash != std::string::npos;
             slash = name.find('/', slash + 1))
            if (m_taken.contains(name.substr(0, slash)))
                return true;
        return false;
    }

    std::set<std::string> m_taken;
};

/// Whether `entry` is the configuration of the layer called `name`.
bool isCalled(const Json& entry, const std::string& name)
{
    return entry.is_object() && entry.contains("config") && entry["config"].is_object()
        && entry["config"].contains("name") && entry["config"]["name"] == name;
}

/// The layers of a Sequential, in the tree and in the configuration text alike.
void renameLayers(Network& network)
{
    Layer& model = network.model;
    if (model.kind != LayerKind::Sequential)
        return;
    Json architecture = network.architecture.value();
    Json* const config = architecture.is_object() && architecture.contains("config")
        ? &architecture["config"]
        : nullptr;
    Json* entries = config != nullptr && config->is_object() && config->contains("layers")
        ? &(*config)["layers"]
        : config; // before Keras 2.2.3 the list itself
    if (entries == nullptr || !entries->is_array())
        return;
    Names names;
    bool isChanged = false;
    std::size_t entry = 0;
    for (Layer& layer : model.layers) {
        while (entry < entries->size() && !isCalled((*entries)[entry], layer.name))
            ++entry;
        const std::string fresh = names.take(layer.name);
        if (fresh != layer.name && entry < entries->size()) {
            (*entries)[entry]["config"]["name"] = fresh;
            layer.name = fresh;
            if (layer.config.is_object())
                layer.config["name"] = fresh;
            isChanged = true;
        }
        ++entry;
    }
    if (isChanged)
        network.architecture = JsonText(std::move(architecture));
}

void renameWeights(Network& network)
{
    for (const Layer& layer : network.model.layers) {
        Names names;
        std::set<WeightIndex> seen; // a shared layer's weights come once
        visitLayers(layer, [&](const Layer& inner, const std::vector<std::string>&) {
            for (const WeightIndex index : inner.weights) {
                if (index >= network.weights.size() || !seen.insert(index).second)
                    continue;
                Weight& weight = network.weights[index];
                const std::string path = weight.path.empty() ? weight.name : weight.path;
                const std::string fresh = names.take(path);
                if (fresh == path)
                    continue;
                weight.name
                    = weight.name == weight.path ? fresh : fresh.substr(fresh.rfind('/') + 1);
                weight.path = fresh;
            }
        });
    }
}

} // namespace

Network withoutTrainingSetup(const Network& network)
{
    Network result = network;
    result.training.reset();
    result.optimizer.reset();
    // .keras keeps it inside the architecture
    if (result.architecture.value().is_object()
        && result.architecture.value().contains("compile_config")) {
        Json architecture = result.architecture.value();
        architecture.erase("compile_config");
        result.architecture = JsonText(std::move(architecture));
    }
    return result;
}

Network withoutOptimizerState(const Network& network)
{
    Network result = network;
    result.optimizer.reset();
    return result;
}

Network withUniqueNames(const Network& network)
{
    Network result = network;
    renameLayers(result);
    renameWeights(result);
    return result;
}

} // namespace layerscope
