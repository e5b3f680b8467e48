#include "model/formats/oddities.h"

#include "model/network/variable_layout.h"

#include <algorithm>
#include <array>

namespace layerscope::formats {

namespace {

constexpr std::int64_t largestSize = std::int64_t{ 1 } << 31;
constexpr std::size_t mostReported = 50;

constexpr std::array<std::string_view, 37> activations{ "linear", "relu", "relu6", "leaky_relu",
    "elu", "selu", "celu", "gelu", "glu", "silu", "swish", "mish", "sigmoid", "hard_sigmoid",
    "log_sigmoid", "hard_silu", "hard_swish", "tanh", "hard_tanh", "tanh_shrink", "softmax",
    "softmax_v2", "log_softmax", "sparsemax", "softplus", "softsign", "soft_shrink", "hard_shrink",
    "sparse_plus", "sparse_sigmoid", "squareplus", "exponential", "threshold", "crelu", "prelu",
    "LeakyReLU", "ReLU" };

/// Keys of configurations that hold one size.
constexpr std::array<const char*, 5> sizeKeys{ "units", "filters", "depth_multiplier", "num_heads",
    "key_dim" };

const Json* memberOf(const Json& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found != object.end() ? &*found : nullptr;
}

class Oddities
{
public:
    explicit Oddities(Network& network)
        : m_network(network)
    {
    }

    void lookAt(const Layer& layer, const std::vector<std::string>& path)
    {
        m_where.clear();
        for (const std::string& part : path)
            m_where += (m_where.empty() ? "" : "/") + part;
        lookForCode(layer);
        lookAtClass(layer);
        lookAtModules(layer);
        lookAtDType(layer);
        for (const char* key : { "activation", "recurrent_activation" })
            if (const Json* activation = memberOf(layer.config, key))
                lookAtActivation(*activation);
        lookAtShapes(layer.config);
        lookAtSizes(layer);
    }

    void finish()
    {
        if (m_count > mostReported)
            m_network.problems.push_back({ Severity::Note, "/",
                std::to_string(m_count - mostReported) + " more layers are odd.", {} });
    }

    /// What the typed view leaves out: the InputLayer of a Sequential.
    void lookAtLayers(const Json& architecture)
    {
        const Json* config = memberOf(architecture, "config");
        const Json* layers = config != nullptr ? memberOf(*config, "layers") : nullptr;
        if (layers == nullptr)
            return;
        if (!layers->is_array())
            return add(Severity::Error, "The list of layers in the configuration is not a list.",
                "Only the weights can be shown.");
        const Json* first = layers->empty() ? nullptr : memberOf(layers->front(), "config");
        const Json* className
            = first != nullptr ? memberOf(layers->front(), "class_name") : nullptr;
        if (className != nullptr && *className == "InputLayer"
            && m_network.model.kind == LayerKind::Sequential)
            lookAtShapes(*first);
    }

private:
    void add(Severity severity, std::string what, std::string remedy = {})
    {
        if (++m_count <= mostReported)
            m_network.problems.push_back({ severity, m_where, std::move(what), std::move(remedy) });
    }

    void lookForCode(const Layer& layer)
    {
        if (layer.className == "Lambda")
            add(Severity::Warning,
                "The layer is Python code inside the file. It is never run here.",
                "The code is kept; only Keras itself can compute this layer.");
        else if (layer.className == "TFSMLayer")
            add(Severity::Warning,
                "The layer would load another model from somewhere. That is never done here.",
                "Open that model by itself.");
    }

    /// Objects that Keras would import by name. Nothing is ever imported here.
    void lookAtModules(const Layer& layer)
    {
        if (layer.isModel())
            lookAtModule(layer.module, layer.className);
        if (!layer.config.is_object())
            return;
        for (const auto& [key, value] : layer.config.items()) {
            const Json* module = memberOf(value, "module");
            const Json* className = memberOf(value, "class_name");
            if (!key.ends_with("activation") && key != "layer" && key != "cell" && module != nullptr
                && module->is_string())
                lookAtModule(module->get<std::string>(),
                    className != nullptr && className->is_string() ? className->get<std::string>()
                                                                   : key);
        }
    }

    void lookAtModule(const std::string& module, const std::string& name)
    {
        static constexpr std::array<std::string_view, 4> known{ "keras", "tf_keras", "tensorflow",
            "builtins" };
        const std::string_view root = std::string_view(module).substr(0, module.find('.'));
        if (!module.empty() && std::ranges::find(known, root) == known.end())
            add(Severity::Warning,
                "The configuration asks for '" + name.substr(0, 80) + "' of the Python module '"
                    + module.substr(0, 80) + "', which is not Keras's.",
                "It is never looked for here; Keras would import it.");
    }

    void lookAtClass(const Layer& layer)
    {
        // Their variables depend on what they were adapted to; Lambda and TFSMLayer are named
        // above.
        const bool isOther = layer.isModel() || layer.kind == LayerKind::Operation
            || layer.isLookup() || layer.className == "Lambda" || layer.className == "TFSMLayer";
        // In a file of weights alone no class is told; "<b>" is nothing after its package.
        const std::string& name = layer.className.empty() ? layer.registeredName : layer.className;
        if (!isOther && !name.empty() && !variableLayout(layer, m_network.generation))
            add(Severity::Warning,
                "The layer's class '" + name.substr(0, 80) + "' is not one of Keras's.",
                "It is shown and kept, but cannot be computed.");
    }

    void lookAtDType(const Layer& layer)
    {
        const std::string& policy = layer.dtypePolicy;
        if (!policy.starts_with("mixed_") && !dtypeFromName(policy) && !policy.starts_with("int")
            && !policy.starts_with("float8"))
            add(Severity::Warning, "The data type '" + policy.substr(0, 40) + "' is not known.");
    }

    void lookAtActivation(const Json& activation)
    {
        if (activation.is_null())
            return;
        // Keras 3 and layers as activations: {"module", "class_name", "config", …}
        const Json* name = &activation;
        if (activation.is_object()) {
            const Json* className = memberOf(activation, "class_name");
            const bool isFunction = className != nullptr && *className == "function";
            name = isFunction ? memberOf(activation, "config") : className;
        }
        if (name == nullptr || !name->is_string())
            return add(Severity::Warning, "The activation function is not understood.");
        const auto& text = name->get_ref<const std::string&>();
        if (std::ranges::find(activations, text) == activations.end())
            add(Severity::Warning,
                "The activation function '" + text.substr(0, 80) + "' is not one of Keras's.",
                "It is shown and kept, but cannot be computed.");
    }

    void lookAtShapes(const Json& config)
    {
        for (const char* key : { "batch_input_shape", "batch_shape" })
            if (const Json* shape = memberOf(config, key))
                lookAtShape(*shape, key);
    }

    void lookAtShape(const Json& shape, const char* key)
    {
        if (shape.is_null())
            return;
        std::int64_t product = 1;
        bool sound = shape.is_array();
        for (std::size_t i = 0; sound && i < shape.size(); ++i) {
            const Json& length = shape[i];
            if (length.is_null())
                continue;
            sound = length.is_number_integer() && length >= 0 && length <= largestSize
                && !__builtin_mul_overflow(
                    product, std::max<std::int64_t>(length.get<std::int64_t>(), 1), &product);
        }
        if (!sound)
            add(Severity::Error,
                std::string("The ") + key + " " + dumpJson(shape).substr(0, 80)
                    + " is not a possible shape.");
    }

    void lookAtSizes(const Layer& layer)
    {
        for (const char* key : sizeKeys) {
            const Json* size = memberOf(layer.config, key);
            if (size == nullptr)
                continue;
            if (!size->is_number_integer() || *size <= 0 || *size > largestSize)
                return add(Severity::Error,
                    std::string("The configuration gives ") + dumpJson(*size).substr(0, 40) + " as "
                        + key + ", which is no size.",
                    "The weights are sound; the model cannot be computed.");
        }
        compareWithWeights(layer);
    }

    /// The last axis of a kernel is the number of units or filters, gates included.
    void compareWithWeights(const Layer& layer)
    {
        struct Rule
        {
            std::string_view className;
            const char* key;
            std::int64_t times;
        };
        static constexpr std::array<Rule, 7> rules{ { { "Dense", "units", 1 },
            { "Conv1D", "filters", 1 }, { "Conv2D", "filters", 1 }, { "Conv3D", "filters", 1 },
            { "SimpleRNN", "units", 1 }, { "LSTM", "units", 4 }, { "GRU", "units", 3 } } };
        const auto rule = std::ranges::find(rules, layer.className, &Rule::className);
        // Keras 1 kept each gate of LSTM and GRU apart, and other orders of axes.
        if (rule == rules.end() || layer.weights.empty()
            || m_network.generation == KerasGeneration::Keras1)
            return;
        const Json* size = memberOf(layer.config, rule->key);
        const Shape& kernel = m_network.weights[layer.weights.front()].value.shape();
        if (size == nullptr || kernel.size() < 2
            || kernel.back() == size->get<std::int64_t>() * rule->times)
            return;
        add(Severity::Error,
            "The configuration says " + dumpJson(*size) + " " + rule->key
                + ", but the kernel in the file has shape " + toString(kernel) + ".",
            "Weights and architecture are of different models.");
    }

    Network& m_network;
    std::string m_where;
    std::size_t m_count = 0;
};

} // namespace

void noteOddities(Network& network)
{
    if (network.architecture.isEmpty())
        return;
    Oddities oddities(network);
    oddities.lookAtLayers(network.architecture.value());
    visitLayers(network.model, [&](const Layer& layer, const std::vector<std::string>& path) {
        oddities.lookAt(layer, path);
    });
    oddities.finish();
}

} // namespace layerscope::formats
