#pragma once

#include "model/core/tensor.h"

namespace layerscope::containers {

/// As parseNpy(span), without a copy: the tensor borrows from `file` where the layout allows.
Result<Tensor> parseNpy(std::shared_ptr<const std::vector<std::byte>> file);

/// An array ready to be written: a .npy header, and the bytes that follow it.
struct NpyParts
{
    std::string header;
    Tensor data; ///< little-endian, row-major; strings as fixed-width characters (dtype uint8)
};

/// Errors  OutOfMemory
Result<NpyParts> npyParts(const Tensor& tensor);

} // namespace layerscope::containers
