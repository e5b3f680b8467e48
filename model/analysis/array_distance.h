#pragma once

#include "model/core/tensor.h"

namespace layerscope::analysis {

struct ArrayDistance
{
    double relative = 0; ///< norm(A - B) / norm(A); infinite where A is zero and B is not
    double largest = 0; ///< of |A - B|; infinite where one is finite and the other is not
};

/// How far two arrays of one shape are apart. Values that are not finite count as equal where both
/// are the same one (NaN and NaN as well).
/// Errors  ShapeMismatch for different shapes, and for texts
Result<ArrayDistance> arrayDistance(const Tensor& a, const Tensor& b);

} // namespace layerscope::analysis
