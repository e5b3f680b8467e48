#pragma once

#include "model/core/tensor.h"

namespace layerscope::containers {

/// As parseNpy(span), without a copy: the tensor borrows from `file` where the layout allows.
Result<Tensor> parseNpy(std::shared_ptr<const std::vector<std::byte>> file);

/// What the header of a .npy says.
struct NpyFacts
{
    DType type = DType::Float32; ///< String for 'S' and 'U'
    Shape shape;
    std::size_t dataOffset = 0; ///< from the first byte of the .npy
    std::size_t dataBytes = 0;
    bool isPlain = false; ///< little-endian, row-major numbers: the bytes can be used as they are
};

/// The facts of a .npy of which `bytes` are the first, and `wholeLength` all.
/// Errors  as parseNpy(); Corrupt also where the header is longer than `bytes`
Result<NpyFacts> npyFacts(std::span<const std::byte> bytes, std::size_t wholeLength);

/// How many of a .npy's first bytes npyFacts() needs, told from the first 12 of them.
std::size_t npyHeaderLength(std::span<const std::byte> bytes);

/// An array ready to be written: a .npy header, and the bytes that follow it.
struct NpyParts
{
    std::string header;
    Tensor data; ///< little-endian, row-major; strings as fixed-width characters (dtype uint8)
};

/// Errors  OutOfMemory
Result<NpyParts> npyParts(const Tensor& tensor);

} // namespace layerscope::containers
