#include "model/crossing/hard_sigmoid.h"

#include "model/crossing/config_values.h"
#include "model/crossing/json_access.h"
#include "model/network/architecture.h"
#include "model/network/variable_tree.h"

#include <cmath>
#include <map>
#include <unordered_set>

namespace layerscope::crossing {

namespace {

constexpr double ratio = 1.2; // slopes: 0.2 over 1/6

double factorOf(const Journey& journey)
{
    return journey.to.keras3() ? ratio : 1 / ratio;
}

bool isHardSigmoid(const Json& config, const char* key)
{
    return functionName(member(config, key)) == "hard_sigmoid";
}

bool isHardSigmoidActivation(const Json& object, int depth = 0)
{
    const std::string className = textAt(object, "class_name");
    const Json& config = member(object, "config");
    if (className == "TimeDistributed" && depth < 8)
        return isHardSigmoidActivation(member(config, "layer"), depth + 1);
    return className == "Activation" && isHardSigmoid(config, "activation");
}

/// Classes whose output is activation(something linear in all their own variables).
bool isLinearBefore(const std::string& className)
{
    static const std::unordered_set<std::string> names{ "Dense", "EinsumDense", "Conv1D", "Conv2D",
        "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D",
        "DepthwiseConv2D", "LocallyConnected1D", "LocallyConnected2D", "SimpleRNN",
        "SimpleRNNCell" };
    return names.contains(className);
}

/// Finds the scales of the objects inside a layer, by their paths in the variable tree.
class ScaleSearch
{
public:
    explicit ScaleSearch(double factor)
        : m_factor(factor)
    {
    }

    Result<void> visit(const std::string& className, const Json& config, const std::string& path,
        const std::string& where, int depth = 0)
    {
        if (depth > 32 || !config.is_object())
            return {};
        const bool wrapped = className == "LSTM" || className == "GRU" || className == "SimpleRNN"
            || className.starts_with("ConvLSTM");
        const std::string own
            = wrapped && className.find("Cell") == std::string::npos ? joined(path, "cell") : path;
        if (className.starts_with("LSTM") || className.starts_with("ConvLSTM"))
            return lstm(config, own, where);
        if (className.starts_with("GRU"))
            return gru(config, own);
        if (isHardSigmoid(config, "activation")) {
            if (isLinearBefore(className))
                m_scales[own] = { m_factor, 1, { true } };
            else if (className.starts_with("SeparableConv"))
                m_separable.insert(own);
            else if (className != "Activation")
                return Error(ErrorKind::Unsupported,
                    "its hard_sigmoid is another function in the other Keras, and its weights "
                    "cannot make up for that")
                    .in(where);
        }
        return inner(className, config, path, where, depth);
    }

    std::optional<WeightScale> scaleOf(const network::ListedVariable& item) const
    {
        if (const auto found = m_scales.find(item.object->path); found != m_scales.end())
            return found->second;
        // Scaling one of the two factors of the product is enough.
        if (m_separable.contains(item.object->path) && item.variable().name != "depthwise_kernel")
            return WeightScale{ m_factor, 1, { true } };
        return std::nullopt;
    }

private:
    static std::string joined(const std::string& path, const std::string& attribute)
    {
        return path.empty() ? attribute : path + "/" + attribute;
    }

    Result<void> lstm(const Json& config, const std::string& path, const std::string& where)
    {
        if (isHardSigmoid(config, "activation")) // also stands after the cell's state
            return Error(ErrorKind::Unsupported,
                "its activation hard_sigmoid is another function in the other Keras, and its "
                "weights cannot make up for that")
                .in(where);
        if (isHardSigmoid(config, "recurrent_activation"))
            m_scales[path] = { m_factor, 4, { true, true, false, true } };
        return {};
    }

    Result<void> gru(const Json& config, const std::string& path)
    {
        const bool gates = isHardSigmoid(config, "recurrent_activation");
        const bool candidate = isHardSigmoid(config, "activation");
        if (gates || candidate)
            m_scales[path] = { m_factor, 3, { gates, gates, candidate } };
        return {};
    }

    Result<void> inner(const std::string& className, const Json& config, const std::string& path,
        const std::string& where, int depth)
    {
        const auto enter = [&](const Json& object, const std::string& attribute) {
            const Layer layer = parseLayer(object);
            return visit(layer.className, layer.config, joined(path, attribute), where, depth + 1);
        };
        const Json& layer = member(config, "layer");
        if (className == "Bidirectional") {
            const Json& backward = member(config, "backward_layer");
            TRY_DO(enter(layer, "forward_layer"));
            return enter(backward.is_object() ? backward : layer, "backward_layer");
        }
        if (className == "SpectralNormalization"
            && isHardSigmoid(member(layer, "config"), "activation"))
            return Error(ErrorKind::Unsupported,
                "its hard_sigmoid is another function in the other Keras, and a normalized kernel "
                "cannot make up for that")
                .in(where);
        if (layer.is_object())
            return enter(layer, "layer");
        const Json& cell = member(config, "cell");
        if (cell.is_object())
            return enter(cell, "cell");
        return cells(cell.is_array() ? cell : member(config, "cells"), path, where, depth);
    }

    /// As the variable tree names the cells of StackedRNNCells.
    Result<void> cells(
        const Json& cells, const std::string& path, const std::string& where, int depth)
    {
        if (!cells.is_array())
            return {};
        const Json stacked{ { "class_name", "StackedRNNCells" },
            { "config", { { "cells", cells } } } };
        const network::VariableObject tree
            = network::variableObject(parseLayer(stacked), KerasGeneration::Keras2);
        for (std::size_t i = 0; i < cells.size() && i < tree.children.size(); ++i) {
            const Layer layer = parseLayer(cells[i]);
            TRY_DO(visit(layer.className, layer.config, joined(path, tree.children[i].path), where,
                depth + 1));
        }
        return {};
    }

    double m_factor;
    std::map<std::string, WeightScale> m_scales;
    std::unordered_set<std::string> m_separable;
};

} // namespace

std::optional<Json> hardSigmoidRescaling(const Layer& layer, const Journey& journey)
{
    const Json object{ { "class_name", layer.className }, { "config", layer.config } };
    if (!journey.changesGeneration() || layer.isModel() || !isHardSigmoidActivation(object))
        return std::nullopt;
    Json config{ { "name", layer.name + "_scale" }, { "trainable", true },
        { "dtype", layer.dtypePolicy }, { "scale", factorOf(journey) }, { "offset", 0.0 } };
    return Json{ { "module", "keras.layers" }, { "class_name", "Rescaling" },
        { "config", std::move(config) }, { "registered_name", nullptr } };
}

Result<std::vector<std::optional<WeightScale>>> hardSigmoidScales(
    const Layer& layer, const Journey& journey)
{
    std::vector<std::optional<WeightScale>> scales(layer.weights.size());
    if (!journey.changesGeneration() || layer.isModel())
        return scales;
    ScaleSearch search(factorOf(journey));
    TRY_DO(search.visit(layer.className, layer.config, {}, layer.name));
    const auto generation = journey.from.generation;
    const network::VariableObject tree = network::variableObject(layer, generation);
    const auto listed
        = network::trainableFirst(tree, network::variableOrder(generation, std::string()));
    if (listed.size() != scales.size())
        return scales;
    for (std::size_t i = 0; i < listed.size(); ++i)
        scales[i] = search.scaleOf(listed[i]);
    return scales;
}

Result<StoredTensor> scaled(const StoredTensor& stored, const WeightScale& scale, int power)
{
    if (power == 0 || stored.shape().empty())
        return stored;
    const auto columns = static_cast<std::size_t>(stored.shape().back());
    if (scale.blockCount == 0 || columns % scale.blockCount != 0 || columns == 0)
        return stored;
    TRY(const Tensor original, stored.load());
    TRY(Tensor wide, original.converted(DType::Float64));
    const double factor = std::pow(scale.factor, power);
    const std::size_t width = columns / scale.blockCount;
    auto values = wide.mutableValuesAs<double>();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (scale.scaledBlocks[i % columns / width])
            values[i] *= factor;
    TRY(Tensor result, wide.converted(stored.dtype()));
    return StoredTensor(std::move(result));
}

int scalePower(const std::string& optimizer, const std::string& slot)
{
    if (slot == "average") // of the weight itself
        return 1;
    if (slot == "accumulated_delta_var")
        return 2;
    if (slot == "velocity" || slot == "velocity_hat" || slot == "accumulator" || slot == "c"
        || slot == "accumulated_grad")
        return -2;
    if (slot == "r") // a mean over the blocks
        return 0;
    return optimizer == "Ftrl" && slot == "linear" ? 0 : -1;
}

} // namespace layerscope::crossing
