#include "model/network/node_dialects.h"

/// Keras 3 writes one call as {"args": […], "kwargs": {…}}; a tensor anywhere inside is
///
///     {"class_name": "__keras_tensor__",
///      "config": {"shape": [null, 4], "dtype": "float32", "keras_history": ["inp", 0, 0]}}
namespace layerscope::network {

namespace {

const Json* keras3Tensor(const Json& value)
{
    if (!value.is_object())
        return nullptr;
    const auto name = value.find("class_name");
    const auto config = value.find("config");
    if (name == value.end() || *name != "__keras_tensor__" || config == value.end()
        || !config->is_object())
        return nullptr;
    const auto history = config->find("keras_history");
    return history != config->end() && isReference(*history) ? &*history : nullptr;
}

class Keras3NodeReader
{
public:
    Keras3NodeReader(const LayerPositions& layers, std::vector<std::string>& unknown)
        : m_layers(layers)
        , m_unknown(unknown)
    {
    }

    /// Lists and mappings without a tensor inside stay literals.
    Argument read(const Json& value)
    {
        if (const Json* history = keras3Tensor(value))
            return reference(value, *history);
        if (!value.is_structured())
            return { value };
        return structuredArgument(value, m_found, [this](const Json& item) { return read(item); });
    }

private:
    Argument reference(const Json& value, const Json& history)
    {
        if (const auto found = readReference(history, m_layers)) {
            ++m_found;
            return { *found };
        }
        m_unknown.push_back(history[0].get<std::string>());
        return { value };
    }

    const LayerPositions& m_layers;
    std::vector<std::string>& m_unknown;
    std::size_t m_found = 0;
};

} // namespace

bool isKeras3Node(const Json& node)
{
    return node.is_object() && node.contains("args") && node["args"].is_array();
}

Call parseKeras3Node(
    const Json& node, const LayerPositions& layers, std::vector<std::string>& unknown)
{
    Keras3NodeReader reader(layers, unknown);
    Call call;
    for (const Json& argument : node["args"])
        call.arguments.push_back(reader.read(argument));
    const auto keywords = node.find("kwargs");
    if (keywords != node.end() && keywords->is_object())
        for (const auto& [key, value] : keywords->items())
            call.keywords.emplace_back(key, reader.read(value));
    return call;
}

} // namespace layerscope::network
