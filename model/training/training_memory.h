#pragma once

#include "model/training/optimizer.h"
#include "model/training/state_buffer.h"
#include "model/training/step_graph.h"

#include <string>
#include <vector>

namespace layerscope::training {

/// The weights of a network as memory that steps change.
struct WeightMemory
{
    std::vector<StateBuffer> weights; ///< one for each Network::weights
    static Result<WeightMemory> load(const Network& network);
};

/// The optimizer of a run with its memory: slots of weights, and counters.
struct OptimizerMemory
{
    std::vector<SlotReference> slotList;
    std::vector<StateBuffer> buffers; ///< one for each slot
    /// Where each slot stands in OptimizerState::variables; absent for a fresh optimizer.
    std::vector<std::optional<std::size_t>> places;
    OptimizerCounters counters;
    bool resumes = false;
    std::string freshStartReason;

    /// Continues from the network's optimizer state, or starts fresh where it has none that fits.
    /// `mayResume` is false when another optimizer was asked for.
    static Result<OptimizerMemory> create(
        const Network& network, const Optimizer& optimizer, bool mayResume);
};

/// Whether a layer of the network computes in float16, so that Keras scales the loss.
bool usesMixedFloat16(const Network& network);

} // namespace layerscope::training
