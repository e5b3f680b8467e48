#include "model/network/adopt_variables.h"
#include "model/network/architecture.h"
#include "model/network/list_weights.h"
#include "model/network/variable_tree.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace layerscope {

namespace {

using network::ListedVariable;
using network::VariableObject;
using network::VariableOrder;

constexpr const char* topLevelGroup = "top_level_model_weights";

/// Leaf objects below `object` whose variables are not known, in order.
void collectUnknown(VariableObject& object, std::vector<VariableObject*>& found)
{
    if (!object.isKnown)
        found.push_back(&object);
    for (VariableObject& child : object.children)
        collectUnknown(child, found);
}

std::size_t countVariables(const VariableObject& object, VariableOrder order)
{
    return network::weightsOf(object, order).size();
}

void freezeInputs(Layer& layer)
{
    if (layer.className == "InputLayer")
        layer.trainable = false;
    for (Layer& inner : layer.layers)
        freezeInputs(inner);
}

/// Does its work for one Network; see assignWeights().
class WeightAssignment
{
public:
    explicit WeightAssignment(Network& network)
        : m_network(network)
        , m_model(network.model)
        , m_order(network::variableOrder(network.generation, network.file.kerasVersion))
    {
    }

    void run(std::vector<StoredGroup> groups);

private:
    void makeLayersOfGroups(const std::vector<StoredGroup>& groups);
    void buildTree();
    std::vector<std::optional<std::size_t>> pairGroups(const std::vector<StoredGroup>& groups);
    std::vector<std::optional<std::size_t>> pairByPosition(
        const std::vector<StoredGroup>& groups, const std::vector<std::size_t>& full) const;
    void fitObject(VariableObject& object, const std::vector<std::string>& names);
    void takeGroup(VariableObject& object, const Layer& layer, StoredGroup& group);
    void listWeights();
    void problem(Severity severity, const std::string& where, std::string what, std::string remedy)
    {
        m_network.problems.push_back({ severity, where, std::move(what), std::move(remedy) });
    }

    Network& m_network;
    Layer& m_model;
    VariableOrder m_order;
    VariableObject m_tree; ///< of the model; one child for each layer that is not an operation
    std::vector<std::size_t> m_layerOfChild;
    std::size_t m_nextId = 0;
    std::unordered_map<std::size_t, Weight> m_values; ///< by variable id
    std::vector<Weight> m_leftOver;
};

/// A file without an architecture: each group is a layer of which nothing but its weights is known.
void WeightAssignment::makeLayersOfGroups(const std::vector<StoredGroup>& groups)
{
    m_model.kind = LayerKind::Subclassed;
    for (const StoredGroup& group : groups) {
        if (group.layer == topLevelGroup)
            continue;
        Layer layer;
        layer.name = group.layer;
        m_model.layers.push_back(std::move(layer));
    }
}

void WeightAssignment::buildTree()
{
    m_tree.isModel = true;
    m_tree.trainable = m_model.trainable;
    for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
        const Layer& layer = m_model.layers[i];
        if (layer.kind == LayerKind::Operation)
            continue;
        m_tree.children.push_back(network::variableObject(layer, m_network.generation, m_nextId));
        if (layer.className.empty())
            m_tree.children.back().isKnown = false;
        for (const ListedVariable& item : network::weightsOf(m_tree.children.back(), m_order))
            m_nextId = std::max(m_nextId, item.variable().id + 1);
        m_layerOfChild.push_back(i);
    }
}

/// For each child of the tree the group that it gets. Names decide where they fit the layers in
/// their order; else position does, as in Keras.
std::vector<std::optional<std::size_t>> WeightAssignment::pairGroups(
    const std::vector<StoredGroup>& groups)
{
    std::vector<std::size_t> full;
    for (std::size_t g = 0; g < groups.size(); ++g)
        if (!groups[g].weights.empty() && groups[g].layer != topLevelGroup)
            full.push_back(g);

    std::vector<std::optional<std::size_t>> pairs(m_tree.children.size());
    std::size_t next = 0;
    for (std::size_t child = 0; child < pairs.size() && next < full.size(); ++child)
        if (m_model.layers[m_layerOfChild[child]].name == groups[full[next]].layer)
            pairs[child] = full[next++];
    if (next == full.size())
        return pairs;
    return pairByPosition(groups, full);
}

std::vector<std::optional<std::size_t>> WeightAssignment::pairByPosition(
    const std::vector<StoredGroup>& groups, const std::vector<std::size_t>& full) const
{
    std::map<std::string_view, std::size_t> byName;
    for (const std::size_t g : full)
        byName.emplace(groups[g].layer, g);
    std::vector<std::optional<std::size_t>> pairs(m_tree.children.size());
    std::vector<std::size_t> owners; // layers that own or may own weights
    for (std::size_t child = 0; child < pairs.size(); ++child) {
        VariableObject copy = m_tree.children[child];
        std::vector<VariableObject*> unknown;
        collectUnknown(copy, unknown);
        if (countVariables(copy, m_order) > 0
            || (!unknown.empty() && byName.contains(m_model.layers[m_layerOfChild[child]].name)))
            owners.push_back(child);
    }
    if (owners.size() == full.size()) {
        for (std::size_t i = 0; i < full.size(); ++i)
            pairs[owners[i]] = full[i];
        return pairs;
    }
    for (std::size_t child = 0; child < pairs.size(); ++child) {
        const auto found = byName.find(m_model.layers[m_layerOfChild[child]].name);
        if (found != byName.end()) {
            pairs[child] = found->second;
            byName.erase(found);
        }
    }
    return pairs;
}

/// Gives the classes in `object` that are not known what the group holds beyond the known ones.
void WeightAssignment::fitObject(VariableObject& object, const std::vector<std::string>& names)
{
    std::vector<VariableObject*> unknown;
    collectUnknown(object, unknown);
    const std::size_t known = countVariables(object, m_order);
    if (unknown.empty() || known >= names.size())
        return;
    network::adoptVariables(object, names, m_order, m_nextId);
    const std::size_t count = countVariables(object, m_order);
    // Where names do not tell, the rest goes to the first of them.
    for (std::size_t i = count; i < names.size(); ++i)
        unknown.front()->own.push_back({ names[i], true, m_nextId++ });
}

void WeightAssignment::takeGroup(VariableObject& object, const Layer& layer, StoredGroup& group)
{
    std::vector<std::string> names;
    for (const Weight& weight : group.weights)
        names.push_back(weight.path);
    fitObject(object, names);
    auto listed = network::trainableFirst(object, m_order);
    if (listed.size() != group.weights.size()) {
        problem(Severity::Warning, layer.name,
            "The file holds " + std::to_string(group.weights.size())
                + " weights for this layer, its configuration asks for "
                + std::to_string(listed.size()) + ".",
            "The weights are shown as they are; Keras will refuse to load them.");
        if (!layer.isModel()) {
            network::adoptAll(object, names, m_nextId);
            listed = network::trainableFirst(object, m_order);
        }
    }
    const std::size_t fitting = std::min(listed.size(), group.weights.size());
    for (std::size_t i = 0; i < fitting; ++i) {
        Weight& weight = group.weights[i];
        weight.trainable = listed[i].trainable;
        m_values.emplace(listed[i].variable().id, std::move(weight));
    }
    for (std::size_t i = fitting; i < group.weights.size(); ++i)
        m_leftOver.push_back(std::move(group.weights[i]));
}

/// network.weights in Keras's order, and what no layer takes behind them.
void WeightAssignment::listWeights()
{
    network::listWeights(m_network, m_tree, m_order, std::move(m_values));
    for (Weight& weight : m_leftOver)
        m_network.weights.push_back(std::move(weight));
}

void WeightAssignment::run(std::vector<StoredGroup> groups)
{
    m_network.weights.clear();
    if (m_model.layers.empty() && m_network.architecture.isEmpty())
        makeLayersOfGroups(groups);
    else if (m_model.layers.empty() && m_model.kind == LayerKind::Subclassed)
        makeLayersOfGroups(groups);
    if (m_order == VariableOrder::TrainableFirst) // an input is frozen in Keras before TensorFlow's
        freezeInputs(m_model);
    buildTree();
    const auto pairs = pairGroups(groups);
    std::vector<bool> taken(groups.size(), false);
    const bool anyWeights = std::any_of(
        pairs.begin(), pairs.end(), [](const auto& pair) { return pair.has_value(); });
    for (std::size_t child = 0; child < pairs.size(); ++child) {
        const Layer& layer = m_model.layers[m_layerOfChild[child]];
        VariableObject& object = m_tree.children[child];
        if (pairs[child]) {
            StoredGroup& group = groups[*pairs[child]];
            if (group.layer != layer.name)
                problem(Severity::Note, layer.name,
                    "Its weights are stored under the name '" + group.layer + "'.",
                    "They were paired by position, as Keras does.");
            taken[*pairs[child]] = true;
            takeGroup(object, layer, group);
        } else if (anyWeights && countVariables(object, m_order) > 0) {
            problem(Severity::Warning, layer.name, "The file holds no weights for this layer.",
                "Keras will refuse to load it. The other layers are sound.");
        }
    }
    for (std::size_t g = 0; g < groups.size(); ++g) {
        if (taken[g] || groups[g].weights.empty())
            continue;
        if (groups[g].layer == topLevelGroup) {
            for (Weight& weight : groups[g].weights) {
                m_tree.own.push_back({ weight.name, weight.trainable, m_nextId });
                m_values.emplace(m_nextId++, std::move(weight));
            }
            continue;
        }
        problem(Severity::Warning, groups[g].layer,
            "The file holds weights under this name, and the model has no such layer.",
            "They are kept and saved.");
        for (Weight& weight : groups[g].weights)
            m_leftOver.push_back(std::move(weight));
    }
    listWeights();
}

} // namespace

void assignWeights(Network& network, std::vector<StoredGroup> groups)
{
    for (StoredGroup& group : groups)
        for (Weight& weight : group.weights)
            if (weight.path.empty())
                weight.path = weight.name;
    WeightAssignment(network).run(std::move(groups));
}

} // namespace layerscope
