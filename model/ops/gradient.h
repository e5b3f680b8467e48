#pragma once

#include "model/ops/builder.h"

namespace layerscope::ops {

/// Appends to the builder's graph the nodes that compute d(sum of target·upstream) / d(source) for
/// each source.
///
/// target    a value of any shape; upstream has its shape (absent: ones)
/// sources   any values of the graph; the result for one that the target does not depend on, or
/// that
///           is not floating point, is absent
/// Errors    in builder.error(), when an op on the way has no gradient
std::vector<Value> gradients(Builder& builder, std::span<const Value> targets,
    std::span<const Value> upstreams, std::span<const Value> sources);

} // namespace layerscope::ops
