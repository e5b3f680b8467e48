#include "model/formats/saved_model_reader.h"

#include "model/formats/checkpoint_optimizer.h"
#include "model/formats/tensorflow_source.h"
#include "model/formats/unreadable_array.h"
#include "model/network/architecture.h"
#include "model/network/variable_tree.h"

#include <deque>
#include <set>
#include <unordered_map>

namespace layerscope::formats {

namespace {

/// Fills the layers of a Network from the objects that Keras tracked.
class KerasObjects
{
public:
    KerasObjects(Network& network, const ObjectGraph& graph)
        : m_network(network)
        , m_graph(graph)
    {
    }

    Result<void> read()
    {
        listVariables();
        Layer& model = m_network.model;
        if (model.kind == LayerKind::Subclassed)
            readSubclassed(model, 0);
        attach(model, 0, true);
        takeUnclaimed();
        return {};
    }

    const std::unordered_map<ObjectId, WeightIndex>& weightOfObject() const
    {
        return m_weightOfObject;
    }

private:
    /// The root's `variables` list is model.weights, in order.
    void listVariables()
    {
        if (const auto list = m_graph[0].child("variables"))
            for (const ObjectId id : m_graph.list(*list))
                weight(id);
    }

    /// The weight that a variable object is; made on first sight. Nothing where it has no stored
    /// value.
    std::optional<WeightIndex> weight(ObjectId id)
    {
        if (const auto known = m_weightOfObject.find(id); known != m_weightOfObject.end())
            return known->second;
        const TrackedObject& object = m_graph[id];
        const std::string name
            = object.variableName.empty() ? object.fullName : object.variableName;
        auto value = m_graph.value(id);
        if (!value && !object.declared)
            return std::nullopt;
        if (!value) {
            noteUnreadable(name, value.error());
            value = unreadableArray(
                object.declared->first, object.declared->second, std::move(value).error().in(name));
        }
        m_network.weights.push_back({ name, name, object.trainable, *std::move(value) });
        return m_weightOfObject[id] = m_network.weights.size() - 1;
    }

    /// Where the whole checkpoint is damaged, that has been said.
    void noteUnreadable(const std::string& name, const Error& error)
    {
        if (!m_graph.bundle.entries().empty())
            m_network.problems.push_back(
                { Severity::Error, name, "This array cannot be read: " + error.message() + ".",
                    "The other weights are sound." });
    }

    /// Gives `layer`, which is object `id`, and all layers inside their weights.
    void attach(Layer& layer, ObjectId id, bool trainable)
    {
        trainable = trainable && layer.trainable;
        if (m_graph[id].metadata.is_object())
            layer.builtFor = plainMetadata(m_graph[id].metadata.value("build_input_shape", Json()));
        if (!layer.isModel()) {
            for (const ObjectId variable : variablesOf(layer, id))
                if (const auto index = weight(variable)) {
                    layer.weights.push_back(*index);
                    m_network.weights[*index].trainable
                        = m_network.weights[*index].trainable && trainable;
                }
            return;
        }
        const auto objects = layerObjects(layer, id);
        for (std::size_t i = 0; i < layer.layers.size(); ++i) {
            if (i < objects.size())
                attach(layer.layers[i], objects[i], trainable);
            else
                m_network.problems.push_back({ Severity::Warning, layer.layers[i].name,
                    "the checkpoint holds no object for this layer",
                    "the layer is shown without weights" });
        }
    }

    /// The objects of a model's layers, in the order of its configuration.
    std::vector<ObjectId> layerObjects(const Layer& model, ObjectId id) const
    {
        if (model.kind == LayerKind::Subclassed)
            return subclassedLayers(id);
        std::vector<ObjectId> objects;
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const auto found = m_graph[id].child("layer-" + std::to_string(i));
            if (!found)
                break;
            objects.push_back(*found);
        }
        return objects;
    }

    std::vector<ObjectId> subclassedLayers(ObjectId id) const
    {
        const auto list = m_graph.find(id, "keras_api/layers");
        return list ? m_graph.list(*list) : std::vector<ObjectId>{};
    }

    /// A layer's variables in Keras's order: its `variables` list where the file has one, else by
    /// what its class is known to own.
    std::vector<ObjectId> variablesOf(const Layer& layer, ObjectId id) const
    {
        if (const auto list = m_graph[id].child("variables"))
            return m_graph.list(*list);
        std::vector<ObjectId> found;
        const auto object = network::variableObject(layer, KerasGeneration::Keras2);
        std::unordered_map<std::size_t, ObjectId> objectOf; // by number of the variable
        findVariables(object, id, objectOf);
        for (const auto& item : network::weightsOf(object, network::VariableOrder::Keras2))
            if (const auto place = objectOf.find(item.variable().id); place != objectOf.end())
                found.push_back(place->second);
        if (found.empty()) { // a class that is not Keras's own
            std::set<ObjectId> seen{ id };
            addVariablesBelow(id, found, seen, 0);
        }
        return found;
    }

    /// An object's own variables, then those of the layers inside, each once.
    void addVariablesBelow(
        ObjectId id, std::vector<ObjectId>& found, std::set<ObjectId>& seen, int depth) const
    {
        constexpr int deepest = 16;
        const auto& children = m_graph[id].children;
        for (const auto& [name, child] : children)
            if (m_graph[child].isVariable && seen.insert(child).second)
                found.push_back(child);
        for (const auto& [name, child] : children)
            if (name != "keras_api" && depth < deepest && seen.insert(child).second)
                addVariablesBelow(child, found, seen, depth + 1);
    }

    /// The objects of all variables below `object`, along the attributes that Keras 2 gives its
    /// parts.
    void findVariables(const network::VariableObject& object, ObjectId id,
        std::unordered_map<std::size_t, ObjectId>& found) const
    {
        for (const auto& variable : object.own)
            if (const auto child
                = m_graph[id].child(variable.name.substr(variable.name.rfind('/') + 1)))
                found.emplace(variable.id, *child);
        for (std::size_t i = 0; i < object.children.size(); ++i) {
            const network::VariableObject& inner = object.children[i];
            const std::size_t from = object.path.empty() ? 0 : object.path.size() + 1;
            std::string edge = inner.path.substr(std::min(from, inner.path.size()));
            if (object.isModel)
                edge = "layer-" + std::to_string(i);
            else if (edge.starts_with("cells/"))
                edge = "cells/" + std::to_string(i);
            if (const auto child = m_graph.find(id, edge))
                findVariables(inner, *child, found);
        }
    }

    /// A subclassed model's layers come from the objects: names, classes and configurations from
    /// metadata.
    void readSubclassed(Layer& model, ObjectId id, int depth = 0)
    {
        constexpr int deepest = 64;
        if (depth > deepest)
            return;
        for (const ObjectId child : subclassedLayers(id)) {
            const Json metadata = plainMetadata(m_graph[child].metadata);
            Layer layer;
            if (metadata.is_object() && metadata.value("config", Json()).contains("layers")) {
                auto parsed = parseArchitecture(metadata, m_network.problems);
                if (parsed)
                    layer = *std::move(parsed);
            }
            const auto text = [&](const char* key) {
                return metadata.is_object() && metadata.contains(key) && metadata[key].is_string()
                    ? metadata[key].get<std::string>()
                    : std::string();
            };
            if (layer.name.empty())
                layer.name = text("name");
            if (layer.className.empty()) {
                layer.className = text("class_name");
                layer.config = metadata.is_object() ? metadata.value("config", Json::object())
                                                    : Json::object();
                layer.trainable = !metadata.is_object()
                    || metadata.value("trainable", Json(true)) != Json(false);
                if (m_graph[child].identifier == "_tf_keras_model") {
                    layer.kind = LayerKind::Subclassed;
                    readSubclassed(layer, child, depth + 1);
                }
            }
            model.layers.push_back(std::move(layer));
        }
    }

    /// Weights of no layer (a model's own variables) are kept on the root.
    void takeUnclaimed()
    {
        std::vector<bool> claimed(m_network.weights.size(), false);
        visitLayers(m_network.model, [&](const Layer& layer, const std::vector<std::string>&) {
            for (const WeightIndex index : layer.weights)
                claimed[index] = true;
        });
        for (WeightIndex i = 0; i < claimed.size(); ++i)
            if (!claimed[i])
                m_network.model.weights.push_back(i);
    }

    Network& m_network;
    const ObjectGraph& m_graph;
    std::unordered_map<ObjectId, WeightIndex> m_weightOfObject;
};

/// Collects the variables below an object and what they hang on, without going into optimizers and
/// metrics.
class VariableWalk
{
public:
    struct Found
    {
        ObjectId id;
        std::string owner; ///< path of edges to the object that holds it
        std::string name; ///< the last edge
    };

    explicit VariableWalk(const ObjectGraph& graph)
        : m_graph(graph)
        , m_seen(graph.objects.size(), false)
    {
    }

    /// Breadth first, as TensorFlow names its keys: the shortest path to a variable is its name.
    std::vector<Found> run()
    {
        std::vector<Found> found = walk();
        // Layers in a Python list are not tracked by Keras 3; its optimizer still lists their
        // weights.
        for (const char* list :
            { "optimizer/_trainable_variables", "model/optimizer/_trainable_variables" })
            if (const auto id = m_graph.find(0, list))
                for (const ObjectId variable : m_graph.list(*id))
                    if (!m_seen[variable]) {
                        m_seen[variable] = true;
                        found.push_back({ variable, list, std::to_string(found.size()) });
                    }
        return found;
    }

private:
    std::vector<Found> walk()
    {
        std::vector<Found> found;
        std::deque<std::pair<ObjectId, std::string>> waiting{ { 0, "" } };
        m_seen[0] = true;
        while (!waiting.empty()) {
            const auto [at, path] = waiting.front();
            waiting.pop_front();
            for (const auto& [name, child] : m_graph[at].children) {
                if (m_seen[child] || isBookkeeping(name))
                    continue;
                m_seen[child] = true;
                if (!m_graph[child].checkpointKey.empty())
                    found.push_back({ child, path, name });
                else if (path.size() < 4096)
                    waiting.emplace_back(child, path.empty() ? name : path + "/" + name);
            }
        }
        return found;
    }

    static bool isBookkeeping(std::string_view edge)
    {
        return edge == "optimizer" || edge == "_optimizer" || edge == "keras_api"
            || edge == "save_counter" || edge == "variables" || edge == "trainable_variables"
            || edge == "_metrics" || edge == "_losses_override" || edge == "_compile_metrics"
            || edge == "_compile_loss" || edge == "_loss_tracker" || edge == "_metrics_tracker";
    }

    const ObjectGraph& m_graph;
    std::vector<bool> m_seen;
};

/// The tree of layers that a flat list of variables suggests: one for each name before the last
/// slash.
class PlainLayers
{
public:
    explicit PlainLayers(Network& network)
        : m_network(network)
    {
    }

    WeightIndex add(const std::string& owner, Weight weight)
    {
        const auto [place, isNew] = m_layerOf.try_emplace(owner, m_network.model.layers.size());
        if (isNew) {
            Layer layer;
            layer.name = owner.empty() ? "variables" : owner;
            m_network.model.layers.push_back(std::move(layer));
        }
        m_network.model.layers[place->second].weights.push_back(m_network.weights.size());
        m_network.weights.push_back(std::move(weight));
        return m_network.weights.size() - 1;
    }

    WeightIndex addByName(const std::string& path, bool trainable, StoredTensor value)
    {
        const auto slash = path.rfind('/');
        return add(slash == std::string::npos ? std::string() : path.substr(0, slash),
            { path, path, trainable, std::move(value) });
    }

private:
    Network& m_network;
    std::map<std::string, std::size_t> m_layerOf;
};

/// The variables that the root lists, or all there are, by the names that saved_model.pb gives
/// them.
void readNamedVariables(PlainLayers& layers, const ObjectGraph& graph,
    std::unordered_map<ObjectId, WeightIndex>& weightOfObject)
{
    std::vector<ObjectId> ids;
    if (const auto list = graph[0].child("variables"))
        ids = graph.list(*list);
    if (ids.empty())
        for (ObjectId id = 0; id < graph.objects.size(); ++id)
            if (graph[id].isVariable && !graph[id].checkpointKey.empty())
                ids.push_back(id);
    for (const ObjectId id : ids) {
        const TrackedObject& object = graph[id];
        if (auto value = graph.value(id))
            weightOfObject[id] = layers.addByName(
                object.variableName.empty() ? object.checkpointKey : object.variableName,
                object.trainable, *std::move(value));
    }
}

/// Keras 3's export() keeps every variable twice, under `variables` and `_all_variables`: the
/// copies are told by their name and shape.
void addCopies(const ObjectGraph& graph, const Network& network, TensorflowSource& source)
{
    const auto all = graph[0].child("_all_variables");
    if (!all)
        return;
    std::multimap<std::string, ObjectId> copies;
    for (const ObjectId id : graph.list(*all))
        copies.emplace(graph[id].variableName, id);
    for (WeightIndex i = 0; i < network.weights.size(); ++i) {
        auto [copy, end] = copies.equal_range(network.weights[i].name);
        for (; copy != end; ++copy) {
            const std::string& key = graph[copy->second].checkpointKey;
            const auto entry = graph.bundle.entries().find(key);
            if (key == source.weightKeys[i].front() || entry == graph.bundle.entries().end()
                || entry->second.shape != network.weights[i].value.shape())
                continue;
            source.weightKeys[i].push_back(key);
            copies.erase(copy);
            break;
        }
    }
}

/// What a writer needs to put values back into the places that they came from.
void keepSource(Network& network, const ObjectGraph& graph,
    const std::unordered_map<ObjectId, WeightIndex>& weightOfObject,
    const std::vector<std::string>& optimizerKeys)
{
    auto source = std::make_shared<TensorflowSource>();
    source->prefix = graph.prefix;
    source->hasObjects = graph.hasObjects;
    source->rootIsModel = graph[0].child("layer-0") || graph[0].child("layer_with_weights-0")
        || graph[0].child("keras_api");
    source->weightKeys.resize(network.weights.size());
    source->weightObjects.resize(network.weights.size());
    for (const auto& [id, weight] : weightOfObject) {
        source->weightKeys[weight].push_back(graph[id].checkpointKey);
        source->weightObjects[weight] = id;
    }
    if (std::ranges::any_of(source->weightKeys, &std::vector<std::string>::empty))
        return; // a weight from nowhere: the file cannot be written back
    addCopies(graph, network, *source);
    if (network.optimizer && network.optimizer->variables.size() == optimizerKeys.size()) {
        source->optimizerClass = network.optimizer->className;
        source->optimizerDialect = network.optimizer->dialect;
        for (std::size_t i = 0; i < optimizerKeys.size(); ++i) {
            const OptimizerVariable& variable = network.optimizer->variables[i];
            source->optimizer.push_back(
                { optimizerKeys[i], variable.role, variable.slot, variable.weight });
        }
    }
    network.carried = std::shared_ptr<const TensorflowSource>(std::move(source));
}

void takeText(const Json& object, const char* key, std::string& target)
{
    if (object.is_object() && object.contains(key) && object[key].is_string())
        target = object[key].get<std::string>();
}

} // namespace

Result<Network> readKerasObjects(const ObjectGraph& graph, const Json& rootMetadata)
{
    Network network;
    network.generation = KerasGeneration::Keras2;
    takeText(rootMetadata, "keras_version", network.file.kerasVersion);
    takeText(rootMetadata, "backend", network.file.backend);

    const Json metadata = plainMetadata(rootMetadata);
    Json architecture = Json::object();
    architecture["class_name"] = metadata.value("class_name", Json());
    architecture["config"] = metadata.value("config", Json::object());
    fillVocabularies(architecture["config"], graph);
    network.architecture = JsonText(architecture);
    TRY(network.model, parseArchitecture(architecture, network.problems));
    if (network.model.name.empty())
        takeText(metadata, "name", network.model.name);

    KerasObjects objects(network, graph);
    TRY_DO(objects.read());
    if (metadata.contains("training_config") && metadata["training_config"].is_object())
        network.training = TrainingSetup{ JsonText(metadata["training_config"]) };
    const auto keys = readCheckpointOptimizer(network, graph, objects.weightOfObject());
    keepSource(network, graph, objects.weightOfObject(), keys);
    return network;
}

Network readVariablesOnly(const ObjectGraph& graph)
{
    Network network;
    network.model.kind = LayerKind::Subclassed;
    network.file.weightsOnly = true;
    PlainLayers layers(network);
    const bool named = std::any_of(graph.objects.begin(), graph.objects.end(),
        [](const TrackedObject& object) { return object.isVariable; });
    std::unordered_map<ObjectId, WeightIndex> weightOfObject;
    if (named) {
        readNamedVariables(layers, graph, weightOfObject);
        keepSource(network, graph, weightOfObject, {});
        return network;
    }
    for (const VariableWalk::Found& found : VariableWalk(graph).run()) {
        auto value = graph.value(found.id);
        if (!value)
            continue;
        const std::string& fullName = graph[found.id].fullName;
        weightOfObject[found.id] = network.weights.size();
        layers.add(found.owner,
            { found.name, fullName.empty() ? found.owner + "/" + found.name : fullName, true,
                *std::move(value) });
    }
    const auto keys = readCheckpointOptimizer(network, graph, weightOfObject);
    keepSource(network, graph, weightOfObject, keys);
    return network;
}

} // namespace layerscope::formats
