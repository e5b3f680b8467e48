#pragma once

#include "model/core/json.h"

#include <string>

namespace layerscope::cli {

/// The statistics in a document of analysis::inspect as lines: weights, then optimizer variables.
std::string weightTable(const Json& document);

} // namespace layerscope::cli
