#include "model/analysis/python_layers.h"

#include "model/analysis/python_source.h"
#include "model/network/architecture.h"
#include "model/network/variable_layout.h"
#include "model/network/variable_tree.h"

#include <algorithm>
#include <array>

namespace layerscope::analysis {

namespace {

bool isClass(const Json& value, const char* className)
{
    if (value.is_string())
        return value == className;
    const auto found = value.is_object() ? value.find("class_name") : value.end();
    return value.is_object() && found != value.end() && *found == className;
}

/// Plain means that no argument of the initializer is set.
bool isPlain(const Json& value)
{
    if (!value.is_object() || !value.contains("config") || !value["config"].is_object())
        return true;
    return std::ranges::all_of(value["config"], [](const Json& item) { return item.is_null(); });
}

/// Settings that every class which has them defaults to.
bool isDefault(const Layer& layer, const std::string& key, const Json& value)
{
    if (value.is_null())
        return key != "merge_mode" && !key.ends_with("_initializer") && key != "activation";
    if (key == "trainable" || key == "use_bias")
        return value == true;
    if (key == "kernel_initializer")
        return isClass(value, "GlorotUniform") && isPlain(value)
            && layer.className.find("Depthwise") == std::string::npos;
    if (key == "bias_initializer" || key == "beta_initializer" || key == "moving_mean_initializer")
        return isClass(value, "Zeros") && isPlain(value);
    if (key == "gamma_initializer" || key == "moving_variance_initializer")
        return isClass(value, "Ones") && isPlain(value);
    if (key == "activation")
        return value == "linear"
            && (layer.className == "Dense" || layer.className.find("Conv") == 0);
    if (key == "padding")
        return value == "valid";
    if (key == "groups")
        return value == 1;
    if (key == "data_format")
        return value == "channels_last";
    if (key == "dilation_rate")
        return value == 1 || (value.is_array() && std::ranges::all_of(value, [](const Json& item) {
            return item == 1;
        }));
    return false;
}

/// Keys that a configuration has and the constructor of no layer takes, or that only say what
/// other keys say.
bool isNoArgument(const std::string& key)
{
    static constexpr auto keys = std::to_array<std::string_view>(
        { "build_config", "shared_object_id", "registered_name" });
    return std::ranges::find(keys, key) != keys.end();
}

bool isLayerObject(const Json& value)
{
    return value.is_object() && value.contains("class_name") && value.contains("config")
        && value["config"].is_object();
}

/// Whether a value is a layer or cell that the constructor wants as an object.
bool holdsLayer(const std::string& key)
{
    return key == "layer" || key == "cell" || key == "backward_layer";
}

std::string valueExpression(
    const std::string& key, const Json& value, KerasGeneration generation, PythonNeeds& needs)
{
    if (holdsLayer(key) && isLayerObject(value)) {
        const Layer inner = parseLayer(value);
        if (inner.isModel()) // within a wrapper a whole model stays as it is written
            return std::string(
                       inner.kind == LayerKind::Sequential ? "keras.Sequential" : "keras.Model")
                + ".from_config(" + pythonLiteral(value["config"]) + ")";
        return layerExpression(inner, generation, needs);
    }
    if (key == "cells" && value.is_array()) {
        std::string list = "[";
        for (const Json& cell : value)
            list += (list.size() > 1 ? ", " : "")
                + layerExpression(parseLayer(cell), generation, needs);
        return list + "]";
    }
    return pythonLiteral(value);
}

bool isKnownClass(const Layer& layer, KerasGeneration generation)
{
    if (!layer.registeredName.empty() && layer.registeredName.find('>') != std::string::npos)
        return false;
    if (!layer.module.empty())
        return layer.module.starts_with("keras") || layer.module.starts_with("tf_keras");
    return network::variableObject(layer, generation).isKnown;
}

std::string lambdaName(const Layer& layer)
{
    return pythonName(layer.name) + "_function";
}

std::string joinedParts(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string functionOf(const Layer& layer)
{
    if (layer.config.is_object())
        if (const auto found = layer.config.find("function");
            found != layer.config.end() && found->is_string())
            return found->get<std::string>();
    return {};
}

/// `a + b` for TensorFlow's "__operators__.add" and "math.add".
std::optional<std::string> asOperator(
    const std::string& function, const std::vector<std::string>& arguments)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> operators{ {
        { "__operators__.add", "+" },
        { "math.add", "+" },
        { "math.subtract", "-" },
        { "math.multiply", "*" },
        { "math.truediv", "/" },
    } };
    if (arguments.size() != 2)
        return std::nullopt;
    for (const auto& [name, sign] : operators)
        if (function == name)
            return arguments[0] + " " + std::string(sign) + " " + arguments[1];
    return std::nullopt;
}

} // namespace

std::string inputExpression(const Json& config)
{
    const Json none;
    const auto member = [&](const char* key) -> const Json& {
        return config.is_object() && config.contains(key) ? config[key] : none;
    };
    const Json& shape
        = member("batch_shape").is_array() ? member("batch_shape") : member("batch_input_shape");
    std::string text = "keras.Input(shape=(";
    for (std::size_t i = 1; i < shape.size(); ++i)
        text += pythonLiteral(shape[i]) + (i == 1 || i + 1 < shape.size() ? ", " : "");
    if (text.ends_with(", "))
        text.pop_back();
    text += ")";
    if (shape.is_array() && !shape.empty() && !shape[0].is_null())
        text += ", batch_size=" + pythonLiteral(shape[0]);
    if (const Json& dtype = member("dtype"); dtype.is_string() && dtype != "float32")
        text += ", dtype=" + pythonLiteral(dtype);
    for (const char* key : { "sparse", "ragged" })
        if (member(key) == true)
            text += std::string(", ") + key + "=True";
    if (const Json& name = member("name"); name.is_string())
        text += ", name=" + pythonLiteral(name);
    return text + ")";
}

std::string layerExpression(const Layer& layer, KerasGeneration generation, PythonNeeds& needs)
{
    if (layer.className == "InputLayer")
        return inputExpression(layer.config);
    if (layer.className == "Lambda") {
        needs.lambdas.insert(lambdaName(layer));
        return "layers.Lambda(" + lambdaName(layer) + ", name=" + pythonLiteral(layer.name) + ")";
    }
    std::string text = "layers." + layer.className + "(";
    if (!isKnownClass(layer, generation)) {
        needs.customClasses.insert(layer.className);
        text = layer.className + "(";
    }
    // Keras 2 stores shapes with it that its constructor does not take.
    if (layer.className == "MultiHeadAttention" && generation != KerasGeneration::Keras3)
        return "layers.MultiHeadAttention.from_config(" + pythonLiteral(layer.config) + ")";
    bool isFirst = true;
    if (layer.config.is_object())
        for (const auto& [key, value] : layer.config.items()) {
            if (isDefault(layer, key, value) || isNoArgument(key))
                continue;
            std::string expression;
            if (key == "dtype") {
                if (layer.dtypePolicy == "float32")
                    continue;
                expression
                    = value.is_object() && layer.dtypePolicy.find("_from_") != std::string::npos
                    ? pythonLiteral(value)
                    : pythonLiteral(layer.dtypePolicy);
            } else {
                expression = valueExpression(key, value, generation, needs);
            }
            text += (isFirst ? "" : ", ") + key + "=" + expression;
            isFirst = false;
        }
    return text + ")";
}

std::string operationExpression(
    const Layer& layer, const std::vector<std::string>& arguments, PythonNeeds& needs)
{
    if (layer.className == "GetItem" && arguments.size() == 2)
        return arguments[0] + "[" + arguments[1] + "]";
    if (layer.className == "SlicingOpLambda" && !arguments.empty()) {
        needs.usesTensorFlow = true;
        return "tf.__operators__.getitem(" + joinedParts(arguments) + ")";
    }
    if (layer.className == "TFOpLambda") {
        const std::string function = functionOf(layer);
        if (const auto sign = asOperator(function, arguments))
            return *sign;
        needs.usesTensorFlow = true;
        return "tf." + function + "(" + joinedParts(arguments) + ")";
    }
    return "keras.ops." + snakeCase(layer.className) + "(" + joinedParts(arguments) + ")";
}

} // namespace layerscope::analysis
