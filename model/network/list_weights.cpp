#include "model/network/list_weights.h"

namespace layerscope::network {

namespace {

using Positions = std::unordered_map<std::size_t, WeightIndex>;

void nameLayers(
    Layer& layer, const VariableObject& object, VariableOrder order, const Positions& positions)
{
    if (!layer.isModel()) {
        for (const ListedVariable& item : trainableFirst(object, order))
            if (const auto found = positions.find(item.variable().id); found != positions.end())
                layer.weights.push_back(found->second);
        return;
    }
    if (layer.layers.empty()) { // a model of Python code in another model
        for (const ListedVariable& item : weightsOf(object, order))
            if (const auto found = positions.find(item.variable().id); found != positions.end())
                layer.weights.push_back(found->second);
        return;
    }
    std::size_t child = 0;
    for (Layer& inner : layer.layers)
        if (inner.kind != LayerKind::Operation && child < object.children.size())
            nameLayers(inner, object.children[child++], order, positions);
    for (const VariableObject::Variable& variable : object.own)
        if (const auto found = positions.find(variable.id); found != positions.end())
            layer.weights.push_back(found->second);
}

} // namespace

Positions listWeights(Network& network, const VariableObject& tree, VariableOrder order,
    std::unordered_map<std::size_t, Weight> values)
{
    Positions positions;
    for (const ListedVariable& item : weightsOf(tree, order)) {
        const auto value = values.find(item.variable().id);
        if (value == values.end())
            continue;
        value->second.trainable = item.trainable;
        positions.emplace(item.variable().id, network.weights.size());
        network.weights.push_back(std::move(value->second));
    }
    nameLayers(network.model, tree, order, positions);
    return positions;
}

} // namespace layerscope::network
