#include "model/network/architecture.h"

#include "model/network/node_dialects.h"

#include <algorithm>
#include <array>

namespace layerscope {

namespace {

using network::LayerPositions;

constexpr int deepestNesting = 64;
constexpr std::size_t mostLayers = 50'000; // twenty times what the deepest published networks have
constexpr std::size_t mostWarnings = 100;

std::string textMember(const Json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string()
        ? found->get<std::string>()
        : std::string();
}

const Json& member(const Json& object, const char* key)
{
    static const Json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(key);
    return found != object.end() ? *found : nothing;
}

/// The name of a dtype policy: a plain string (all versions), a Policy (Keras 2), a DTypePolicy, a
/// QuantizedDTypePolicy or a DTypePolicyMap (Keras 3).
std::string policyName(const Json& policy, int depth = 0)
{
    if (policy.is_string())
        return policy.get<std::string>();
    const Json& config = member(policy, "config");
    if (!config.is_object() || depth > 2)
        return "float32";
    if (const std::string name = textMember(config, "name"); !name.empty())
        return name;
    if (const std::string mode = textMember(config, "mode"); !mode.empty())
        return mode + "_from_" + textMember(config, "source_name");
    const Json& fallback = member(config, "default_policy");
    return fallback.is_null() ? "float32" : policyName(fallback, depth + 1);
}

/// The policy of a layer. Keras 3's inputs say the type of their data, which only for floating
/// types is their policy's.
std::string layerPolicy(const std::string& className, const Json& config)
{
    const Json& dtype = member(config, "dtype");
    std::string name = policyName(dtype.is_null() ? member(config, "input_dtype") : dtype);
    if (className == "InputLayer" && config.is_object() && config.contains("batch_shape")
        && !name.starts_with("float") && !name.starts_with("bfloat"))
        return "float32";
    return name;
}

/// Classes that hold `layers` in their configuration without being models.
bool isContainerLayer(std::string_view className)
{
    static constexpr std::array names{ std::string_view("Pipeline"), std::string_view("Merge"),
        std::string_view("StackedRNNCells") };
    return std::find(names.begin(), names.end(), className) != names.end();
}

LayerKind modelKind(std::string_view className, const Json& config)
{
    if (config.is_array())
        return LayerKind::Sequential; // Keras 1 and 2.0-2.2
    if (!member(config, "layers").is_array() || isContainerLayer(className))
        return LayerKind::Layer;
    if (className != "Sequential"
        && (config.contains("input_layers") || config.contains("output_layers")))
        return LayerKind::Functional;
    return LayerKind::Sequential;
}

bool isInputLayer(const Json& entry)
{
    return textMember(entry, "class_name") == "InputLayer";
}

/// Layers whose Keras 3 configuration has no `trainable` (crossing from Keras 2 shows the same).
bool leavesOutTrainable(const std::string& className)
{
    return className == "Discretization" || className.starts_with("SpatialDropout");
}

/// Classes of keras.ops whose names Keras also gives to layers; every other operation is told by
/// its configuration alone. A Keras 3 layer has `trainable` there, and a policy as its `dtype`; an
/// operation (Cast, ZerosLike) at most the name of a type.
bool isOperation(const Layer& layer, const Json& entry)
{
    if (!layer.module.empty())
        return layer.module.find(".ops.") != std::string::npos || layer.module.ends_with(".ops");
    const Json& nodes = member(entry, "inbound_nodes");
    const bool keras3Nodes = nodes.is_array() && !nodes.empty() && network::isKeras3Node(nodes[0]);
    return keras3Nodes && layer.config.is_object() && !layer.config.contains("trainable")
        && !member(layer.config, "dtype").is_object() && !leavesOutTrainable(layer.className);
}

/// A model's configuration without its layers, which become Layer::layers: a copy at each level of
/// nesting would grow with the square of the depth. The InputLayer of a Sequential stays, since it
/// is not among its layers.
Json configWithoutLayers(const Json& config, LayerKind kind)
{
    Json own = Json::object();
    const Json& layers = config.is_array() ? config : member(config, "layers");
    if (config.is_object())
        for (const auto& [key, value] : config.items())
            if (key != "layers")
                own[key] = value;
    if (kind == LayerKind::Sequential && !layers.empty() && isInputLayer(layers[0]))
        own["layers"] = Json::array({ layers[0] });
    return own;
}

class ArchitectureParser
{
public:
    explicit ArchitectureParser(std::vector<Problem>& problems)
        : m_problems(problems)
    {
    }

    /// `trainable` is what a layer without a flag of its own (an input) has from the model around
    /// it.
    Layer parse(const Json& entry, bool trainable, const std::string& around, int depth);

private:
    void parseSequential(Layer& model, const Json& layers, const std::string& where, int depth);
    void parseFunctional(Layer& model, const Json& config, const std::string& where, int depth);
    void parseCalls(Layer& model, const std::vector<const Json*>& entries,
        const LayerPositions& positions, bool& keras3);
    void reportUnknown(const std::string& where);
    void parseEnds(const Json& ends, const LayerPositions& positions, const std::string& name,
        std::vector<TensorReference>& references, std::vector<std::string>& names);
    void warn(const std::string& where, std::string what)
    {
        if (++m_warnings <= mostWarnings)
            m_problems.push_back({ Severity::Warning, where, std::move(what),
                "It cannot be run; layers and weights can be looked at and saved." });
    }
    /// Whether one more layer is taken in; says so once when it is not.
    bool mayAddLayer(const std::string& where)
    {
        if (++m_layers == mostLayers + 1)
            warn(where,
                "It has more than " + std::to_string(mostLayers)
                    + " layers; the others are not shown.");
        return m_layers <= mostLayers;
    }

    std::vector<Problem>& m_problems;
    std::size_t m_layers = 0;
    std::size_t m_warnings = 0;
    std::vector<std::string> m_unknown; // names referred to that no layer of the model has
};

Layer ArchitectureParser::parse(
    const Json& entry, bool trainable, const std::string& around, int depth)
{
    Layer layer;
    layer.className = textMember(entry, "class_name");
    layer.module = textMember(entry, "module");
    layer.registeredName = textMember(entry, "registered_name");
    if (const auto mark = layer.className.rfind('>'); mark != std::string::npos) {
        layer.registeredName = layer.className;
        layer.className.erase(0, mark + 1);
    }
    const Json& config = member(entry, "config");
    layer.name = textMember(entry, "name");
    if (layer.name.empty())
        layer.name = textMember(config, "name");
    const Json& flag = member(config, "trainable");
    layer.trainable = flag.is_boolean() ? flag.get<bool>() : trainable;
    layer.dtypePolicy = layerPolicy(layer.className, config);
    layer.kind = modelKind(layer.className, config);
    const std::string where = around.empty() ? layer.name : around + "/" + layer.name;
    if (layer.kind == LayerKind::Layer) {
        layer.config = config;
        if (isOperation(layer, entry))
            layer.kind = LayerKind::Operation;
        return layer;
    }
    layer.config = configWithoutLayers(config, layer.kind);
    if (depth >= deepestNesting) {
        warn(where,
            "Models are nested more than " + std::to_string(deepestNesting)
                + " deep; what is inside is not shown.");
        return layer;
    }
    if (layer.kind == LayerKind::Sequential)
        parseSequential(layer, config.is_array() ? config : member(config, "layers"), where, depth);
    else
        parseFunctional(layer, config, where, depth);
    return layer;
}

void ArchitectureParser::parseSequential(
    Layer& model, const Json& layers, const std::string& where, int depth)
{
    if (model.name.empty())
        model.name = "sequential";
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (i == 0 && isInputLayer(layers[0]))
            continue; // Keras does not count it among the layers
        if (!mayAddLayer(where))
            return;
        if (layers[i].is_object())
            model.layers.push_back(parse(layers[i], model.trainable, where, depth + 1));
        else
            warn(where, "Entry " + std::to_string(i) + " of its layers is not a layer.");
    }
}

void ArchitectureParser::parseFunctional(
    Layer& model, const Json& config, const std::string& where, int depth)
{
    std::vector<const Json*> entries;
    for (const Json& entry : member(config, "layers")) {
        if (!entry.is_object()) {
            warn(where, "One entry of its layers is not a layer.");
            continue;
        }
        if (!mayAddLayer(where))
            break;
        model.layers.push_back(parse(entry, model.trainable, where, depth + 1));
        entries.push_back(&entry);
    }
    LayerPositions positions;
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        if (!positions.emplace(model.layers[i].name, i).second)
            warn(where, "Two of its layers are called '" + model.layers[i].name + "'.");

    m_unknown.clear();
    bool keras3 = false;
    parseCalls(model, entries, positions, keras3);
    parseEnds(member(config, "input_layers"), positions, {}, model.inputs, model.inputNames);
    parseEnds(member(config, "output_layers"), positions, {}, model.outputs, model.outputNames);
    reportUnknown(where);
    network::resolveNodeNumbers(model, keras3, where, m_problems);
}

void ArchitectureParser::parseCalls(Layer& model, const std::vector<const Json*>& entries,
    const LayerPositions& positions, bool& keras3)
{
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        Layer& layer = model.layers[i];
        const Json& nodes = member(*entries[i], "inbound_nodes");
        if (!nodes.is_array())
            continue;
        for (const Json& node : nodes) {
            if (network::isKeras3Node(node)) {
                keras3 = true;
                layer.calls.push_back(network::parseKeras3Node(node, positions, m_unknown));
            } else {
                layer.calls.push_back(network::parseKeras2Node(node, positions, m_unknown));
                network::separateInitialState(layer, layer.calls.back());
            }
        }
    }
}

void ArchitectureParser::reportUnknown(const std::string& where)
{
    std::sort(m_unknown.begin(), m_unknown.end());
    m_unknown.erase(std::unique(m_unknown.begin(), m_unknown.end()), m_unknown.end());
    constexpr std::size_t most = 5;
    for (std::size_t i = 0; i < std::min(most, m_unknown.size()); ++i)
        warn(where, "Its graph refers to a layer '" + m_unknown[i] + "' that does not exist.");
    if (m_unknown.size() > most)
        warn(where,
            "Its graph refers to " + std::to_string(m_unknown.size() - most)
                + " more layers that do not exist.");
}

/// Inputs or outputs: a triple, a list of triples, or a mapping, in any nesting. Keras flattens
/// mappings by sorted keys.
void ArchitectureParser::parseEnds(const Json& ends, const LayerPositions& positions,
    const std::string& name, std::vector<TensorReference>& references,
    std::vector<std::string>& names)
{
    if (network::isReference(ends)) {
        if (const auto found = network::readReference(ends, positions)) {
            references.push_back(*found);
            if (!name.empty())
                names.push_back(name);
        } else {
            m_unknown.push_back(ends[0].get<std::string>());
        }
    } else if (ends.is_array()) {
        for (const Json& item : ends)
            parseEnds(item, positions, name, references, names);
    } else if (ends.is_object()) {
        std::vector<std::string> keys;
        for (const auto& [key, item] : ends.items())
            keys.push_back(key);
        std::sort(keys.begin(), keys.end());
        for (const std::string& key : keys)
            parseEnds(ends[key], positions, key, references, names);
    }
}

} // namespace

Layer parseLayer(const Json& entry)
{
    std::vector<Problem> problems;
    return ArchitectureParser(problems).parse(entry, true, {}, 0);
}

Result<Layer> parseArchitecture(const Json& modelConfig, std::vector<Problem>& problems)
{
    if (!modelConfig.is_object() || textMember(modelConfig, "class_name").empty()
        || !member(modelConfig, "config").is_structured())
        return Error(ErrorKind::Corrupt, "the configuration does not describe a model");
    ArchitectureParser parser(problems);
    Layer model = parser.parse(modelConfig, true, {}, 0);
    if (!model.isModel())
        model.kind = LayerKind::Subclassed;
    return model;
}

} // namespace layerscope
