#pragma once

#include "model/crossing/dialect.h"

namespace layerscope::crossing {

/// A network of Keras 1 as Keras 2 would have it: other names, one array instead of one for each
/// gate, kernels with their axes in today's order; the optimizer's slots along with them. The
/// result is of the generation Legacy.
///
/// Source  crossing.md 8; formats.md 1.6
/// Errors  Unsupported for what Keras 2 does not have (a merge by a function, other modes of
/// BatchNormalization)
Result<Network> renewKeras1(const Network& network, Journey& journey);

/// The configuration alone.
Result<Json> renewKeras1Config(const Json& entry);

} // namespace layerscope::crossing
