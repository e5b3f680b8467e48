// The walk over a model's calls: in a Sequential one after the other, in a Functional model in
// Keras's order of execution.
#include "model/layers/execution_order.h"
#include "model/layers/layer_lowering.h"
#include "model/layers/layer_type.h"
#include "model/network/variable_layout.h"

#include <algorithm>

namespace layerscope::layers {

using ops::Value;

namespace {

/// What one call gives out, or what it is given.
struct Tensors
{
    std::vector<Value> values;
    std::vector<Value> masks;

    void push(const Tensors& from, std::size_t index)
    {
        values.push_back(index < from.values.size() ? from.values[index] : Value{});
        masks.push_back(index < from.masks.size() ? from.masks[index] : Value{});
    }
};

std::string joined(const std::vector<std::string>& path)
{
    std::string text;
    for (const std::string& name : path)
        text += (text.empty() ? "" : "/") + name;
    return text;
}

class NestedLowering
{
public:
    NestedLowering(ModelLowering& model, const Layer& nested, const std::vector<std::string>& path,
        std::vector<LayerOutput>* record)
        : m_model(model)
        , m_nested(nested)
        , m_path(path)
        , m_record(record)
    {
    }

    Tensors chain(Tensors tensors)
    {
        tensors.values.resize(1);
        tensors.masks.resize(1);
        for (const Layer& layer : m_nested.layers) {
            if (layer.className == "InputLayer")
                continue;
            tensors = use(layer, std::move(tensors), BoundCall::ofTensors(1));
            if (m_model.builder.error())
                return {};
            // A layer with several outputs inside a Sequential hands on the first.
            tensors.values.resize(1);
            tensors.masks.resize(1);
        }
        return tensors;
    }

    Tensors graph(const Tensors& inputs)
    {
        std::vector<std::vector<Tensors>> tensors(m_nested.layers.size());
        for (std::size_t i = 0; i < tensors.size(); ++i)
            tensors[i].resize(std::max<std::size_t>(m_nested.layers[i].calls.size(), 1));
        const auto find = [&](const TensorReference& reference) -> Tensors* {
            const bool exists = reference.layer < tensors.size()
                && reference.call < tensors[reference.layer].size();
            return exists ? &tensors[reference.layer][reference.call] : nullptr;
        };
        for (std::size_t i = 0; i < m_nested.inputs.size(); ++i)
            if (Tensors* place = find(m_nested.inputs[i])) {
                *place = {};
                place->push(inputs, i);
            }
        for (const CallStep& step : executionOrder(m_nested)) {
            if (isGiven(step))
                continue;
            const Layer& layer = m_nested.layers[step.layer];
            Tensors given;
            for (const TensorReference& reference : layer.calls[step.call].tensors()) {
                const Tensors* from = find(reference);
                given.push(from ? *from : Tensors{}, reference.tensor);
                if (!given.values.back())
                    missing(layer);
            }
            tensors[step.layer][step.call]
                = use(layer, std::move(given), BoundCall::of(layer.calls[step.call]));
            if (m_model.builder.error())
                return {};
        }
        Tensors outputs;
        for (const TensorReference& reference : m_nested.outputs) {
            const Tensors* from = find(reference);
            outputs.push(from ? *from : Tensors{}, reference.tensor);
            if (!outputs.values.back())
                missing(m_nested);
        }
        return outputs;
    }

private:
    bool isGiven(const CallStep& step) const
    {
        return std::any_of(
            m_nested.inputs.begin(), m_nested.inputs.end(), [&](const TensorReference& input) {
                return input.layer == step.layer && input.call == step.call;
            });
    }

    void missing(const Layer& layer)
    {
        m_model.builder.fail(ErrorKind::Corrupt,
            "layer '" + layer.name + "' (" + layer.className
                + "): a tensor that it refers to is not in the model");
    }

    Tensors use(const Layer& layer, Tensors given, const BoundCall& call)
    {
        // Models that use each other twice, level by level, ask for more calls than any computer
        // has.
        constexpr std::size_t mostCalls = 1'000'000;
        if (++m_model.callCount > mostCalls)
            m_model.builder.fail(
                ErrorKind::Unsupported, "the model has over a million layer calls");
        if (m_model.builder.error())
            return {};
        std::vector<std::string> path = m_path;
        path.push_back(layer.name);
        const ops::Builder::Scope scope(m_model.builder, layer.name);
        Tensors result;
        if (layer.isModel()) {
            ModelOutputs outputs = lowerNested(
                m_model, layer, path, std::move(given.values), std::move(given.masks), m_record);
            result = { std::move(outputs.values), std::move(outputs.masks) };
        } else {
            LayerLowering lowering(m_model, layer, layer.weights);
            lowering.inputs = std::move(given.values);
            lowering.masks = std::move(given.masks);
            lowering.call = call;
            result.values = lowerLayer(lowering);
            result.masks = std::move(lowering.outputMasks);
        }
        note(path, result);
        return result;
    }

    void note(const std::vector<std::string>& path, const Tensors& result)
    {
        if (!m_record)
            return;
        const int call = m_model.callCounts[joined(path)]++;
        for (std::size_t i = 0; i < result.values.size(); ++i)
            m_record->push_back({ path, call, static_cast<int>(i), result.values[i] });
    }

    ModelLowering& m_model;
    const Layer& m_nested;
    const std::vector<std::string>& m_path;
    std::vector<LayerOutput>* m_record;
};

void collectLeaves(Layer& model, std::vector<Layer*>& leaves)
{
    for (Layer& layer : model.layers) {
        if (layer.isModel())
            collectLeaves(layer, leaves);
        else
            leaves.push_back(&layer);
    }
}

} // namespace

ModelOutputs lowerNested(ModelLowering& model, const Layer& nested,
    const std::vector<std::string>& path, std::vector<Value> inputs, std::vector<Value> masks,
    std::vector<LayerOutput>* record)
{
    NestedLowering lowering(model, nested, path, record);
    Tensors given{ std::move(inputs), std::move(masks) };
    Tensors result;
    if (nested.kind == LayerKind::Sequential)
        result = lowering.chain(std::move(given));
    else if (nested.kind == LayerKind::Functional)
        result = lowering.graph(given);
    else
        model.builder.fail(ErrorKind::Unsupported,
            "model '" + nested.name + "' (" + nested.className
                + "): its graph is Python code, so it cannot be run");
    return { std::move(result.values), std::move(result.masks) };
}

void assignInnerWeights(
    Layer& model, const std::vector<WeightIndex>& weights, KerasGeneration generation)
{
    std::vector<Layer*> leaves;
    collectLeaves(model, leaves);
    std::size_t next = 0;
    for (const bool trainable : { true, false })
        for (Layer* leaf : leaves) {
            const auto layout = variableLayout(*leaf, generation);
            if (!layout)
                continue;
            for (const VariableSpec& spec : *layout)
                if ((spec.trainable && leaf->trainable) == trainable && next < weights.size())
                    leaf->weights.push_back(weights[next++]);
        }
}

} // namespace layerscope::layers
