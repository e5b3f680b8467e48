#pragma once

#include "model/network/optimizer_layout.h"

namespace layerscope::network {

/// object[key], or null where `object` is no object or has no such key.
const Json& jsonMember(const Json& object, const char* key);

/// Which variables Muon leaves to AdamW: those that are no matrix, embeddings, and what
/// `exclude_layers` names (formats.md 1.9).
bool muonUsesAdam(const TrainableWeight& weight, const Json& config);

/// Which entry of a MultiOptimizer's map `path` belongs to; patterns.size() is the default.
std::size_t matchingPattern(const std::string& path, const std::vector<std::string>& patterns);

/// The four variables that Keras 3's LossScaleOptimizer has before those of the inner one.
std::vector<OptimizerSlotSpec> lossScaleHead(const Json& config);

} // namespace layerscope::network
