#pragma once

#include "model/layers/layer_lowering.h"

#include <functional>

namespace layerscope::layers {

/// One step of a recurrent layer: what it is given at time t and the states to new states, the
/// first of which is the output unless `outputState` says another.
using TimeStep = std::function<std::vector<ops::Value>(
    ops::Value input, const std::vector<ops::Value>& states)>;

struct TimeLoop
{
    ops::Value sequence; ///< [batch, time, …], prepared for the steps
    ops::Value mask; ///< Bool [batch, time], or absent
    std::vector<ops::Value> states; ///< at the start
    std::size_t outputState = 0;
    bool backwards = false;
    bool returnsSequence = false;
    bool zeroOutputForMask = false;
};

/// What comes out of all steps: the output (of the last step, or [batch, time, …]), then the states
/// after the last. At a masked step states stay as they are, and the output repeats the one before
/// (or is zero). Going backwards, outputs are in the order of the steps, as Keras has them.
std::vector<ops::Value> runTimeLoop(
    LayerLowering& call, const TimeLoop& loop, const TimeStep& step);

} // namespace layerscope::layers
