#include "model/crossing/tf_keras.h"

#include "model/crossing/json_access.h"

#include <array>

// Keras 2.15 and before stop at keys that they do not know ("Unrecognized keyword arguments:
// ['optional']"), and cannot import modules of the package tf_keras. Seen in files of 2.21.
// Keras 2.12 stops at the warm-up of a schedule likewise, which came with 2.13.

namespace layerscope::crossing {

namespace {

struct NewerKey
{
    std::string_view className;
    const char* key;
};

/// All of them are false, null or 0 unless somebody asks for more.
constexpr std::array newerKeys{
    NewerKey{ "InputLayer", "optional" },
    NewerKey{ "MultiHeadAttention", "softmax_robust_masking" },
    NewerKey{ "CosineDecay", "warmup_target" },
    NewerKey{ "CosineDecay", "warmup_steps" },
};

constexpr std::string_view ownModules = "tf_keras.";

bool dropNewerKeys(std::string_view className, Json& config)
{
    bool changed = false;
    for (const NewerKey& newer : newerKeys)
        if (className == newer.className && config.is_object() && config.contains(newer.key)
            && (!isSet(config, newer.key) || config[newer.key] == 0))
            changed = config.erase(newer.key) > 0 || changed;
    return changed;
}

void dropFromLayer(Layer& layer)
{
    dropNewerKeys(layer.className, layer.config);
    dropTfKerasWords(layer.config);
    if (layer.module.starts_with(ownModules))
        layer.module.erase(0, std::string_view("tf_").size());
    for (Layer& inner : layer.layers)
        dropFromLayer(inner);
}

/// Tells of what is set to more than every Keras 2 can do.
void noteSettings(const Json& value, Journey& journey)
{
    if (value.is_object()) {
        const Json& config = member(value, "config");
        for (const NewerKey& newer : newerKeys)
            if (textAt(value, "class_name") == newer.className && isSet(config, newer.key))
                journey.remark("The layer '" + textAt(config, "name") + "' sets " + newer.key
                    + ", which only tf_keras knows: Keras 2.15 and before will refuse the file.");
    }
    if (value.is_object() || value.is_array())
        for (const Json& item : value)
            noteSettings(item, journey);
}

} // namespace

bool dropTfKerasWords(Json& value)
{
    bool changed = false;
    if (value.is_object()) {
        if (const std::string module = textAt(value, "module"); module.starts_with(ownModules)) {
            value["module"] = module.substr(std::string_view("tf_").size());
            changed = true;
        }
        if (const auto config = value.find("config"); config != value.end())
            changed = dropNewerKeys(textAt(value, "class_name"), *config) || changed;
    }
    if (value.is_object() || value.is_array())
        for (Json& item : value)
            changed = dropTfKerasWords(item) || changed;
    return changed;
}

void dropTfKerasWords(Network& network, Journey& journey)
{
    if (journey.from.keras3() || journey.to.keras3() || network.architecture.isEmpty())
        return;
    Json architecture = network.architecture.value();
    if (dropTfKerasWords(architecture))
        network.architecture = JsonText(std::move(architecture));
    dropFromLayer(network.model);
    noteSettings(network.architecture.value(), journey);
    if (!network.training)
        return;
    Json training = network.training->source.value();
    if (dropTfKerasWords(training))
        network.training = TrainingSetup{ JsonText(std::move(training)) };
}

} // namespace layerscope::crossing
