#include "model/formats/keras_v3_file.h"
#include "model/network/list_weights.h"
#include "model/network/variable_layout.h"

#include <map>
#include <unordered_map>

// Pairs the objects of a model, as Keras would visit them, with the groups of the file.

namespace layerscope::formats {

using network::VariableObject;
using network::VariableOrder;

namespace {

constexpr const char* keepingRemedy = "It is kept and saved.";

bool isCell(const VariableObject& object)
{
    return object.name.empty() && object.path.ends_with("cell");
}

/// Shapes of the factors that LoRA adds to a kernel.
std::optional<Shape> loraShape(const std::string& name, const Shape& kernel, std::int64_t rank)
{
    if (kernel.empty() || rank < 1)
        return std::nullopt;
    if (name.ends_with("_b"))
        return Shape{ rank, kernel.back() };
    Shape shape = kernel;
    shape.back() = rank;
    return shape;
}

class Matcher
{
public:
    Matcher(Network& network, V3Carried& carried)
        : m_network(network)
        , m_carried(carried)
        , m_order(network::variableOrder(network.generation, network.file.kerasVersion))
    {
    }

    void run();

private:
    void matchModel(VariableObject& model, V3Group& group, const std::string& prefix);
    void matchLayer(VariableObject& layer, V3Group* group, const std::string& prefix);
    void matchObject(VariableObject& object, V3Group& group, const std::string& prefix);
    void matchOwn(VariableObject& object, V3Group& group, const std::string& prefix);
    void adopt(VariableObject& object, V3Group& group, const std::string& prefix);
    void nameAdopted(VariableObject& object, const V3Group& group);
    void completeLora(VariableObject& object, const V3Group& group, const std::string& prefix);
    void take(
        const VariableObject::Variable& variable, const V3Array& array, const std::string& prefix);
    void takeLeftOvers(V3Group& group);
    std::vector<V3Group*> pairChildren(const VariableObject& model, V3Group& container);
    void makeTreeOfGroups();
    VariableObject objectOfLayer(Layer& layer, const std::vector<V3Group*>& groups,
        std::size_t& next, const std::string& prefix);
    std::string below(const std::string& prefix, const VariableObject& parent,
        const VariableObject& object) const;
    bool keras3() const { return m_network.generation == KerasGeneration::Keras3; }
    void problem(Severity severity, const std::string& where, std::string what, std::string remedy)
    {
        m_network.problems.push_back({ severity, where, std::move(what), std::move(remedy) });
    }

    Network& m_network;
    V3Carried& m_carried;
    std::string m_path; ///< of the layer that is being matched, by the names of layers
    VariableOrder m_order;
    VariableObject m_tree;
    std::size_t m_nextId = 1U << 30U; // beyond those that the tree comes with
    std::unordered_map<std::size_t, Weight> m_values; // by variable id
    std::unordered_map<std::size_t, std::vector<V3Array>> m_places;
    std::vector<std::pair<Weight, V3Array>> m_leftOver;
};

/// Path of an object's variables: Keras puts the names of layers and of Sequential models before
/// those of the variables.
std::string Matcher::below(
    const std::string& prefix, const VariableObject& parent, const VariableObject& object) const
{
    std::string name = object.name;
    if (isCell(object))
        name = snakeCase(parent.className) + "_cell";
    if (object.isModel && (object.className != "Sequential" || !keras3()))
        name.clear();
    const bool isBare = !keras3()
        && (parent.className == "TimeDistributed" || object.className == "Normalization");
    return name.empty() || isBare ? prefix : prefix + name + "/";
}

void Matcher::take(
    const VariableObject::Variable& variable, const V3Array& array, const std::string& prefix)
{
    m_places[variable.id].push_back(array);
    if (m_values.contains(variable.id))
        return; // stored in two groups
    Weight weight;
    weight.path = prefix + variable.name + (keras3() ? "" : ":0");
    weight.name = keras3() ? variable.name.substr(variable.name.rfind('/') + 1) : weight.path;
    weight.value = array.asRead;
    m_values.emplace(variable.id, std::move(weight));
}

/// Which group each child of a model has: by the name that Keras computes, then by the name that
/// Keras 3 leaves in the file.
std::vector<V3Group*> Matcher::pairChildren(const VariableObject& model, V3Group& container)
{
    const bool countsTwice = container.path.ends_with(v3LayersGroup212);
    std::map<std::string, std::size_t> used;
    std::vector<V3Group*> pairs;
    for (const VariableObject& child : model.children) {
        const std::string base = snakeCase(child.className);
        std::size_t& count = used[base];
        V3Group* const group
            = container.find(count == 0 ? base : base + "_" + std::to_string(count));
        pairs.push_back(group);
        // Keras 2.12 meets a layer with weights twice, under two names of its own.
        const bool hasWeights = !network::weightsOf(child, m_order).empty()
            || (!child.isKnown && group != nullptr && group->holdsValues());
        count += countsTwice && hasWeights ? 2 : 1;
    }
    std::map<std::string_view, V3Group*> byInstance;
    for (auto& [name, group] : container.groups)
        if (!group.instance.empty())
            byInstance.emplace(group.instance, &group);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const std::string& name = model.children[i].name;
        const bool isOther
            = pairs[i] != nullptr && !pairs[i]->instance.empty() && pairs[i]->instance != name;
        const auto named = byInstance.find(name);
        if ((pairs[i] == nullptr || isOther) && named != byInstance.end())
            pairs[i] = named->second;
        else if (isOther)
            problem(Severity::Note, name,
                "Its weights are stored under the name '" + pairs[i]->instance + "'.",
                "They were paired by their place, as Keras does.");
    }
    return pairs;
}

void Matcher::matchModel(VariableObject& model, V3Group& group, const std::string& prefix)
{
    group.isTaken = true;
    for (const V3Array& array : group.variables) { // a model's own, which no configuration tells
        model.own.push_back({ "variable_" + array.name, true, m_nextId++ });
        take(model.own.back(), array, prefix);
    }
    V3Group* container = group.find(v3LayersGroup);
    if (V3Group* const older = group.find(v3LayersGroup212);
        older != nullptr && (container == nullptr || !container->holdsValues()))
        container = older;
    std::vector<V3Group*> pairs(model.children.size());
    if (container != nullptr) {
        container->isTaken = true;
        pairs = pairChildren(model, *container);
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const std::string outside = m_path;
        m_path += (m_path.empty() ? "" : "/") + model.children[i].name;
        if (pairs[i] != nullptr)
            m_carried.layerGroups.emplace(m_path, pairs[i]->path);
        matchLayer(model.children[i], pairs[i], below(prefix, model, model.children[i]));
        m_path = outside;
    }
}

void Matcher::matchLayer(VariableObject& layer, V3Group* group, const std::string& prefix)
{
    if (group == nullptr) {
        const bool isMissing = !network::weightsOf(layer, m_order).empty();
        if (isMissing && m_carried.root.holdsValues())
            problem(Severity::Warning, layer.name, "The file holds no weights for this layer.",
                "Keras will refuse to load it. The other layers are sound.");
        return;
    }
    matchObject(layer, *group, prefix);
}

void Matcher::matchObject(VariableObject& object, V3Group& group, const std::string& prefix)
{
    if (object.isModel && object.isKnown)
        return matchModel(object, group, prefix);
    if (!object.isKnown)
        return adopt(object, group, prefix);
    group.isTaken = true;
    matchOwn(object, group, prefix);
    for (VariableObject& child : object.children) {
        std::string_view rest(child.path);
        rest.remove_prefix(object.path.empty() ? 0 : object.path.size() + 1);
        V3Group* inner = &group;
        while (inner != nullptr && !rest.empty()) {
            const std::string part(rest.substr(0, rest.find('/')));
            rest.remove_prefix(std::min(part.size() + 1, rest.size()));
            V3Group* next = inner->find(part);
            if (next == nullptr) // the generations differ in a leading underscore
                next = inner->find(part.starts_with('_') ? part.substr(1) : "_" + part);
            inner = next;
            if (inner != nullptr)
                inner->isTaken = true;
        }
        matchLayer(child, inner, below(prefix, object, child));
    }
}

void Matcher::matchOwn(VariableObject& object, V3Group& group, const std::string& prefix)
{
    const bool hasLora = !object.own.empty() && object.own.back().name.starts_with("lora_");
    const std::size_t asked = object.own.size() - (hasLora ? 2 : 0);
    if (group.variables.size() != asked && group.variables.size() != object.own.size())
        problem(Severity::Warning, object.name.empty() ? group.path : object.name,
            "The file holds " + std::to_string(group.variables.size())
                + " weights for this layer, its configuration asks for " + std::to_string(asked)
                + ".",
            "The weights are shown as they are; Keras will refuse to load them.");
    for (std::size_t i = object.own.size(); i < group.variables.size(); ++i)
        object.own.push_back({ "variable_" + group.variables[i].name, true, m_nextId++ });
    for (std::size_t i = 0; i < group.variables.size(); ++i)
        take(object.own[i], group.variables[i], prefix);
    if (hasLora && group.variables.size() == asked)
        completeLora(object, group, prefix);
}

/// A file holds the kernel with LoRA's factors in it; Keras makes new factors on loading, whose
/// product is nothing. They are zeros here, and have no place in the file.
void Matcher::completeLora(VariableObject& object, const V3Group& group, const std::string& prefix)
{
    std::int64_t rank = 0;
    visitLayers(m_network.model, [&](const Layer& layer, const std::vector<std::string>&) {
        if (layer.name == object.name && layer.config.is_object()
            && layer.config.contains("lora_rank") && layer.config["lora_rank"].is_number_integer())
            rank = layer.config["lora_rank"].get<std::int64_t>();
    });
    for (std::size_t i = group.variables.size(); i < object.own.size(); ++i) {
        const VariableObject::Variable& variable = object.own[i];
        const auto shape = group.variables.empty()
            ? std::nullopt
            : loraShape(variable.name, group.variables[0].asRead.shape(), rank);
        auto zeros = shape && rank < 65536
            ? Tensor::zeros(DType::Float32, *shape)
            : Result<Tensor>(Error(ErrorKind::Corrupt, "its shape is not known"));
        if (!zeros)
            continue;
        take(variable, { variable.name, {}, 0, StoredTensor(*std::move(zeros)), {} }, prefix);
        m_places[variable.id].clear();
    }
}

/// The variables of a class that is not known, as the file has them: attribute by attribute.
void Matcher::adopt(VariableObject& object, V3Group& group, const std::string& prefix)
{
    group.isTaken = true;
    object.isKnown = true;
    nameAdopted(object, group);
    for (std::size_t i = 0; i < object.own.size(); ++i)
        take(object.own[i], group.variables[i], prefix);
    // Keras 3 lists what is trained before the rest.
    std::ranges::stable_partition(
        object.own, [](const VariableObject::Variable& variable) { return variable.trainable; });
    for (auto& [name, inner] : group.groups) {
        if (!inner.holdsValues())
            continue;
        VariableObject child;
        child.name = name;
        child.path = object.path.empty() ? name : object.path + "/" + name;
        child.trainable = object.trainable;
        child.isKnown = false;
        object.children.push_back(std::move(child));
        VariableObject& added = object.children.back();
        const bool isCopy = name == "_lookup_layer" && object.own.size() == 1
            && inner.variables.size() == 1 && inner.variables[0].name == group.variables[0].name;
        if (!isCopy) {
            adopt(added, inner, prefix + name + "/");
            continue;
        }
        // A vectorization's lookup layer holds the same weights.
        inner.isTaken = true;
        m_places[object.own[0].id].push_back(inner.variables[0]);
        object.children.pop_back();
    }
}

void Matcher::nameAdopted(VariableObject& object, const V3Group& group)
{
    const auto& arrays = group.variables;
    const auto sameVectors = [&] {
        return arrays.size() == 4 && std::ranges::all_of(arrays, [&](const V3Array& array) {
            return array.asRead.shape().size() == 1
                && array.asRead.shape() == arrays[0].asRead.shape();
        });
    };
    const bool isNormalization = sameVectors(); // nothing else has four vectors of one length
    static constexpr std::array normalization{ "gamma", "beta", "moving_mean", "moving_variance" };
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        const std::string& key = arrays[i].name;
        const bool isNumber = key.find_first_not_of("0123456789") == std::string::npos;
        VariableObject::Variable variable{ isNumber ? "variable_" + key : key, true, m_nextId++ };
        if (isNormalization) {
            variable.name = normalization[i];
            variable.trainable = i < 2;
        } else if (object.trainsBiasOnly) { // a quantized layer: kernel, bias, scales of the kernel
            const bool isBias = i == 1 && arrays.size() > 2 && arrays[i].asRead.shape().size() == 1;
            variable.name = i == 0 ? "kernel" : isBias ? "bias" : "kernel_scale";
            if (i == 0 && object.className.ends_with("Embedding"))
                variable.name = "embeddings";
            variable.trainable = isBias;
        } else if (key == "idf_weights") {
            variable.trainable = false;
        }
        object.own.push_back(std::move(variable));
    }
}

/// What no object of the model has taken; the optimizer and the metrics are no weights.
void Matcher::takeLeftOvers(V3Group& group)
{
    for (auto& [name, inner] : group.groups) {
        const bool atRoot = &group == &m_carried.root;
        if (atRoot && (name == v3OptimizerGroup || name == v3MetricsGroup))
            continue;
        if (!inner.isTaken && !inner.variables.empty()) {
            problem(Severity::Warning, inner.path,
                "The file holds weights here, and the model has no such layer.", keepingRemedy);
            for (const V3Array& array : inner.variables)
                m_leftOver.push_back(
                    { Weight{ array.path, array.path, true, array.asRead }, array });
        }
        takeLeftOvers(inner);
    }
}

/// The tree of a model of which no configuration is known: each leaf is what its group shows.
void Matcher::makeTreeOfGroups()
{
    std::vector<V3Group*> groups;
    Layer& model = m_network.model;
    layersOfGroups(model, m_carried.root, groups);
    if (!m_network.file.weightsOnly)
        problem(Severity::Note, model.name,
            "The model is Python code, so that the file does not describe its layers: their names "
            "and classes are told from how the weights are stored.",
            "Layers and weights can be looked at and saved; only Keras can run the model.");
    m_tree = VariableObject();
    m_tree.isModel = true;
    m_tree.name = model.name;
    m_tree.trainable = model.trainable;
    std::size_t next = 0;
    for (Layer& layer : model.layers)
        m_tree.children.push_back(objectOfLayer(layer, groups, next, {}));
    m_carried.root.isTaken = true;
    for (const V3Array& array : m_carried.root.variables) {
        m_tree.own.push_back({ "variable_" + array.name, true, m_nextId++ });
        take(m_tree.own.back(), array, {});
    }
}

VariableObject Matcher::objectOfLayer(
    Layer& layer, const std::vector<V3Group*>& groups, std::size_t& next, const std::string& prefix)
{
    const std::string inside = prefix + layer.name + "/";
    if (layer.isModel()) {
        VariableObject object;
        object.name = layer.name;
        object.isModel = true;
        for (Layer& inner : layer.layers)
            object.children.push_back(objectOfLayer(inner, groups, next, inside));
        return object;
    }
    V3Group& group = *groups[next++];
    VariableObject object = network::variableObject(layer, m_network.generation, m_nextId);
    std::size_t expected = 0;
    for (const auto& item : network::weightsOf(object, m_order)) {
        m_nextId = std::max(m_nextId, item.variable().id + 1);
        ++expected;
    }
    // The class alone does not tell everything: without its configuration it counts only where it
    // asks for what is there.
    const bool fits = object.isKnown && object.children.empty()
        && group.variables.size() == expected && group.groups.empty();
    if (!fits) {
        object.own.clear();
        object.children.clear();
        object.isKnown = false;
    }
    matchObject(object, group, inside);
    return object;
}

void Matcher::run()
{
    const bool isKnown = m_network.model.kind != LayerKind::Subclassed;
    if (isKnown) {
        m_tree = network::variableObject(m_network.model, m_network.generation);
        matchModel(m_tree, m_carried.root, below({}, {}, m_tree));
    } else {
        makeTreeOfGroups();
    }
    takeLeftOvers(m_carried.root);
    const auto positions = network::listWeights(m_network, m_tree, m_order, std::move(m_values));
    m_carried.weights.resize(m_network.weights.size());
    for (const auto& [id, index] : positions)
        m_carried.weights[index] = m_places[id];
    for (auto& [weight, array] : m_leftOver) {
        m_network.weights.push_back(std::move(weight));
        m_carried.weights.push_back({ array });
    }
    for (const Weight& weight : m_network.weights)
        m_carried.weightsAsRead.push_back(weight.value);
}

} // namespace

void matchV3Weights(Network& network, V3Carried& carried)
{
    Matcher(network, carried).run();
}

} // namespace layerscope::formats
