#include "model/network/adopt_variables.h"

#include <algorithm>
#include <tuple>

namespace layerscope::network {

namespace {

/// What Keras's own classes call those variables that they do not train.
bool looksTrained(std::string_view name)
{
    for (const char* part :
        { "moving_mean", "moving_variance", "running_mean", "running_std", "vector_u", "seed" })
        if (name.find(part) != std::string_view::npos)
            return false;
    return true;
}

std::vector<std::string> components(const std::string& name)
{
    std::vector<std::string> parts(1);
    for (const char c : name.substr(0, name.rfind(':'))) {
        if (c == '/')
            parts.emplace_back();
        else
            parts.back().push_back(c);
    }
    return parts;
}

void collectLayers(VariableObject& object, std::vector<VariableObject*>& found)
{
    if (!object.isModel) {
        found.push_back(&object);
        return;
    }
    for (VariableObject& child : object.children)
        collectLayers(child, found);
}

/// A stored variable as its name places it.
struct Placed
{
    std::size_t layer = 0;
    std::string inner; ///< path below the layer, without the variable's own name
    std::string name;
    bool trained = true;
};

/// Where the names of a group's variables place them among the layers of a model.
class Placement
{
public:
    Placement(VariableObject& object, VariableOrder order)
        : m_isModel(object.isModel)
        , m_order(order)
    {
        collectLayers(object, m_layers);
    }

    void place(const std::vector<std::string>& names);
    void give(std::size_t& nextId);

private:
    std::optional<Placed> placed(const std::string& name) const;
    std::size_t innerNumber(const Placed& variable);

    bool m_isModel;
    VariableOrder m_order;
    std::vector<VariableObject*> m_layers;
    std::vector<Placed> m_variables;
    std::vector<std::vector<std::string>> m_inner; ///< by layer, as they first occur
};

std::optional<Placed> Placement::placed(const std::string& name) const
{
    const auto parts = components(name);
    // Keras 3 names begin with the top-level layer's own.
    const bool skipFirst = m_isModel && m_order == VariableOrder::Keras3;
    for (std::size_t at = skipFirst ? 1 : 0; at + 1 < parts.size(); ++at) {
        const auto layer = std::find_if(m_layers.begin(), m_layers.end(),
            [&](const VariableObject* candidate) { return candidate->name == parts[at]; });
        if (layer == m_layers.end())
            continue;
        Placed result{ static_cast<std::size_t>(layer - m_layers.begin()), {}, parts.back() };
        for (std::size_t i = at + 1; i + 1 < parts.size(); ++i)
            result.inner += (result.inner.empty() ? "" : "/") + parts[i];
        return result;
    }
    if (m_isModel)
        return std::nullopt;
    return Placed{ 0, {}, parts.back() };
}

std::size_t Placement::innerNumber(const Placed& variable)
{
    if (variable.inner.empty() || m_order != VariableOrder::Keras3)
        return 0;
    auto& inner = m_inner[variable.layer];
    const auto found = std::find(inner.begin(), inner.end(), variable.inner);
    if (found == inner.end())
        inner.push_back(variable.inner);
    return static_cast<std::size_t>(
               std::find(inner.begin(), inner.end(), variable.inner) - inner.begin())
        + 1;
}

void Placement::place(const std::vector<std::string>& names)
{
    m_inner.resize(m_layers.size());
    std::pair<std::size_t, std::size_t> furthest;
    bool others = false; // the trained ones are over
    for (const std::string& name : names) {
        auto variable = placed(name);
        if (!variable)
            continue;
        const std::pair key(variable->layer, innerNumber(*variable));
        others = others || key < furthest || !looksTrained(variable->name);
        furthest = std::max(furthest, key);
        const VariableObject& layer = *m_layers[variable->layer];
        variable->trained = !others && (!layer.trainsBiasOnly || variable->name.ends_with("bias"));
        m_variables.push_back(*std::move(variable));
    }
}

void Placement::give(std::size_t& nextId)
{
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        VariableObject& layer = *m_layers[i];
        if (layer.isKnown)
            continue;
        for (const std::string& inner : m_inner[i]) {
            VariableObject object;
            object.path = layer.path.empty() ? inner : layer.path + "/" + inner;
            object.trainable = layer.trainable;
            layer.children.push_back(std::move(object));
        }
    }
    for (const Placed& variable : m_variables) {
        VariableObject& layer = *m_layers[variable.layer];
        if (layer.isKnown)
            continue;
        const std::size_t number = innerNumber(variable);
        VariableObject& owner = number == 0 ? layer : layer.children[number - 1];
        owner.own.push_back({ variable.name, variable.trained, nextId++ });
    }
}

} // namespace

void adoptVariables(VariableObject& object, const std::vector<std::string>& names,
    VariableOrder order, std::size_t& nextId)
{
    Placement placement(object, order);
    placement.place(names);
    placement.give(nextId);
}

void adoptAll(VariableObject& object, const std::vector<std::string>& names, std::size_t& nextId)
{
    object.children.clear();
    object.own.clear();
    for (const std::string& name : names)
        object.own.push_back({ components(name).back(), true, nextId++ });
}

} // namespace layerscope::network
