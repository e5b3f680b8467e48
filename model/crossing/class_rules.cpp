#include "model/crossing/class_rules.h"

#include "model/crossing/json_access.h"
#include "model/network/variable_layout.h"

#include <array>
#include <unordered_map>
#include <unordered_set>

namespace layerscope::crossing {

namespace {

using std::string_view;

bool hasWord(string_view words, string_view word)
{
    for (std::size_t at = words.find(word); at != string_view::npos;
         at = words.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' '))
            return true;
    }
    return false;
}

/// Keys that the target's classes do not take.
struct Drops
{
    string_view classes;
    string_view keys;
};

constexpr string_view recurrent
    = "LSTM GRU SimpleRNN RNN ConvLSTM1D ConvLSTM2D ConvLSTM3D LSTMCell GRUCell SimpleRNNCell "
      "ConvLSTMCell StackedRNNCells";

constexpr std::array toKeras3Drops{
    Drops{ "Conv1DTranspose Conv2DTranspose Conv3DTranspose DepthwiseConv1D DepthwiseConv2D",
        "groups" },
    Drops{ "SeparableConv1D SeparableConv2D",
        "groups kernel_initializer kernel_regularizer kernel_constraint" },
    Drops{ recurrent, "time_major implementation" },
    Drops{ "Embedding", "input_length" },
    Drops{ "MultiHeadAttention", "query_shape key_shape value_shape softmax_robust_masking" },
    Drops{ "BatchNormalization",
        "renorm renorm_clipping renorm_momentum fused virtual_batch_size adjustment" },
    Drops{ "Discretization", "trainable" },
    Drops{ "SpatialDropout1D SpatialDropout2D SpatialDropout3D", "noise_shape trainable" },
    Drops{ "CategoryEncoding", "sparse" },
    Drops{ "Lambda", "function_type module output_shape_type output_shape_module" },
};

constexpr std::array toKeras2Drops{
    Drops{ "Dense EinsumDense Embedding Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose "
           "Conv3DTranspose DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D",
        "quantization_config lora_rank lora_alpha" },
    Drops{ "BatchNormalization", "renorm renorm_clipping renorm_momentum" },
    Drops{ "LayerNormalization", "rms_scaling" },
    Drops{ recurrent, "seed zero_output_for_mask" },
    Drops{ "MultiHeadAttention", "seed sliding_window use_gate flash_attention" },
    Drops{ "Attention AdditiveAttention", "seed" },
    Drops{ "AlphaDropout", "noise_shape" },
    Drops{ "Resizing", "antialias data_format fill_mode fill_value pad_to_aspect_ratio" },
    Drops{ "CenterCrop RandomFlip RandomRotation RandomTranslation RandomZoom RandomCrop "
           "ZeroPadding1D",
        "data_format" },
    Drops{ "RandomContrast", "data_format value_range" },
    Drops{ "StringLookup IntegerLookup TextVectorization", "oov_method salt" },
    Drops{ "InputLayer", "optional" },
};

/// Settings that mean something else than their default, and what the target lacks.
struct Refusal
{
    string_view classes;
    const char* key;
    const char* what;
    const char* value = nullptr; ///< the one text that is meant; null: all that is set
};

constexpr std::array toKeras3Refusals{
    Refusal{ recurrent, "time_major", "time_major, which Keras 3 does not have" },
    Refusal{ "BatchNormalization", "renorm", "batch renormalization, which Keras 3 does not do" },
    Refusal{ "BatchNormalization", "virtual_batch_size",
        "a virtual batch size, which Keras 3 does not have" },
    Refusal{ "SeparableConv1D", "padding", "causal padding, which Keras 3 has only for Conv1D",
        "causal" },
    Refusal{ "CategoryEncoding", "sparse", "sparse output, which its Keras 3 form cannot give" },
    Refusal{ "MultiHeadAttention", "softmax_robust_masking",
        "softmax_robust_masking, which Keras 3 does not have" },
};

constexpr std::array toKeras2Refusals{
    Refusal{ "BatchNormalization", "renorm", "batch renormalization, which Keras 2 does not do" },
    Refusal{ "LayerNormalization", "rms_scaling", "rms_scaling, which Keras 2 does not have" },
    Refusal{ "MultiHeadAttention", "use_gate", "gates, which Keras 2 does not have" },
    Refusal{
        "MultiHeadAttention", "sliding_window", "a sliding window, which Keras 2 does not have" },
    Refusal{
        "Resizing", "pad_to_aspect_ratio", "pad_to_aspect_ratio, which Keras 2 does not have" },
    Refusal{ "Resizing", "antialias", "antialias, which Keras 2 does not have" },
};

constexpr string_view keras2Only
    = "LocallyConnected1D LocallyConnected2D DenseFeatures SequenceFeatures AbstractRNNCell "
      "CuDNNLSTM CuDNNGRU RandomFourierFeatures RandomHeight RandomWidth TensorFlowOpLayer "
      "ClassMethod InstanceMethod InstanceProperty";

constexpr string_view keras3Only
    = "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
      "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AugMix AutoContrast "
      "ContrastLimitedAdaptiveHistogramEqualization CutMix Equalization FlaxLayer "
      "GroupQueryAttention GroupedQueryAttention JaxLayer MaxNumBoundingBoxes MelSpectrogram MixUp "
      "Pipeline RMSNormalization RandAugment RandomColorDegeneration RandomColorJitter "
      "RandomElasticTransform RandomErasing RandomGaussianBlur RandomGrayscale RandomHue "
      "RandomInvert RandomPerspective RandomPosterization RandomSaturation RandomSharpness "
      "RandomShear ReversibleEmbedding STFTSpectrogram Solarization TFSMLayer TorchModuleWrapper";

constexpr string_view lookups = "StringLookup IntegerLookup TextVectorization FeatureSpace";

/// Names that only some versions wrote for what is the same class.
const std::unordered_map<string_view, const char*>& oldNames()
{
    static const std::unordered_map<string_view, const char*> names{
        { "BatchNormalizationV1", "BatchNormalization" },
        { "BatchNormalizationV2", "BatchNormalization" },
        { "LSTMV2", "LSTM" },
        { "GRUV2", "GRU" },
        { "LSTMCellV2", "LSTMCell" },
        { "GRUCellV2", "GRUCell" },
        { "DenseV2", "Dense" },
        { "GroupedQueryAttention", "GroupQueryAttention" },
    };
    return names;
}

void drop(const auto& rules, const std::string& className, Json& config)
{
    for (const Drops& rule : rules) {
        if (!hasWord(rule.classes, className))
            continue;
        for (string_view rest = rule.keys; !rest.empty();) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            config.erase(std::string(rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
}

Result<void> refuse(
    const auto& rules, const std::string& className, const Json& config, const std::string& where)
{
    for (const Refusal& rule : rules)
        if (hasWord(rule.classes, className) && isSet(config, rule.key)
            && (rule.value == nullptr || textAt(config, rule.key) == rule.value))
            return Error(ErrorKind::Unsupported, "this " + className + " uses " + rule.what)
                .in(where);
    return {};
}

Result<void> normalizationToKeras3(Json& config, const std::string& where)
{
    const Json& axis = member(config, "axis");
    if (!axis.is_array())
        return {};
    if (axis.size() != 1)
        return Error(ErrorKind::Unsupported,
            "this BatchNormalization works over several axes, which Keras 3 cannot do")
            .in(where);
    config["axis"] = Json(axis[0]);
    return {};
}

void lambdaToKeras3(Json& config)
{
    const Json& function = member(config, "function");
    if (function.is_array() && function.size() == 3)
        config["function"] = Json{ { "class_name", "__lambda__" },
            { "config",
                { { "code", function[0] }, { "defaults", function[1] },
                    { "closure", function[2] } } } };
}

void lambdaToKeras2(Json& config)
{
    const Json function = member(config, "function");
    if (textAt(function, "class_name") == "__lambda__") {
        const Json& inner = member(function, "config");
        config["function"] = Json::array(
            { member(inner, "code"), member(inner, "defaults"), member(inner, "closure") });
        config["function_type"] = "lambda";
    } else if (textAt(function, "class_name") == "function") {
        config["function"] = member(function, "config");
        config["function_type"] = "function";
    }
    config["module"] = nullptr;
    config["output_shape_type"] = "raw";
    config["output_shape_module"] = nullptr;
}

Result<void> toKeras3(
    std::string& className, Json& config, Journey& journey, const std::string& where)
{
    if (className == "SyncBatchNormalization") {
        className = "BatchNormalization";
        config["synchronized"] = true;
    }
    if (hasWord(keras2Only, className))
        return Error(ErrorKind::Unsupported, "Keras 3 has no layer " + className).in(where);
    TRY_DO(refuse(toKeras3Refusals, className, config, where));
    if (className == "BatchNormalization")
        TRY_DO(normalizationToKeras3(config, where));
    if (className == "Lambda")
        lambdaToKeras3(config);
    drop(toKeras3Drops, className, config);
    if (className == "InputLayer")
        rename(config, "batch_input_shape", "batch_shape");
    else
        config.erase("batch_input_shape");
    if (className == "LeakyReLU")
        rename(config, "alpha", "negative_slope");
    if (className == "ThresholdedReLU") {
        className = "ReLU";
        rename(config, "theta", "threshold");
        journey.remark("The layer '" + where
            + "' became a ReLU with a threshold; its output "
              "differs only where the input is exactly the threshold.");
    }
    if (className == "ReLU" && config.contains("negative_slope")
        && config["negative_slope"].is_null())
        config["negative_slope"] = 0.0;
    return {};
}

Result<void> toKeras2(
    std::string& className, Json& config, const Journey&, const std::string& where)
{
    if (hasWord(keras3Only, className))
        return Error(ErrorKind::Unsupported, "Keras 2 has no layer " + className).in(where);
    TRY_DO(refuse(toKeras2Refusals, className, config, where));
    const bool zeroOutput = flagAt(config, "zero_output_for_mask"); // Keras 2 writes it only if set
    drop(toKeras2Drops, className, config);
    if (!flagAt(config, "synchronized"))
        config.erase("synchronized");
    if (zeroOutput)
        config["zero_output_for_mask"] = true;
    if (className == "InputLayer")
        rename(config, "batch_shape", "batch_input_shape");
    if (className
        == "MultiHeadAttention") // 2.15 fails without them; null is built at the first call
        for (const char* key : { "query_shape", "key_shape", "value_shape" })
            config[key] = nullptr;
    if (className == "LeakyReLU")
        rename(config, "negative_slope", "alpha");
    if (className == "Lambda")
        lambdaToKeras2(config);
    if (className == "TextVectorization")
        config["dtype"] = "string";
    if (className == "IntegerLookup" && textAt(config, "output_mode") == "int")
        config["dtype"] = "int64";
    return {};
}

} // namespace

bool isBuiltInLayer(string_view className)
{
    if (hasWord(lookups, className) || hasWord(keras2Only, className)
        || hasWord(keras3Only, className) || hasWord(recurrent, className)
        || oldNames().contains(className))
        return true;
    static constexpr string_view wrappers
        = "Bidirectional TimeDistributed SpectralNormalization Wrapper MultiHeadAttention "
          "SyncBatchNormalization";
    if (hasWord(wrappers, className))
        return true;
    Layer layer;
    layer.className = className;
    layer.config = Json::object();
    return variableLayout(layer, KerasGeneration::Keras2).has_value();
}

Result<void> crossClass(
    std::string& className, Json& config, Journey& journey, const std::string& where)
{
    if (const auto present = oldNames().find(className); present != oldNames().end())
        className = present->second;
    if (!config.is_object())
        config = Json::object();
    // Keras before 2.1 had no such key; what is absent means true to every later one.
    if (!journey.from.keras3() && (className == "GRU" || className == "GRUCell")
        && !config.contains("reset_after"))
        config["reset_after"] = false;
    if (journey.toKeras3())
        return toKeras3(className, config, journey, where);
    if (journey.toKeras2())
        return toKeras2(className, config, journey, where);
    return {};
}

} // namespace layerscope::crossing
