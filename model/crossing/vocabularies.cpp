#include "model/crossing/vocabularies.h"

#include "model/crossing/json_access.h"

namespace layerscope::crossing {

namespace {

/// Weights for the words belong to a vocabulary of this kind, and are not among them.
bool wantsWeights(const Json& config)
{
    const std::string mode = textAt(config, "output_mode");
    return mode == "tf_idf" || mode == "tf-idf";
}

const Layer* layerCalled(const Layer& model, const Json& name)
{
    for (const Layer& layer : model.layers)
        if (name == Json(layer.name))
            return &layer;
    return nullptr;
}

/// Returns whether something was changed in `object`, the model as JSON.
bool tellBelow(Json& object, const Layer& model, Journey& journey)
{
    Json* layers = object.is_object() && object.contains("config") ? &object["config"] : nullptr;
    if (layers != nullptr && layers->is_object() && layers->contains("layers"))
        layers = &(*layers)["layers"];
    if (layers == nullptr || !layers->is_array())
        return false;
    bool changed = false;
    for (Json& entry : *layers) {
        const Layer* const layer = layerCalled(model, member(member(entry, "config"), "name"));
        if (layer == nullptr)
            continue;
        changed = tellBelow(entry, *layer, journey) || changed;
        if (!layer->isLookup() || member(layer->config, "vocabulary").is_array())
            continue;
        if (layer->vocabulary.is_array() && !wantsWeights(layer->config)) {
            entry["config"]["vocabulary"] = layer->vocabulary;
            changed = true;
        } else if (!member(layer->config, "vocabulary").is_string()) {
            journey.remark("The vocabulary of layer '" + layer->name
                + "' could not be taken along; adapt the layer again before using the model.");
        }
    }
    return changed;
}

} // namespace

void tellVocabularies(Network& network, Journey& journey)
{
    Json architecture = network.architecture.value();
    if (tellBelow(architecture, network.model, journey))
        network.architecture = JsonText(std::move(architecture));
}

} // namespace layerscope::crossing
