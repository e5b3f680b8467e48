#pragma once

#include "model/crossing/crossing.h"

namespace layerscope::crossing {

/// What is different between two configurations of one model, layer by layer and key by key.
std::vector<Change> differences(const Network& before, const Network& after);

} // namespace layerscope::crossing
