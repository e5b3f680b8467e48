#include "model/crossing/json_access.h"
#include "model/crossing/weights.h"
#include "model/network/variable_tree.h"

#include <algorithm>

namespace layerscope::crossing {

namespace {

/// The variables of a layer that learns by LoRA.
struct Factors
{
    WeightIndex kernel = 0;
    WeightIndex a = 0;
    WeightIndex b = 0;
};

/// kernel [..., n] + scale · a [..., r] · b [r, n].
Result<StoredTensor> merged(
    const StoredTensor& kernel, const StoredTensor& a, const StoredTensor& b, double scale)
{
    const auto wide = [](const StoredTensor& stored) -> Result<Tensor> {
        TRY(const Tensor tensor, stored.load());
        return tensor.converted(DType::Float64);
    };
    TRY(Tensor sum, wide(kernel));
    TRY(const Tensor left, wide(a));
    TRY(const Tensor right, wide(b));
    if (b.shape().size() != 2 || a.shape().empty() || kernel.shape().empty()
        || a.shape().back() != b.shape()[0] || kernel.shape().back() != b.shape()[1]
        || left.count() / std::max<std::int64_t>(1, b.shape()[0])
            != sum.count() / std::max<std::int64_t>(1, b.shape()[1]))
        return Error(ErrorKind::ShapeMismatch, "the shapes of the LoRA factors do not fit");
    const auto rank = static_cast<std::size_t>(b.shape()[0]);
    const auto columns = static_cast<std::size_t>(b.shape()[1]);
    const auto rows = columns == 0 ? 0 : static_cast<std::size_t>(sum.count()) / columns;
    auto target = sum.mutableValuesAs<double>();
    const auto leftValues = left.valuesAs<double>();
    const auto rightValues = right.valuesAs<double>();
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t k = 0; k < rank; ++k)
            for (std::size_t column = 0; column < columns; ++column)
                target[row * columns + column]
                    += scale * leftValues[row * rank + k] * rightValues[k * columns + column];
    TRY(Tensor result, sum.converted(kernel.dtype()));
    return StoredTensor(std::move(result));
}

bool isZero(const StoredTensor& stored)
{
    const auto tensor = stored.load();
    return tensor
        && std::ranges::all_of(tensor->bytes(), [](std::byte b) { return b == std::byte{ 0 }; });
}

class LoraMerge
{
public:
    LoraMerge(Network& network, bool keepsFactors)
        : m_network(network)
        , m_keepsFactors(keepsFactors)
    {
    }

    Result<bool> run(Layer& layer)
    {
        bool any = false;
        for (Layer& inner : layer.layers) {
            TRY(const bool found, run(inner));
            any = any || found;
        }
        if (layer.isModel() || !member(layer.config, "lora_rank").is_number())
            return any;
        const network::VariableObject tree
            = network::variableObject(layer, KerasGeneration::Keras3);
        const auto listed = network::trainableFirst(tree, network::VariableOrder::Keras3);
        if (listed.size() != layer.weights.size())
            return any;
        const double rank = numberAt(layer.config, "lora_rank", 1);
        const double alpha = numberAt(layer.config, "lora_alpha", rank);
        Factors factors;
        std::vector<WeightIndex> rest; // in the order of a layer without LoRA
        for (std::size_t i = 0; i < listed.size(); ++i) {
            const std::string& name = listed[i].variable().name;
            if (name.starts_with("lora_"))
                (name.ends_with("_a") ? factors.a : factors.b) = layer.weights[i];
            else if (listed[i].index == 0)
                factors.kernel = layer.weights[i];
            else
                rest.push_back(layer.weights[i]);
        }
        const bool isFresh = isZero(m_network.weights[factors.a].value)
            && isZero(m_network.weights[factors.b].value);
        if (m_keepsFactors && isFresh)
            return any; // nothing to add: the file stays as it is
        TRY_DO(merge(factors, rank > 0 ? alpha / rank : 0));
        if (!m_keepsFactors) {
            rest.insert(rest.begin(), factors.kernel);
            layer.weights = std::move(rest);
            layer.config.erase("lora_rank");
            m_dropped.push_back(factors.a);
            m_dropped.push_back(factors.b);
        }
        return true;
    }

    const std::vector<WeightIndex>& dropped() const { return m_dropped; }

private:
    Result<void> merge(const Factors& factors, double scale)
    {
        auto& weights = m_network.weights;
        TRY(weights[factors.kernel].value,
            merged(weights[factors.kernel].value, weights[factors.a].value,
                weights[factors.b].value, scale));
        for (const WeightIndex index : { factors.a, factors.b }) {
            StoredTensor& value = weights[index].value;
            TRY(Tensor zeros, Tensor::zeros(value.dtype(), value.shape()));
            value = StoredTensor(std::move(zeros));
        }
        return {};
    }

    Network& m_network;
    bool m_keepsFactors;
    std::vector<WeightIndex> m_dropped;
};

} // namespace

Result<std::vector<WeightIndex>> mergeLora(Network& network, Journey& journey)
{
    LoraMerge merge(network, journey.to.keras3());
    TRY(const bool any, merge.run(network.model));
    if (any && journey.to.keras3())
        journey.remark("What LoRA has learned was added to the kernels, as Keras 3 does when it "
                       "saves; the factors are zero now, from where they learn no further.");
    else if (any)
        journey.remark("What LoRA has learned was added to the kernels.");
    return merge.dropped();
}

} // namespace layerscope::crossing
