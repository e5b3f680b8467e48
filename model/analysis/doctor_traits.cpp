#include "model/analysis/doctor_traits.h"

#include "model/crossing/tf_keras.h"
#include "model/network/architecture.h"
#include "model/network/variable_layout.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace layerscope::analysis {

namespace {

using Names = std::vector<std::string>;
constexpr std::size_t mostNames = 1000;

constexpr std::array<std::string_view, 4> valuesLostWords{ "The values cannot be read",
    "This array cannot be read", "do not fit their checksum", "The weights are damaged" };

void addOnce(Names& names, const std::string& name)
{
    if (names.size() < mostNames && std::ranges::find(names, name) == names.end())
        names.push_back(name.substr(0, 120));
}

const Json* memberOf(const Json& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found != object.end() ? &*found : nullptr;
}

std::string textOf(const Json& object, const char* key)
{
    const Json* member = memberOf(object, key);
    return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

/// "MeanSquaredError" and "mean_squared_error" alike: "meansquarederror".
std::string squeezed(std::string_view name)
{
    std::string out;
    for (const char c : name)
        if (c != '_')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// Short names that stand in a training set-up where Keras 3 cannot find them again.
constexpr std::array<std::string_view, 6> shortForms{ "mse", "mae", "mape", "msle", "bce", "kld" };

bool isKnownLossOrMetric(const std::string& name)
{
    static constexpr auto known = std::to_array<std::string_view>({ "mse", "mae", "mape", "msle",
        "bce", "kld", "cosine", "acc", "ce", "accuracy", "crossentropy", "binaryaccuracy",
        "categoricalaccuracy", "sparsecategoricalaccuracy", "topkcategoricalaccuracy",
        "sparsetopkcategoricalaccuracy", "binarycrossentropy", "binaryfocalcrossentropy",
        "categoricalcrossentropy", "categoricalfocalcrossentropy", "sparsecategoricalcrossentropy",
        "meansquarederror", "meanabsoluteerror", "meanabsolutepercentageerror",
        "meansquaredlogarithmicerror", "rootmeansquarederror", "logcosherror", "kldivergence",
        "kullbackleiblerdivergence", "poisson", "hinge", "squaredhinge", "categoricalhinge",
        "logcosh", "cosinesimilarity", "cosineproximity", "huber", "huberloss", "tversky", "dice",
        "circle", "ctc", "generalizedcrossentropy", "categoricalgeneralizedcrossentropy", "auc",
        "precision", "recall", "truepositives", "truenegatives", "falsepositives", "falsenegatives",
        "precisionatrecall", "recallatprecision", "sensitivityatspecificity",
        "specificityatsensitivity", "meaniou", "iou", "binaryiou", "onehotiou", "onehotmeaniou",
        "mean", "sum", "meantensor", "meanmetricwrapper", "lossfunctionwrapper", "f1score",
        "fbetascore", "r2score", "concordancecorrelation", "pearsoncorrelation",
        "meanrelativeerror", "function", "meanwrapper", "metric", "loss", "none" });
    return std::ranges::find(known, squeezed(name)) != known.end();
}

bool isShortForm(const std::string& name)
{
    std::string lower;
    for (const char c : name)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::ranges::find(shortForms, lower) != shortForms.end();
}

/// Finds the names in a loss or metric specification: a text, an object with class_name, a list of
/// them, or a mapping by output.
class SpecificationWalk
{
public:
    SpecificationWalk(Names& shorts, Names& custom)
        : m_shorts(shorts)
        , m_custom(custom)
    {
    }

    void visit(const Json& specification, int depth = 0)
    {
        constexpr int deepest = 16;
        if (depth > deepest)
            return;
        if (specification.is_string())
            return take(specification.get<std::string>(), {}, true);
        if (const std::string name = textOf(specification, "class_name"); !name.empty())
            return takeObject(specification, name, depth);
        if (specification.is_array() || specification.is_object())
            for (const auto& [key, item] : specification.items())
                visit(item, depth + 1);
    }

    bool hasAutoReduction() const { return m_hasAutoReduction; }

private:
    void takeObject(const Json& object, const std::string& name, int depth)
    {
        const std::string registered = textOf(object, "registered_name");
        const Json* config = memberOf(object, "config");
        if (name == "function" && config != nullptr && config->is_string())
            return take(config->get<std::string>(), registered, false);
        if (name == "list" || name == "dict" || name == "__tuple__" || name == "tuple") {
            if (config != nullptr)
                visit(*config, depth + 1);
            return;
        }
        if (config != nullptr && textOf(*config, "reduction") == "auto")
            m_hasAutoReduction = true;
        const Json* function = config != nullptr ? memberOf(*config, "fn") : nullptr;
        if (function != nullptr && isKnownLossOrMetric(name))
            return visit(*function, depth + 1);
        take(name, registered, false);
    }

    void take(const std::string& name, const std::string& registered, bool isText)
    {
        if (isText && isShortForm(name))
            addOnce(m_shorts, name);
        const std::string plain = name.substr(name.rfind('>') + 1);
        const bool isPackaged = registered.find('>') != std::string::npos
            || (name.find('>') != std::string::npos && !name.starts_with("Custom>"));
        if (isPackaged || !isKnownLossOrMetric(plain))
            addOnce(m_custom, plain);
    }

    Names& m_shorts;
    Names& m_custom;
    bool m_hasAutoReduction = false;
};

bool isKerasModule(const std::string& module)
{
    return module.empty() || module == "builtins" || module.starts_with("keras")
        || module.starts_with("tf_keras") || module.starts_with("tensorflow");
}

/// Functions and objects inside a layer's configuration that are not Keras's: activations,
/// initializers, regularizers of one's own.
void collectCustom(const Json& config, Traits& traits)
{
    if (config.is_array()) {
        for (const Json& item : config)
            collectCustom(item, traits);
        return;
    }
    if (!config.is_object())
        return;
    const std::string name = textOf(config, "class_name");
    const std::string registered = textOf(config, "registered_name");
    const Json* inner = memberOf(config, "config");
    if (name == "function" && inner != nullptr && inner->is_string()) {
        const bool isOwn = registered.find('>') != std::string::npos
            || !isKerasModule(textOf(config, "module")) || textOf(config, "module") == "builtins";
        if (isOwn)
            addOnce(traits.customFunctions, inner->get<std::string>());
        return;
    }
    if (registered.find('>') != std::string::npos && !registered.starts_with("Custom>"))
        addOnce(traits.customClasses, registered);
    for (const auto& [key, item] : config.items())
        if (key != "layers") // they are visited as layers
            collectCustom(item, traits);
}

/// Whether Keras 2 takes the name as the scope of its variables.
bool isScopeName(const std::string& name)
{
    const auto isLetter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    for (std::size_t i = 0; i < name.size(); ++i)
        if (!isLetter(name[i]) && name[i] != '.'
            && (i == 0 || std::string_view("_\\/>-").find(name[i]) == std::string_view::npos))
            return false;
    return true;
}

Container containerOf(const Network& network)
{
    const std::string& format = network.file.format;
    if (format == "savedmodel")
        return network.architecture.isEmpty() ? Container::InferenceGraph : Container::SavedModel;
    if (format == "checkpoint")
        return Container::Checkpoint;
    if (format == "npz" || format == "safetensors")
        return Container::Arrays;
    if (format.starts_with("weights.")) // .h5, or the .json of several files
        return Container::NewWeights;
    if (format.starts_with("keras"))
        return Container::Archive;
    return format == "h5-weights" || network.file.weightsOnly ? Container::Hdf5Weights
                                                              : Container::Hdf5;
}

/// Whether a problem says that values cannot be had, as the readers word it.
bool isOfLostValues(const Problem& problem)
{
    return problem.severity == Severity::Error
        && std::ranges::any_of(valuesLostWords,
            [&](std::string_view words) { return problem.what.find(words) != std::string::npos; });
}

/// Looks at one layer of the tree.
class LayerWalk
{
public:
    explicit LayerWalk(Traits& traits)
        : m_traits(traits)
    {
    }

    void look(const Layer& layer, const std::vector<std::string>& names)
    {
        std::string path;
        for (const std::string& name : names)
            path += (path.empty() ? "" : "/") + name;
        // A Sequential has no calls that could be counted in another way.
        if (layer.isModel() && !names.empty() && !layer.calls.empty())
            m_traits.isNested = true;
        if (!names.empty() && !isScopeName(layer.name))
            addOnce(m_traits.oddNames, path);
        lookAtClass(layer, path);
        lookAtKeys(layer, path);
        lookAtRefusals(layer, path);
        if (layer.kind != LayerKind::Operation && layer.className != "Lambda")
            collectCustom(layer.config, m_traits);
    }

private:
    void lookAtClass(const Layer& layer, const std::string& path)
    {
        const std::string& name = layer.className;
        if (layer.kind == LayerKind::Operation)
            addOnce(m_traits.operations, name);
        else if (name == "Lambda")
            addOnce(m_traits.codeLayers, path);
        else if (name == "TFSMLayer")
            addOnce(m_traits.foreignLayers, path);
        else if (name == "TFOpLambda" || name == "SlicingOpLambda" || name == "TensorFlowOpLayer")
            addOnce(m_traits.tensorflowOps, path);
        else if (name == "SpectralNormalization")
            addOnce(m_traits.spectralLayers, path);
        static constexpr auto ofKeras3 = std::to_array<std::string_view>({ "RMSNormalization",
            "ReversibleEmbedding", "MelSpectrogram", "Pipeline", "RandomErasing", "RandomGrayscale",
            "MixUp", "CutMix", "AutoContrast", "Equalization", "Solarization", "AugMix",
            "RandAugment", "MaxNumBoundingBoxes", "JaxLayer", "FlaxLayer", "TorchModuleWrapper" });
        if (std::ranges::find(ofKeras3, name) != ofKeras3.end())
            addOnce(m_traits.newLayers, name);
        static constexpr std::array<std::string_view, 8> special{ "Lambda", "TFSMLayer",
            "TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer", "StringLookup", "IntegerLookup",
            "TextVectorization" };
        const bool isKnown = layer.isModel() || layer.kind == LayerKind::Operation || name.empty()
            || std::ranges::find(special, name) != special.end()
            || variableLayout(layer, m_traits.network.generation).has_value();
        if (!isKnown)
            addOnce(m_traits.customClasses,
                layer.registeredName.find('>') != std::string::npos ? layer.registeredName : name);
    }

    void lookAtKeys(const Layer& layer, const std::string& path)
    {
        const Json& config = layer.config;
        const auto has = [&config](const char* key) { return memberOf(config, key) != nullptr; };
        // A wrapper holds the layer with the key inside.
        const Json* inner = memberOf(config, "layer");
        const Json* innerConfig = inner != nullptr ? memberOf(*inner, "config") : nullptr;
        if (has("time_major")
            || (innerConfig != nullptr && memberOf(*innerConfig, "time_major") != nullptr))
            addOnce(m_traits.timeMajor, path);
        static constexpr auto withoutGroups = std::to_array<std::string_view>(
            { "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D",
                "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose" });
        if (std::ranges::find(withoutGroups, layer.className) != withoutGroups.end()
            && has("groups") && !m_traits.isKeras3())
            addOnce(m_traits.depthwiseGroups, path);
        const Json* axis = memberOf(config, "axis");
        if (layer.className == "BatchNormalization" && axis != nullptr && axis->is_array())
            addOnce(m_traits.listedAxes, path);
    }

    /// Differences between the configurations of the generations, as tried with Keras 3.15.
    void lookAtRefusals(const Layer& layer, const std::string& path)
    {
        const std::string& name = layer.className;
        const Json& config = layer.config;
        const Json* axis = memberOf(config, "axis");
        if (name == "LayerNormalization" && axis != nullptr && axis->is_array() && axis->size() > 1)
            m_traits.anyH5Refuses = { WORDS("doctor", "%1 normalizes over several axes"), path };
        if ((name == "Attention" || name == "AdditiveAttention")
            && layer.name == textOf(config, "score_mode"))
            m_traits.anyH5Refuses
                = { WORDS("doctor", "the layer %1 is called like its score_mode"), path };
        if (m_traits.isKeras3())
            return;
        const Json* inner = memberOf(config, "layer");
        const bool holdsModel = inner != nullptr && textOf(*inner, "class_name") == "Functional"
            && textOf(*inner, "module").find("engine") != std::string::npos;
        const bool isStrict = name.starts_with("SpatialDropout") || name == "Discretization";
        if (name == "ThresholdedReLU")
            m_traits.keras3Refuses = { WORDS("doctor", "it has no layer %1"), name };
        else if (name == "MultiHeadAttention" && memberOf(config, "query_shape") != nullptr)
            m_traits.keras3Refuses
                = { WORDS("doctor", "the key %1 of %2 is not known"), "query_shape", path };
        else if (isStrict && memberOf(config, "trainable") != nullptr)
            m_traits.keras3Refuses
                = { WORDS("doctor", "the key %1 of %2 is not known"), "trainable", path };
        else if (layer.dtypePolicy.starts_with("mixed_"))
            m_traits.keras3Refuses
                = { WORDS("doctor", "the mixed precision policy of %1 is not understood"), path };
        else if (holdsModel)
            m_traits.keras3Refuses
                = { WORDS("doctor", "the model inside %1 is of another generation"), path };
    }

    Traits& m_traits;
};

} // namespace

Traits::Traits(const Network& model)
    : network(model)
    , container(containerOf(model))
{
    const std::string& version = model.file.kerasVersion;
    const char* const end = version.data() + version.size();
    const auto [point, failed] = std::from_chars(version.data(), end, major);
    if (failed == std::errc() && point != end && *point == '.')
        std::from_chars(point + 1, end, minor);
    isUnreadable = std::ranges::any_of(model.problems, isOfLostValues);
    if (Json words = model.architecture.value(); model.generation == KerasGeneration::Keras2)
        needsTfKeras = crossing::dropTfKerasWords(words);
    hasModel = container == Container::Hdf5 || container == Container::Archive
        || container == Container::SavedModel;
    LayerWalk walk(*this);
    visitLayers(model.model,
        [&](const Layer& layer, const std::vector<std::string>& path) { walk.look(layer, path); });
    isBFloat16 = std::ranges::any_of(model.weights,
        [](const Weight& weight) { return weight.value.dtype() == DType::BFloat16; });
    if (model.training) {
        isCompiled = true;
        SpecificationWalk losses(shortNames, customLosses);
        losses.visit(model.training->loss());
        hasAutoReduction = losses.hasAutoReduction();
        const Json optimizerObject = model.training->optimizer();
        const Json* settings = memberOf(optimizerObject, "config");
        hasOldRate = settings != nullptr && memberOf(*settings, "lr") != nullptr;
        Names elsewhere; // Keras 3 finds short names of metrics
        SpecificationWalk metrics(elsewhere, customMetrics);
        metrics.visit(model.training->metrics());
        metrics.visit(model.training->weightedMetrics());
    }
    if (model.optimizer) {
        isLossScaled = model.optimizer->className.starts_with("LossScale");
        for (const OptimizerVariable& variable : model.optimizer->variables)
            hasSlots = hasSlots
                || (variable.role != SlotRole::Iteration
                    && variable.role != SlotRole::LearningRate);
    }
}

std::string dialectLetter(const Traits& traits)
{
    if (!traits.network.optimizer || traits.network.optimizer->variables.empty())
        return {};
    if (traits.container == Container::Archive || traits.container == Container::NewWeights)
        return "D";
    switch (traits.network.optimizer->dialect) {
    case KerasGeneration::Keras3:
        return "C";
    case KerasGeneration::Keras2:
        return "B";
    default:
        return "A";
    }
}

} // namespace layerscope::analysis
