#pragma once

#include "model/layers/layer_type.h"

#include <string>

namespace layerscope::layers {

/// Pieces of the sentences that explain layers.

/// 18496 as "18,496".
std::string grouped(std::int64_t number);

/// "3×3" of [3, 3].
std::string times(const std::vector<std::int64_t>& lengths);

/// ", then applies relu" where the configuration has an activation that does something, else "".
std::string activationWords(const LayerConfig& config);

/// "18,496 parameters = 3·3·32·64 + 64" from the shapes of the weights; "no parameters" without
/// any.
std::string parameterWords(const Explanation& about);

} // namespace layerscope::layers
