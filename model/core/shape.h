#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace layerscope {

/// Axis lengths, outermost first (row-major, as in NumPy and Keras). An empty shape is a scalar.
using Shape = std::vector<std::int64_t>;

/// A dimension of a PartialShape that the file leaves open (batch, variable length). Keras's None.
inline constexpr std::int64_t openDimension = -1;

/// A shape in which dimensions may be open. Nothing is known about a shape that is absent
/// altogether: std::optional<PartialShape>.
using PartialShape = std::vector<std::int64_t>;

/// Product of the axis lengths; nothing if a length is negative or the product exceeds 2^62.
std::optional<std::int64_t> elementCount(const Shape& shape);

/// "[3, 3, 64]", "[]"; an open dimension prints as "None".
std::string toString(const Shape& shape);

bool isFullyKnown(const PartialShape& shape);

} // namespace layerscope
