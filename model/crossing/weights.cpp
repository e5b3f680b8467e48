#include "model/crossing/weights.h"

#include "model/network/variable_tree.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

// A model lists its variables in an order that follows from its layers, differently in each
// generation (variable_tree.h). What a layer itself owns has one order in both: its own variables,
// then those of the objects inside.

namespace layerscope::crossing {

namespace {

using network::ListedVariable;
using network::VariableObject;
using network::VariableOrder;

/// Ids of all variables of `object`, each once, in the order that both generations share.
void collectIds(const VariableObject& object, std::vector<std::size_t>& ids,
    std::unordered_set<std::size_t>& seen)
{
    for (const VariableObject::Variable& variable : object.own)
        if (seen.insert(variable.id).second)
            ids.push_back(variable.id);
    for (const VariableObject& child : object.children)
        collectIds(child, ids, seen);
}

std::vector<std::size_t> idsOf(const VariableObject& object)
{
    std::vector<std::size_t> ids;
    std::unordered_set<std::size_t> seen;
    collectIds(object, ids, seen);
    return ids;
}

std::size_t nextFree(const VariableObject& object, std::size_t next)
{
    for (const std::size_t id : idsOf(object))
        next = std::max(next, id + 1);
    return next;
}

class WeightMove
{
public:
    WeightMove(const Network& source, Network& target,
        const std::map<const Layer*, std::string>& newNames,
        const std::vector<WeightIndex>& dropped, Journey& journey)
        : m_source(source)
        , m_target(target)
        , m_newNames(newNames)
        , m_dropped(dropped.begin(), dropped.end())
        , m_journey(journey)
        , m_sourceOrder(network::variableOrder(source.generation, source.file.kerasVersion))
        , m_order(network::variableOrder(target.generation, target.file.kerasVersion))
    {
    }

    Result<MovedWeights> run()
    {
        m_moved.target.resize(m_source.weights.size());
        m_tree.isModel = true;
        m_tree.name = m_target.model.name;
        m_tree.trainable = m_target.model.trainable;
        TRY_DO(pairModels(m_source.model, m_target.model, m_tree, {}));
        list();
        nameModel(m_target.model, m_tree);
        TRY_DO(scale());
        return std::move(m_moved);
    }

private:
    /// What a variable of the target is in the source.
    struct Origin
    {
        WeightIndex weight = 0;
        std::string layer; ///< path of the layer's names in the target
        std::string oldLayer; ///< the layer's name in the source
        std::string newLayer;
        std::string variable; ///< its name in the target's class
        std::optional<WeightScale> scale;
    };

    Result<void> pairModels(const Layer& from, Layer& to, VariableObject& tree, std::string prefix)
    {
        if (m_target.generation == KerasGeneration::Keras3 && to.kind == LayerKind::Sequential)
            prefix += (prefix.empty() ? "" : "/") + to.name;
        std::unordered_map<std::string, const Layer*> sources;
        for (const Layer& layer : from.layers) {
            const auto renamed = m_newNames.find(&layer);
            sources.emplace(renamed != m_newNames.end() ? renamed->second : layer.name, &layer);
        }
        for (Layer& layer : to.layers) {
            if (layer.kind == LayerKind::Operation)
                continue;
            const auto source = sources.find(layer.name);
            tree.children.push_back(layerTree(layer));
            VariableObject& object = tree.children.back();
            if (source == sources.end())
                continue; // added on the way: owns nothing
            if (layer.isModel())
                TRY_DO(pairModels(*source->second, layer, object, prefix));
            else
                TRY_DO(pairLeaves(*source->second, layer, object, prefix));
        }
        return {};
    }

    /// A nested model's children are added by pairModels().
    VariableObject layerTree(const Layer& layer)
    {
        if (layer.isModel()) {
            VariableObject object;
            object.name = layer.name;
            object.isModel = true;
            object.trainable = layer.trainable;
            return object;
        }
        VariableObject object = network::variableObject(layer, m_target.generation, m_nextId);
        m_nextId = nextFree(object, m_nextId);
        return object;
    }

    Result<void> pairLeaves(
        const Layer& from, const Layer& to, VariableObject& object, const std::string& prefix)
    {
        const std::vector<WeightIndex> weights = inSharedOrder(from);
        if (idsOf(object).size() != weights.size())
            takeAsOwn(object, from, weights);
        TRY(const auto scales, hardSigmoidScales(from, m_journey));
        std::unordered_map<WeightIndex, std::optional<WeightScale>> scaleOf;
        for (std::size_t i = 0; i < scales.size(); ++i)
            scaleOf[from.weights[i]] = scales[i];
        const auto ids = idsOf(object);
        std::unordered_map<std::size_t, std::string> names;
        for (const ListedVariable& item : network::weightsOf(object, VariableOrder::Keras3))
            names[item.variable().id] = item.variable().name;
        const std::string path = prefix.empty() ? to.name : prefix + "/" + to.name;
        for (std::size_t i = 0; i < ids.size(); ++i)
            m_origins[ids[i]]
                = { weights[i], path, from.name, to.name, names[ids[i]], scaleOf[weights[i]] };
        return {};
    }

    /// The weights of a layer of the source: own variables, then those of the objects inside.
    std::vector<WeightIndex> inSharedOrder(const Layer& layer) const
    {
        const VariableObject tree = network::variableObject(layer, m_source.generation);
        const auto listed = network::trainableFirst(tree, m_sourceOrder);
        const auto ids = idsOf(tree);
        if (listed.size() != layer.weights.size() || ids.size() != listed.size())
            return layer.weights;
        std::unordered_map<std::size_t, WeightIndex> weightOf;
        for (std::size_t i = 0; i < listed.size(); ++i)
            weightOf[listed[i].variable().id] = layer.weights[i];
        std::vector<WeightIndex> found;
        for (const std::size_t id : ids)
            found.push_back(weightOf[id]);
        return found;
    }

    /// A class that is not known, or one whose file holds other variables than it should.
    void takeAsOwn(
        VariableObject& object, const Layer& from, const std::vector<WeightIndex>& weights)
    {
        object.children.clear();
        object.own.clear();
        object.isKnown = true;
        for (const WeightIndex index : weights) {
            const Weight& weight = m_source.weights[index];
            object.own.push_back({ weight.name, weight.trainable || !from.trainable, m_nextId++ });
        }
    }

    void list()
    {
        for (const ListedVariable& item : network::weightsOf(m_tree, m_order)) {
            const auto origin = m_origins.find(item.variable().id);
            if (origin == m_origins.end())
                continue;
            const WeightIndex place = m_target.weights.size();
            Weight weight = m_source.weights[origin->second.weight];
            weight.trainable = item.trainable;
            if (m_journey.changesGeneration() || weight.path.find("/vars/") != std::string::npos)
                rename(weight, origin->second);
            m_positions[item.variable().id] = place;
            if (!m_moved.target[origin->second.weight])
                m_moved.target[origin->second.weight] = place;
            if (origin->second.scale)
                m_moved.scales[place] = *origin->second.scale;
            m_target.weights.push_back(std::move(weight));
        }
        for (WeightIndex i = 0; i < m_source.weights.size(); ++i) {
            if (m_moved.target[i] || m_dropped.contains(i))
                continue;
            m_moved.target[i] = m_target.weights.size();
            m_target.model.weights.push_back(m_target.weights.size());
            m_target.weights.push_back(m_source.weights[i]);
        }
    }

    /// Paths are the file's where it has them, without or with the layer's models and ":0".
    void rename(Weight& weight, const Origin& origin) const
    {
        std::string path = weight.path.empty() ? weight.name : weight.path;
        if (path.ends_with(":0"))
            path.resize(path.size() - 2);
        const std::size_t at = path.find(origin.oldLayer + "/");
        const bool isReal = at != std::string::npos && (at == 0 || path[at - 1] == '/')
            && path.find("/vars/") == std::string::npos;
        const std::string below
            = isReal ? path.substr(at + origin.oldLayer.size() + 1) : origin.variable;
        if (m_target.generation == KerasGeneration::Keras3) {
            weight.path = origin.layer + "/" + below;
            weight.name = below.substr(below.rfind('/') + 1);
        } else {
            weight.path = weight.name = origin.newLayer + "/" + below + ":0";
        }
    }

    void nameModel(Layer& model, const VariableObject& tree)
    {
        std::size_t child = 0;
        for (Layer& layer : model.layers) {
            if (layer.kind == LayerKind::Operation)
                continue;
            const VariableObject& object = tree.children[child++];
            if (layer.isModel()) {
                nameModel(layer, object);
                continue;
            }
            for (const ListedVariable& item : network::trainableFirst(object, m_order))
                if (const auto found = m_positions.find(item.variable().id);
                    found != m_positions.end())
                    layer.weights.push_back(found->second);
        }
    }

    Result<void> scale()
    {
        for (Weight& weight : m_target.weights)
            if (m_journey.toKeras2() && weight.value.dtype() == DType::BFloat16) {
                TRY(const Tensor tensor, weight.value.load());
                TRY(Tensor wide, tensor.converted(DType::Float32));
                weight.value = StoredTensor(std::move(wide));
                m_journey.remark("Weights of bfloat16, which Keras 2 cannot load, became float32; "
                                 "the layers compute in bfloat16 as before.");
            }
        for (const auto& [index, scale] : m_moved.scales) {
            StoredTensor& value = m_target.weights[index].value;
            TRY(value, scaled(value, scale, 1));
        }
        if (!m_moved.scales.empty())
            m_journey.remark("hard_sigmoid is a steeper function in Keras 2 than in Keras 3; the "
                             "weights before it were scaled so that predictions are the same, and "
                             "training will differ slightly.");
        return {};
    }

    const Network& m_source;
    Network& m_target;
    const std::map<const Layer*, std::string>& m_newNames;
    std::unordered_set<WeightIndex> m_dropped;
    Journey& m_journey;
    VariableOrder m_sourceOrder;
    VariableOrder m_order;
    VariableObject m_tree;
    std::size_t m_nextId = 0;
    std::unordered_map<std::size_t, Origin> m_origins; ///< by variable id of the target
    std::unordered_map<std::size_t, WeightIndex> m_positions; ///< by the same
    MovedWeights m_moved;
};

} // namespace

Result<MovedWeights> moveWeights(const Network& source, Network& target,
    const std::map<const Layer*, std::string>& newNames, const std::vector<WeightIndex>& dropped,
    Journey& journey)
{
    target.weights.clear();
    return WeightMove(source, target, newNames, dropped, journey).run();
}

} // namespace layerscope::crossing
