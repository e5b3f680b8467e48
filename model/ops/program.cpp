#include "model/ops/program.h"

#include "model/ops/plan.h"

namespace layerscope::ops {

Program::Program(std::unique_ptr<Plan> plan)
    : m_plan(std::move(plan))
{
}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

Result<Program> Program::compile(const Graph& graph, const CompileOptions& options)
{
    TRY(auto plan, Plan::make(graph, options));
    return Program(std::move(plan));
}

Result<void> Program::run(std::span<const void* const> inputs, std::span<void* const> variables,
    std::span<void* const> outputs, const JobContext& job)
{
    return m_plan->run(inputs, variables, outputs, job);
}

std::span<const std::byte> Program::probe(std::size_t index) const
{
    return m_plan->probe(index);
}

std::size_t Program::arenaBytes() const
{
    return m_plan->arenaBytes();
}

std::size_t Program::stepCount() const
{
    return m_plan->stepCount();
}

std::string Program::describe() const
{
    return m_plan->describe();
}

Result<std::vector<Tensor>> evaluate(const Graph& graph, std::span<const Tensor> inputs)
{
    std::vector<Tensor> held;
    std::vector<const void*> inputPointers;
    for (const Source& source : graph.sources) {
        if (source.kind == SourceKind::Variable)
            return Error(ErrorKind::InvalidArgument, "evaluate: the graph has variables");
        if (source.kind != SourceKind::Input)
            continue;
        const ValueInfo& info = graph.info(source.value);
        if (held.size() >= inputs.size() || inputs[held.size()].dtype() != info.dtype
            || inputs[held.size()].shape() != info.shape)
            return Error(ErrorKind::ShapeMismatch,
                "evaluate: input '" + source.name + "' is to be " + std::string(name(info.dtype))
                    + " " + toString(info.shape));
        TRY(Tensor carried, inputs[held.size()].converted(carriedType(info.dtype)));
        held.push_back(std::move(carried));
    }
    for (const Tensor& tensor : held)
        inputPointers.push_back(tensor.bytes().data());
    TRY(Program program, Program::compile(graph));
    std::vector<Tensor> results;
    std::vector<void*> outputPointers;
    for (const Value output : graph.outputs) {
        const ValueInfo& info = graph.info(output);
        TRY(Tensor result, Tensor::zeros(carriedType(info.dtype), info.shape));
        results.push_back(std::move(result));
    }
    for (Tensor& result : results)
        outputPointers.push_back(result.mutableBytes().data());
    TRY_DO(program.run(inputPointers, {}, outputPointers));
    for (std::size_t i = 0; i < results.size(); ++i) {
        TRY(results[i], results[i].converted(graph.info(graph.outputs[i]).dtype));
    }
    return results;
}

} // namespace layerscope::ops
