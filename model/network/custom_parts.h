#pragma once

#include "model/network/network.h"

namespace layerscope::network {

/// For each of the layer's weights the names of the layers inside that it stands in, outermost
/// first, as the weight's own name tells them: {"value"} of "gated/value/kernel:0" in the layer
/// `gated`. Files of the legacy layout say no more about a class that is not Keras's; the
/// attributes by which the class holds those layers need not be called so.
std::vector<std::vector<std::string>> partsOfWeights(const Network& network, const Layer& layer);

} // namespace layerscope::network
