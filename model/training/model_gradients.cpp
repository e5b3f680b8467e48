#include "model/layers/lower_model.h"
#include "model/ops/gradient.h"
#include "model/ops/program.h"
#include "model/training/batches.h"
#include "model/training/model_facts.h"
#include "model/training/trainer_state.h"

#include <algorithm>

namespace layerscope::training {
namespace {

/// What a run of the gradient graph is fed and where it writes, in the order of the graph.
struct Bindings
{
    std::vector<const void*> inputs;
    std::vector<void*> variables, outputs;
    std::vector<StateBuffer> memory; ///< of outputs
    std::vector<ops::ValueInfo> infos; ///< of outputs
    std::vector<Tensor> upstreams; ///< kept alive
    std::int64_t seed[2] = { 0, 0 };

    Result<void> addOutput(const ops::ValueInfo& info)
    {
        TRY(StateBuffer buffer,
            StateBuffer::bytes(static_cast<std::size_t>(elementCount(info.shape).value_or(0))
                * byteSize(carriedType(info.dtype))));
        outputs.push_back(buffer.data());
        memory.push_back(std::move(buffer));
        infos.push_back(info);
        return {};
    }
    Result<Tensor> output(std::size_t index) const
    {
        const ops::ValueInfo& info = infos[index];
        TRY(const Tensor carried,
            Tensor::fromBytes(carriedType(info.dtype), info.shape,
                { static_cast<const std::byte*>(outputs[index]), memory[index].size() }));
        return carried.converted(info.dtype);
    }
};

template<class T> std::optional<std::size_t> positionOf(const std::vector<T>& list, const T& item)
{
    const auto found = std::find(list.begin(), list.end(), item);
    if (found == list.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - list.begin());
}

Result<Tensor> upstreamFor(const Tensor& given, const ops::ValueInfo& output)
{
    TRY(const Tensor shaped, given.reshaped(output.shape));
    TRY(const Tensor typed, shaped.converted(output.dtype));
    return typed.converted(carriedType(output.dtype));
}

} // namespace

Result<GradientResult> computeGradients(
    const Network& network, const GradientRequest& request, const JobContext& job)
{
    TRY(const ModelFacts facts, modelFacts(network, request.inputs, {}));
    DataSet data;
    TRY(data.inputs, fitInputs(request.inputs, {}, facts.inputShapes, facts.inputNames));
    const std::int64_t rows = data.rows();
    TRY(Batches batches, Batches::prepare(data, facts.inputTypes, {}, {}, rows));
    TRY(WeightMemory weights, WeightMemory::load(network));

    ops::Graph graph;
    ops::Builder builder(graph);
    layers::LoweringOptions options;
    options.mode = request.training ? layers::Mode::Training : layers::Mode::Inference;
    options.noise = request.training && request.noise ? layers::Noise::On : layers::Noise::Off;
    if (options.noise == layers::Noise::On)
        options.seed = builder.input("seed", { DType::Int64, { 2 } });
    TRY(const layers::LoweredModel model,
        layers::lowerModel(builder, network, rows, batches.inputShapes(rows), options));

    Bindings bindings;
    std::vector<ops::Value> upstreams, upstreamInputs;
    for (std::size_t i = 0; i < model.outputs.size(); ++i) {
        const ops::ValueInfo info = builder.info(model.outputs[i]);
        if (i < request.upstreams.size() && request.upstreams[i]) {
            auto tensor = upstreamFor(*request.upstreams[i], info);
            if (!tensor)
                return std::move(tensor).error().in("upstream_" + std::to_string(i));
            upstreams.push_back(builder.input("upstream/" + std::to_string(i), info));
            upstreamInputs.push_back(upstreams.back());
            bindings.upstreams.push_back(*std::move(tensor));
        } else {
            upstreams.push_back(builder.filled(1, info.shape, info.dtype));
        }
    }
    std::vector<ops::Value> sources;
    std::vector<std::size_t> weightPlaces, inputPlaces;
    for (std::size_t i = 0; i < model.weights.size(); ++i) {
        if (network.weights[i].trainable && isFloating(builder.dtype(model.weights[i]))) {
            sources.push_back(model.weights[i]);
            weightPlaces.push_back(i);
        }
    }
    for (std::size_t i = 0; i < model.inputs.size(); ++i) {
        if (isFloating(builder.dtype(model.inputs[i]))) {
            sources.push_back(model.inputs[i]);
            inputPlaces.push_back(i);
        }
    }
    const std::vector<ops::Value> found
        = ops::gradients(builder, model.outputs, upstreams, sources);
    if (builder.error())
        return *builder.error();
    for (const ops::Value gradient : found) {
        if (!gradient)
            continue;
        builder.output(gradient);
        TRY_DO(bindings.addOutput(builder.info(gradient)));
    }

    batches.select(0);
    for (const ops::Source& source : graph.sources) {
        if (source.kind == ops::SourceKind::Variable) {
            const auto place = positionOf(model.weights, source.value);
            bindings.variables.push_back(weights.weights[place.value_or(0)].data());
        } else if (source.kind == ops::SourceKind::Input) {
            if (const auto place = positionOf(model.inputs, source.value))
                bindings.inputs.push_back(batches.input(*place));
            else if (const auto upstream = positionOf(upstreamInputs, source.value))
                bindings.inputs.push_back(bindings.upstreams[*upstream].bytes().data());
            else
                bindings.inputs.push_back(bindings.seed);
        }
    }
    ops::CompileOptions compileOptions;
    compileOptions.threads = threadsOf({});
    TRY(ops::Program program, ops::Program::compile(graph, compileOptions));
    TRY_DO(program.run(bindings.inputs, bindings.variables, bindings.outputs, job));

    GradientResult result;
    result.weights.resize(network.weights.size());
    result.inputs.resize(model.inputs.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i])
            continue;
        TRY(Tensor gradient, bindings.output(next++));
        if (i < weightPlaces.size())
            result.weights[weightPlaces[i]] = std::move(gradient);
        else
            result.inputs[inputPlaces[i - weightPlaces.size()]] = std::move(gradient);
    }
    return result;
}

} // namespace layerscope::training
