#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

OutputShapes flattenShape(const ShapeRequest& request)
{
    const PartialShape& shape = request.input();
    if (shape.empty())
        return one({ 1 });
    const auto rest = product(std::span(shape).subspan(1));
    return rest ? one({ shape[0], *rest }) : std::nullopt;
}

OutputShapes reshapeShape(const ShapeRequest& request)
{
    const PartialShape& shape = request.input();
    if (shape.empty())
        return std::nullopt;
    PartialShape target = request.config.list("target_shape");
    const auto total = product(std::span(shape).subspan(1));
    std::int64_t known = 1;
    std::size_t unknown = 0;
    for (const std::int64_t length : target) {
        unknown += length == -1 ? 1 : 0;
        const auto next = product(known, length == -1 ? 1 : length);
        if (length < -1 || !next)
            return std::nullopt;
        known = *next;
    }
    if (!total || unknown > 1)
        return std::nullopt;
    if (*total != openDimension) {
        if (unknown == 0 ? known != *total : known == 0 || *total % known != 0)
            return std::nullopt;
        std::replace(target.begin(), target.end(), std::int64_t{ -1 },
            *total / std::max(known, std::int64_t{ 1 }));
    }
    target.insert(target.begin(), shape[0]);
    return one(std::move(target));
}

OutputShapes permuteShape(const ShapeRequest& request)
{
    const PartialShape& shape = request.input();
    const auto dims = request.config.list("dims");
    auto sorted = dims;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if (sorted[i] != static_cast<std::int64_t>(i) + 1)
            return std::nullopt;
    if (shape.size() != dims.size() + 1)
        return std::nullopt;
    PartialShape result{ shape[0] };
    for (const std::int64_t axis : dims)
        result.push_back(shape[static_cast<std::size_t>(axis)]);
    return one(std::move(result));
}

OutputShapes repeatVectorShape(const ShapeRequest& request)
{
    const PartialShape& shape = request.input();
    const auto count = request.config.integer("n", 0);
    if (shape.size() != 2 || count <= 0)
        return std::nullopt;
    return one({ shape[0], count, shape[1] });
}

/// Adds `sign` times what the configuration gives before and behind each spatial axis.
OutputShapes resizedEdges(const ShapeRequest& request, std::string_view key, std::int64_t sign)
{
    const std::size_t spatial = spatialRank(request.layer.className);
    const auto axes = imageAxes(request.input(), spatial, isChannelsFirst(request.config));
    const auto edges = edgesOf(request.config, key, spatial);
    if (!axes || !edges)
        return std::nullopt;
    PartialShape shape = request.input();
    for (std::size_t i = 0; i < spatial; ++i) {
        std::int64_t& length = shape[axes->firstSpatial + i];
        if (length == openDimension)
            continue;
        length += sign * ((*edges)[i].first + (*edges)[i].second);
        if (length <= 0)
            return std::nullopt;
    }
    return one(std::move(shape));
}

OutputShapes zeroPaddingShape(const ShapeRequest& request)
{
    return resizedEdges(request, "padding", 1);
}

OutputShapes croppingShape(const ShapeRequest& request)
{
    return resizedEdges(request, "cropping", -1);
}

OutputShapes upSamplingShape(const ShapeRequest& request)
{
    const std::size_t spatial = spatialRank(request.layer.className);
    const auto axes = imageAxes(request.input(), spatial, isChannelsFirst(request.config));
    const auto size = request.config.integers("size", spatial, 2);
    if (!axes)
        return std::nullopt;
    PartialShape shape = request.input();
    for (std::size_t i = 0; i < spatial; ++i) {
        const auto length = product(shape[axes->firstSpatial + i], size[i]);
        if (size[i] <= 0 || !length)
            return std::nullopt;
        shape[axes->firstSpatial + i] = *length;
    }
    return one(std::move(shape));
}

constexpr LayerType types[] = {
    { .classNames = "Flatten", .shape = flattenShape },
    { .classNames = "Reshape", .shape = reshapeShape },
    { .classNames = "Permute", .shape = permuteShape },
    { .classNames = "RepeatVector", .shape = repeatVectorShape },
    { .classNames = "ZeroPadding1D ZeroPadding2D ZeroPadding3D", .shape = zeroPaddingShape },
    { .classNames = "Cropping1D Cropping2D Cropping3D", .shape = croppingShape },
    { .classNames = "UpSampling1D UpSampling2D UpSampling3D", .shape = upSamplingShape },
};

} // namespace

extern constinit const LayerFamily reshaping_layers{ types };

} // namespace layerscope::layers
