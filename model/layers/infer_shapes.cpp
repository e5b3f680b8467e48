// Output shapes of all layers: a walk over the model in Keras's order of execution with partial
// shapes instead of tensors.
#include "model/layers/execution_order.h"
#include "model/layers/layer_type.h"
#include "model/layers/lower_model.h"
#include "model/layers/model_inputs.h"
#include "model/layers/recorded_shapes.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using MaybeShape = std::optional<PartialShape>;
using MaybeShapes = std::vector<MaybeShape>; ///< one for each tensor

class ShapeWalk
{
public:
    explicit ShapeWalk(const Network& network)
        : m_network(network)
    {
    }

    std::map<std::string, LayerShapes> run()
    {
        enter(m_network.model, "", {}, Record::Yes);
        return std::move(m_found);
    }

    /// What the layers are given, by path.
    std::map<std::string, std::vector<PartialShape>> inputsOfLayers()
    {
        enter(m_network.model, "", {}, Record::Yes);
        return std::move(m_given);
    }

    enum class Record { No, Yes };

    /// Shapes of a model's outputs for the given inputs; absent inputs are what it declares itself.
    MaybeShapes enter(
        const Layer& model, const std::string& prefix, MaybeShapes inputs, Record record)
    {
        const std::vector<DeclaredInput> declared = declaredInputs(model);
        inputs.resize(std::max(inputs.size(), declared.size()));
        for (std::size_t i = 0; i < declared.size(); ++i)
            if (!inputs[i])
                inputs[i] = declared[i].shape;
        if (model.kind == LayerKind::Sequential)
            return chain(model, prefix, inputs, record);
        if (model.kind == LayerKind::Functional)
            return graph(model, prefix, inputs, record);
        return {};
    }

private:
    MaybeShapes chain(
        const Layer& model, const std::string& prefix, const MaybeShapes& inputs, Record record)
    {
        MaybeShapes shapes = inputs;
        shapes.resize(1);
        const BoundCall call = BoundCall::ofTensors(1);
        for (const Layer& layer : model.layers) {
            if (layer.className == "InputLayer")
                note(layer, prefix, shapes, record);
            else
                shapes = use(
                    layer, prefix, { shapes.empty() ? MaybeShape() : shapes[0] }, call, record);
        }
        return shapes;
    }

    MaybeShapes graph(
        const Layer& model, const std::string& prefix, const MaybeShapes& inputs, Record record)
    {
        std::vector<std::vector<MaybeShapes>> values(model.layers.size());
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            values[i].resize(std::max<std::size_t>(model.layers[i].calls.size(), 1));
            if (isInput(model, i))
                values[i][0] = { declaredShape(model.layers[i]) };
        }
        for (std::size_t i = 0; i < model.inputs.size() && i < inputs.size(); ++i)
            if (model.inputs[i].layer < values.size()
                && model.inputs[i].call < values[model.inputs[i].layer].size())
                values[model.inputs[i].layer][model.inputs[i].call] = { inputs[i] };
        for (std::size_t i = 0; i < model.layers.size(); ++i)
            if (isInput(model, i))
                note(model.layers[i], prefix, values[i][0], record);
        const auto look = [&](const TensorReference& reference) {
            if (reference.layer >= values.size() || reference.call >= values[reference.layer].size()
                || reference.tensor >= values[reference.layer][reference.call].size())
                return MaybeShape();
            return values[reference.layer][reference.call][reference.tensor];
        };
        const auto steps
            = record == Record::Yes ? executionOrderOfAll(model) : executionOrder(model);
        for (const CallStep& step : steps) {
            const Call& call = model.layers[step.layer].calls[step.call];
            MaybeShapes given;
            for (const TensorReference& reference : call.tensors())
                given.push_back(look(reference));
            values[step.layer][step.call] = use(
                model.layers[step.layer], prefix, std::move(given), BoundCall::of(call), record);
        }
        MaybeShapes outputs;
        for (const TensorReference& reference : model.outputs)
            outputs.push_back(look(reference));
        return outputs;
    }

    /// One call of a layer or nested model.
    MaybeShapes use(const Layer& layer, const std::string& prefix, MaybeShapes inputs,
        const BoundCall& call, Record record)
    {
        // A file of a few kilobytes can nest models that use each other twice, level by level: the
        // number of calls is then beyond any computer, real Keras included.
        constexpr std::size_t mostCalls = 2'000'000;
        if (++m_calls > mostCalls)
            return {};
        if (record == Record::Yes)
            noteInputs(layer, prefix, inputs, call);
        MaybeShapes outputs = layer.isModel() ? useModel(layer, prefix, inputs, record)
                                              : useLayer(layer, inputs, call);
        if (outputs.empty() || !outputs[0])
            if (const MaybeShape known = recorded(layer, prefix + layer.name))
                outputs = { known };
        note(layer, prefix, outputs, record);
        return outputs;
    }

    MaybeShapes useModel(
        const Layer& model, const std::string& prefix, const MaybeShapes& inputs, Record record)
    {
        const std::string inner = prefix + model.name + "/";
        if (record == Record::No || m_found.contains(prefix + model.name))
            return enter(model, inner, inputs, Record::No);
        // What Keras tells of the layers inside is what they were built with: the model's own
        // inputs.
        const auto declared = declaredInputs(model);
        bool same = declared.size() == inputs.size();
        bool known = !declared.empty();
        for (std::size_t i = 0; i < declared.size(); ++i) {
            known = known && declared[i].shape;
            same = same && i < inputs.size() && declared[i].shape == inputs[i];
        }
        if (same || !known)
            return enter(model, inner, inputs, Record::Yes);
        enter(model, inner, {}, Record::Yes);
        return enter(model, inner, inputs, Record::No);
    }

    MaybeShapes useLayer(const Layer& layer, const MaybeShapes& inputs, const BoundCall& call)
    {
        std::vector<PartialShape> shapes;
        for (const MaybeShape& input : inputs)
            if (input)
                shapes.push_back(*input);
        if (shapes.size() != inputs.size())
            return {};
        const OutputShapes outputs = outputShapes(layer, m_network.generation, shapes, call);
        return outputs ? MaybeShapes(outputs->begin(), outputs->end()) : MaybeShapes();
    }

    /// What the file says about the output of a layer that no rule is known for.
    MaybeShape recorded(const Layer& layer, const std::string& path)
    {
        if (layer.isModel() || (findType(layer) && layer.className != "Lambda"))
            return std::nullopt;
        if (!m_recorded)
            m_recorded = recordedShapes(m_network);
        const auto found = m_recorded->find(path);
        return found == m_recorded->end() ? MaybeShape() : found->second;
    }

    /// Tensors that go in by keyword are not what a layer is built for.
    void noteInputs(const Layer& layer, const std::string& prefix, const MaybeShapes& inputs,
        const BoundCall& call)
    {
        std::vector<PartialShape> shapes;
        for (const std::size_t i : call.positionalTensors()) {
            if (i >= inputs.size() || !inputs[i])
                return;
            shapes.push_back(*inputs[i]);
        }
        if (!shapes.empty())
            m_given.emplace(prefix + layer.name, std::move(shapes));
    }

    void note(
        const Layer& layer, const std::string& prefix, const MaybeShapes& shapes, Record record)
    {
        if (record == Record::No || shapes.empty())
            return;
        LayerShapes result;
        for (const MaybeShape& shape : shapes)
            if (shape)
                result.shapes.push_back(*shape);
        if (result.shapes.size() != shapes.size())
            return;
        result.isList
            = shapes.size() > 1 || (layer.className == "InputLayer" && listsInputShapes());
        m_found.emplace(prefix + layer.name, std::move(result));
    }

    /// tf.keras 2 does; the Keras 1 and 2 that stood on its own and Keras 3 do not.
    bool listsInputShapes() const
    {
        if (m_network.generation == KerasGeneration::Keras2)
            return true;
        return m_network.generation == KerasGeneration::Legacy
            && (m_network.file.kerasVersion.find("-tf") != std::string::npos
                || m_network.file.kerasVersion >= "2.4");
    }

    const Network& m_network;
    std::map<std::string, LayerShapes> m_found;
    std::map<std::string, std::vector<PartialShape>> m_given;
    std::optional<std::map<std::string, PartialShape>> m_recorded;
    std::size_t m_calls = 0;
};

} // namespace

OutputShapes modelOutputShapes(
    const Layer& model, KerasGeneration generation, const std::vector<PartialShape>& inputs)
{
    Network network;
    network.generation = generation;
    const MaybeShapes outputs = ShapeWalk(network).enter(
        model, "", MaybeShapes(inputs.begin(), inputs.end()), ShapeWalk::Record::No);
    std::vector<PartialShape> shapes;
    for (const MaybeShape& output : outputs)
        if (output)
            shapes.push_back(*output);
    return shapes.empty() || shapes.size() != outputs.size() ? OutputShapes() : shapes;
}

std::map<std::string, LayerShapes> inferLayerShapes(const Network& network)
{
    return ShapeWalk(network).run();
}

std::map<std::string, std::vector<PartialShape>> inferInputShapes(const Network& network)
{
    return ShapeWalk(network).inputsOfLayers();
}

std::map<std::string, PartialShape> inferOutputShapes(const Network& network)
{
    std::map<std::string, PartialShape> result;
    for (auto& [path, shapes] : inferLayerShapes(network))
        if (!shapes.shapes.empty())
            result.emplace(path, std::move(shapes.shapes.front()));
    return result;
}

} // namespace layerscope::layers
