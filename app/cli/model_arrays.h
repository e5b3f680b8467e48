#pragma once

#include "model/containers/npz.h"
#include "model/network/network.h"

namespace layerscope::cli {

/// Picks the arrays for the model's inputs out of an .npz: `input_0`, `input_1` … in the order of
/// the model's inputs, or `input:<name>`.
/// Errors  ShapeMismatch when some are missing or a name is not the model's
Result<std::vector<Tensor>> inputArrays(
    const Network& network, const std::vector<containers::NamedTensor>& arrays);

/// The arrays `upstream_0`, `upstream_1` …; absent where there is none.
std::vector<std::optional<Tensor>> upstreamArrays(
    const std::vector<containers::NamedTensor>& arrays);

} // namespace layerscope::cli
