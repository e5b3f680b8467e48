#pragma once

#include "model/core/tensor.h"

#include <span>
#include <string>
#include <vector>

namespace layerscope::tensorflow {
class TensorSlice;
}

namespace layerscope::containers {

/// One part of a partitioned array of a tensor bundle: a box of the whole.
struct BundleSlice
{
    std::string key; ///< of the slice's own entry in the index
    std::vector<std::int64_t> start; ///< for each axis
    std::vector<std::int64_t> length;
    std::span<const std::byte> bytes; ///< row-major, filled by the caller
};

/// Where `slice` of the array `name` with shape `whole` is found and what part it is.
/// Source  TensorFlow's order-preserving key encoding (formats.md 6.5)
/// Errors  Corrupt when the slice does not lie inside the whole
Result<BundleSlice> resolveSlice(
    const std::string& name, const tensorflow::TensorSlice& slice, const Shape& whole);

/// The whole array. Errors: Corrupt when bytes do not fit a slice or the slices do not cover the
/// whole.
Result<Tensor> joinSlices(DType type, const Shape& whole, const std::vector<BundleSlice>& slices);

} // namespace layerscope::containers
