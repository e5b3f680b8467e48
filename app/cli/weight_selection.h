#pragma once

#include "model/network/network.h"

namespace layerscope::cli {

/// Leaves in `network` only the weights of layers whose path, joined by '/', matches one of the
/// patterns ('*' and '?' as in file names, '*' also across '/'). A pattern that matches a model
/// means all that is in it. The optimizer's state, which belongs to all weights, goes.
/// Errors  InvalidArgument when a pattern matches nothing
Result<void> keepLayers(Network& network, const std::vector<std::string>& patterns);

} // namespace layerscope::cli
