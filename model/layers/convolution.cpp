#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

/// What the configuration of a convolution of n spatial axes says.
struct ConvolutionConfig
{
    std::size_t spatial = 0;
    bool channelsFirst = false;
    std::vector<std::int64_t> size;
    std::vector<std::int64_t> strides;
    std::vector<std::int64_t> dilations;
    std::string padding;
};

ConvolutionConfig read(const Layer& layer, const LayerConfig& config)
{
    ConvolutionConfig result;
    result.spatial = spatialRank(layer.className);
    result.channelsFirst = isChannelsFirst(config);
    result.size = config.integers("kernel_size", result.spatial, 0);
    result.strides = config.integers("strides", result.spatial, 1);
    result.dilations = config.integers("dilation_rate", result.spatial, 1);
    result.padding = config.text("padding", "valid");
    return result;
}

std::optional<PartialShape> slide(
    const ConvolutionConfig& convolution, PartialShape shape, std::int64_t channels)
{
    const auto axes = imageAxes(shape, convolution.spatial, convolution.channelsFirst);
    if (!axes || channels <= 0)
        return std::nullopt;
    for (std::size_t i = 0; i < convolution.spatial; ++i) {
        const auto length = windowLength(shape[axes->firstSpatial + i], convolution.size[i],
            convolution.strides[i], convolution.dilations[i], convolution.padding);
        if (!length)
            return std::nullopt;
        shape[axes->firstSpatial + i] = *length;
    }
    shape[axes->channels] = channels;
    return shape;
}

OutputShapes convolutionShape(const ShapeRequest& request)
{
    const auto convolution = read(request.layer, request.config);
    const auto filters = request.config.integer("filters", 0);
    const auto groups = request.config.integer("groups", 1);
    const auto axes = imageAxes(request.input(), convolution.spatial, convolution.channelsFirst);
    if (!axes || groups <= 0 || filters % groups != 0)
        return std::nullopt;
    const auto channels = request.input()[axes->channels];
    if (channels == 0 || (channels != openDimension && channels % groups != 0))
        return std::nullopt;
    auto shape = slide(convolution, request.input(), filters);
    return shape ? one(std::move(*shape)) : std::nullopt;
}

OutputShapes depthwiseShape(const ShapeRequest& request)
{
    const auto convolution = read(request.layer, request.config);
    const auto axes = imageAxes(request.input(), convolution.spatial, convolution.channelsFirst);
    const auto multiplier = request.config.integer("depth_multiplier", 1);
    if (!axes || multiplier <= 0)
        return std::nullopt;
    const auto channels = product(request.input()[axes->channels], multiplier);
    if (!channels)
        return std::nullopt;
    auto shape = slide(convolution, request.input(), *channels == openDimension ? 1 : *channels);
    if (!shape)
        return std::nullopt;
    (*shape)[axes->channels] = *channels;
    return one(std::move(*shape));
}

OutputShapes separableShape(const ShapeRequest& request)
{
    auto shape = slide(
        read(request.layer, request.config), request.input(), request.config.integer("filters", 0));
    return shape ? one(std::move(*shape)) : std::nullopt;
}

constexpr LayerType types[] = {
    { .classNames = "Conv1D Convolution1D AtrousConvolution1D Conv2D Convolution2D "
                    "AtrousConvolution2D Conv3D Convolution3D",
        .shape = convolutionShape },
    { .classNames = "DepthwiseConv1D DepthwiseConv2D DepthwiseConvolution1D "
                    "DepthwiseConvolution2D",
        .shape = depthwiseShape },
    { .classNames = "SeparableConv1D SeparableConv2D SeparableConvolution1D "
                    "SeparableConvolution2D",
        .shape = separableShape },
};

} // namespace

extern constinit const LayerFamily convolution_layers{ types };

} // namespace layerscope::layers
