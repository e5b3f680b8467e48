#include "model/layers/explanations.h"
#include "model/layers/image_layout.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

bool isPositive(std::int64_t number)
{
    return number > 0;
}

OutputShapes poolingShape(const ShapeRequest& request)
{
    const LayerConfig& config = request.config;
    const std::size_t spatial = spatialRank(request.layer.className);
    const auto axes = imageAxes(request.input(), spatial, isChannelsFirst(config));
    if (!axes)
        return std::nullopt;
    const auto size = config.integers("pool_size", spatial, 2);
    const auto strides = config.has("strides") ? config.integers("strides", spatial, 1) : size;
    PartialShape shape = request.input();
    for (std::size_t i = 0; i < spatial; ++i) {
        const auto length = windowLength(
            shape[axes->firstSpatial + i], size[i], strides[i], 1, config.text("padding", "valid"));
        if (!length)
            return std::nullopt;
        shape[axes->firstSpatial + i] = *length;
    }
    return one(std::move(shape));
}

OutputShapes globalPoolingShape(const ShapeRequest& request)
{
    const std::size_t spatial = spatialRank(request.layer.className);
    const auto axes = imageAxes(request.input(), spatial, isChannelsFirst(request.config));
    if (!axes)
        return std::nullopt;
    if (!request.config.flag("keepdims", false))
        return one({ request.input()[0], request.input()[axes->channels] });
    PartialShape shape = request.input();
    for (std::size_t i = 0; i < spatial; ++i)
        shape[axes->firstSpatial + i] = 1;
    return one(std::move(shape));
}

OutputShapes adaptivePoolingShape(const ShapeRequest& request)
{
    const std::size_t spatial = spatialRank(request.layer.className);
    const auto axes = imageAxes(request.input(), spatial, isChannelsFirst(request.config));
    const auto size = request.config.integers("output_size", spatial, 0);
    if (!axes)
        return std::nullopt;
    PartialShape shape = request.input();
    for (std::size_t i = 0; i < spatial; ++i) {
        if (size[i] <= 0)
            return std::nullopt;
        shape[axes->firstSpatial + i] = size[i];
    }
    return one(std::move(shape));
}

template<Value (Builder::*pool)(Value, const ops::Window&)>
std::vector<Value> lowerPooling(LayerLowering& call)
{
    Builder& b = call.builder;
    const bool channelsFirst = isChannelsFirst(call.config);
    const Value x = toChannelsLast(b, call.input(), channelsFirst);
    const Shape lengths = spatialLengths(b, x);
    ops::Window window;
    window.size = call.config.integers("pool_size", lengths.size(), 2);
    window.strides = call.config.has("strides") ? call.config.integers("strides", lengths.size(), 1)
                                                : window.size;
    window.dilations.assign(lengths.size(), 1);
    const bool makesSense = std::all_of(window.size.begin(), window.size.end(), isPositive)
        && std::all_of(window.strides.begin(), window.strides.end(), isPositive);
    if (lengths.size() != spatialRank(call.layer.className) || !makesSense) {
        call.fail(
            "its input has shape " + toString(b.shape(x)) + ", which its window does not fit");
        return {};
    }
    if (call.config.text("padding", "valid") == "same")
        ops::setSamePadding(window, lengths);
    else
        ops::setValidPadding(window);
    return { fromChannelsLast(b, (b.*pool)(x, window), channelsFirst) };
}

std::vector<std::int64_t> spatialAxes(LayerLowering& call, Value x)
{
    std::vector<std::int64_t> axes;
    const std::int64_t first = isChannelsFirst(call.config) ? 2 : 1;
    for (std::size_t i = 0; i < spatialRank(call.layer.className); ++i)
        axes.push_back(first + static_cast<std::int64_t>(i));
    if (call.builder.shape(x).size() == axes.size() + 2)
        return axes;
    call.fail("its input has shape " + toString(call.builder.shape(x)));
    return {};
}

ops::KeepAxes keepAxes(LayerLowering& call)
{
    return call.config.flag("keepdims", false) ? ops::KeepAxes::Yes : ops::KeepAxes::No;
}

std::vector<Value> lowerGlobalMax(LayerLowering& call)
{
    const Value x = call.input();
    const auto axes = spatialAxes(call, x);
    return { call.builder.reduce(ops::Reduction::Max, x, axes, keepAxes(call)) };
}

/// The mean over the spatial axes; a 1-D one leaves masked time steps out.
std::vector<Value> lowerGlobalAverage(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.floating();
    const auto axes = spatialAxes(call, x);
    if (axes.size() != 1 || !call.mask())
        return { b.mean(x, axes, keepAxes(call)) };
    const Value mask
        = b.expandDims(b.cast(call.mask(), b.dtype(x)), isChannelsFirst(call.config) ? 1 : 2);
    return { b.divide(
        b.sum(b.multiply(x, mask), axes, keepAxes(call)), b.sum(mask, axes, keepAxes(call))) };
}

/// PyTorch's adaptive pooling: window i of n over length l reaches from floor(i·l/n) to
/// ceil((i+1)·l/n).
template<ops::Reduction reduction> std::vector<Value> lowerAdaptive(LayerLowering& call)
{
    Builder& b = call.builder;
    Value x = call.floating();
    const auto axes = spatialAxes(call, x);
    const auto size = call.config.integers("output_size", axes.size(), 0);
    for (std::size_t i = 0; i < axes.size() && !b.error(); ++i) {
        const Shape shape = b.shape(x);
        const std::int64_t length = shape[static_cast<std::size_t>(axes[i])];
        constexpr std::int64_t longest = std::int64_t{ 1 } << 40;
        if (size[i] <= 0 || size[i] > 100'000 || length > longest) {
            call.fail("its output_size makes no sense");
            return {};
        }
        std::vector<Value> parts;
        for (std::int64_t window = 0; window < size[i]; ++window) {
            std::vector<std::int64_t> begin(shape.size(), 0);
            std::vector<std::int64_t> end(shape.begin(), shape.end());
            begin[static_cast<std::size_t>(axes[i])] = window * length / size[i];
            end[static_cast<std::size_t>(axes[i])]
                = ((window + 1) * length + size[i] - 1) / size[i];
            parts.push_back(
                b.reduce(reduction, b.slice(x, begin, end), { axes[i] }, ops::KeepAxes::Yes));
        }
        x = b.concat(parts, axes[i]);
    }
    return { x };
}

Clauses poolingWords(const ExplanationRequest& about)
{
    const std::size_t spatial = spatialRank(about.layer.className);
    const auto size = about.config.integers("pool_size", spatial, 2);
    const auto strides
        = about.config.has("strides") ? about.config.integers("strides", spatial, 1) : size;
    const bool isMax = about.layer.className.find("Max") != std::string::npos;
    return withoutParameters(
        { isMax ? WORDS("layers", "Keeps the largest value of every window of %1, in steps of %2")
                : WORDS("layers", "Keeps the mean of every window of %1, in steps of %2"),
            times(size), times(strides) });
}

Clauses globalWords(const ExplanationRequest& about)
{
    const bool isMax = about.layer.className.find("Max") != std::string::npos;
    return withoutParameters(isMax
            ? WORDS("layers", "Reduces each channel to one number, its largest value")
            : WORDS("layers", "Reduces each channel to one number, its mean"));
}

Clauses adaptiveWords(const ExplanationRequest& about)
{
    return withoutParameters({ WORDS("layers", "Pools whatever size comes in to %1"),
        times(about.config.integers("output_size", spatialRank(about.layer.className), 0)) });
}

constexpr LayerType poolingTypes[] = {
    { .classNames = "MaxPooling1D MaxPool1D MaxPooling2D MaxPool2D MaxPooling3D MaxPool3D",
        .shape = poolingShape,
        .lower = lowerPooling<&Builder::maxPool>,
        .words = poolingWords },
    { .classNames = "AveragePooling1D AvgPool1D AveragePooling2D AvgPool2D AveragePooling3D "
                    "AvgPool3D",
        .shape = poolingShape,
        .lower = lowerPooling<&Builder::averagePool>,
        .words = poolingWords },
    { .classNames = "GlobalMaxPooling1D GlobalMaxPool1D GlobalMaxPooling2D GlobalMaxPool2D "
                    "GlobalMaxPooling3D GlobalMaxPool3D",
        .shape = globalPoolingShape,
        .lower = lowerGlobalMax,
        .words = globalWords },
    { .classNames = "GlobalAveragePooling1D GlobalAvgPool1D GlobalAveragePooling2D "
                    "GlobalAvgPool2D GlobalAveragePooling3D GlobalAvgPool3D",
        .shape = globalPoolingShape,
        .lower = lowerGlobalAverage,
        .words = globalWords },
    { .classNames = "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D",
        .shape = adaptivePoolingShape,
        .lower = lowerAdaptive<ops::Reduction::Mean>,
        .words = adaptiveWords },
    { .classNames = "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D",
        .shape = adaptivePoolingShape,
        .lower = lowerAdaptive<ops::Reduction::Max>,
        .words = adaptiveWords },
};

} // namespace

extern constinit const LayerFamily pooling_layers{ poolingTypes };

} // namespace layerscope::layers
