#include "model/layers/layer_type.h"
#include "model/layers/recurrent_cells.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

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

constexpr LayerType types[] = {
    { .classNames = "SimpleRNN", .shape = recurrentShape, .masking = Masking::Own },
    { .classNames = "LSTM CuDNNLSTM", .shape = recurrentShape, .masking = Masking::Own },
    { .classNames = "GRU CuDNNGRU", .shape = recurrentShape, .masking = Masking::Own },
    { .classNames = "RNN", .shape = recurrentShape, .masking = Masking::Own },
    { .classNames = "SimpleRNNCell LSTMCell GRUCell StackedRNNCells", .shape = cellShape },
};

} // namespace

extern constinit const LayerFamily recurrent_layers{ types };

} // namespace layerscope::layers
