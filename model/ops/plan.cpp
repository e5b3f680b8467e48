#include "model/ops/plan.h"

#include "model/ops/types/types.h"

#include <algorithm>
#include <cstring>

namespace layerscope::ops {

namespace {

void roundAll(const Rounding& rounding, float* values)
{
    for (std::int64_t i = 0; i < rounding.count; ++i)
        values[i] = rounding.type == DType::Float16
            ? floatFromHalf(halfFromFloat(values[i]))
            : floatFromBFloat16(bfloat16FromFloat(values[i]));
}

} // namespace

Result<std::unique_ptr<Program::Plan>> Program::Plan::make(
    const Graph& graph, const CompileOptions& options)
{
    auto plan = std::make_unique<Plan>();
    plan->m_graph = graph;
    removeDeadNodes(plan->m_graph, options.probes);
    if (options.optimize)
        TRY_DO(plan->optimize(options.probes));
    TRY_DO(plan->placeSources());
    const Storage storage(plan->m_graph, options.probes, options.optimize);
    TRY_DO(plan->makeSteps(storage, options.threads));
    plan->placeValues(storage, options.probes);
    TRY(plan->m_arena, allocateArena(plan->m_arenaBytes));
    plan->planPointers();
    return plan;
}

Result<void> Program::Plan::optimize(std::span<const Value> probes)
{
    TRY_DO(foldConstants(m_graph));
    shareEqualNodes(m_graph, probes);
    TRY_DO(foldConstants(m_graph));
    fuseEpilogues(m_graph, probes);
    fuseChains(m_graph, probes);
    fuseProductChains(m_graph, probes);
    hoistUpdates(m_graph);
    return {};
}

Result<void> Program::Plan::placeSources()
{
    m_places.resize(m_graph.values.size());
    std::size_t inputs = 0;
    std::size_t variables = 0;
    for (const Source& source : m_graph.sources) {
        Place& place = m_places[idOf(source.value)];
        switch (source.kind) {
        case SourceKind::Input:
            place = { Place::Kind::Input, inputs++ };
            break;
        case SourceKind::Variable:
            place = { Place::Kind::Variable, variables++ };
            break;
        case SourceKind::Constant: {
            place = { Place::Kind::Constant, m_constants.size() };
            TRY(Tensor carried, source.constant.converted(carriedType(source.constant.dtype())));
            m_constants.push_back(std::move(carried));
            break;
        }
        }
    }
    m_inputPointers.resize(inputs);
    m_variablePointers.resize(variables);
    return {};
}

Result<void> Program::Plan::makeSteps(const Storage& storage, int threads)
{
    std::size_t pointers = 0;
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
        if (storage.isView(i))
            continue;
        const Node& node = m_graph.nodes[i];
        Step step{ .kernel = {}, .firstPointer = pointers, .node = i, .scratch = {} };
        TRY(step.kernel,
            prepareNode(m_graph, node, threads, step.scratchBytes, storage.sharedInputs(i)));
        step.inputCount = node.inputs.size();
        step.outputCount = node.outputs.size() + (step.scratchBytes > 0 ? 1 : 0);
        // Chains round by themselves.
        for (std::size_t n = 0; n < node.outputs.size() && !isChain(node); ++n) {
            const ValueInfo& info = m_graph.info(node.outputs[n]);
            if (carriedType(info.dtype) != info.dtype)
                m_roundings.push_back({ info.dtype, m_steps.size(), pointers + step.inputCount + n,
                    countOf(info.shape) });
        }
        pointers += step.inputCount + step.outputCount;
        m_steps.push_back(std::move(step));
        if (i <= storage.firstOverwrite())
            m_stoppable = m_steps.size();
    }
    m_pointers.resize(pointers);
    return {};
}

void Program::Plan::placeValues(const Storage& storage, std::span<const Value> probes)
{
    ArenaPlanner arena;
    const auto ownsMemory = [&](Value value) { return storage.root(value) == value; };
    std::vector<std::vector<Value>> ending(m_graph.nodes.size() + 1);
    for (const Step& step : m_steps) {
        for (const Value output : m_graph.nodes[step.node].outputs) {
            if (ownsMemory(output))
                ending[storage.lastUse(output)].push_back(output);
        }
    }
    for (Step& step : m_steps) {
        for (const Value output : m_graph.nodes[step.node].outputs) {
            if (ownsMemory(output))
                m_places[idOf(output)]
                    = { Place::Kind::Arena, arena.take(carriedBytes(m_graph.info(output))) };
        }
        if (step.scratchBytes > 0) {
            step.scratch = { Place::Kind::Arena, arena.take(step.scratchBytes) };
            arena.giveBack(step.scratch.index, step.scratchBytes);
        }
        for (const Value value : ending[step.node])
            arena.giveBack(m_places[idOf(value)].index, carriedBytes(m_graph.info(value)));
    }
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        const Value value{ static_cast<std::int32_t>(i) };
        m_places[i] = m_places[idOf(storage.root(value))];
    }
    planEnd(storage, probes, arena);
    m_arenaBytes = arena.total();
}

void Program::Plan::planEnd(
    const Storage& storage, std::span<const Value> probes, ArenaPlanner& arena)
{
    // Old values of variables that are wanted after the variables have changed, and inputs.
    const auto staged = [&](Value value) {
        const std::size_t bytes = carriedBytes(m_graph.info(value));
        const Place to{ Place::Kind::Arena, arena.take(bytes) };
        m_stagings.push_back({ m_places[idOf(value)], to.index, bytes });
        return to;
    };
    std::size_t count = 0;
    for (const Value output : m_graph.outputs)
        m_outputCopies.push_back(
            { m_places[idOf(output)], count++, carriedBytes(m_graph.info(output)) });
    for (std::size_t i = 0; i < m_graph.assignments.size(); ++i) {
        const Assignment& assignment = m_graph.assignments[i];
        const Place from = m_places[idOf(assignment.newValue)];
        if (storage.isInPlace(i))
            continue;
        m_assignments.push_back(
            { from.kind == Place::Kind::Variable ? staged(assignment.newValue) : from,
                m_places[idOf(assignment.variable)].index,
                carriedBytes(m_graph.info(assignment.variable)) });
    }
    for (const Value probe : probes) {
        const Place from = m_places[idOf(probe)];
        m_probes.push_back({ from.kind == Place::Kind::Arena ? from : staged(probe), 0,
            carriedBytes(m_graph.info(probe)) });
    }
}

void Program::Plan::planPointers()
{
    for (const Step& step : m_steps) {
        const Node& node = m_graph.nodes[step.node];
        std::size_t at = step.firstPointer;
        const auto set = [&](const Place& place) {
            if (place.kind == Place::Kind::Input)
                m_inputPatches.push_back({ at, place.index });
            else if (place.kind == Place::Kind::Variable)
                m_variablePatches.push_back({ at, place.index });
            else
                m_pointers[at] = const_cast<void*>(address(place));
            ++at;
        };
        for (const Value input : node.inputs) {
            if (input)
                set(m_places[idOf(input)]);
            else
                m_pointers[at++] = nullptr;
        }
        for (const Value output : node.outputs)
            set(m_places[idOf(output)]);
        if (step.scratchBytes > 0)
            set(step.scratch);
    }
}

const void* Program::Plan::address(const Place& place) const
{
    switch (place.kind) {
    case Place::Kind::Input:
        return m_inputPointers[place.index];
    case Place::Kind::Variable:
        return m_variablePointers[place.index];
    case Place::Kind::Constant:
        return m_constants[place.index].bytes().data();
    default:
        return m_arena.get() + place.index;
    }
}

Result<void> Program::Plan::run(std::span<const void* const> inputs,
    std::span<void* const> variables, std::span<void* const> outputs, const JobContext& job)
{
    if (inputs.size() != m_inputPointers.size() || variables.size() != m_variablePointers.size()
        || outputs.size() != m_outputCopies.size())
        return Error(
            ErrorKind::InvalidArgument, "run: not as many pointers as the graph has sources");
    std::copy(inputs.begin(), inputs.end(), m_inputPointers.begin());
    std::copy(variables.begin(), variables.end(), m_variablePointers.begin());
    for (const Patch& patch : m_inputPatches)
        m_pointers[patch.pointer] = const_cast<void*>(inputs[patch.source]);
    for (const Patch& patch : m_variablePatches)
        m_pointers[patch.pointer] = variables[patch.source];
    std::size_t rounded = 0;
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        if (i < m_stoppable && job.stopRequested())
            return Error(ErrorKind::Stopped, "stopped");
        const Step& step = m_steps[i];
        void* const* pointers = m_pointers.data() + step.firstPointer;
        step.kernel(
            { pointers, step.inputCount }, { pointers + step.inputCount, step.outputCount });
        for (; rounded < m_roundings.size() && m_roundings[rounded].step == i; ++rounded)
            roundAll(m_roundings[rounded],
                static_cast<float*>(m_pointers[m_roundings[rounded].pointer]));
    }
    // Without any step a stop still comes in time.
    if (m_steps.empty() && job.stopRequested())
        return Error(ErrorKind::Stopped, "stopped");
    finish(variables, outputs);
    return {};
}

void Program::Plan::finish(std::span<void* const> variables, std::span<void* const> outputs) const
{
    for (const FinalCopy& copy : m_stagings)
        std::memcpy(m_arena.get() + copy.to, address(copy.from), copy.bytes);
    for (const FinalCopy& copy : m_outputCopies)
        std::memcpy(outputs[copy.to], address(copy.from), copy.bytes);
    for (const FinalCopy& copy : m_assignments)
        std::memcpy(variables[copy.to], address(copy.from), copy.bytes);
}

std::span<const std::byte> Program::Plan::probe(std::size_t index) const
{
    if (index >= m_probes.size())
        return {};
    return { m_arena.get() + m_probes[index].from.index, m_probes[index].bytes };
}

std::string Program::Plan::describe() const
{
    return toString(m_graph);
}

} // namespace layerscope::ops
