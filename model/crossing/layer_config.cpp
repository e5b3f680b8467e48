#include "model/crossing/class_rules.h"
#include "model/crossing/config_crossing.h"
#include "model/crossing/config_values.h"
#include "model/crossing/json_access.h"
#include "model/crossing/operators.h"
#include "model/network/architecture.h"

#include <array>

// A layer's object: wrapper, class, configuration. Source: crossing.md 2.1.

namespace layerscope::crossing {

namespace {

constexpr int deepestWrapping = 80;

bool isCustom(const Layer& layer)
{
    if (layer.isModel() || layer.kind == LayerKind::Operation || isKeras2Operation(layer.className))
        return false;
    if (layer.registeredName.find('>') != std::string::npos)
        return !layer.registeredName.starts_with("keras");
    const bool ownModule = layer.module.empty() || layer.module.starts_with("keras")
        || layer.module.starts_with("tf_keras");
    return !ownModule || !isBuiltInLayer(layer.className);
}

const char* modelModule(const std::string& className, bool keras3)
{
    if (className == "Sequential")
        return "keras";
    return keras3 ? "keras.src.models.functional" : "keras.src.engine.functional";
}

/// As archives, and Keras 3 everywhere below the root, write an object.
Json fullObject(Json module, std::string className, Json config, Json registeredName)
{
    Json object = Json::object();
    object["module"] = std::move(module);
    object["class_name"] = std::move(className);
    object["config"] = std::move(config);
    object["registered_name"] = std::move(registeredName);
    return object;
}

bool endsWith(const std::string& text, std::string_view end)
{
    return text.size() >= end.size()
        && std::string_view(text).substr(text.size() - end.size()) == end;
}

bool isActivationKey(const std::string& key)
{
    return key == "activation" || endsWith(key, "_activation");
}

} // namespace

Json ConfigCrossing::wrapped(
    const Json& entry, std::string className, Json config, bool isModel) const
{
    Layer typed;
    typed.className = className;
    typed.module = textAt(entry, "module");
    typed.registeredName = textAt(entry, "registered_name");
    if (const auto mark = className.rfind('>'); mark != std::string::npos) {
        typed.registeredName = className;
        typed.className = className = className.substr(mark + 1);
    }
    typed.kind = isModel ? LayerKind::Functional : LayerKind::Layer;
    const bool keras3 = m_journey.to.keras3();
    if (isModel) {
        if (className == "Model")
            className = "Functional";
        const Json registered = className == "Functional" ? Json(className) : Json();
        Json object
            = fullObject(modelModule(className, keras3), className, std::move(config), registered);
        if (keras3 && m_journey.to.archive())
            object["build_config"] = Json{ { "input_shape", nullptr } };
        return object;
    }
    if (!isCustom(typed))
        return fullObject("keras.layers", className, std::move(config), nullptr);
    const std::string registered = typed.registeredName.empty() ? className : typed.registeredName;
    if (m_journey.changesGeneration() || typed.module.empty())
        return fullObject(nullptr, className, std::move(config), registered);
    return fullObject(typed.module, className, std::move(config), registered);
}

/// Old names fit everywhere but for "/" in Keras 3 and what TensorFlow takes for no scope in
/// Keras 2.
std::string ConfigCrossing::targetName(const std::string& name) const
{
    std::string result;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto c = static_cast<unsigned char>(name[i]);
        if (m_journey.toKeras3()) {
            result.push_back(c == '/' ? '_' : name[i]);
        } else if (m_journey.toKeras2()) {
            if ((c & 0xC0) == 0x80) // the rest of a UTF-8 character
                continue;
            const bool first = result.empty();
            const bool letter = std::isalnum(c) != 0 || c == '.';
            const bool fits = letter
                || (!first && std::string_view("_\\/>-").find(name[i]) != std::string_view::npos);
            if (fits && c < 0x80)
                result.push_back(name[i]);
            else
                result += first ? "x_" : "_";
        } else {
            result.push_back(name[i]);
        }
    }
    return result;
}

Result<void> ConfigCrossing::configMember(const std::string& key, Json& value, const Place& place)
{
    if (endsWith(key, "_initializer"))
        value = crossObject(value, m_journey, "keras.initializers");
    else if (endsWith(key, "_regularizer"))
        value = crossObject(value, m_journey, "keras.regularizers");
    else if (endsWith(key, "_constraint"))
        value = crossObject(value, m_journey, "keras.constraints");
    else if (isActivationKey(key)) {
        TRY(value, crossActivation(value, m_journey, place.where));
    } else if (key == "dtype") {
        TRY(value, crossPolicy(value, m_journey, place.where));
    } else if (key == "layer" || key == "backward_layer" || key == "cell") {
        if (value.is_array())
            for (Json& cell : value)
                TRY_DO(configMember(key, cell, place));
        else if (value.is_object() && value.contains("class_name")) {
            TRY(value, innerLayer(value, place));
        }
    } else if (key == "cells" && value.is_array()) {
        for (Json& cell : value)
            TRY_DO(configMember("cell", cell, place));
    } else if (key == "name" && value.is_string()) {
        value = targetName(value.get<std::string>());
    }
    return {};
}

Result<Json> ConfigCrossing::layerConfig(Json config, const Place& place)
{
    if (!config.is_object())
        return config;
    for (auto& [key, value] : config.items())
        TRY_DO(configMember(key, value, place));
    plainNumbers(config);
    return config;
}

Result<Json> ConfigCrossing::innerLayer(const Json& entry, const Place& place)
{
    const Layer typed = parseLayer(entry);
    const Place inside{ typed.name.empty() ? place.where : place.where + "/" + typed.name,
        place.depth + 1 };
    if (inside.depth > deepestWrapping)
        return Error(ErrorKind::Unsupported, "layers are wrapped too deeply").in(place.where);
    TRY(Json object, layer(entry, typed, inside));
    // A custom class inside a wrapper is found by its registered name in .h5 files.
    if (!m_journey.to.archive() && !m_journey.to.keras3() && isCustom(typed))
        return Json{ { "class_name", textAt(object, "registered_name") },
            { "config", object["config"] } };
    return object;
}

Result<Json> ConfigCrossing::operation(const Json& entry) const
{
    Json object = entry;
    for (const char* key : { "name", "inbound_nodes", "build_config", "shared_object_id" })
        object.erase(key);
    const std::string className = textAt(entry, "class_name");
    std::string module = textAt(entry, "module");
    if (module.empty())
        module = operationModule(className);
    return fullObject(module, className, member(entry, "config"), className);
}

Result<Json> ConfigCrossing::layer(const Json& entry, const Layer& typed, const Place& place)
{
    if (typed.isModel())
        return model(entry, typed, place);
    if (typed.kind == LayerKind::Operation || isKeras2Operation(typed.className))
        return typed.kind == LayerKind::Operation
            ? operation(entry)
            : Result<Json>(fullObject("keras.src.layers.core.tf_op_layer", typed.className,
                member(entry, "config"), typed.className));
    std::string className = textAt(entry, "class_name");
    TRY(Json config, layerConfig(member(entry, "config"), place));
    if (typed.className == "InputLayer" && member(member(entry, "config"), "dtype").is_string())
        config["dtype"] = entry["config"]["dtype"]; // a type of data, not a policy
    if (isCustom(typed)) {
        if (m_journey.toKeras3() && config.is_object())
            config.erase("batch_input_shape");
    } else {
        className = typed.className;
        TRY_DO(crossClass(className, config, m_journey, place.where));
    }
    return wrapped(entry, className, std::move(config), false);
}

} // namespace layerscope::crossing
