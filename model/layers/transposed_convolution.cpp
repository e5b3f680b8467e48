#include "model/layers/explanations.h"
#include "model/layers/image_layout.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

/// Keras's deconv_output_length. `outputPadding` is -1 where the configuration has none.
std::optional<std::int64_t> transposedLength(std::int64_t length, std::int64_t size,
    std::int64_t stride, std::int64_t dilation, std::int64_t outputPadding,
    const std::string& padding)
{
    constexpr std::int64_t limit = std::int64_t{ 1 } << 30;
    if (size <= 0 || stride <= 0 || dilation <= 0 || size > limit || stride > limit
        || dilation > limit || outputPadding > limit || length > limit)
        return std::nullopt;
    if (padding != "valid" && padding != "same")
        return std::nullopt;
    if (length == openDimension)
        return openDimension;
    const std::int64_t reach = size + (size - 1) * (dilation - 1);
    std::int64_t result = 0;
    if (outputPadding < 0)
        result = padding == "same" ? length * stride
                                   : length * stride + std::max<std::int64_t>(reach - stride, 0);
    else
        result = (length - 1) * stride + reach - (padding == "same" ? 2 * (reach / 2) : 0)
            + outputPadding;
    return result > 0 ? std::optional(result) : std::nullopt;
}

OutputShapes transposedShape(const ShapeRequest& request)
{
    const LayerConfig& config = request.config;
    const std::size_t spatial = spatialRank(request.layer.className);
    const auto axes = imageAxes(request.input(), spatial, isChannelsFirst(config));
    const auto filters = config.integer("filters", 0);
    if (!axes || filters <= 0)
        return std::nullopt;
    const auto size = config.integers("kernel_size", spatial, 0);
    const auto strides = config.integers("strides", spatial, 1);
    const auto dilations = config.integers("dilation_rate", spatial, 1);
    const auto outputPadding = config.integers("output_padding", spatial, -1);
    PartialShape shape = request.input();
    for (std::size_t i = 0; i < spatial; ++i) {
        const auto length = transposedLength(shape[axes->firstSpatial + i], size[i], strides[i],
            dilations[i], outputPadding[i], config.text("padding", "valid"));
        if (!length)
            return std::nullopt;
        shape[axes->firstSpatial + i] = *length;
    }
    shape[axes->channels] = filters;
    return one(std::move(shape));
}

/// The gradient of a convolution, run forwards: the kernel is [spatial…, filters, channels].
std::vector<Value> lowerTransposed(LayerLowering& call)
{
    Builder& b = call.builder;
    const LayerConfig& config = call.config;
    const std::size_t spatial = spatialRank(call.layer.className);
    const bool channelsFirst = isChannelsFirst(config);
    const Value x = toChannelsLast(b, call.floating(), channelsFirst);
    const Value kernel = call.weight(0, "kernel_regularizer");
    const Shape kernelShape = b.shape(kernel);
    Shape lengths = spatialLengths(b, x);
    if (lengths.size() != spatial || kernelShape.size() != spatial + 2) {
        call.fail("its input has shape " + toString(b.shape(x)) + ", its kernel "
            + toString(kernelShape));
        return {};
    }
    ops::Window window;
    window.size.assign(
        kernelShape.begin(), kernelShape.begin() + static_cast<std::ptrdiff_t>(spatial));
    window.strides = config.integers("strides", spatial, 1);
    window.dilations = config.integers("dilation_rate", spatial, 1);
    const auto outputPadding = config.integers("output_padding", spatial, -1);
    for (std::size_t i = 0; i < spatial; ++i) {
        const auto length = transposedLength(lengths[i], window.size[i], window.strides[i],
            window.dilations[i], outputPadding[i], config.text("padding", "valid"));
        if (!length) {
            call.fail("its strides, padding or kernel size make no sense");
            return {};
        }
        lengths[i] = *length;
    }
    if (config.text("padding", "valid") == "same")
        ops::setSamePadding(window, lengths);
    else
        ops::setValidPadding(window);
    Value y = b.convolutionToInput(x, kernel, window, lengths);
    if (config.flag("use_bias", true))
        y = b.add(y, call.weight(1, "bias_regularizer"));
    return { call.activate(fromChannelsLast(b, y, channelsFirst), "activation") };
}

Clauses transposedWords(const ExplanationRequest& about)
{
    const std::size_t spatial = spatialRank(about.layer.className);
    Clauses clauses{ { WORDS("layers", "Paints %1 channels with brushes of %2, %3 apart"),
        about.config.integer("filters", 0), times(about.config.integers("kernel_size", spatial, 0)),
        times(about.config.integers("strides", spatial, 1)) } };
    addActivation(clauses, about.config);
    addParameters(clauses, about);
    return clauses;
}

constexpr LayerType transposedConvolutionTypes[] = {
    { .classNames = "Conv1DTranspose Convolution1DTranspose Conv2DTranspose "
                    "Convolution2DTranspose Deconvolution2D Conv3DTranspose "
                    "Convolution3DTranspose Deconvolution3D",
        .shape = transposedShape,
        .lower = lowerTransposed,
        .words = transposedWords },
};

} // namespace

extern constinit const LayerFamily transposed_convolution_layers{ transposedConvolutionTypes };

} // namespace layerscope::layers
