#pragma once

#include "model/core/json.h"
#include "model/ops/builder.h"

namespace layerscope::layers {

/// The penalty of a regularizer (L1, L2, L1L2, OrthogonalRegularizer, as Keras serializes them) on
/// a value, as a scalar. Absent, without an error, where there is none; an unknown class fails the
/// builder with Unsupported.
ops::Value penalty(ops::Builder& builder, const Json& regularizer, ops::Value x);

} // namespace layerscope::layers
