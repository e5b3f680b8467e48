#include "model/formats/checkpoint_optimizer.h"

#include "model/formats/legacy_slots.h"
#include "model/network/optimizer_layout.h"

namespace layerscope::formats {

namespace {

class OptimizerReader
{
public:
    OptimizerReader(Network& network, const ObjectGraph& graph,
        const std::unordered_map<ObjectId, WeightIndex>& weightOfObject)
        : m_network(network)
        , m_graph(graph)
        , m_weightOfObject(weightOfObject)
    {
    }

    std::vector<std::string> read(ObjectId optimizer)
    {
        const Json described = m_network.training ? m_network.training->optimizer() : Json();
        if (described.is_object()) {
            m_state.config = described.value("config", Json::object());
            m_state.className = plainOptimizerName(described.value("class_name", std::string()));
        }
        if (const auto list = m_graph[optimizer].child("_variables")) {
            m_state.dialect = KerasGeneration::Keras2;
            readList(optimizer, *list);
        } else {
            m_state.dialect = KerasGeneration::Legacy;
            readLegacy(optimizer);
        }
        readLossScale(optimizer);
        if (!m_state.variables.empty() || described.is_object())
            m_network.optimizer = std::move(m_state);
        return std::move(m_keys);
    }

private:
    void add(const std::string& name, ObjectId id, SlotRole role = SlotRole::Unknown,
        const std::string& slot = {})
    {
        auto value = m_graph.value(id);
        if (!value)
            return;
        m_state.variables.push_back({ name, name, role, slot, std::nullopt, *std::move(value) });
        m_keys.push_back(m_graph[id].checkpointKey);
    }

    /// Keras 2.11 and later: one list in the order of formats.md 1.9, the count of steps first.
    void readList(ObjectId optimizer, ObjectId list)
    {
        if (const auto iterations = m_graph[optimizer].child("_iterations"))
            add("iteration:0", *iterations);
        const auto items = m_graph.list(list);
        for (const ObjectId id : items) {
            const TrackedObject& object = m_graph[id];
            if (m_graph[optimizer].child("_iterations") == id)
                continue;
            add(object.variableName.empty() ? object.fullName : object.variableName, id);
        }
        interpretOptimizer(m_network, m_state);
        if (const auto product = m_graph[optimizer].child("_u_product"))
            add("u_product", *product, SlotRole::Scalar, "u_product");
    }

    /// Keras 2.10 and earlier: slots hang on the variables; put into the order of .h5 files.
    void readLegacy(ObjectId optimizer)
    {
        if (const auto count = m_graph[optimizer].child("iter"))
            add("iter:0", *count);
        std::map<std::pair<WeightIndex, std::string>, ObjectId> slots;
        for (const SlotEdge& edge : m_graph[optimizer].slots)
            if (const auto weight = m_weightOfObject.find(edge.variable);
                weight != m_weightOfObject.end())
                slots[{ weight->second, slotOfLegacy(m_state.className, edge.slot) }] = edge.value;
        const auto trained = trainableWeights(m_network);
        const auto layout = optimizerLayout(
            m_state.className, m_state.config, m_state.dialect, trainableWeightsOf(m_network));
        for (const OptimizerSlotSpec& spec : layout.value_or(std::vector<OptimizerSlotSpec>{})) {
            if (spec.role == SlotRole::Scalar && spec.slot == "u_product") {
                if (const auto product = m_graph[optimizer].child("momentum_cache"))
                    add("momentum_cache:0", *product);
            } else if (spec.role == SlotRole::Slot && spec.variable) {
                const auto found = slots.find({ trained[*spec.variable], spec.slot });
                if (found == slots.end())
                    continue;
                add(m_network.weights[trained[*spec.variable]].name + "/" + spec.slot,
                    found->second);
                slots.erase(found);
            }
        }
        for (const auto& [owner, id] : slots) // of an optimizer that is not known: nothing is lost
            add(m_network.weights[owner.first].name + "/" + owner.second, id);
        interpretOptimizer(m_network, m_state);
    }

    /// A LossScaleOptimizer keeps its scale, and the steps since that changed, beside the list; the
    /// slots have the names that Keras 3 gives them.
    void readLossScale(ObjectId optimizer)
    {
        if (const auto scale = m_graph.find(optimizer, "loss_scale/current_loss_scale"))
            add("current_loss_scale:0", *scale, SlotRole::Scalar, "dynamic_scale");
        if (const auto steps = m_graph.find(optimizer, "loss_scale/good_steps"))
            add("good_steps:0", *steps, SlotRole::Scalar, "step_counter");
    }

    Network& m_network;
    const ObjectGraph& m_graph;
    const std::unordered_map<ObjectId, WeightIndex>& m_weightOfObject;
    OptimizerState m_state;
    std::vector<std::string> m_keys; ///< checkpoint keys of m_state.variables
};

} // namespace

std::vector<std::string> readCheckpointOptimizer(Network& network, const ObjectGraph& graph,
    const std::unordered_map<ObjectId, WeightIndex>& weightOfObject)
{
    // `model.save` and `save_weights` hang it on the model; tf.train.Checkpoint(model=, optimizer=)
    // on its root.
    auto optimizer = graph[0].child("optimizer");
    if (!optimizer)
        optimizer = graph.find(0, "model/optimizer");
    if (!optimizer)
        return {};
    return OptimizerReader(network, graph, weightOfObject).read(*optimizer);
}

} // namespace layerscope::formats
