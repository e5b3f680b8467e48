#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/recurrent_cells.h"
#include "model/layers/shape_rules.h"
#include "model/layers/time_loop.h"
#include "model/network/variable_layout.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

/// Sequences [batch, time, …] to outputs and, where asked for, states.
OutputShapes recurrentShape(const ShapeRequest& request)
{
    const PartialShape& shape = request.input();
    const auto cell = cellOfLayer(request.layer);
    const auto sizes = cellSizes(cell);
    if (shape.size() < 3 || !sizes)
        return std::nullopt;
    const bool timeFirst = request.config.flag("time_major", false);
    const std::int64_t batch = timeFirst ? shape[1] : shape[0];
    const std::int64_t time = timeFirst ? shape[0] : shape[1];
    std::vector<PartialShape> result;
    if (!request.config.flag("return_sequences", false))
        result.push_back({ batch, sizes->output });
    else if (timeFirst)
        result.push_back({ time, batch, sizes->output });
    else
        result.push_back({ batch, time, sizes->output });
    if (request.config.flag("return_state", false))
        for (const std::int64_t size : sizes->states)
            result.push_back({ batch, size });
    return result;
}

/// A cell by itself, called on one time step and its states: not seen outside of RNN layers.
OutputShapes cellShape(const ShapeRequest& request)
{
    const auto sizes = cellSizes(request.layer);
    if (request.input().empty() || !sizes)
        return std::nullopt;
    std::vector<PartialShape> result{ { request.input()[0], sizes->output } };
    for (const std::int64_t size : sizes->states)
        result.push_back({ request.input()[0], size });
    return result;
}

/// The cells of a layer with the weights that belong to each.
struct CellStack
{
    std::vector<Layer> layers; // what the lowerings refer to
    std::vector<std::unique_ptr<LayerLowering>> calls;
    std::vector<std::unique_ptr<Cell>> cells;
    std::vector<std::size_t> stateCounts;
};

CellStack stackOf(LayerLowering& call)
{
    CellStack stack;
    stack.layers = innerCells(cellOfLayer(call.layer));
    std::size_t next = 0;
    for (const Layer& layer : stack.layers) {
        const auto layout = variableLayout(layer, call.generation);
        const auto sizes = cellSizes(layer);
        if (!sizes) {
            call.fail("its cell '" + layer.className + "' is not known", ErrorKind::Unsupported);
            return {};
        }
        // One cell has all weights: Keras 1 stores more than a cell's layout tells.
        const std::size_t count = stack.layers.size() == 1 ? call.weightCount()
            : layout                                       ? layout->size()
                                                           : 0;
        std::vector<WeightIndex> weights;
        for (std::size_t i = 0; i < count && next < call.weightCount(); ++i)
            weights.push_back(call.weightIndices()[next++]);
        stack.calls.push_back(
            std::make_unique<LayerLowering>(call.model, layer, std::move(weights)));
        stack.calls.back()->computeType = call.computeType;
        stack.cells.push_back(makeCell(*stack.calls.back()));
        stack.stateCounts.push_back(sizes->states.size());
    }
    return stack;
}

/// States to start from: those given as further inputs, zeros otherwise.
std::vector<Value> initialStates(
    LayerLowering& call, std::int64_t batch, const std::vector<std::int64_t>& sizes)
{
    std::vector<Value> states;
    const BoundArgument* mask = call.call.keyword("mask");
    for (std::size_t i = 1; i < call.inputs.size(); ++i) {
        const bool isMask = mask && mask->kind == BoundArgument::Kind::Tensor && mask->tensor == i;
        if (!isMask && states.size() < sizes.size())
            states.push_back(call.floating(i));
    }
    while (states.size() < sizes.size())
        states.push_back(call.builder.filled(0, { batch, sizes[states.size()] }, call.computeType));
    return states;
}

std::vector<Value> lowerRecurrent(LayerLowering& call)
{
    Builder& b = call.builder;
    Value x = call.floating();
    const auto sizes = cellSizes(cellOfLayer(call.layer));
    if (b.shape(x).size() != 3 || !sizes) {
        call.fail("takes sequences, its input has shape " + toString(b.shape(x)));
        return {};
    }
    const bool timeFirst = call.config.flag("time_major", false);
    if (timeFirst)
        x = b.transpose(x, { 1, 0, 2 });
    CellStack stack = stackOf(call);
    if (b.error())
        return {};
    TimeLoop loop;
    loop.sequence = stack.cells[0]->prepare(x);
    loop.mask = call.mask() && timeFirst ? b.transpose(call.mask(), { 1, 0 }) : call.mask();
    loop.states = initialStates(call, b.shape(x)[0], sizes->states);
    loop.outputState = sizes->states.size() - stack.stateCounts.back();
    loop.backwards = call.config.flag("go_backwards", false);
    loop.returnsSequence = call.config.flag("return_sequences", false);
    loop.zeroOutputForMask = call.config.flag("zero_output_for_mask", false);
    const TimeStep step = [&](Value prepared, const std::vector<Value>& states) {
        std::vector<Value> next;
        for (std::size_t i = 0; i < stack.cells.size() && !b.error(); ++i) {
            const auto first = states.begin() + static_cast<std::ptrdiff_t>(next.size());
            const std::vector<Value> own(
                first, first + static_cast<std::ptrdiff_t>(stack.stateCounts[i]));
            const auto stepped
                = stack.cells[i]->step(i == 0 ? prepared : stack.cells[i]->prepare(prepared), own);
            prepared = stepped[0];
            next.insert(next.end(), stepped.begin(), stepped.end());
        }
        return next;
    };
    std::vector<Value> result = runTimeLoop(call, loop, step);
    if (result.empty())
        return {};
    if (loop.returnsSequence) {
        call.maskOutput(0, call.mask());
        if (timeFirst)
            result[0] = b.transpose(result[0], { 1, 0, 2 });
    }
    if (!call.config.flag("return_state", false))
        result.resize(1);
    return result;
}

Clauses recurrentWords(const ExplanationRequest& about)
{
    const auto sizes = cellSizes(cellOfLayer(about.layer));
    const std::int64_t units = sizes ? sizes->output : 0;
    const std::string& name = about.layer.className;
    Clauses clauses{ WORDS("layers", "Reads a sequence step by step") };
    if (about.config.flag("go_backwards", false))
        clauses.emplace_back(WORDS("layers", ", from its end,"));
    if (name == "LSTM")
        clauses.emplace_back(
            WORDS("layers", " and gates what it keeps and forgets in %1 numbers"), units);
    else if (name == "GRU")
        clauses.emplace_back(WORDS("layers", " and gates how fast it renews %1 numbers"), units);
    else
        clauses.emplace_back(WORDS("layers", " and remembers in %1 numbers"), units);
    clauses.emplace_back(about.config.flag("return_sequences", false)
            ? WORDS("layers", "; gives out every step")
            : WORDS("layers", "; gives out the last step"));
    addParameters(clauses, about);
    return clauses;
}

constexpr LayerType recurrentTypes[] = {
    { .classNames = "SimpleRNN",
        .shape = recurrentShape,
        .lower = lowerRecurrent,
        .words = recurrentWords,
        .masking = Masking::Own },
    { .classNames = "CuDNNLSTM CuDNNGRU", .shape = recurrentShape, .masking = Masking::Own },
    { .classNames = "LSTM",
        .shape = recurrentShape,
        .lower = lowerRecurrent,
        .words = recurrentWords,
        .masking = Masking::Own },
    { .classNames = "GRU",
        .shape = recurrentShape,
        .lower = lowerRecurrent,
        .words = recurrentWords,
        .masking = Masking::Own },
    { .classNames = "RNN",
        .shape = recurrentShape,
        .lower = lowerRecurrent,
        .words = recurrentWords,
        .masking = Masking::Own },
    { .classNames = "SimpleRNNCell LSTMCell GRUCell StackedRNNCells", .shape = cellShape },
};

} // namespace

extern constinit const LayerFamily recurrent_layers{ recurrentTypes };

} // namespace layerscope::layers
