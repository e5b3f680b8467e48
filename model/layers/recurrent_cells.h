#pragma once

#include "model/layers/layer_call.h"

#include <optional>
#include <vector>

namespace layerscope::layers {

/// Widths of a recurrent cell's output and of its states, in order.
struct CellSizes
{
    std::int64_t output = 0;
    std::vector<std::int64_t> states;
};

/// The cell that a recurrent layer repeats: the layer's own configuration for LSTM, GRU and
/// SimpleRNN ("LSTM" stands for an LSTMCell), the inner object for RNN.
Layer cellOfLayer(const Layer& recurrent);

/// Nothing for a class that is not a known cell, or for impossible widths.
std::optional<CellSizes> cellSizes(const Layer& cell);

/// The cells of a StackedRNNCells; a single one otherwise.
std::vector<Layer> innerCells(const Layer& cell);

} // namespace layerscope::layers
