#include "model/layers/layer_type.h"

#include "model/network/architecture.h"

#include <unordered_map>

namespace layerscope::layers {

namespace {

using Table = std::unordered_map<std::string_view, const LayerType*>;

Table tableOf()
{
    Table table;
    for (const LayerFamily* family : allFamilies())
        for (const LayerType& type : family->types) {
            std::string_view names = type.classNames;
            while (!names.empty()) {
                const auto end = std::min(names.find(' '), names.size());
                if (end > 0)
                    table.emplace(names.substr(0, end), &type);
                names.remove_prefix(std::min(end + 1, names.size()));
            }
        }
    return table;
}

/// A registered class of somebody's package may bear the name of a Keras layer and be another.
bool isCustom(const Layer& layer)
{
    return !layer.registeredName.empty() && layer.registeredName != layer.className
        && layer.registeredName.rfind("keras", 0) != 0;
}

} // namespace

const LayerType* findType(const Layer& layer)
{
    static const Table table = tableOf();
    if (isCustom(layer))
        return nullptr;
    // keras.activations.relu in a graph is an operation ReLU with the layer's own configuration.
    if (layer.kind == LayerKind::Operation)
        if (const LayerType* operation = findOperation(layer.className))
            return operation;
    const auto found = table.find(layer.className);
    return found == table.end() ? nullptr : found->second;
}

Layer innerLayer(const Json& object, const Layer& outer)
{
    Layer inner;
    const Json& config = configOf(object);
    if (config.is_object() && config.contains("layers")) {
        std::vector<Problem> problems;
        if (auto parsed = parseArchitecture(object, problems))
            return std::move(parsed).value();
    }
    inner.className = classNameOf(object);
    inner.config = config;
    inner.trainable = outer.trainable;
    inner.dtypePolicy = outer.dtypePolicy;
    if (config.is_object() && config.contains("name") && config["name"].is_string())
        inner.name = config["name"].get<std::string>();
    if (object.is_object() && object.contains("registered_name")
        && object["registered_name"].is_string())
        inner.registeredName = object["registered_name"].get<std::string>();
    return inner;
}

} // namespace layerscope::layers
