#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

/// Sequences of images [batch, time, spatial…, channels].
OutputShapes convLstmShape(const ShapeRequest& request)
{
    const LayerConfig& config = request.config;
    const std::size_t spatial = spatialRank(request.layer.className);
    const bool channelsFirst = isChannelsFirst(config);
    const auto filters = config.integer("filters", 0);
    PartialShape shape = request.input();
    if (shape.size() != spatial + 3 || filters <= 0)
        return std::nullopt;
    const std::int64_t time = shape[1];
    shape.erase(shape.begin() + 1);
    const auto axes = imageAxes(shape, spatial, channelsFirst);
    const auto size = config.integers("kernel_size", spatial, 0);
    const auto strides = config.integers("strides", spatial, 1);
    const auto dilations = config.integers("dilation_rate", spatial, 1);
    for (std::size_t i = 0; i < spatial; ++i) {
        const auto length = windowLength(shape[axes->firstSpatial + i], size[i], strides[i],
            dilations[i], config.text("padding", "valid"));
        if (!length)
            return std::nullopt;
        shape[axes->firstSpatial + i] = *length;
    }
    shape[axes->channels] = filters;
    std::vector<PartialShape> result{ shape };
    if (config.flag("return_sequences", false))
        result[0].insert(result[0].begin() + 1, time);
    if (config.flag("return_state", false))
        result.insert(result.end(), 2, shape);
    return result;
}

constexpr LayerType types[] = {
    { .classNames = "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
        .shape = convLstmShape,
        .masking = Masking::Own },
};

} // namespace

extern constinit const LayerFamily conv_lstm_layers{ types };

} // namespace layerscope::layers
