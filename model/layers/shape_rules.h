#pragma once

#include "model/layers/layer_call.h"

namespace layerscope::layers {

/// Shape rules that many layers share, and arithmetic on lengths that may be open.

/// The first input's shape.
OutputShapes sameShape(const ShapeRequest& request);

OutputShapes one(PartialShape shape);

/// Both lengths are equal as far as they are known.
bool mayBeEqual(std::int64_t a, std::int64_t b);

/// a · b, open if one is open; nothing if a length is negative or the product exceeds 2^62.
std::optional<std::int64_t> product(std::int64_t a, std::int64_t b);
/// Product of all lengths, open if one is open.
std::optional<std::int64_t> product(std::span<const std::int64_t> lengths);

/// NumPy's broadcasting of two shapes; an open length against 1 is open, against n is n.
std::optional<PartialShape> broadcast(const PartialShape& a, const PartialShape& b);

/// A negative axis counted from the end; nothing where there is no such axis.
std::optional<std::size_t> axisOf(std::int64_t axis, std::size_t rank);

/// Output length of a sliding window along one axis: `padding` "valid", "same" or "causal".
/// Nothing where the window does not fit or its numbers make no sense.
std::optional<std::int64_t> windowLength(std::int64_t length, std::int64_t size,
    std::int64_t stride, std::int64_t dilation, const std::string& padding);

/// Number of spatial axes that a class name ends in: "Conv2D" → 2; 0 where it names none.
std::size_t spatialRank(std::string_view className);

/// Where the spatial axes of a shape begin and where its channels are.
struct ImageAxes
{
    std::size_t firstSpatial = 1;
    std::size_t channels = 0;
};
/// Nothing unless the rank is spatial + 2.
std::optional<ImageAxes> imageAxes(const PartialShape& shape, std::size_t spatial, bool first);

/// What ZeroPadding and Cropping give for each spatial axis, before and behind it: one number for
/// all, one for each axis, or a pair for each. Nothing for negative or impossible numbers.
std::optional<std::vector<std::pair<std::int64_t, std::int64_t>>> edgesOf(
    const LayerConfig& config, std::string_view key, std::size_t spatial);

} // namespace layerscope::layers
