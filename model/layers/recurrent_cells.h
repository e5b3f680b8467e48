#pragma once

#include "model/layers/layer_call.h"
#include "model/layers/layer_lowering.h"

#include <memory>
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

/// A cell that can take steps.
class Cell
{
public:
    virtual ~Cell() = default;
    /// What of the input does not depend on the states; x may have any axes before its last, so
    /// that all time steps can be prepared at once.
    virtual ops::Value prepare(ops::Value x) = 0;
    /// One time step: the new states, the first of which is the output.
    virtual std::vector<ops::Value> step(ops::Value prepared, const std::vector<ops::Value>& states)
        = 0;
};

/// The steps of an LSTM, GRU or SimpleRNN cell with the weights of `call`, whose layer is the cell
/// (or the layer that stands for it). Null, with an error, where the class is not known.
std::unique_ptr<Cell> makeCell(LayerLowering& call);

} // namespace layerscope::layers
