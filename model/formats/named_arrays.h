#pragma once

#include "model/containers/npz.h"
#include "model/formats/format.h"

namespace layerscope::formats {

/// Arrays that have nothing but names, as .npz and .safetensors hold them.
using NamedArrays = std::vector<containers::NamedStoredTensor>;

/// Weights in their order, grouped into layers by what stands before the last '/' of their names,
/// or the last '.' where there is no slash ("encoder.0.weight"). Names below "optimizer/" are the
/// optimizer's variables. Moving averages are told from trained weights by their names.
Network networkOfArrays(NamedArrays arrays);

/// The weights of `network` in its order, each under its path, then, where wanted, the optimizer's
/// variables as "optimizer/<path>". Of several with one name the later get "_1", "_2" …
NamedArrays arraysOf(const Network& network, OptimizerInFile optimizer);

/// What arraysOf() leaves out or renames, in words.
std::vector<std::string> remarksOnArrays(const Network& network, OptimizerInFile optimizer);

} // namespace layerscope::formats
