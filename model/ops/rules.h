#pragma once

#include "model/ops/op_type.h"

namespace layerscope::ops {

/// What shape rules and gradient rules have in common. Only files of model/ops include it.
using Infos = Result<std::vector<ValueInfo>>;

Error shapeMismatch(std::string message);

/// The axis counted from the front, or an error that names `op`.
Result<std::int64_t> normalizedAxis(std::string_view op, std::int64_t axis, std::size_t rank);

/// The axes counted from the front, sorted, each once; no axes means all.
Result<std::vector<std::int64_t>> normalizedAxes(
    std::string_view op, const std::vector<std::int64_t>& axes, std::size_t rank);

/// NumPy's broadcasting.
Result<Shape> broadcastShapes(std::string_view op, const Shape& a, const Shape& b);

/// The same dtype everywhere, or an error that names both.
Result<void> requireSameType(std::string_view op, std::span<const ValueInfo> infos);
Result<void> requireCount(std::string_view op, std::span<const ValueInfo> infos, std::size_t count);
Result<void> requireFloating(std::string_view op, const ValueInfo& info);
Result<void> requireInteger(std::string_view op, const ValueInfo& info);

/// Elements of a shape that the builder has accepted.
/// Kernels count their axes on the stack.
inline constexpr std::size_t mostAxes = 24;

std::int64_t countOf(const Shape& shape);

/// Row-major strides in elements.
std::vector<std::int64_t> stridesOf(const Shape& shape);

/// The type whose memory a value of `type` is carried in: float32 for the 16-bit floats.
DType carriedType(DType type);
std::size_t carriedBytes(const ValueInfo& info); ///< of the whole value

/// Sums `value` over the axes along which `shape` was broadcast to it.
Value sumToShape(Builder& builder, Value value, const Shape& shape);

/// Zeros of the shape and dtype of `like`.
Value zerosLike(Builder& builder, Value like);

/// Window to attributes and back.
void setWindow(Attributes& attributes, const Window& window);
Window windowOf(const Attributes& attributes);
/// Lengths that a window with these sizes leaves of `lengths`, or what does not fit.
Result<Shape> windowedLengths(std::string_view op, const Window& window,
    std::span<const std::int64_t> sizes, std::span<const std::int64_t> lengths);

} // namespace layerscope::ops
