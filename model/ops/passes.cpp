#include "model/ops/passes.h"

#include "model/ops/arena.h"
#include "model/ops/types/types.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace layerscope::ops {

std::vector<char> keptValues(const Graph& graph, std::span<const Value> kept)
{
    std::vector<char> marks(graph.values.size(), 0);
    const auto mark = [&](Value value) {
        if (value)
            marks[idOf(value)] = 1;
    };
    std::for_each(graph.outputs.begin(), graph.outputs.end(), mark);
    std::for_each(kept.begin(), kept.end(), mark);
    for (const Assignment& assignment : graph.assignments)
        mark(assignment.newValue);
    return marks;
}

std::vector<int> useCounts(const Graph& graph)
{
    std::vector<int> counts(graph.values.size(), 0);
    for (const Node& node : graph.nodes) {
        for (const Value input : node.inputs) {
            if (input)
                ++counts[idOf(input)];
        }
    }
    return counts;
}

std::vector<std::int32_t> makersOf(const Graph& graph)
{
    std::vector<std::int32_t> makers(graph.values.size(), -1);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        for (const Value output : graph.nodes[i].outputs)
            makers[idOf(output)] = static_cast<std::int32_t>(i);
    }
    return makers;
}

Value addValue(Graph& graph, ValueInfo info)
{
    graph.values.push_back(std::move(info));
    return { static_cast<std::int32_t>(graph.values.size() - 1) };
}

Value addConstant(Graph& graph, Tensor tensor)
{
    const Value value = addValue(graph, { tensor.dtype(), tensor.shape() });
    graph.sources.push_back({ SourceKind::Constant, "constant", value, std::move(tensor) });
    return value;
}

void removeDeadNodes(Graph& graph, std::span<const Value> kept)
{
    std::vector<char> wanted = keptValues(graph, kept);
    std::vector<char> lives(graph.nodes.size(), 0);
    for (std::size_t i = graph.nodes.size(); i-- > 0;) {
        const Node& node = graph.nodes[i];
        lives[i] = std::any_of(node.outputs.begin(), node.outputs.end(),
            [&](Value output) { return wanted[idOf(output)] != 0; });
        if (lives[i] == 0)
            continue;
        for (const Value input : node.inputs) {
            if (input)
                wanted[idOf(input)] = 1;
        }
    }
    std::size_t i = 0;
    std::erase_if(graph.nodes, [&](const Node&) { return lives[i++] == 0; });
}

Result<Kernel> prepareNode(const Graph& graph, const Node& node, int threads,
    std::size_t& scratchBytes, std::span<const std::int64_t> sharedInputs)
{
    std::vector<ValueInfo> inputs;
    std::vector<ValueInfo> outputs;
    const auto present = std::make_unique<bool[]>(node.inputs.size());
    for (std::size_t n = 0; n < node.inputs.size(); ++n) {
        present[n] = static_cast<bool>(node.inputs[n]);
        inputs.push_back(present[n] ? graph.info(node.inputs[n]) : ValueInfo{});
    }
    for (const Value output : node.outputs)
        outputs.push_back(graph.info(output));
    scratchBytes = 0;
    if (node.type->prepare == nullptr)
        return Error(ErrorKind::Unsupported, std::string(node.type->name) + ": cannot be computed");
    auto kernel = node.type->prepare({ .inputs = inputs,
        .present = { present.get(), node.inputs.size() },
        .outputs = outputs,
        .attributes = node.attributes,
        .threads = threads,
        .scratchBytes = &scratchBytes,
        .sharedInputs = sharedInputs });
    if (!kernel && !node.scope.empty())
        return std::move(kernel).error().in(node.scope);
    return kernel;
}

namespace {

/// Results beyond this stay computations: a constant would only take memory.
constexpr std::size_t mostFoldedBytes = 4096;

Result<void> fold(Graph& graph, const Node& node, std::vector<const Tensor*>& constants)
{
    std::size_t scratchBytes = 0;
    TRY(const Kernel kernel, prepareNode(graph, node, 1, scratchBytes));
    std::vector<Tensor> held;
    for (const Value input : node.inputs) {
        const Tensor& tensor = *constants[idOf(input)];
        TRY(Tensor carried, tensor.converted(carriedType(tensor.dtype())));
        held.push_back(std::move(carried));
    }
    std::vector<Tensor> results;
    for (const Value output : node.outputs) {
        const ValueInfo& info = graph.info(output);
        TRY(Tensor result, Tensor::zeros(carriedType(info.dtype), info.shape));
        results.push_back(std::move(result));
    }
    std::vector<const void*> in;
    std::vector<void*> out;
    for (const Tensor& tensor : held)
        in.push_back(tensor.bytes().data());
    for (Tensor& tensor : results)
        out.push_back(tensor.mutableBytes().data());
    TRY(const ArenaMemory scratch, allocateArena(scratchBytes));
    if (scratchBytes > 0)
        out.push_back(scratch.get());
    kernel(in, out);
    for (std::size_t i = 0; i < results.size(); ++i) {
        // Rounded to a 16-bit type here, as a run would.
        TRY(Tensor result, results[i].converted(graph.info(node.outputs[i]).dtype));
        graph.sources.push_back(
            { SourceKind::Constant, "constant", node.outputs[i], std::move(result) });
    }
    return {};
}

} // namespace

Result<void> foldConstants(Graph& graph)
{
    std::vector<const Tensor*> constants(graph.values.size(), nullptr);
    std::deque<Tensor> found; // stable addresses, while sources may move
    const auto learn = [&](const Source& source) {
        found.push_back(source.constant);
        constants[idOf(source.value)] = &found.back();
    };
    for (const Source& source : graph.sources) {
        if (source.kind == SourceKind::Constant)
            learn(source);
    }
    std::vector<Node> nodes;
    for (Node& node : graph.nodes) {
        std::size_t bytes = 0;
        bool folds = !node.inputs.empty();
        for (const Value input : node.inputs)
            folds = folds && input && constants[idOf(input)] != nullptr;
        for (const Value output : node.outputs)
            bytes += carriedBytes(graph.info(output));
        if (!folds || bytes > mostFoldedBytes) {
            nodes.push_back(std::move(node));
            continue;
        }
        const std::size_t before = graph.sources.size();
        TRY_DO(fold(graph, node, constants));
        for (std::size_t i = before; i < graph.sources.size(); ++i)
            learn(graph.sources[i]);
    }
    graph.nodes = std::move(nodes);
    return {};
}

namespace {

using NodeKey = std::pair<const OpType*, std::vector<std::int32_t>>;

/// Equal constants get one number.
void shareConstants(const Graph& graph, std::vector<Value>& standsFor)
{
    constexpr std::size_t mostCompared = 256;
    std::map<std::tuple<DType, Shape, std::string>, Value> known;
    for (const Source& source : graph.sources) {
        const auto bytes = source.constant.bytes();
        if (source.kind != SourceKind::Constant || bytes.size() > mostCompared)
            continue;
        std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        const auto [found, isNew] = known.try_emplace(
            { source.constant.dtype(), source.constant.shape(), std::move(text) }, source.value);
        if (!isNew)
            standsFor[idOf(source.value)] = found->second;
    }
}

/// Values that are the number 1 throughout.
std::vector<char> onesOf(const Graph& graph)
{
    std::vector<char> ones(graph.values.size(), 0);
    for (const Source& source : graph.sources) {
        if (source.kind != SourceKind::Constant || source.constant.count() != 1)
            continue;
        const auto number = source.constant.converted(DType::Float64);
        if (number && number->valuesAs<double>()[0] == 1)
            ones[idOf(source.value)] = 1;
    }
    return ones;
}

/// x for x · 1 and x / 1, where the 1 does not broadcast x; otherwise absent.
Value withoutOne(const Graph& graph, const Node& node, const std::vector<char>& ones)
{
    if (node.type != &binary_op)
        return {};
    const auto function = enumeration<Binary>(node.attributes, "function");
    const ValueInfo& result = graph.info(node.outputs[0]);
    for (std::size_t side = 0; side < 2; ++side) {
        const Value x = node.inputs[side];
        const bool fits = function == Binary::Multiply || (function == Binary::Divide && side == 0);
        if (fits && ones[idOf(node.inputs[1 - side])] != 0 && graph.info(x) == result)
            return x;
    }
    return {};
}

} // namespace

void shareEqualNodes(Graph& graph, std::span<const Value> kept)
{
    std::vector<Value> standsFor(graph.values.size());
    for (std::size_t i = 0; i < standsFor.size(); ++i)
        standsFor[i] = { static_cast<std::int32_t>(i) };
    shareConstants(graph, standsFor);
    const std::vector<char> ones = onesOf(graph);
    std::vector<char> isProbe(graph.values.size(), 0);
    for (const Value value : kept)
        isProbe[idOf(value)] = 1;
    std::map<NodeKey, std::vector<std::size_t>> known;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        Node& node = graph.nodes[i];
        NodeKey key{ node.type, {} };
        bool fixed = false; // probes keep a value of their own
        for (const Value output : node.outputs)
            fixed = fixed || isProbe[idOf(output)] != 0;
        for (Value& input : node.inputs) {
            if (input)
                input = standsFor[idOf(input)];
            key.second.push_back(input.id);
        }
        if (fixed)
            continue;
        if (const Value x = withoutOne(graph, node, ones)) {
            standsFor[idOf(node.outputs[0])] = x;
            continue;
        }
        std::vector<std::size_t>& same = known[key];
        const auto found = std::find_if(same.begin(), same.end(),
            [&](std::size_t n) { return graph.nodes[n].attributes == node.attributes; });
        if (found == same.end()) {
            same.push_back(i);
            continue;
        }
        for (std::size_t n = 0; n < node.outputs.size(); ++n)
            standsFor[idOf(node.outputs[n])] = graph.nodes[*found].outputs[n];
    }
    for (Value& output : graph.outputs)
        output = standsFor[idOf(output)];
    for (Assignment& assignment : graph.assignments)
        assignment.newValue = standsFor[idOf(assignment.newValue)];
    removeDeadNodes(graph, kept);
}

} // namespace layerscope::ops
