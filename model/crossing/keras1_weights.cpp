#include "model/crossing/json_access.h"
#include "model/crossing/keras1.h"
#include "model/network/architecture.h"
#include "model/network/variable_tree.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace layerscope::crossing {

namespace {

using network::VariableObject;

/// A weight of the new network: arrays of the old one, side by side or with their axes exchanged.
struct Recipe
{
    std::vector<WeightIndex> parts;
    std::vector<int> axes; ///< new order of the axes; empty: as they are
    bool dropsSecondAxis = false; ///< a Conv1D's kernel had an axis of length 1 more
    std::string name; ///< empty: that of the only part
};

/// Arrays of equal shape but for the last axis, joined along it.
Result<Tensor> joined(const std::vector<Tensor>& parts)
{
    if (parts.size() == 1)
        return parts[0];
    Shape shape = parts[0].shape();
    if (shape.empty())
        return Error(ErrorKind::ShapeMismatch, "an array of a gate has no axes");
    std::int64_t columns = 0;
    for (const Tensor& part : parts) {
        Shape same = part.shape();
        if (same.size() != shape.size() || part.dtype() != parts[0].dtype()
            || !std::equal(same.begin(), same.end() - 1, shape.begin()))
            return Error(ErrorKind::ShapeMismatch, "the arrays of the gates differ in shape");
        columns += same.back();
    }
    shape.back() = columns;
    TRY(Tensor result, Tensor::zeros(parts[0].dtype(), shape));
    const std::size_t item = byteSize(result.dtype());
    const std::size_t stride = static_cast<std::size_t>(columns) * item;
    const std::span<std::byte> bytes = result.mutableBytes();
    std::size_t at = 0;
    for (const Tensor& part : parts) {
        const std::size_t width = static_cast<std::size_t>(part.shape().back()) * item;
        for (std::size_t row = 0; width > 0 && row * width < part.bytes().size(); ++row)
            std::memcpy(&bytes[row * stride + at], &part.bytes()[row * width], width);
        at += width;
    }
    return result;
}

Result<Tensor> transposed(const Tensor& tensor, const std::vector<int>& axes)
{
    const std::size_t rank = tensor.shape().size();
    if (axes.size() != rank)
        return tensor;
    Shape shape(rank);
    std::vector<std::size_t> strides(rank, 1); // of the old array, by new axis
    for (std::size_t i = 0; i < rank; ++i) {
        shape[i] = tensor.shape()[static_cast<std::size_t>(axes[i])];
        for (std::size_t k = static_cast<std::size_t>(axes[i]) + 1; k < rank; ++k)
            strides[i] *= static_cast<std::size_t>(tensor.shape()[k]);
    }
    TRY(Tensor result, Tensor::zeros(tensor.dtype(), shape));
    const std::size_t item = byteSize(tensor.dtype());
    const std::span<std::byte> bytes = result.mutableBytes();
    std::vector<std::int64_t> index(rank, 0);
    for (std::size_t to = 0; to * item < bytes.size(); ++to) {
        std::size_t from = 0;
        for (std::size_t i = 0; i < rank; ++i)
            from += static_cast<std::size_t>(index[i]) * strides[i];
        std::memcpy(&bytes[to * item], &tensor.bytes()[from * item], item);
        for (std::size_t i = rank; i-- > 0 && ++index[i] == shape[i];)
            index[i] = 0;
    }
    return result;
}

Result<StoredTensor> made(const Recipe& recipe, const std::vector<StoredTensor>& sources)
{
    if (sources.size() == 1 && recipe.axes.empty() && !recipe.dropsSecondAxis)
        return sources[0];
    std::vector<Tensor> parts;
    for (const StoredTensor& source : sources) {
        TRY(Tensor tensor, source.load());
        parts.push_back(std::move(tensor));
    }
    TRY(Tensor result, joined(parts));
    TRY(result, transposed(result, recipe.axes));
    if (recipe.dropsSecondAxis && result.shape().size() == 4 && result.shape()[1] == 1) {
        Shape shape = result.shape();
        shape.erase(shape.begin() + 1);
        TRY(result, result.reshaped(shape));
    }
    return StoredTensor(std::move(result));
}

/// Arrays were stored gate after gate, each as W, U, b. LSTM: i, c, f, o, joined as i, f, c, o.
void addGates(const std::vector<WeightIndex>& weights, std::vector<Recipe>& recipes)
{
    const std::vector<std::size_t> gates = weights.size() == 12
        ? std::vector<std::size_t>{ 0, 2, 1, 3 }
        : std::vector<std::size_t>{ 0, 1, 2 };
    const std::array names{ "kernel", "recurrent_kernel", "bias" };
    for (std::size_t array = 0; array < names.size(); ++array) {
        Recipe recipe;
        recipe.name = names[array];
        for (const std::size_t gate : gates)
            recipe.parts.push_back(weights[gate * 3 + array]);
        recipes.push_back(std::move(recipe));
    }
}

/// Kernels as Theano's ordering and Keras before 1.1 had them.
void turnKernel(const Layer& layer, const Network& network, Recipe& recipe)
{
    const Shape& shape = network.weights[recipe.parts[0]].value.shape();
    const bool first = textAt(layer.config, "data_format") == "channels_first";
    const auto filters = static_cast<std::int64_t>(numberAt(layer.config, "filters", -1));
    if (layer.className == "Conv1D" && shape.size() == 4) {
        if (shape[3] != filters)
            recipe.axes = { 2, 3, 1, 0 };
        recipe.dropsSecondAxis = true;
    } else if (layer.className == "Conv2D" && first && shape.size() == 4) {
        recipe.axes = { 2, 3, 1, 0 };
    } else if (layer.className == "Conv2DTranspose" && shape.size() == 4) {
        recipe.axes = first ? std::vector<int>{ 2, 3, 0, 1 } : std::vector<int>{ 0, 1, 3, 2 };
    } else if (layer.className == "Conv3D" && first && shape.size() == 5) {
        recipe.axes = { 2, 3, 4, 1, 0 };
    }
}

class Keras1Weights
{
public:
    Keras1Weights(const Network& from, Network& to)
        : m_from(from)
        , m_to(to)
    {
    }

    Result<void> run()
    {
        m_to.weights.clear();
        m_made.resize(m_from.weights.size());
        TRY_DO(models(m_from.model, m_to.model));
        for (WeightIndex i = 0; i < m_from.weights.size(); ++i)
            if (!m_made[i]) { // of no layer
                m_to.model.weights.push_back(m_to.weights.size());
                TRY_DO(add({ { i }, {}, false, {} }));
            }
        if (m_to.optimizer)
            TRY_DO(slots(*m_to.optimizer));
        return {};
    }

    bool hasJoined() const { return m_hasJoined; }

private:
    Result<void> models(const Layer& from, Layer& to)
    {
        for (std::size_t i = 0; i < from.layers.size() && i < to.layers.size(); ++i) {
            if (from.layers[i].isModel())
                TRY_DO(models(from.layers[i], to.layers[i]));
            else
                TRY_DO(leaf(from.layers[i], to.layers[i]));
        }
        return {};
    }

    Result<void> leaf(const Layer& from, Layer& to)
    {
        const VariableObject tree = network::variableObject(from, KerasGeneration::Keras1);
        const auto listed = network::trainableFirst(tree, network::VariableOrder::TrainableFirst);
        std::vector<Recipe> recipes;
        if (listed.size() == from.weights.size())
            collect(tree, listed, from.weights, recipes);
        else
            for (const WeightIndex index : from.weights)
                recipes.push_back({ { index }, {}, false, {} });
        if (!recipes.empty())
            turnKernel(to, m_from, recipes[0]);
        for (const Recipe& recipe : recipes) {
            to.weights.push_back(m_to.weights.size());
            TRY_DO(add(recipe));
        }
        return {};
    }

    static void collect(const VariableObject& object,
        const std::vector<network::ListedVariable>& listed, const std::vector<WeightIndex>& weights,
        std::vector<Recipe>& recipes)
    {
        std::vector<WeightIndex> own(object.own.size());
        for (std::size_t i = 0; i < listed.size(); ++i)
            if (listed[i].object == &object)
                own[listed[i].index] = weights[i];
        if (own.size() == 12 || own.size() == 9)
            addGates(own, recipes);
        else
            for (const WeightIndex index : own)
                recipes.push_back({ { index }, {}, false, {} });
        for (const VariableObject& child : object.children)
            collect(child, listed, weights, recipes);
    }

    Result<void> add(const Recipe& recipe)
    {
        Weight weight = m_from.weights[recipe.parts[0]];
        std::vector<StoredTensor> sources;
        for (const WeightIndex part : recipe.parts) {
            sources.push_back(m_from.weights[part].value);
            m_made[part] = m_to.weights.size();
        }
        TRY(weight.value, made(recipe, sources));
        if (!recipe.name.empty())
            weight.name = weight.path = recipe.name;
        m_hasJoined = m_hasJoined || recipe.parts.size() > 1;
        m_recipes.push_back(recipe);
        m_to.weights.push_back(std::move(weight));
        return {};
    }

    Result<void> slots(OptimizerState& state)
    {
        std::map<std::pair<std::string, WeightIndex>, StoredTensor> old;
        std::vector<std::string> names;
        std::vector<OptimizerVariable> variables;
        for (const OptimizerVariable& variable : state.variables) {
            if (variable.role != SlotRole::Slot || !variable.weight) {
                variables.push_back(variable);
                continue;
            }
            old[{ variable.slot, *variable.weight }] = variable.value;
            if (std::find(names.begin(), names.end(), variable.slot) == names.end())
                names.push_back(variable.slot);
        }
        for (const std::string& slot : names)
            for (WeightIndex index = 0; index < m_recipes.size(); ++index) {
                std::vector<StoredTensor> sources;
                for (const WeightIndex part : m_recipes[index].parts)
                    if (const auto found = old.find({ slot, part }); found != old.end())
                        sources.push_back(found->second);
                if (sources.size() != m_recipes[index].parts.size())
                    continue;
                OptimizerVariable variable;
                variable.role = SlotRole::Slot;
                variable.slot = slot;
                variable.weight = index;
                TRY(variable.value, made(m_recipes[index], sources));
                variables.push_back(std::move(variable));
            }
        state.variables = std::move(variables);
        return {};
    }

    const Network& m_from;
    Network& m_to;
    std::vector<std::optional<WeightIndex>> m_made; ///< by old index
    std::vector<Recipe> m_recipes; ///< by new index
    bool m_hasJoined = false;
};

} // namespace

Result<Network> renewKeras1(const Network& network, Journey& journey)
{
    Network renewed = network;
    TRY(Json architecture, renewKeras1Config(network.architecture.value()));
    renewed.architecture = JsonText(std::move(architecture));
    std::vector<Problem> problems;
    TRY(renewed.model, parseArchitecture(renewed.architecture.value(), problems));
    renewed.generation = KerasGeneration::Legacy;
    renewed.file.kerasVersion = "2.10.0";
    Keras1Weights weights(network, renewed);
    TRY_DO(weights.run());
    if (renewed.optimizer)
        renewed.optimizer->dialect = KerasGeneration::Legacy;
    if (weights.hasJoined())
        journey.remark("Keras 1 kept an array for each gate of a recurrent layer; they were "
                       "joined, with the optimizer's values for them.");
    return renewed;
}

} // namespace layerscope::crossing
