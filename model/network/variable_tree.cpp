#include "model/network/variable_tree.h"

#include "model/network/architecture.h"
#include "model/network/variable_layout.h"

#include <array>
#include <map>
#include <unordered_map>
#include <unordered_set>

/// Which variables each class of Keras owns. Source: formats.md 1.5, crossing.md 3.1, and the
/// `build` methods of Keras 2.15.0 and 3.15.1.
namespace layerscope::network {

namespace {

constexpr int deepestWrapping = 80; // models and wrappers together

struct Options
{
    const Json& config;
    KerasGeneration generation;

    bool flag(const char* key, bool otherwise) const
    {
        const auto found = config.is_object() ? config.find(key) : config.end();
        return config.is_object() && found != config.end() && found->is_boolean()
            ? found->get<bool>()
            : otherwise;
    }
    const Json& member(const char* key) const
    {
        static const Json nothing;
        const auto found = config.is_object() ? config.find(key) : config.end();
        return config.is_object() && found != config.end() ? *found : nothing;
    }
    bool is(const char* key, std::string_view text) const
    {
        const Json& value = member(key);
        return value.is_string() && value.get_ref<const std::string&>() == text;
    }
    bool keras3() const { return generation == KerasGeneration::Keras3; }
    bool keras1() const { return generation == KerasGeneration::Keras1; }
    bool hasBias() const { return flag(keras1() ? "bias" : "use_bias", true); }
    bool hasLora() const { return keras3() && member("lora_rank").is_number(); }
    bool isQuantized() const
    {
        const Json& dtype = member("dtype");
        return keras3() && dtype.is_object() && dtype.contains("config")
            && dtype["config"].is_object() && dtype["config"].contains("mode");
    }
};

using Variable = VariableObject::Variable;
using OwnRule = std::vector<Variable> (*)(const Options&);

std::vector<Variable> kernelAndBias(const Options& options)
{
    const bool lora = options.hasLora();
    std::vector<Variable> found{ { "kernel", !lora } };
    if (options.hasBias())
        found.push_back({ "bias" });
    if (lora) {
        found.push_back({ "lora_kernel_a" });
        found.push_back({ "lora_kernel_b" });
    }
    return found;
}

std::vector<Variable> einsumDense(const Options& options)
{
    const bool lora = options.hasLora();
    std::vector<Variable> found{ { "kernel", !lora } };
    if (!options.member("bias_axes").is_null())
        found.push_back({ "bias" });
    if (lora) {
        found.push_back({ "lora_kernel_a" });
        found.push_back({ "lora_kernel_b" });
    }
    return found;
}

std::vector<Variable> depthwise(const Options& options)
{
    std::vector<Variable> found{ { options.keras3() ? "kernel" : "depthwise_kernel" } };
    if (options.hasBias())
        found.push_back({ "bias" });
    return found;
}

std::vector<Variable> separable(const Options& options)
{
    std::vector<Variable> found{ { "depthwise_kernel" }, { "pointwise_kernel" } };
    if (options.hasBias())
        found.push_back({ "bias" });
    return found;
}

std::vector<Variable> embedding(const Options& options)
{
    if (options.hasLora())
        return { { "embeddings", false }, { "lora_embeddings_a" }, { "lora_embeddings_b" } };
    return { { "embeddings" } };
}

std::vector<Variable> reversibleEmbedding(const Options& options)
{
    std::vector<Variable> found = embedding(options);
    if (!options.flag("tie_weights", true))
        found.insert(found.begin() + 1, { "reverse_embeddings" });
    return found;
}

std::vector<Variable> batchNormalization(const Options& options)
{
    std::vector<Variable> found;
    if (options.flag("scale", true))
        found.push_back({ "gamma" });
    if (options.flag("center", true))
        found.push_back({ "beta" });
    found.push_back({ options.keras1() ? "running_mean" : "moving_mean", false });
    found.push_back({ options.keras1() ? "running_std" : "moving_variance", false });
    if (options.flag("renorm", false)) {
        found.push_back({ "moving_stddev", false });
        found.push_back({ "renorm_mean", false });
        found.push_back({ "renorm_stddev", false });
    }
    return found;
}

std::vector<Variable> scaleAndCenter(const Options& options)
{
    std::vector<Variable> found;
    const bool rms = options.flag("rms_scaling", false);
    if (options.flag("scale", true) || rms)
        found.push_back({ "gamma" });
    if (options.flag("center", true) && !rms)
        found.push_back({ "beta" });
    return found;
}

std::vector<Variable> normalization(const Options& options)
{
    if (!options.member("mean").is_null())
        return {};
    return { { "mean", false }, { "variance", false }, { "count", false } };
}

std::vector<Variable> discretization(const Options& options)
{
    if (options.keras3() || !options.member("bin_boundaries").is_null())
        return {};
    return { { "summary", false } };
}

std::vector<Variable> attention(const Options& options)
{
    std::vector<Variable> found;
    if (options.flag("use_scale", false))
        found.push_back({ "scale" });
    if (options.is("score_mode", "concat"))
        found.push_back({ "concat_score_weight" });
    return found;
}

std::vector<Variable> additiveAttention(const Options& options)
{
    return options.flag("use_scale", true) ? std::vector<Variable>{ { "scale" } }
                                           : std::vector<Variable>{};
}

std::vector<Variable> recurrent(const Options& options)
{
    std::vector<Variable> found{ { "kernel" }, { "recurrent_kernel" } };
    if (options.hasBias())
        found.push_back({ "bias" });
    return found;
}

/// Keras 1 kept an array for each gate, unless it was told to compute on a GPU.
std::vector<Variable> keras1Gates(const Options& options, std::initializer_list<const char*> gates)
{
    if (options.is("consume_less", "gpu"))
        return { { "W" }, { "U" }, { "b" } };
    std::vector<Variable> found;
    for (const char* gate : gates)
        for (const char* array : { "W_", "U_", "b_" })
            found.push_back({ std::string(array) + gate });
    return found;
}

std::vector<Variable> cudnn(const Options&)
{
    return { { "kernel" }, { "recurrent_kernel" }, { "bias" } };
}

std::vector<Variable> stft(const Options& options)
{
    std::vector<Variable> found;
    if (!options.is("mode", "imag"))
        found.push_back({ "real_kernel" });
    if (!options.is("mode", "real"))
        found.push_back({ "imag_kernel" });
    return found;
}

std::vector<Variable> randomFourier(const Options& options)
{
    // kernel_scale is trained only on request; Keras creates it last either way.
    return { { "unscaled_kernel", false }, { "bias", false },
        { "kernel_scale", options.flag("trainable", false) } };
}

template<const char* const& Name> std::vector<Variable> single(const Options&)
{
    return { { Name } };
}
const char* const alpha = "alpha";
const char* const scale = "scale";

const std::unordered_map<std::string_view, OwnRule>& ownRules()
{
    static const std::unordered_map<std::string_view, OwnRule> rules{
        { "Dense", kernelAndBias },
        { "Conv1D", kernelAndBias },
        { "Conv2D", kernelAndBias },
        { "Conv3D", kernelAndBias },
        { "Conv1DTranspose", kernelAndBias },
        { "Conv2DTranspose", kernelAndBias },
        { "Conv3DTranspose", kernelAndBias },
        { "LocallyConnected1D", kernelAndBias },
        { "LocallyConnected2D", kernelAndBias },
        { "EinsumDense", einsumDense },
        { "DepthwiseConv1D", depthwise },
        { "DepthwiseConv2D", depthwise },
        { "SeparableConv1D", separable },
        { "SeparableConv2D", separable },
        { "Embedding", embedding },
        { "ReversibleEmbedding", reversibleEmbedding },
        { "BatchNormalization", batchNormalization },
        { "LayerNormalization", scaleAndCenter },
        { "GroupNormalization", scaleAndCenter },
        { "RMSNormalization", single<scale> },
        { "Normalization", normalization },
        { "Discretization", discretization },
        { "PReLU", single<alpha> },
        { "Attention", attention },
        { "AdditiveAttention", additiveAttention },
        { "SimpleRNNCell", recurrent },
        { "LSTMCell", recurrent },
        { "GRUCell", recurrent },
        { "ConvLSTMCell", recurrent },
        { "CuDNNLSTM", cudnn },
        { "CuDNNGRU", cudnn },
        { "STFTSpectrogram", stft },
        { "RandomFourierFeatures", randomFourier },
    };
    return rules;
}

/// Classes that own no variable that any file holds (states of random generators and of stateful
/// recurrent layers are in none).
const std::unordered_set<std::string_view>& owningNothing()
{
    static const std::unordered_set<std::string_view> names{
        // clang-format off
        "InputLayer", "Activation", "ActivityRegularization", "Add", "AlphaDropout", "Average",
        "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "CategoryEncoding",
        "CenterCrop", "Concatenate", "Cropping1D", "Cropping2D", "Cropping3D", "Dot", "Dropout",
        "ELU", "Flatten", "GaussianDropout", "GaussianNoise", "GlobalAveragePooling1D",
        "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling1D",
        "GlobalMaxPooling2D", "GlobalMaxPooling3D", "HashedCrossing", "Hashing", "Identity",
        "Lambda", "LeakyReLU", "Masking", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D",
        "Maximum", "Minimum", "Multiply", "Permute", "RandomBrightness", "RandomContrast",
        "RandomCrop", "RandomFlip", "RandomHeight", "RandomRotation", "RandomTranslation",
        "RandomWidth", "RandomZoom", "ReLU", "RepeatVector", "Rescaling", "Reshape", "Resizing",
        "Softmax", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "Subtract",
        "ThresholdedReLU", "UnitNormalization", "UpSampling1D", "UpSampling2D", "UpSampling3D",
        "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D", "AdaptiveAveragePooling1D",
        "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D", "AdaptiveMaxPooling1D",
        "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D", "AugMix", "AutoContrast",
        "ContrastLimitedAdaptiveHistogramEqualization", "CutMix", "Equalization",
        "MaxNumBoundingBoxes", "MelSpectrogram", "MixUp", "Pipeline", "RandAugment",
        "RandomColorDegeneration", "RandomColorJitter", "RandomElasticTransform", "RandomErasing",
        "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective",
        "RandomPosterization", "RandomSaturation", "RandomSharpness", "RandomShear",
        "Solarization", "TFOpLambda", "SlicingOpLambda", "ClassMethod",
        "InstanceProperty", "InstanceMethod", "TensorFlowOpLayer", "Merge",
        // clang-format on
    };
    return names;
}

/// Classes that own variables through objects on their attributes.
constexpr std::array<std::string_view, 13> owningThroughObjects{ "SimpleRNN", "LSTM", "GRU",
    "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "RNN", "StackedRNNCells", "Bidirectional",
    "TimeDistributed", "SpectralNormalization", "MultiHeadAttention", "GroupedQueryAttention" };

/// Other names that Keras has had for its classes.
std::string_view presentName(std::string_view className)
{
    static const std::unordered_map<std::string_view, std::string_view> names{
        { "Convolution1D", "Conv1D" },
        { "Convolution2D", "Conv2D" },
        { "Convolution3D", "Conv3D" },
        { "Deconvolution2D", "Conv2DTranspose" },
        { "Deconvolution3D", "Conv3DTranspose" },
        { "Convolution1DTranspose", "Conv1DTranspose" },
        { "Convolution2DTranspose", "Conv2DTranspose" },
        { "Convolution3DTranspose", "Conv3DTranspose" },
        { "AtrousConvolution1D", "Conv1D" },
        { "AtrousConvolution2D", "Conv2D" },
        { "AtrousConv1D", "Conv1D" },
        { "AtrousConv2D", "Conv2D" },
        { "DepthwiseConvolution1D", "DepthwiseConv1D" },
        { "DepthwiseConvolution2D", "DepthwiseConv2D" },
        { "SeparableConvolution1D", "SeparableConv1D" },
        { "SeparableConvolution2D", "SeparableConv2D" },
        { "BatchNormalizationV1", "BatchNormalization" },
        { "BatchNormalizationV2", "BatchNormalization" },
        { "SyncBatchNormalization", "BatchNormalization" },
        { "DenseV2", "Dense" },
        { "LSTMV2", "LSTM" },
        { "GRUV2", "GRU" },
        { "LSTMCellV2", "LSTMCell" },
        { "GRUCellV2", "GRUCell" },
        { "ConvLSTM1DCell", "ConvLSTMCell" },
        { "ConvLSTM2DCell", "ConvLSTMCell" },
        { "ConvLSTM3DCell", "ConvLSTMCell" },
        { "MaxPool1D", "MaxPooling1D" },
        { "MaxPool2D", "MaxPooling2D" },
        { "MaxPool3D", "MaxPooling3D" },
        { "AvgPool1D", "AveragePooling1D" },
        { "AvgPool2D", "AveragePooling2D" },
        { "AvgPool3D", "AveragePooling3D" },
        { "GlobalAvgPool1D", "GlobalAveragePooling1D" },
        { "GlobalAvgPool2D", "GlobalAveragePooling2D" },
        { "GlobalAvgPool3D", "GlobalAveragePooling3D" },
        { "GlobalMaxPool1D", "GlobalMaxPooling1D" },
        { "GlobalMaxPool2D", "GlobalMaxPooling2D" },
        { "GlobalMaxPool3D", "GlobalMaxPooling3D" },
        { "GroupQueryAttention", "GroupedQueryAttention" },
    };
    const auto found = names.find(className);
    return found != names.end() ? found->second : className;
}

std::string joined(const std::string& path, std::string_view attribute)
{
    return path.empty() ? std::string(attribute) : path + "/" + std::string(attribute);
}

class TreeBuilder
{
public:
    TreeBuilder(KerasGeneration generation, std::size_t firstId)
        : m_generation(generation)
        , m_nextId(firstId)
    {
    }

    VariableObject build(const Layer& layer, const std::string& path, int depth);

private:
    void buildChildren(VariableObject& object, const Layer& layer, int depth);
    void buildModel(VariableObject& object, const Layer& model, int depth);
    void addAttention(VariableObject& object, const Options& options, bool underscore);
    void addCell(VariableObject& object, const Options& options);
    void addNormalizedKernel(VariableObject& object);
    void addInner(VariableObject& object, const Json& entry, std::string_view attribute, int depth)
    {
        object.children.push_back(
            build(parseLayer(entry), joined(object.path, attribute), depth + 1));
    }
    void own(VariableObject& object, std::vector<Variable> variables)
    {
        for (Variable& variable : variables)
            variable.id = m_nextId++;
        object.own = std::move(variables);
    }

    KerasGeneration m_generation;
    std::size_t m_nextId;
};

VariableObject TreeBuilder::build(const Layer& layer, const std::string& path, int depth)
{
    VariableObject object;
    object.name = layer.name;
    object.className = layer.className;
    object.path = path;
    object.trainable = layer.trainable;
    object.isModel = layer.isModel();
    if (layer.kind == LayerKind::Operation)
        return object;
    if (layer.isModel() || depth > deepestWrapping) {
        object.isKnown = layer.kind != LayerKind::Subclassed && depth <= deepestWrapping;
        if (object.isKnown)
            buildModel(object, layer, depth);
        return object;
    }
    // A custom class may bear a built-in's name ("package>Dense").
    const bool custom = layer.registeredName.find('>') != std::string::npos
        && !layer.registeredName.starts_with("keras");
    const std::string_view name = presentName(layer.className);
    const Options options{ layer.config, m_generation };
    if (custom || options.isQuantized()) {
        object.isKnown = false;
        object.trainsBiasOnly = options.isQuantized() && !layer.dtypePolicy.starts_with("float8");
        return object;
    }
    if (const auto rule = ownRules().find(name); rule != ownRules().end())
        own(object, rule->second(options));
    else if (!owningNothing().contains(name))
        buildChildren(object, layer, depth);
    return object;
}

void TreeBuilder::buildModel(VariableObject& object, const Layer& model, int depth)
{
    // The v3 layout numbers the layers of one class within a model.
    std::map<std::string, int> used;
    for (const Layer& inner : model.layers) {
        if (inner.kind == LayerKind::Operation)
            continue;
        std::string group = snakeCase(inner.className);
        const int number = used[group]++;
        if (number > 0)
            group += "_" + std::to_string(number);
        object.children.push_back(build(inner, joined(object.path, "layers/" + group), depth + 1));
    }
}

void TreeBuilder::buildChildren(VariableObject& object, const Layer& layer, int depth)
{
    static const std::unordered_set<std::string_view> withCell{ "SimpleRNN", "LSTM", "GRU",
        "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D" };
    static const std::unordered_set<std::string_view> wrappers{ "TimeDistributed", "Wrapper",
        "SpectralNormalization" };
    const std::string_view name = presentName(layer.className);
    const Options options{ layer.config, m_generation };
    if (withCell.contains(name)) {
        addCell(object, options);
        if (options.keras1()) {
            auto& own = object.children[0].own;
            own = name == "LSTM" ? keras1Gates(options, { "i", "c", "f", "o" })
                : name == "GRU"  ? keras1Gates(options, { "z", "r", "h" })
                                 : std::vector<Variable>{ { "W" }, { "U" }, { "b" } };
            for (Variable& variable : own)
                variable.id = m_nextId++;
        }
    } else if (name == "Bidirectional") {
        const Json& forward = options.member("layer");
        const Json& backward = options.member("backward_layer");
        addInner(object, forward, "forward_layer", depth);
        addInner(object, backward.is_object() ? backward : forward, "backward_layer", depth);
    } else if (name == "RNN" || name == "ConvRNN" || name == "ConvRNN2D") {
        const Json& cell = options.member("cell");
        if (cell.is_array()) { // a list stands for StackedRNNCells
            const Json stacked{ { "class_name", "StackedRNNCells" },
                { "config", { { "cells", cell } } } };
            addInner(object, stacked, "cell", depth);
        } else {
            addInner(object, cell, "cell", depth);
        }
    } else if (name == "StackedRNNCells" && options.member("cells").is_array()) {
        std::map<std::string, int> used;
        for (const Json& cell : options.member("cells")) {
            std::string group = snakeCase(parseLayer(cell).className);
            const int number = used[group]++;
            addInner(object, cell,
                "cells/" + group + (number > 0 ? "_" + std::to_string(number) : ""), depth);
        }
    } else if (wrappers.contains(name)) {
        addInner(object, options.member("layer"), "layer", depth);
        if (name == "SpectralNormalization")
            addNormalizedKernel(object);
    } else if (name == "MultiHeadAttention" || name == "GroupedQueryAttention") {
        addAttention(object, options, !options.keras3() || name == "GroupedQueryAttention");
    } else {
        object.isKnown = false;
    }
}

void TreeBuilder::addCell(VariableObject& object, const Options& options)
{
    VariableObject cell;
    cell.path = joined(object.path, "cell");
    cell.trainable = object.trainable;
    own(cell, recurrent(options));
    object.children.push_back(std::move(cell));
}

/// SpectralNormalization holds the wrapped layer's kernel as its own first variable, too.
void TreeBuilder::addNormalizedKernel(VariableObject& object)
{
    const auto& inner = object.children[0].own;
    own(object, { { "kernel" }, { "vector_u", false } });
    if (inner.empty())
        return;
    object.own[0].name = inner[0].name;
    object.own[0].id = inner[0].id;
}

void TreeBuilder::addAttention(VariableObject& object, const Options& options, bool underscore)
{
    std::vector<std::string> parts{ "query", "key", "value", "output" };
    if (options.flag("use_gate", false))
        parts.insert(parts.begin() + 2, "gate");
    for (const std::string& part : parts) {
        VariableObject dense;
        dense.trainable = object.trainable;
        dense.path = joined(object.path, (underscore ? "_" : "") + part + "_dense");
        std::vector<Variable> variables{ { part + "/kernel" } };
        if (options.flag("use_bias", true))
            variables.push_back({ part + "/bias" });
        own(dense, std::move(variables));
        object.children.push_back(std::move(dense));
    }
}

} // namespace

std::vector<std::string_view> knownLayerClasses()
{
    std::vector<std::string_view> names(owningThroughObjects.begin(), owningThroughObjects.end());
    names.insert(names.end(), owningNothing().begin(), owningNothing().end());
    for (const auto& [name, rule] : ownRules())
        names.push_back(name);
    return names;
}

VariableObject variableObject(const Layer& layer, KerasGeneration generation, std::size_t firstId)
{
    return TreeBuilder(generation, firstId).build(layer, {}, 0);
}

} // namespace layerscope::network
