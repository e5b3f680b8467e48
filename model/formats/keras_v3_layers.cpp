#include "model/formats/keras_v3_file.h"
#include "model/network/variable_layout.h"
#include "model/network/variable_tree.h"

#include <unordered_map>

// Layers of a model whose configuration is not known (a file of weights, a model of Python code):
// what the names of groups tell.

namespace layerscope::formats {

namespace {

constexpr int deepestLayer = 64;

/// "dense_1" as Dense: groups that stand in a list are called after their class.
std::string classOfGroup(std::string_view group)
{
    static const auto classes = [] {
        std::unordered_map<std::string, std::string> found;
        for (const std::string_view name : network::knownLayerClasses())
            found.emplace(snakeCase(name), name);
        return found;
    }();
    auto known = classes.find(std::string(group));
    const std::size_t digits = group.find_last_not_of("0123456789");
    if (known == classes.end() && digits != std::string_view::npos && group[digits] == '_')
        known = classes.find(std::string(group.substr(0, digits)));
    return known != classes.end() ? known->second : std::string();
}

/// A matrix and a vector as long as its rows are a Dense layer's; no other layer of Keras has two
/// arrays like these.
std::string classOfArrays(const V3Group& group)
{
    if (group.variables.size() != 2 || !group.groups.empty())
        return {};
    const Shape& kernel = group.variables[0].asRead.shape();
    const Shape& bias = group.variables[1].asRead.shape();
    const bool isDense = kernel.size() == 2 && bias.size() == 1 && kernel[1] == bias[0];
    return isDense ? "Dense" : std::string();
}

V3Group* containerOf(V3Group& group)
{
    V3Group* const layers = group.find(v3LayersGroup);
    return layers != nullptr ? layers : group.find(v3LayersGroup212);
}

class LayerMaker
{
public:
    explicit LayerMaker(std::vector<V3Group*>& leaves)
        : m_leaves(leaves)
    {
    }

    void fill(Layer& model, V3Group& group, int depth)
    {
        model.kind = LayerKind::Subclassed;
        group.isTaken = true;
        if (V3Group* const container = containerOf(group))
            addList(model, *container, depth);
        for (auto& [name, inner] : group.groups) {
            if (&inner == containerOf(group) || !inner.holdsValues())
                continue;
            if (depth == 0 && (name == v3OptimizerGroup || name == v3MetricsGroup))
                continue;
            // A list of layers on an attribute has no variables of its own.
            if (!inner.hasVariables && containerOf(inner) == nullptr)
                addList(model, inner, depth);
            else
                add(model, name, classOfArrays(inner), inner, depth);
        }
    }

private:
    void addList(Layer& model, V3Group& list, int depth)
    {
        list.isTaken = true;
        for (auto& [name, inner] : list.groups) {
            if (!inner.hasVariables && containerOf(inner) == nullptr && depth < deepestLayer)
                addList(model, inner, depth + 1); // a list of lists
            else
                add(model, name, classOfGroup(name), inner, depth);
        }
    }

    void add(Layer& model, const std::string& name, const std::string& className, V3Group& group,
        int depth)
    {
        Layer layer;
        layer.name = group.instance.empty() ? name : group.instance;
        layer.className = className;
        if (containerOf(group) != nullptr && depth < deepestLayer)
            fill(layer, group, depth + 1);
        else
            m_leaves.push_back(&group);
        model.layers.push_back(std::move(layer));
    }

    std::vector<V3Group*>& m_leaves;
};

} // namespace

void layersOfGroups(Layer& model, V3Group& group, std::vector<V3Group*>& groups)
{
    if (model.name.empty())
        model.name = group.instance;
    LayerMaker(groups).fill(model, group, 0);
}

void readV3Weights(Network& network, V3Carried& carried)
{
    carried.generation = network.generation;
    matchV3Weights(network, carried);
    readV3Optimizer(network, carried);
}

} // namespace layerscope::formats
