#include "model/ops/plan.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace layerscope::ops {

namespace {

std::size_t idOf(Value value)
{
    return static_cast<std::size_t>(value.id);
}

/// For each value the last step that needs it; `never` for those needed to the very end.
std::vector<std::size_t> lastUses(const Graph& graph, std::span<const Value> probes)
{
    const std::size_t end = graph.nodes.size();
    std::vector<std::size_t> last(graph.values.size(), 0);
    for (std::size_t i = 0; i < end; ++i) {
        for (const Value output : graph.nodes[i].outputs)
            last[idOf(output)] = i;
        for (const Value input : graph.nodes[i].inputs) {
            if (input)
                last[idOf(input)] = i;
        }
    }
    for (const Value output : graph.outputs)
        last[idOf(output)] = end;
    for (const Value probe : probes)
        last[idOf(probe)] = end;
    for (const Assignment& assignment : graph.assignments)
        last[idOf(assignment.newValue)] = end;
    return last;
}

void roundAll(const Rounding& rounding, float* values)
{
    for (std::int64_t i = 0; i < rounding.count; ++i)
        values[i] = rounding.type == DType::Float16
            ? floatFromHalf(halfFromFloat(values[i]))
            : floatFromBFloat16(bfloat16FromFloat(values[i]));
}

} // namespace

void removeDeadNodes(Graph& graph, std::span<const Value> probes)
{
    std::vector<char> wanted(graph.values.size(), 0);
    const auto want = [&](Value value) {
        if (value)
            wanted[idOf(value)] = 1;
    };
    std::for_each(graph.outputs.begin(), graph.outputs.end(), want);
    std::for_each(probes.begin(), probes.end(), want);
    for (const Assignment& assignment : graph.assignments)
        want(assignment.newValue);
    std::vector<char> lives(graph.nodes.size(), 0);
    for (std::size_t i = graph.nodes.size(); i-- > 0;) {
        const Node& node = graph.nodes[i];
        lives[i] = std::any_of(node.outputs.begin(), node.outputs.end(),
            [&](Value output) { return wanted[idOf(output)] != 0; });
        if (lives[i] != 0)
            std::for_each(node.inputs.begin(), node.inputs.end(), want);
    }
    std::size_t i = 0;
    std::erase_if(graph.nodes, [&](const Node&) { return lives[i++] == 0; });
}

Result<std::unique_ptr<Program::Plan>> Program::Plan::make(
    const Graph& graph, const CompileOptions& options)
{
    auto plan = std::make_unique<Plan>();
    plan->m_graph = graph;
    removeDeadNodes(plan->m_graph, options.probes);
    TRY_DO(plan->convertConstants());
    TRY_DO(plan->makeSteps(options));
    plan->findPlaces(options);
    plan->planEnd(options);
    TRY(plan->m_arena, allocateArena(plan->m_arenaBytes));
    plan->placePointers();
    return plan;
}

Result<void> Program::Plan::convertConstants()
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
            const DType carried = carriedType(source.constant.dtype());
            if (carried == source.constant.dtype()) {
                m_constants.push_back(source.constant);
            } else {
                TRY(Tensor converted, source.constant.converted(carried));
                m_constants.push_back(std::move(converted));
            }
            break;
        }
        }
    }
    m_inputPointers.resize(inputs);
    m_variablePointers.resize(variables);
    return {};
}

Result<void> Program::Plan::makeSteps(const CompileOptions& options)
{
    for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
        const Node& node = m_graph.nodes[i];
        std::vector<ValueInfo> inputs;
        std::vector<ValueInfo> outputs;
        const auto present = std::make_unique<bool[]>(node.inputs.size());
        for (std::size_t n = 0; n < node.inputs.size(); ++n) {
            present[n] = static_cast<bool>(node.inputs[n]);
            inputs.push_back(present[n] ? m_graph.info(node.inputs[n]) : ValueInfo{});
        }
        for (const Value output : node.outputs)
            outputs.push_back(m_graph.info(output));
        std::size_t scratch = 0;
        if (node.type->prepare == nullptr)
            return Error(
                ErrorKind::Unsupported, std::string(node.type->name) + ": cannot be computed");
        auto kernel = node.type->prepare({ .inputs = inputs,
            .present = { present.get(), node.inputs.size() },
            .outputs = outputs,
            .attributes = node.attributes,
            .threads = options.threads,
            .scratchBytes = &scratch });
        if (!kernel)
            return node.scope.empty() ? std::move(kernel).error()
                                      : std::move(kernel).error().in(node.scope);
        m_steps.push_back({ *std::move(kernel), 0, node.inputs.size(),
            node.outputs.size() + (scratch > 0 ? 1 : 0), i });
        m_scratch.push_back(scratch);
    }
    return {};
}

void Program::Plan::findPlaces(const CompileOptions& options)
{
    const std::vector<std::size_t> last = lastUses(m_graph, options.probes);
    ArenaPlanner arena;
    // Which values end with a step.
    std::vector<std::vector<Value>> ending(m_steps.size() + 1);
    for (const Node& node : m_graph.nodes) {
        for (const Value output : node.outputs)
            ending[last[idOf(output)]].push_back(output);
    }
    m_scratchPlaces.resize(m_steps.size());
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        for (const Value output : m_graph.nodes[i].outputs)
            m_places[idOf(output)]
                = { Place::Kind::Arena, arena.take(carriedBytes(m_graph.info(output))) };
        if (m_scratch[i] > 0) {
            m_scratchPlaces[i] = { Place::Kind::Arena, arena.take(m_scratch[i]) };
            arena.giveBack(m_scratchPlaces[i].index, m_scratch[i]);
        }
        for (const Value value : ending[i])
            arena.giveBack(m_places[idOf(value)].index, carriedBytes(m_graph.info(value)));
    }
    // What changes at the end but is read from a source first goes through the arena.
    const auto staged = [&](Value value) {
        const Place from = m_places[idOf(value)];
        const std::size_t bytes = carriedBytes(m_graph.info(value));
        const Place to{ Place::Kind::Arena, arena.take(bytes) };
        m_stagings.push_back({ from, to.index, bytes });
        return to;
    };
    std::size_t count = 0;
    for (const Value output : m_graph.outputs)
        m_outputCopies.push_back(
            { m_places[idOf(output)], count++, carriedBytes(m_graph.info(output)) });
    for (const Assignment& assignment : m_graph.assignments) {
        const Place from = m_places[idOf(assignment.newValue)];
        const bool moves = from.kind == Place::Kind::Variable;
        m_assignments.push_back(
            { moves ? staged(assignment.newValue) : from, m_places[idOf(assignment.variable)].index,
                carriedBytes(m_graph.info(assignment.variable)) });
    }
    for (const Value probe : options.probes) {
        const Place from = m_places[idOf(probe)];
        const Place to = from.kind == Place::Kind::Arena ? from : staged(probe);
        m_probeCopies.push_back({ to, 0, carriedBytes(m_graph.info(probe)) });
    }
    m_arenaBytes = arena.total();
}

void Program::Plan::planEnd(const CompileOptions&)
{
    m_roundings.resize(m_steps.size());
    bool any = false;
    std::size_t pointer = 0;
    for (Step& step : m_steps) {
        step.firstPointer = pointer;
        const Node& node = m_graph.nodes[step.node];
        for (std::size_t n = 0; n < node.outputs.size(); ++n) {
            const ValueInfo& info = m_graph.info(node.outputs[n]);
            if (carriedType(info.dtype) == info.dtype)
                continue;
            any = true;
            m_roundings[step.node].push_back(
                { info.dtype, pointer + step.inputCount + n, countOf(info.shape) });
        }
        pointer += step.inputCount + step.outputCount;
    }
    if (!any)
        m_roundings.clear();
    m_pointers.resize(pointer);
}

void Program::Plan::placePointers()
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
        if (step.outputCount > node.outputs.size())
            set(m_scratchPlaces[step.node]);
    }
    for (const FinalCopy& probe : m_probeCopies)
        m_probes.push_back({ m_arena.get() + probe.from.index, probe.bytes });
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
    for (const Step& step : m_steps) {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "stopped");
        void* const* pointers = m_pointers.data() + step.firstPointer;
        step.kernel(
            { pointers, step.inputCount }, { pointers + step.inputCount, step.outputCount });
        if (!m_roundings.empty()) {
            for (const Rounding& rounding : m_roundings[step.node])
                roundAll(rounding, static_cast<float*>(m_pointers[rounding.pointer]));
        }
    }
    for (const FinalCopy& staging : m_stagings)
        std::memcpy(m_arena.get() + staging.to, address(staging.from), staging.bytes);
    for (const FinalCopy& copy : m_outputCopies)
        std::memcpy(outputs[copy.to], address(copy.from), copy.bytes);
    for (const FinalCopy& copy : m_assignments)
        std::memcpy(variables[copy.to], address(copy.from), copy.bytes);
    return {};
}

std::span<const std::byte> Program::Plan::probe(std::size_t index) const
{
    return index < m_probes.size() ? m_probes[index] : std::span<const std::byte>{};
}

std::string Program::Plan::describe() const
{
    return toString(m_graph);
}

} // namespace layerscope::ops
