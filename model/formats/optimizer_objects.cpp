#include "model/formats/legacy_slots.h"
#include "model/formats/tracked_tree.h"
#include "model/network/optimizer_layout.h"

#include <array>

namespace layerscope::formats {

namespace {

/// Numbers that optimizers of Keras 2.10 and earlier keep as variables beside their configuration.
constexpr std::array<const char*, 11> hyperparameters{ "learning_rate", "decay", "momentum", "rho",
    "beta_1", "beta_2", "beta", "learning_rate_power", "l1_regularization_strength",
    "l2_regularization_strength", "lr" };

std::optional<double> number(const Json& config, const char* key)
{
    const auto found = config.is_object() ? config.find(key) : config.end();
    return config.is_object() && found != config.end() && found->is_number()
        ? std::optional(found->get<double>())
        : std::nullopt;
}

/// The configuration that holds the learning rate: a loss scale stands around another optimizer.
const Json& innermost(const Json& config)
{
    const auto inner = config.is_object() ? config.find("inner_optimizer") : config.end();
    if (!config.is_object() || inner == config.end() || !inner->is_object()
        || !inner->contains("config"))
        return config;
    return (*inner)["config"];
}

class OptimizerObjects
{
public:
    OptimizerObjects(std::vector<TrackedNode>& nodes, const Network& network,
        const std::vector<std::size_t>& variableOfWeight)
        : m_nodes(nodes)
        , m_network(network)
        , m_state(*network.optimizer)
        , m_variableOfWeight(variableOfWeight)
    {
    }

    void append(std::size_t root)
    {
        m_optimizer = add("optimizer");
        m_nodes[root].children.emplace_back("optimizer", m_optimizer);
        if (m_state.dialect == KerasGeneration::Keras1
            || m_state.dialect == KerasGeneration::Legacy)
            appendLegacy();
        else
            appendList();
        appendLossScale();
    }

private:
    std::size_t add(const std::string& identifier)
    {
        m_nodes.emplace_back();
        m_nodes.back().identifier = identifier;
        return m_nodes.size() - 1;
    }

    std::size_t addValue(std::string name, std::string key, StoredTensor value)
    {
        const std::size_t id = add("");
        TrackedNode& node = m_nodes[id];
        node.isVariable = true;
        node.trainable = false;
        node.variableName = std::move(name);
        node.key = std::move(key);
        node.value = std::move(value);
        return id;
    }

    /// A variable that is an attribute of the optimizer itself.
    std::size_t attribute(const std::string& name, StoredTensor value)
    {
        const std::size_t id = addValue(name, checkpointKey("optimizer/" + name), std::move(value));
        m_nodes[m_optimizer].children.emplace_back(name, id);
        return id;
    }

    StoredTensor iterations() const
    {
        if (m_state.iterations)
            return Tensor::scalar<std::int64_t>(*m_state.iterations);
        for (const OptimizerVariable& variable : m_state.variables)
            if (variable.role == SlotRole::Iteration)
                return variable.value;
        return Tensor::scalar<std::int64_t>(0);
    }

    static std::string plainName(const OptimizerVariable& variable)
    {
        return variable.name.substr(0, variable.name.rfind(':'));
    }

    /// Keras 2.11 and later: one list, the count of steps first.
    void appendList()
    {
        m_nodes[m_optimizer].identifier = "experimentalOptimizer";
        const std::size_t list = add("trackable_list_wrapper");
        m_nodes[m_optimizer].children.emplace_back("_variables", list);
        const std::size_t count = attribute("_iterations", iterations());
        m_nodes[list].children.emplace_back("0", count);
        if (const auto rate = number(innermost(m_state.config), "learning_rate"))
            attribute("_learning_rate", Tensor::scalar<float>(static_cast<float>(*rate)));
        std::size_t place = 1;
        for (const OptimizerVariable& variable : m_state.variables) {
            if (variable.role == SlotRole::Iteration || variable.role == SlotRole::LearningRate)
                continue;
            if (variable.role == SlotRole::Scalar) {
                if (variable.slot == "u_product")
                    attribute("_u_product", variable.value);
                continue;
            }
            const std::string number = std::to_string(place++);
            const std::size_t id = addValue(plainName(variable),
                checkpointKey("optimizer/_variables/" + number), variable.value);
            m_nodes[list].children.emplace_back(number, id);
        }
    }

    /// Keras 2.10 and earlier: hyper-parameters are variables, slots hang on the model's.
    void appendLegacy()
    {
        attribute("iter", iterations());
        for (const char* name : hyperparameters)
            if (const auto value = number(innermost(m_state.config), name))
                attribute(std::string_view(name) == "lr" ? "learning_rate" : name,
                    Tensor::scalar<float>(static_cast<float>(*value)));
        for (const OptimizerVariable& variable : m_state.variables) {
            if (variable.role == SlotRole::Scalar && variable.slot == "u_product")
                attribute("momentum_cache", variable.value);
            if (variable.role != SlotRole::Slot || !variable.weight
                || *variable.weight >= m_variableOfWeight.size())
                continue;
            const std::size_t owner = m_variableOfWeight[*variable.weight];
            const std::string slot
                = legacySlotName(plainOptimizerName(m_state.className), variable.slot);
            const std::string& key = m_nodes[owner].key;
            const std::string prefix = key.substr(0, key.rfind("/.ATTRIBUTES/"));
            const std::size_t id = addValue(plainName(variable),
                checkpointKey(prefix + "/.OPTIMIZER_SLOT/optimizer/" + slot), variable.value);
            m_nodes[m_optimizer].slotVariables.push_back({ owner, slot, id });
        }
    }

    /// What a LossScaleOptimizer keeps beside the list.
    void appendLossScale()
    {
        std::optional<std::size_t> holder;
        for (const OptimizerVariable& variable : m_state.variables) {
            const bool isScale = variable.slot == "dynamic_scale";
            if (variable.role != SlotRole::Scalar || (!isScale && variable.slot != "step_counter"))
                continue;
            if (!holder) {
                holder = add("_generic_user_object");
                m_nodes[m_optimizer].children.emplace_back("loss_scale", *holder);
            }
            const std::string name = isScale ? "current_loss_scale" : "good_steps";
            const std::size_t id
                = addValue(name, checkpointKey("optimizer/loss_scale/" + name), variable.value);
            m_nodes[*holder].children.emplace_back(name, id);
        }
    }

    std::vector<TrackedNode>& m_nodes;
    const Network& m_network;
    const OptimizerState& m_state;
    const std::vector<std::size_t>& m_variableOfWeight;
    std::size_t m_optimizer = 0;
};

} // namespace

void appendOptimizer(std::vector<TrackedNode>& nodes, std::size_t root, const Network& network,
    const std::vector<std::size_t>& variableOfWeight)
{
    OptimizerObjects(nodes, network, variableOfWeight).append(root);
}

} // namespace layerscope::formats
