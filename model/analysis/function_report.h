#pragma once

#include "model/core/json.h"
#include "model/network/network.h"

namespace layerscope::analysis {

/// The functions of a network that has no layers: [{"name", "function", "is_signature", "inputs",
/// "outputs", "node_count", "nodes": [{"name", "op", "inputs"}]}]. Null where there are none.
Json functionReport(const Network& network);

/// The same in words: what goes in and out, and the first ops as a tree by their scopes.
std::string functionText(const Network& network);

} // namespace layerscope::analysis
