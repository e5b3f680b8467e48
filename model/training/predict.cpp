#include "model/layers/lower_model.h"
#include "model/ops/program.h"
#include "model/training/batches.h"
#include "model/training/model_facts.h"
#include "model/training/trainer_state.h"

#include <algorithm>
#include <cstring>

namespace layerscope::training {
namespace {

/// The forward pass for one batch size.
class ForwardPass
{
public:
    static Result<std::unique_ptr<ForwardPass>> compile(const Network& network,
        const std::vector<Shape>& inputShapes, bool everyLayer, int threads, WeightMemory& weights);

    Result<void> run(const Batches& batches, const JobContext& job);
    Result<Tensor> output(std::size_t index) const;
    std::size_t outputCount() const { return m_outputs.size(); }
    const std::vector<std::string>& names() const { return m_names; } ///< "" for model outputs

private:
    std::unique_ptr<ops::Program> m_program;
    std::vector<std::size_t> m_feeds; ///< model input of each graph input
    std::vector<void*> m_variables, m_outputPointers;
    std::vector<ops::ValueInfo> m_infos;
    std::vector<StateBuffer> m_outputs;
    std::vector<std::string> m_names;
};

std::string nameOf(const layers::LayerOutput& output)
{
    std::string path;
    for (const std::string& part : output.path)
        path += (path.empty() ? "" : "/") + part;
    return path + ":" + std::to_string(output.call) + ":" + std::to_string(output.output);
}

std::size_t bytesOf(const ops::ValueInfo& info)
{
    return static_cast<std::size_t>(elementCount(info.shape).value_or(0))
        * byteSize(carriedType(info.dtype));
}

Result<std::unique_ptr<ForwardPass>> ForwardPass::compile(const Network& network,
    const std::vector<Shape>& inputShapes, bool everyLayer, int threads, WeightMemory& weights)
{
    ops::Graph graph;
    ops::Builder builder(graph);
    layers::LoweringOptions options;
    options.noise = layers::Noise::Off;
    const std::int64_t batch
        = inputShapes.empty() || inputShapes[0].empty() ? 1 : inputShapes[0][0];
    TRY(const layers::LoweredModel model,
        layers::lowerModel(builder, network, batch, inputShapes, options));
    auto result = std::make_unique<ForwardPass>();
    const auto emit = [&](ops::Value value, std::string name) {
        builder.output(value);
        result->m_infos.push_back(builder.info(value));
        result->m_names.push_back(std::move(name));
    };
    for (const ops::Value output : model.outputs)
        emit(output, "");
    for (const layers::LayerOutput& output : model.layerOutputs) {
        if (everyLayer && output.value)
            emit(output.value, nameOf(output));
    }
    if (builder.error())
        return *builder.error();
    for (const ops::Source& source : graph.sources) {
        if (source.kind == ops::SourceKind::Input) {
            const auto found = std::find(model.inputs.begin(), model.inputs.end(), source.value);
            result->m_feeds.push_back(static_cast<std::size_t>(found - model.inputs.begin()));
        } else if (source.kind == ops::SourceKind::Variable) {
            const auto found = std::find(model.weights.begin(), model.weights.end(), source.value);
            result->m_variables.push_back(
                weights.weights[static_cast<std::size_t>(found - model.weights.begin())].data());
        }
    }
    for (const ops::ValueInfo& info : result->m_infos) {
        TRY(StateBuffer buffer, StateBuffer::bytes(bytesOf(info)));
        result->m_outputPointers.push_back(buffer.data());
        result->m_outputs.push_back(std::move(buffer));
    }
    ops::CompileOptions compileOptions;
    compileOptions.threads = threads;
    TRY(ops::Program program, ops::Program::compile(graph, compileOptions));
    result->m_program = std::make_unique<ops::Program>(std::move(program));
    return result;
}

Result<void> ForwardPass::run(const Batches& batches, const JobContext& job)
{
    std::vector<const void*> inputs;
    for (const std::size_t feed : m_feeds)
        inputs.push_back(batches.input(feed));
    return m_program->run(inputs, m_variables, m_outputPointers, job);
}

Result<Tensor> ForwardPass::output(std::size_t index) const
{
    const ops::ValueInfo& info = m_infos[index];
    TRY(const Tensor carried,
        Tensor::fromBytes(carriedType(info.dtype), info.shape,
            { static_cast<const std::byte*>(m_outputs[index].data()), bytesOf(info) }));
    return carried.converted(info.dtype);
}

Result<Tensor> joined(const std::vector<Tensor>& parts)
{
    if (parts.size() == 1)
        return parts[0];
    Shape shape = parts[0].shape();
    std::vector<std::byte> bytes;
    shape[0] = 0;
    for (const Tensor& part : parts) {
        shape[0] += part.shape()[0];
        bytes.insert(bytes.end(), part.bytes().begin(), part.bytes().end());
    }
    return Tensor::fromBytes(parts[0].dtype(), shape, bytes);
}

} // namespace

Result<Prediction> predict(const Network& network, const std::vector<Tensor>& inputs,
    bool everyLayer, std::int64_t batchSize, const JobContext& job)
{
    TRY(const ModelFacts facts, modelFacts(network, inputs, {}));
    DataSet data;
    TRY(data.inputs, fitInputs(inputs, {}, facts.inputShapes, facts.inputNames));
    TRY(Batches batches, Batches::prepare(data, facts.inputTypes, {}, {}, batchSize));
    TRY(WeightMemory weights, WeightMemory::load(network));
    const int threads = threadsOf({});
    std::map<std::int64_t, std::unique_ptr<ForwardPass>> passes;
    std::vector<std::vector<Tensor>> parts;
    std::vector<std::string> names;
    const std::int64_t count = batches.batchesPerEpoch();
    for (std::int64_t batch = 0; batch < count; ++batch) {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "The prediction was stopped.");
        const std::int64_t rows = batches.rowsOf(batch);
        auto& pass = passes[rows];
        if (!pass) {
            TRY(pass,
                ForwardPass::compile(
                    network, batches.inputShapes(rows), everyLayer, threads, weights));
        }
        batches.select(batch);
        TRY_DO(pass->run(batches, job));
        parts.resize(pass->outputCount());
        names = pass->names();
        for (std::size_t i = 0; i < parts.size(); ++i) {
            TRY(Tensor part, pass->output(i));
            // What has no row for each input row (a constant) is the same in each batch.
            const bool isPerRow = !part.shape().empty() && part.shape()[0] == rows;
            if (isPerRow || parts[i].empty())
                parts[i].push_back(std::move(part));
        }
        job.report(batch + 1, count);
    }
    Prediction result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        TRY(Tensor whole, joined(parts[i]));
        if (names[i].empty())
            result.outputs.push_back(std::move(whole));
        else
            result.layers.emplace_back(names[i], std::move(whole));
    }
    return result;
}

} // namespace layerscope::training
