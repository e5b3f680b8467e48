#include "model/layers/explanations.h"
#include "model/layers/image_layout.h"
#include "model/layers/layer_type.h"
#include "model/layers/resizing.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

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

std::vector<Value> lowerFlatten(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = toChannelsLast(b, call.input(), isChannelsFirst(call.config));
    const Shape shape = b.shape(x);
    const std::int64_t batch = shape.empty() ? 1 : shape[0];
    const std::int64_t count = elementCount(shape).value_or(0);
    return { b.reshape(x, { batch, batch > 0 ? count / batch : 0 }) };
}

/// Shape rules know the answer for what is reshaped; the batch is static here.
std::vector<Value> lowerByShape(LayerLowering& call)
{
    const Value x = call.input();
    const auto shapes
        = outputShapes(call.layer, call.generation, { call.builder.shape(x) }, call.call);
    if (!shapes) {
        call.fail("its target shape does not fit an input of " + toString(call.builder.shape(x)));
        return {};
    }
    return { call.builder.reshape(x, shapes->front()) };
}

std::vector<Value> lowerPermute(LayerLowering& call)
{
    std::vector<std::int64_t> order = call.config.list("dims");
    order.insert(order.begin(), 0);
    return { call.builder.transpose(call.input(), order) };
}

std::vector<Value> lowerRepeatVector(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.input();
    const std::int64_t count = call.config.integer("n", 0);
    if (b.shape(x).size() != 2 || count <= 0) {
        call.fail("repeats vectors, its input has shape " + toString(b.shape(x)));
        return {};
    }
    return { b.broadcastTo(b.expandDims(x, 1), { b.shape(x)[0], count, b.shape(x)[1] }) };
}

/// Zeros around, or a frame cut off.
template<bool pads> std::vector<Value> lowerEdges(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.input();
    const Shape shape = b.shape(x);
    const std::size_t spatial = spatialRank(call.layer.className);
    const auto axes = imageAxes(shape, spatial, isChannelsFirst(call.config));
    const auto edges = edgesOf(call.config, pads ? "padding" : "cropping", spatial);
    if (!axes || !edges) {
        call.fail("its configuration does not fit an input of " + toString(shape));
        return {};
    }
    std::vector<std::int64_t> before(shape.size(), 0);
    std::vector<std::int64_t> behind = pads ? before : std::vector<std::int64_t>(shape);
    for (std::size_t i = 0; i < spatial; ++i) {
        const std::size_t axis = axes->firstSpatial + i;
        before[axis] = (*edges)[i].first;
        behind[axis] = pads ? (*edges)[i].second : shape[axis] - (*edges)[i].second;
        if (!pads && behind[axis] <= before[axis]) {
            call.fail("cuts off all of an axis of length " + std::to_string(shape[axis]));
            return {};
        }
    }
    return { pads ? b.pad(x, before, behind) : b.slice(x, before, behind) };
}

std::vector<Value> lowerUpSampling(LayerLowering& call)
{
    Builder& b = call.builder;
    const bool channelsFirst = isChannelsFirst(call.config);
    Value x = toChannelsLast(b, call.input(), channelsFirst);
    const Shape lengths = spatialLengths(b, x);
    const auto size = call.config.integers("size", lengths.size(), 2);
    const std::string method = call.config.text("interpolation", "nearest");
    if (lengths.size() != spatialRank(call.layer.className)
        || !std::all_of(size.begin(), size.end(), [](auto factor) { return factor > 0; })) {
        call.fail("its size makes no sense");
        return {};
    }
    if (method == "nearest") {
        for (std::size_t i = 0; i < size.size(); ++i)
            x = b.repeat(x, size[i], static_cast<std::int64_t>(i) + 1);
    } else {
        Shape target;
        for (std::size_t i = 0; i < size.size(); ++i)
            target.push_back(product(lengths[i], size[i]).value_or(0));
        x = resized(call, x, target, method);
    }
    return { fromChannelsLast(b, x, channelsFirst) };
}

Clauses reshapingWords(const ExplanationRequest& about)
{
    const LayerConfig& config = about.config;
    const std::string& name = about.layer.className;
    if (name == "Flatten")
        return withoutParameters(WORDS("layers", "Lays each sample out as one long vector"));
    if (name == "Reshape")
        return withoutParameters({ WORDS("layers", "Arranges the same numbers as %1"),
            times(config.list("target_shape")) });
    if (name == "Permute")
        return withoutParameters(
            { WORDS("layers", "Reorders the axes to %1"), times(config.list("dims")) });
    if (name == "RepeatVector")
        return withoutParameters(
            { WORDS("layers", "Repeats each vector %1 times"), config.integer("n", 0) });
    if (name.rfind("ZeroPadding", 0) == 0)
        return withoutParameters(WORDS("layers", "Puts zeros around"));
    if (name.rfind("Cropping", 0) == 0)
        return withoutParameters(WORDS("layers", "Cuts off a frame"));
    return withoutParameters({ WORDS("layers", "Enlarges by %1, %2"),
        times(config.integers("size", spatialRank(name), 2)),
        config.text("interpolation", "nearest") });
}

constexpr LayerType reshapingTypes[] = {
    { .classNames = "Flatten",
        .shape = flattenShape,
        .lower = lowerFlatten,
        .words = reshapingWords },
    { .classNames = "Reshape",
        .shape = reshapeShape,
        .lower = lowerByShape,
        .words = reshapingWords },
    { .classNames = "Permute",
        .shape = permuteShape,
        .lower = lowerPermute,
        .words = reshapingWords },
    { .classNames = "RepeatVector",
        .shape = repeatVectorShape,
        .lower = lowerRepeatVector,
        .words = reshapingWords },
    { .classNames = "ZeroPadding1D ZeroPadding2D ZeroPadding3D",
        .shape = zeroPaddingShape,
        .lower = lowerEdges<true>,
        .words = reshapingWords },
    { .classNames = "Cropping1D Cropping2D Cropping3D",
        .shape = croppingShape,
        .lower = lowerEdges<false>,
        .words = reshapingWords },
    { .classNames = "UpSampling1D UpSampling2D UpSampling3D",
        .shape = upSamplingShape,
        .lower = lowerUpSampling,
        .words = reshapingWords },
};

} // namespace

extern constinit const LayerFamily reshaping_layers{ reshapingTypes };

} // namespace layerscope::layers
