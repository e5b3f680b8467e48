#include "model/formats/tracked_tree.h"

#include "model/network/architecture.h"
#include "model/network/custom_parts.h"
#include "model/network/variable_tree.h"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_map>

namespace layerscope::formats {

namespace {

using network::VariableObject;

constexpr std::size_t noObject = static_cast<std::size_t>(-1);

const Json noJson;

const Json& member(const Json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() ? *found : noJson;
}

/// A shape as Keras 2 writes it into metadata.
Json tensorShape(const std::vector<std::optional<std::int64_t>>& shape)
{
    Json items = Json::array();
    for (const auto& length : shape)
        items.push_back(length ? Json(*length) : Json());
    return Json{ { "class_name", "TensorShape" }, { "items", std::move(items) } };
}

/// A shape of `build_config`, which Keras 2.13 and later keep beside a layer's configuration: a
/// list of lengths, or a list or mapping of such lists.
Json recordedShape(const Json& shape)
{
    if (shape.is_object()) {
        if (shape.contains("class_name"))
            return shape;
        Json result = Json::object();
        for (const auto& [key, item] : shape.items())
            result[key] = recordedShape(item);
        return result;
    }
    if (!shape.is_array())
        return {};
    const auto isLength = [](const Json& item) { return item.is_null() || item.is_number(); };
    if (std::all_of(shape.begin(), shape.end(), isLength))
        return Json{ { "class_name", "TensorShape" }, { "items", shape } };
    Json result = Json::array();
    for (const Json& item : shape)
        result.push_back(recordedShape(item));
    return result;
}

/// What goes into a projection of MultiHeadAttention, whose configuration records the shapes of
/// query, key and value. Keras builds a projection anew, with fresh weights, where this is missing.
Json projectedShape(const Json& config, const std::string& projection)
{
    const bool isOutput = projection == "attention_output";
    const std::string key = isOutput ? "query_shape" : projection + "_shape";
    const Json& recorded = member(config, key.c_str());
    Json items = recorded.is_object() ? member(recorded, "items") : recorded;
    if (!items.is_array() || items.empty())
        return {};
    if (isOutput) {
        const Json& valueDim = member(config, "value_dim");
        items.erase(items.size() - 1);
        items.push_back(member(config, "num_heads"));
        items.push_back(valueDim.is_null() ? member(config, "key_dim") : valueDim);
    }
    return Json{ { "class_name", "TensorShape" }, { "items", std::move(items) } };
}

/// The name of a variable as TensorFlow has it: without ":0".
std::string variableName(const Weight& weight)
{
    const auto mark = weight.name.rfind(':');
    return mark == std::string::npos ? weight.name : weight.name.substr(0, mark);
}

std::string lastPart(const std::string& path)
{
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

bool isRecurrent(std::string_view name)
{
    return name == "LSTM" || name == "GRU" || name == "SimpleRNN" || name == "RNN"
        || name.starts_with("ConvLSTM");
}

class TreeBuilder
{
public:
    TreeBuilder(const Network& network, const WriteOptions& options)
        : m_network(network)
    {
        if (options.knowledge.inputShapes)
            m_shapes = options.knowledge.inputShapes(network);
    }

    Result<std::vector<TrackedNode>> build()
    {
        const Json& architecture = m_network.architecture.value();
        const std::size_t root = add("root");
        Entry entry{ m_network.model, architecture, "" };
        TRY_DO(fillModel(root, entry, nullptr, {}));
        describeRoot(m_nodes[root]);
        return std::move(m_nodes);
    }

    const std::vector<std::string>& withoutShape() const { return m_withoutShape; }

    /// For each weight the object that it is.
    const std::map<WeightIndex, std::size_t>& variables() const { return m_variables; }

private:
    /// A layer, its {"class_name", "config", …}, and its path by names.
    struct Entry
    {
        const Layer& layer;
        const Json& json;
        std::string path;
    };
    using WeightOfId = std::unordered_map<std::size_t, WeightIndex>;

    std::size_t add(const std::string& path)
    {
        m_nodes.emplace_back();
        m_nodes.back().path = path;
        m_nodes.back().identifier = "_generic_user_object";
        return m_nodes.size() - 1;
    }

    std::size_t addChild(std::size_t parent, const std::string& name)
    {
        const std::size_t child = add(m_nodes[parent].path + "." + name);
        m_nodes[parent].children.emplace_back(name, child);
        return child;
    }

    void addVariable(std::size_t owner, const std::string& name, WeightIndex index)
    {
        const auto [place, isNew] = m_variables.try_emplace(index, m_nodes.size());
        if (isNew) {
            const Weight& weight = m_network.weights[index];
            TrackedNode node;
            node.isVariable = true;
            node.trainable = weight.trainable;
            node.variableName = variableName(weight);
            node.value = weight.value;
            m_nodes.push_back(std::move(node));
        }
        m_nodes[owner].children.emplace_back(name, place->second);
    }

    Result<void> fillModel(
        std::size_t node, const Entry& entry, const VariableObject* object, const WeightOfId& ids);
    Result<void> fillLayer(
        std::size_t node, const Entry& entry, const VariableObject* object, const WeightOfId& ids);
    Result<void> fillObject(
        std::size_t node, const Entry& entry, const VariableObject& object, const WeightOfId& ids);
    Result<void> fillInner(std::size_t node, const Entry& outer, const VariableObject& outerObject,
        const VariableObject& inner, std::size_t number, const WeightOfId& ids);
    void addUnknown(std::size_t node, const Layer& layer);
    std::size_t partOf(std::size_t node, const std::string& name);
    void describe(TrackedNode& node, const Entry& entry);
    void describeRoot(TrackedNode& node);
    Json buildShape(const Entry& entry) const;

    const Network& m_network;
    std::map<std::string, InputShapes> m_shapes;
    std::vector<TrackedNode> m_nodes;
    std::map<WeightIndex, std::size_t> m_variables;
    std::vector<std::string> m_withoutShape;
};

bool ownsWeights(const VariableObject& object)
{
    return !object.own.empty()
        || std::any_of(object.children.begin(), object.children.end(), ownsWeights);
}

bool hasWeights(const Layer& layer)
{
    return !layer.weights.empty()
        || std::any_of(layer.layers.begin(), layer.layers.end(), hasWeights);
}

Result<void> TreeBuilder::fillModel(
    std::size_t node, const Entry& entry, const VariableObject* object, const WeightOfId& ids)
{
    const Layer& model = entry.layer;
    if (model.kind == LayerKind::Subclassed)
        return Error(ErrorKind::Unsupported,
            "the model is a class of its own (" + model.className
                + "): what its attributes are called and how it computes is in its Python code, so "
                  "TensorFlow's formats can be written only from a file that TensorFlow wrote; "
                  "save "
                  "it as .h5 or .keras weights")
            .in(entry.path.empty() ? model.name : entry.path);
    const Json& config = member(entry.json, "config");
    const Json& list = config.is_array() ? config : member(config, "layers");
    std::vector<const Json*> entries;
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i)
        if (list[i].is_object()
            && !(model.kind == LayerKind::Sequential && i == 0
                && member(list[0], "class_name") == "InputLayer"))
            entries.push_back(&list[i]);
    std::size_t withWeights = 0;
    std::size_t known = 0; // of object->children
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const Layer& layer = model.layers[i];
        const VariableObject* inner = object != nullptr && layer.kind != LayerKind::Operation
                && known < object->children.size()
            ? &object->children[known++]
            : nullptr;
        const bool weights
            = object != nullptr ? inner != nullptr && ownsWeights(*inner) : hasWeights(layer);
        const Json& json = i < entries.size() ? *entries[i] : noJson;
        const std::size_t child = addChild(node,
            weights ? "layer_with_weights-" + std::to_string(withWeights++)
                    : "layer-" + std::to_string(i));
        if (weights)
            m_nodes[node].children.emplace_back("layer-" + std::to_string(i), child);
        const Entry next{ layer, json,
            entry.path.empty() ? layer.name : entry.path + "/" + layer.name };
        TRY_DO(fillLayer(child, next, inner, ids));
    }
    m_nodes[node].identifier
        = model.kind == LayerKind::Sequential ? "_tf_keras_sequential" : "_tf_keras_network";
    return {};
}

Result<void> TreeBuilder::fillLayer(
    std::size_t node, const Entry& entry, const VariableObject* object, const WeightOfId& ids)
{
    const Layer& layer = entry.layer;
    if (layer.isModel()) {
        TRY_DO(fillModel(node, entry, object, ids));
    } else if (object != nullptr) {
        TRY_DO(fillObject(node, entry, *object, ids));
    } else {
        const VariableObject own = network::variableObject(layer, m_network.generation);
        const auto listed = network::weightsOf(
            own, network::variableOrder(m_network.generation, m_network.file.kerasVersion));
        if (listed.size() == layer.weights.size() && own.isKnown) {
            WeightOfId weights;
            for (std::size_t i = 0; i < listed.size(); ++i)
                weights.emplace(listed[i].variable().id, layer.weights[i]);
            TRY_DO(fillObject(node, entry, own, weights));
        } else {
            addUnknown(node, layer);
        }
    }
    if (!layer.isModel())
        m_nodes[node].identifier = layer.className == "InputLayer" ? "_tf_keras_input_layer"
            : isRecurrent(layer.className)                         ? "_tf_keras_rnn_layer"
                                                                   : "_tf_keras_layer";
    describe(m_nodes[node], entry);
    return {};
}

/// A class that is not Keras's own: its attributes are called as its variables, as far as is known.
void TreeBuilder::addUnknown(std::size_t node, const Layer& layer)
{
    std::map<std::pair<std::size_t, std::string>, int> used;
    const auto parts = network::partsOfWeights(m_network, layer);
    for (std::size_t i = 0; i < layer.weights.size(); ++i) {
        const WeightIndex index = layer.weights[i];
        std::size_t owner = node;
        for (const std::string& part : parts[i])
            owner = partOf(owner, part);
        const std::string name = lastPart(variableName(m_network.weights[index]));
        const int count = used[{ owner, name }]++;
        addVariable(owner, count > 0 ? name + "_" + std::to_string(count) : name, index);
    }
}

/// The child called `name`, made where there is none.
std::size_t TreeBuilder::partOf(std::size_t node, const std::string& name)
{
    for (const auto& [edge, child] : m_nodes[node].children)
        if (edge == name)
            return child;
    return addChild(node, name);
}

Result<void> TreeBuilder::fillObject(
    std::size_t node, const Entry& entry, const VariableObject& object, const WeightOfId& ids)
{
    for (const auto& variable : object.own)
        if (const auto found = ids.find(variable.id); found != ids.end()) {
            const std::string name = lastPart(variable.name);
            addVariable(node, name, found->second);
            // Keras 2 keeps them a second time, and restores both.
            if (entry.layer.className == "Normalization" && name != "count")
                addVariable(node, "adapt_" + name, found->second);
        }
    for (std::size_t i = 0; i < object.children.size(); ++i)
        TRY_DO(fillInner(node, entry, object, object.children[i], i, ids));
    return {};
}

/// What stands inside a wrapper, a recurrent layer, an attention layer.
Result<void> TreeBuilder::fillInner(std::size_t node, const Entry& outer,
    const VariableObject& outerObject, const VariableObject& inner, std::size_t number,
    const WeightOfId& ids)
{
    const std::size_t from = outerObject.path.empty() ? 0 : outerObject.path.size() + 1;
    std::string edge = inner.path.substr(std::min(from, inner.path.size()));
    if (edge.starts_with("cells/")) { // Keras 2 keeps them in a list
        std::size_t list = noObject;
        for (const auto& [name, child] : m_nodes[node].children)
            if (name == "cells")
                list = child;
        if (list == noObject) {
            list = addChild(node, "cells");
            m_nodes[list].identifier = "trackable_list_wrapper";
        }
        node = list;
        edge = std::to_string(number);
    }
    const std::size_t child = addChild(node, edge);
    const Json& config = outer.layer.config;
    const bool isBackward
        = edge == "backward_layer" && member(config, "backward_layer").is_object();
    const Json& json = member(config, isBackward ? "backward_layer" : "layer");
    if (json.is_object()) {
        Layer layer = parseLayer(json);
        if (edge == "forward_layer" || (edge == "backward_layer" && !isBackward))
            layer.name = edge.substr(0, edge.find('_') + 1) + layer.name;
        layer.trainable = layer.trainable && outer.layer.trainable;
        return fillLayer(child, { layer, json, outer.path + "/" + layer.name }, &inner, ids);
    }
    Layer layer; // a cell, which Keras makes itself, or a projection of an attention layer
    layer.trainable = outer.layer.trainable;
    if (edge.ends_with("_dense")) {
        layer.className = "EinsumDense";
        layer.name = edge.substr(1, edge.rfind('_') - 1);
        if (layer.name == "output")
            layer.name = "attention_output";
        TRY_DO(fillLayer(child, { layer, noJson, outer.path + "/" + layer.name }, &inner, ids));
        if (Json shape = projectedShape(config, layer.name); !shape.is_null())
            m_nodes[child].metadata["build_input_shape"] = std::move(shape);
        return {};
    }
    if (member(config, "cell").is_object())
        layer = parseLayer(config["cell"]);
    return fillObject(child, { layer, noJson, outer.path }, inner, ids);
}

Json TreeBuilder::buildShape(const Entry& entry) const
{
    const auto found = m_shapes.find(entry.path);
    if (found == m_shapes.end() || found->second.empty())
        return recordedShape(member(member(entry.json, "build_config"), "input_shape"));
    if (found->second.size() == 1)
        return tensorShape(found->second.front());
    Json shapes = Json::array();
    for (const auto& shape : found->second)
        shapes.push_back(tensorShape(shape));
    return shapes;
}

void TreeBuilder::describe(TrackedNode& node, const Entry& entry)
{
    const Layer& layer = entry.layer;
    Json metadata = Json::object();
    metadata["name"] = layer.name;
    metadata["trainable"] = layer.trainable;
    const Json& className = member(entry.json, "class_name");
    metadata["class_name"] = className.is_string() ? className : Json(layer.className);
    if (layer.kind == LayerKind::Functional && layer.className == "Model")
        metadata["class_name"] = "Functional";
    const Json& config = member(entry.json, "config");
    if (!config.is_null())
        metadata["config"] = config;
    const Json shape = buildShape(entry);
    if (!shape.is_null())
        metadata["build_input_shape"] = shape;
    else if (!layer.isModel() && !layer.weights.empty())
        m_withoutShape.push_back(entry.path);
    if (layer.isModel())
        metadata["is_graph_network"] = true;
    node.metadata = std::move(metadata);
}

void TreeBuilder::describeRoot(TrackedNode& node)
{
    const Layer& model = m_network.model;
    const Json& architecture = m_network.architecture.value();
    describe(node, { model, architecture, "" });
    const Json& config = member(architecture, "config");
    if (config.is_array()) // a Sequential of Keras before 2.3
        node.metadata["config"] = Json{ { "name", model.name }, { "layers", config } };
    const std::string& version = m_network.file.kerasVersion;
    node.metadata["keras_version"]
        = m_network.generation == KerasGeneration::Keras2 && version.starts_with("2.") ? version
                                                                                       : "2.15.0";
    node.metadata["backend"] = "tensorflow";
    if (m_network.training && m_network.training->source.value().is_object())
        node.metadata["training_config"] = m_network.training->source.value();
}

/// Numbers the objects breadth first, as Keras does, and gives the variables their keys: the
/// shortest path to them.
std::vector<TrackedNode> numbered(std::vector<TrackedNode> nodes, std::vector<std::size_t>& numbers)
{
    std::vector<std::size_t> order{ 0 };
    std::vector<std::string> paths(nodes.size());
    numbers.assign(nodes.size(), noObject);
    numbers[0] = 0;
    for (std::size_t at = 0; at < order.size(); ++at) {
        const TrackedNode& node = nodes[order[at]];
        for (const auto& [name, child] : node.children) {
            if (numbers[child] != noObject)
                continue;
            numbers[child] = order.size();
            const std::string& path = paths[order[at]];
            paths[child] = (path.empty() ? "" : path + "/") + escapedKeyPart(name);
            order.push_back(child);
        }
    }
    std::vector<TrackedNode> sorted;
    for (const std::size_t old : order) {
        sorted.push_back(std::move(nodes[old]));
        for (auto& [name, child] : sorted.back().children)
            child = numbers[child];
        if (sorted.back().isVariable)
            sorted.back().key = checkpointKey(paths[old]);
    }
    return sorted;
}

} // namespace

std::string escapedKeyPart(std::string_view name)
{
    std::string escaped;
    for (const char c : name) {
        if (c == '.')
            escaped += "..";
        else if (c == '/')
            escaped += ".S";
        else
            escaped += c;
    }
    return escaped;
}

std::string checkpointKey(const std::string& path)
{
    return path + "/.ATTRIBUTES/VARIABLE_VALUE";
}

Result<TrackedTree> trackedTree(
    const Network& network, const WriteOptions& options, Signature signature)
{
    if (network.architecture.isEmpty())
        return Error(ErrorKind::Unsupported,
            "this file holds weights alone, and TensorFlow's formats are built along the layers; "
            "attach the architecture first, or save as .h5 weights or .npz");
    TreeBuilder builder(network, options);
    TRY(auto nodes, builder.build());
    TrackedTree tree;
    tree.withoutShape = builder.withoutShape();
    std::vector<std::size_t> numbers;
    tree.nodes = numbered(std::move(nodes), numbers);
    if (signature == Signature::Serving) {
        tree.signatures = tree.nodes.size();
        tree.nodes[0].children.emplace_back("signatures", tree.signatures);
        tree.nodes.resize(tree.signatures + 2);
        tree.nodes[tree.signatures].identifier = "signature_map";
        tree.nodes[tree.signatures].children.emplace_back("serving_default", tree.signatures + 1);
    }
    tree.checkpointOnly = tree.nodes.size();
    std::vector<std::size_t> variableOfWeight(network.weights.size(), noObject);
    for (const auto& [weight, node] : builder.variables())
        variableOfWeight[weight] = numbers[node];
    for (WeightIndex i = 0; i < network.weights.size(); ++i)
        if (variableOfWeight[i] == noObject)
            return Error(ErrorKind::Unsupported,
                "the weight belongs to no layer, and TensorFlow's formats have no place for it; "
                "save "
                "as .h5")
                .in(network.weights[i].path);
    if (options.optimizer == OptimizerInFile::Keep && network.optimizer)
        appendOptimizer(tree.nodes, 0, network, variableOfWeight);
    tree.objectOfWeight = std::move(variableOfWeight);
    return tree;
}

} // namespace layerscope::formats
