#pragma once

#include "model/crossing/graph.h"

#include <map>

namespace layerscope::crossing {

/// Rewrites the configuration of a model, layer by layer.
class ConfigCrossing
{
public:
    explicit ConfigCrossing(Journey& journey)
        : m_journey(journey)
    {
    }

    /// The root's object, `typed` being the view over it.
    /// Errors  Unsupported, naming the layer
    Result<Json> root(const Json& entry, const Layer& typed);

    /// New names of the root's layers, by old name, where they changed.
    const std::map<std::string, std::string>& renamedLayers() const { return m_renamed; }

    /// New names of layers anywhere in the source's model.
    const std::map<const Layer*, std::string>& newNames() const { return m_newNames; }

private:
    struct Place
    {
        std::string where; ///< path of names, for messages
        int depth = 0;
    };

    Result<Json> model(const Json& entry, const Layer& typed, const Place& place);
    Result<Json> sequentialConfig(const Json& config, const Layer& typed, const Place& place);
    Result<Json> functionalConfig(const Json& config, const Layer& typed, const Place& place);
    Result<Graph> graphOf(const Json& config, const Layer& typed, const Place& place);
    Result<Json> sameGeneration(const Json& config, const Layer& typed, const Place& place);
    Result<Json> layer(const Json& entry, const Layer& typed, const Place& place);
    Result<Json> innerLayer(const Json& entry, const Place& place);
    Result<Json> layerConfig(Json config, const Place& place);
    Result<void> configMember(const std::string& key, Json& value, const Place& place);
    Result<Json> operation(const Json& entry) const;

    void insertInput(Json& layers, const Json& firstLayer) const;
    Json inputLayer(const std::string& name, const Json& shape, const Json& dtype) const;
    Json wrapped(const Json& entry, std::string className, Json config, bool isModel) const;
    std::string targetName(const std::string& name) const;
    std::vector<std::string> targetNames(
        const std::vector<std::string>& names, const Layer& typed, const Place& place);
    void renameLayers(Graph& graph, const Layer& typed, const Place& place);

    Journey& m_journey;
    std::map<std::string, std::string> m_renamed;
    std::map<const Layer*, std::string> m_newNames;
};

} // namespace layerscope::crossing
