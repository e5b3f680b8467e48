#include "model/crossing/config_values.h"

#include "model/crossing/json_access.h"

#include <algorithm>
#include <array>

// What stands under the keys of a layer's configuration. Source: crossing.md 2.1; names of
// activations from keras.activations of 2.15.0 and 3.15.1.

namespace layerscope::crossing {

namespace {

using std::string_view;

constexpr std::array bothActivations{ string_view("elu"), string_view("exponential"),
    string_view("gelu"), string_view("hard_sigmoid"), string_view("leaky_relu"),
    string_view("linear"), string_view("log_softmax"), string_view("mish"), string_view("relu"),
    string_view("relu6"), string_view("selu"), string_view("sigmoid"), string_view("silu"),
    string_view("softmax"), string_view("softplus"), string_view("softsign"), string_view("swish"),
    string_view("tanh") };

constexpr std::array keras3Activations{ string_view("celu"), string_view("glu"),
    string_view("hard_shrink"), string_view("hard_silu"), string_view("hard_swish"),
    string_view("hard_tanh"), string_view("log_sigmoid"), string_view("soft_shrink"),
    string_view("sparse_plus"), string_view("sparse_sigmoid"), string_view("sparsemax"),
    string_view("squareplus"), string_view("tanh_shrink"), string_view("threshold") };

bool contains(const auto& list, string_view name)
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

bool isOwnModule(const std::string& module)
{
    return module.empty() || module.starts_with("keras") || module.starts_with("tf_keras")
        || module.starts_with("tensorflow");
}

/// "package>Class" as Keras 3 and archives write it: class, and registered name beside it.
void separatePackage(Json& object)
{
    const std::string className = textAt(object, "class_name");
    const auto mark = className.rfind('>');
    if (mark == std::string::npos)
        return;
    object["class_name"] = className.substr(mark + 1);
    object["registered_name"] = className;
    object["module"] = nullptr;
}

Json ordered(const Json& object, const Json& module, const Json& registeredName)
{
    Json wrapped = Json::object();
    wrapped["module"] = module;
    wrapped["class_name"] = member(object, "class_name");
    wrapped["config"] = member(object, "config");
    wrapped["registered_name"] = registeredName;
    return wrapped;
}

/// Initializers of TensorFlow 1 carry a dtype, and older names of distributions.
void renewInitializer(Json& config)
{
    if (!config.is_object())
        return;
    config.erase("dtype");
    if (textAt(config, "distribution") == "normal")
        config["distribution"] = "truncated_normal";
}

} // namespace

Json functionObject(const std::string& name)
{
    return Json{ { "module", "builtins" }, { "class_name", "function" }, { "config", name },
        { "registered_name", "function" } };
}

std::string functionName(const Json& function)
{
    if (function.is_string())
        return function.get<std::string>();
    return textAt(function, "class_name") == "function" ? textAt(function, "config")
                                                        : std::string();
}

Result<Json> crossActivation(
    const Json& activation, const Journey& journey, const std::string& where)
{
    if (textAt(activation, "class_name") == "__lambda__")
        return activation;
    std::string name = functionName(activation);
    if (name.empty()) { // null, or a layer used as an activation
        if (!activation.is_object())
            return activation;
        Json layer = crossObject(activation, journey, "keras.layers");
        if (textAt(layer, "class_name") == "LeakyReLU" && journey.changesGeneration()) {
            rename(layer["config"], journey.to.keras3() ? "alpha" : "negative_slope",
                journey.to.keras3() ? "negative_slope" : "alpha");
        }
        return layer;
    }
    if (name == "softmax_v2")
        name = "softmax";
    if (contains(bothActivations, name)
        || (journey.to.keras3() && contains(keras3Activations, name)))
        return Json(name);
    if (journey.toKeras2() && contains(keras3Activations, name))
        return Error(ErrorKind::Unsupported,
            "the activation " + name
                + " exists only in Keras 3, so that the model cannot be saved "
                  "for Keras 2")
            .in(where);
    const bool plain = journey.to.container != Container::Archive && !journey.to.keras3();
    return plain ? Json(name) : functionObject(name);
}

Result<Json> crossPolicy(const Json& policy, const Journey& journey, const std::string& where)
{
    // Keras 2 cannot read weights of bfloat16; it computes the same from weights of float32.
    if (journey.toKeras2() && policy == Json("bfloat16"))
        return Json("mixed_bfloat16");
    if (!policy.is_object()) // a name may stay one everywhere
        return policy;
    std::string name = textAt(member(policy, "config"), "name");
    if (journey.toKeras2() && name == "bfloat16")
        name = "mixed_bfloat16";
    if (name.empty()) {
        if (journey.to.keras3())
            return policy;
        return Error(ErrorKind::Unsupported, "this layer is quantized, which Keras 2 does not know")
            .in(where);
    }
    if (journey.to.keras3())
        return Json{ { "module", "keras" }, { "class_name", "DTypePolicy" },
            { "config", { { "name", name } } }, { "registered_name", nullptr } };
    if (!name.starts_with("mixed_"))
        return Json(name);
    Json mixed{ { "class_name", "Policy" }, { "config", { { "name", name } } } };
    return journey.to.generation == KerasGeneration::Legacy
        ? mixed
        : ordered(mixed, "keras.mixed_precision", nullptr);
}

Json crossObject(const Json& object, const Journey& journey, const char* module)
{
    if (!object.is_object() || !object.contains("class_name"))
        return object;
    Json result = object;
    separatePackage(result);
    result.erase("shared_object_id");
    const std::string registered = textAt(result, "registered_name");
    const bool custom
        = registered.find('>') != std::string::npos || !isOwnModule(textAt(result, "module"));
    if (result.contains("config") && std::string_view(module) == "keras.initializers" && !custom) {
        renewInitializer(result["config"]);
        if (journey.toKeras2() && result["config"].is_object()) {
            result["config"].erase("input_axes");
            result["config"].erase("output_axes");
        }
    }
    if (journey.to.generation == KerasGeneration::Legacy) {
        const std::string name
            = custom && !registered.empty() ? registered : textAt(result, "class_name");
        return Json{ { "class_name", name }, { "config", member(result, "config") } };
    }
    if (!custom)
        return ordered(result, module, nullptr);
    const std::string own = registered.empty() ? textAt(result, "class_name") : registered;
    return ordered(result, journey.toKeras3() ? Json() : member(result, "module"), own);
}

void plainNumbers(Json& value)
{
    if (value.is_object() && textAt(value, "class_name") == "__numpy__") {
        Json plain = member(member(value, "config"), "value");
        value = std::move(plain);
    } else if (value.is_structured()) {
        for (Json& item : value)
            plainNumbers(item);
    }
}

} // namespace layerscope::crossing
