#include "model/layers/explanations.h"
#include "model/layers/image_layout.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

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

/// The window of a convolution over images of the given lengths.
ops::Window windowOf(
    const ConvolutionConfig& convolution, const Shape& kernel, const Shape& lengths)
{
    ops::Window window;
    window.size.assign(
        kernel.begin(), kernel.begin() + static_cast<std::ptrdiff_t>(lengths.size()));
    window.strides = convolution.strides;
    window.dilations = convolution.dilations;
    if (convolution.padding == "same") {
        ops::setSamePadding(window, lengths);
    } else {
        ops::setValidPadding(window);
        if (convolution.padding == "causal" && !lengths.empty())
            window.padBefore[0] = (window.size[0] - 1) * window.dilations[0];
    }
    return window;
}

/// What the three kinds of convolution share: the layout of the image, the window, bias,
/// activation.
class Sliding
{
public:
    Sliding(LayerLowering& call, Value kernel)
        : m_call(call)
        , m_convolution(read(call.layer, call.config))
        , m_kernel(kernel)
        , m_x(toChannelsLast(call.builder, call.floating(), m_convolution.channelsFirst))
    {
        const std::size_t rank = m_convolution.spatial + 2;
        m_fits = call.builder.shape(m_x).size() == rank && call.builder.shape(kernel).size() == rank
            && isPositive(m_convolution.strides) && isPositive(m_convolution.dilations);
        if (!m_fits)
            call.fail("its input has shape " + toString(call.builder.shape(m_x)) + ", its kernel "
                + toString(call.builder.shape(kernel)) + ": it needs " + std::to_string(rank)
                + " axes");
    }

    bool fits() const { return m_fits; }
    Value image() const { return m_x; }

    ops::Window window() const
    {
        return windowOf(
            m_convolution, m_call.builder.shape(m_kernel), spatialLengths(m_call.builder, m_x));
    }

    std::vector<Value> finish(Value y, std::size_t biasIndex)
    {
        if (m_call.config.flag("use_bias", true))
            y = m_call.builder.add(y, m_call.weight(biasIndex, "bias_regularizer"));
        // Softmax and the like work on the last axis of what Keras sees.
        y = fromChannelsLast(m_call.builder, y, m_convolution.channelsFirst);
        return { m_call.activate(y, "activation") };
    }

private:
    static bool isPositive(const std::vector<std::int64_t>& numbers)
    {
        return std::all_of(numbers.begin(), numbers.end(), [](auto number) { return number > 0; });
    }

    LayerLowering& m_call;
    ConvolutionConfig m_convolution;
    Value m_kernel;
    Value m_x;
    bool m_fits = false;
};

std::vector<Value> lowerConvolution(LayerLowering& call)
{
    const Value kernel = call.weight(0, "kernel_regularizer");
    Sliding sliding(call, kernel);
    if (!sliding.fits())
        return {};
    return sliding.finish(call.builder.convolution(sliding.image(), kernel, sliding.window(),
                              call.config.integer("groups", 1)),
        1);
}

std::vector<Value> lowerDepthwise(LayerLowering& call)
{
    const Value kernel = call.weight(0, "depthwise_regularizer");
    Sliding sliding(call, kernel);
    if (!sliding.fits())
        return {};
    return sliding.finish(
        call.builder.depthwiseConvolution(sliding.image(), kernel, sliding.window()), 1);
}

/// A depthwise convolution, then a 1×1 convolution that mixes the channels.
std::vector<Value> lowerSeparable(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value depthwise = call.weight(0, "depthwise_regularizer");
    Sliding sliding(call, depthwise);
    if (!sliding.fits())
        return {};
    const Value inner = b.depthwiseConvolution(sliding.image(), depthwise, sliding.window());
    const Value pointwise = call.weight(1, "pointwise_regularizer");
    const Shape shape = b.shape(pointwise);
    if (shape.size() < 2) {
        call.fail("its pointwise kernel has shape " + toString(shape));
        return {};
    }
    const Value mixing = b.reshape(pointwise, { shape[shape.size() - 2], shape.back() });
    return sliding.finish(b.matmul(inner, mixing), 2);
}

Clauses slidingWords(const ExplanationRequest& about, Sentence what)
{
    const auto convolution = read(about.layer, about.config);
    Clauses clauses{ std::move(what) };
    const bool isPlain = about.layer.className.rfind("Conv", 0) == 0;
    if (!about.weights.empty() && about.weights[0].size() >= 2) {
        const auto channels = about.weights[0][about.weights[0].size() - 2]
            * (isPlain ? about.config.integer("groups", 1) : 1);
        clauses.push_back(channels == 1 ? Sentence(WORDS("layers", " over 1 channel"))
                                        : Sentence(WORDS("layers", " over %1 channels"), channels));
    }
    if (times(convolution.strides) != times(std::vector<std::int64_t>(convolution.spatial, 1)))
        clauses.emplace_back(WORDS("layers", " in steps of %1"), times(convolution.strides));
    addActivation(clauses, about.config);
    addParameters(clauses, about);
    return clauses;
}

std::string windowText(const ExplanationRequest& about)
{
    return times(read(about.layer, about.config).size);
}

Clauses convolutionWords(const ExplanationRequest& about)
{
    return slidingWords(about,
        { WORDS("layers", "Slides %1 filters of %2"), about.config.integer("filters", 0),
            windowText(about) });
}

Clauses depthwiseWords(const ExplanationRequest& about)
{
    const auto multiplier = about.config.integer("depth_multiplier", 1);
    if (multiplier == 1)
        return slidingWords(about,
            { WORDS("layers", "Slides 1 filter for each channel of %1"), windowText(about) });
    return slidingWords(about,
        { WORDS("layers", "Slides %1 filters for each channel of %2"), multiplier,
            windowText(about) });
}

Clauses separableWords(const ExplanationRequest& about)
{
    return slidingWords(about,
        { WORDS("layers",
              "Slides one set of filters for each channel, mixed into %1 channels, filters of %2"),
            about.config.integer("filters", 0), windowText(about) });
}

constexpr LayerType convolutionTypes[] = {
    { .classNames = "Conv1D Convolution1D AtrousConvolution1D Conv2D Convolution2D "
                    "AtrousConvolution2D Conv3D Convolution3D",
        .shape = convolutionShape,
        .lower = lowerConvolution,
        .words = convolutionWords },
    { .classNames = "DepthwiseConv1D DepthwiseConv2D DepthwiseConvolution1D "
                    "DepthwiseConvolution2D",
        .shape = depthwiseShape,
        .lower = lowerDepthwise,
        .words = depthwiseWords },
    { .classNames = "SeparableConv1D SeparableConv2D SeparableConvolution1D "
                    "SeparableConvolution2D",
        .shape = separableShape,
        .lower = lowerSeparable,
        .words = separableWords },
};

} // namespace

extern constinit const LayerFamily convolution_layers{ convolutionTypes };

} // namespace layerscope::layers
