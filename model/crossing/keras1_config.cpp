#include "model/crossing/json_access.h"
#include "model/crossing/keras1.h"

#include <array>
#include <unordered_map>
#include <unordered_set>

namespace layerscope::crossing {

namespace {

using std::string_view;

constexpr int deepestNesting = 64;

const std::unordered_map<string_view, const char*>& newClasses()
{
    static const std::unordered_map<string_view, const char*> names{ { "Convolution1D", "Conv1D" },
        { "Convolution2D", "Conv2D" }, { "Convolution3D", "Conv3D" },
        { "Deconvolution2D", "Conv2DTranspose" }, { "SeparableConvolution2D", "SeparableConv2D" },
        { "AtrousConvolution1D", "Conv1D" }, { "AtrousConvolution2D", "Conv2D" },
        { "AtrousConv1D", "Conv1D" }, { "AtrousConv2D", "Conv2D" } };
    return names;
}

/// Names of Keras 1 and what they became. Some depend on the class; see keyFor().
const std::unordered_map<string_view, const char*>& newKeys()
{
    static const std::unordered_map<string_view, const char*> keys{ { "output_dim", "units" },
        { "nb_filter", "filters" }, { "filter_length", "kernel_size" },
        { "border_mode", "padding" }, { "subsample", "strides" }, { "subsample_length", "strides" },
        { "stride", "strides" }, { "dim_ordering", "data_format" },
        { "init", "kernel_initializer" }, { "inner_init", "recurrent_initializer" },
        { "inner_activation", "recurrent_activation" }, { "bias", "use_bias" },
        { "W_regularizer", "kernel_regularizer" }, { "U_regularizer", "recurrent_regularizer" },
        { "b_regularizer", "bias_regularizer" }, { "W_constraint", "kernel_constraint" },
        { "U_constraint", "recurrent_constraint" }, { "b_constraint", "bias_constraint" },
        { "p", "rate" }, { "sigma", "stddev" }, { "dropout_W", "dropout" },
        { "dropout_U", "recurrent_dropout" }, { "input_dtype", "dtype" },
        { "gamma_init", "gamma_initializer" }, { "beta_init", "beta_initializer" },
        { "pool_length", "pool_size" }, { "atrous_rate", "dilation_rate" },
        { "forget_bias_init", "unit_forget_bias" } };
    return keys;
}

std::string keyFor(const std::string& className, const std::string& key)
{
    if (className == "Embedding") {
        if (key == "output_dim")
            return key;
        if (key == "init")
            return "embeddings_initializer";
        if (key == "W_regularizer")
            return "embeddings_regularizer";
        if (key == "W_constraint")
            return "embeddings_constraint";
    }
    if (className == "UpSampling1D" && key == "length")
        return "size";
    const auto found = newKeys().find(key);
    return found != newKeys().end() ? found->second : key;
}

bool isDropped(const std::string& className, const std::string& key)
{
    static const std::unordered_set<string_view> keys{ "input_dim", "input_length", "mode",
        "consume_less", "nb_row", "nb_col", "kernel_dim1", "kernel_dim2", "kernel_dim3",
        "input_shape", "mode_type", "concat_axis", "dot_axes", "output_mask", "output_mask_type" };
    if (className == "Embedding" && (key == "dropout" || key == "input_dim"))
        return key == "dropout";
    return keys.contains(key);
}

Json initializer(const Json& value)
{
    static const std::unordered_map<string_view, const char*> classes{ { "glorot_uniform",
                                                                           "GlorotUniform" },
        { "glorot_normal", "GlorotNormal" }, { "he_uniform", "HeUniform" },
        { "he_normal", "HeNormal" }, { "lecun_uniform", "LecunUniform" },
        { "lecun_normal", "LecunNormal" }, { "uniform", "RandomUniform" },
        { "normal", "RandomNormal" }, { "zero", "Zeros" }, { "zeros", "Zeros" }, { "one", "Ones" },
        { "ones", "Ones" }, { "identity", "Identity" }, { "orthogonal", "Orthogonal" } };
    const auto found
        = value.is_string() ? classes.find(value.get_ref<const std::string&>()) : classes.end();
    if (found == classes.end())
        return value;
    return Json{ { "class_name", found->second }, { "config", Json::object() } };
}

/// {"name": "WeightRegularizer", "l1": …, "l2": …} and {"name": "MaxNorm", "m": …}.
Json namedObject(const Json& value)
{
    const std::string name = textAt(value, "name");
    if (name.empty())
        return value;
    if (value.contains("l1") || value.contains("l2"))
        return Json{ { "class_name", "L1L2" },
            { "config",
                { { "l1", numberAt(value, "l1", 0) }, { "l2", numberAt(value, "l2", 0) } } } };
    Json config = value;
    config.erase("name");
    rename(config, "m", "max_value");
    return Json{ { "class_name", name }, { "config", std::move(config) } };
}

Json valueFor(const std::string& key, const Json& value)
{
    if (key == "data_format" && value.is_string())
        return value == Json("th") || value == Json("channels_first") ? "channels_first"
                                                                      : "channels_last";
    if (key == "unit_forget_bias")
        return value.is_boolean() ? value : Json(value == Json("one"));
    if (key.ends_with("_initializer"))
        return initializer(value);
    if (key.ends_with("_regularizer") || key.ends_with("_constraint"))
        return namedObject(value);
    return value;
}

Result<std::string> mergeClass(const Json& config, Json& renewed, const std::string& name)
{
    static const std::unordered_map<string_view, const char*> classes{ { "sum", "Add" },
        { "mul", "Multiply" }, { "ave", "Average" }, { "max", "Maximum" },
        { "concat", "Concatenate" }, { "dot", "Dot" }, { "cos", "Dot" } };
    const std::string mode = textAt(config, "mode");
    const auto found = classes.find(mode);
    if (found == classes.end() || config.contains("layers"))
        return Error(ErrorKind::Unsupported,
            "this Merge joins its inputs in a way that later versions of Keras do not have")
            .in(name);
    for (const char* key : { "output_shape", "output_shape_type", "arguments" })
        renewed.erase(key);
    if (mode == "concat")
        renewed["axis"] = config.contains("concat_axis") ? config["concat_axis"] : Json(-1);
    if (std::string_view(found->second) == "Dot") {
        renewed["axes"] = member(config, "dot_axes");
        renewed["normalize"] = mode == "cos";
    }
    return std::string(found->second);
}

Result<Json> renew(const Json& entry, int depth);

Result<Json> layers(const Json& list, int depth)
{
    Json renewed = Json::array();
    for (const Json& layer : list) {
        TRY(Json object, renew(layer, depth + 1));
        renewed.push_back(std::move(object));
    }
    return renewed;
}

Result<Json> layerConfig(std::string& className, const Json& config, int depth)
{
    Json renewed = Json::object();
    for (const auto& [key, value] : config.items()) {
        if (isDropped(className, key))
            continue;
        const std::string now = keyFor(className, key);
        renewed[now] = valueFor(now, value);
    }
    Json kernel = Json::array();
    for (const char* key : { "kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col" })
        if (config.contains(key))
            kernel.push_back(config[key]);
    if (!kernel.empty())
        renewed["kernel_size"] = std::move(kernel);
    const std::string name = textAt(config, "name");
    if (className == "BatchNormalization" && numberAt(config, "mode", 0) != 0)
        return Error(ErrorKind::Unsupported,
            "this BatchNormalization has a mode that later versions of Keras do not have")
            .in(name);
    if (className == "Merge") {
        TRY(className, mergeClass(config, renewed, name));
    }
    if (const auto inner = renewed.find("layer"); inner != renewed.end() && inner->is_object()) {
        TRY(*inner, renew(*inner, depth + 1));
    }
    if (const auto now = newClasses().find(className); now != newClasses().end())
        className = now->second;
    return renewed;
}

Result<Json> renew(const Json& entry, int depth)
{
    if (!entry.is_object() || depth > deepestNesting)
        return entry;
    Json result = entry;
    const Json& config = member(entry, "config");
    std::string className = textAt(entry, "class_name");
    if (config.is_array()) {
        TRY(result["config"], layers(config, depth));
    } else if (className != "Merge" && member(config, "layers").is_array()) {
        TRY(result["config"]["layers"], layers(config["layers"], depth));
    } else if (config.is_object()) {
        TRY(result["config"], layerConfig(className, config, depth));
        result["class_name"] = className;
    }
    return result;
}

} // namespace

Result<Json> renewKeras1Config(const Json& entry)
{
    return renew(entry, 0);
}

} // namespace layerscope::crossing
