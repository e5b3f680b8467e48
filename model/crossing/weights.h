#pragma once

#include "model/crossing/dialect.h"
#include "model/crossing/hard_sigmoid.h"

#include <map>

namespace layerscope::crossing {

/// Where each weight of the source went, and by how much its values were scaled on the way.
struct MovedWeights
{
    std::vector<std::optional<WeightIndex>> target; ///< by the source's WeightIndex
    std::map<WeightIndex, WeightScale> scales; ///< by the target's WeightIndex
};

/// Gives the layers of `target.model`, which was rewritten from `source.model`, the source's
/// weights, in the order and with the names of the target's generation. `newNames` tells the layers
/// that are called otherwise now. Weights among `dropped` are left out.
/// Errors  Unsupported (see hard_sigmoid.h), and what loading says of weights that must be scaled
Result<MovedWeights> moveWeights(const Network& source, Network& target,
    const std::map<const Layer*, std::string>& newNames, const std::vector<WeightIndex>& dropped,
    Journey& journey);

/// Adds what LoRA has learned to the kernels and clears it, as Keras's own archives have it
/// (crossing.md 3.3). Keras 2 has no LoRA: then the factors, which come back, are the layers' no
/// more.
Result<std::vector<WeightIndex>> mergeLora(Network& network, Journey& journey);

} // namespace layerscope::crossing
