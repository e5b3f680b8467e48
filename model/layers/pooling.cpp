#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

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

constexpr LayerType types[] = {
    { .classNames = "MaxPooling1D MaxPool1D MaxPooling2D MaxPool2D MaxPooling3D MaxPool3D",
        .shape = poolingShape },
    { .classNames = "AveragePooling1D AvgPool1D AveragePooling2D AvgPool2D AveragePooling3D "
                    "AvgPool3D",
        .shape = poolingShape },
    { .classNames = "GlobalMaxPooling1D GlobalMaxPool1D GlobalMaxPooling2D GlobalMaxPool2D "
                    "GlobalMaxPooling3D GlobalMaxPool3D",
        .shape = globalPoolingShape },
    { .classNames = "GlobalAveragePooling1D GlobalAvgPool1D GlobalAveragePooling2D "
                    "GlobalAvgPool2D GlobalAveragePooling3D GlobalAvgPool3D",
        .shape = globalPoolingShape },
    { .classNames = "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
                    "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D",
        .shape = adaptivePoolingShape },
};

} // namespace

extern constinit const LayerFamily pooling_layers{ types };

} // namespace layerscope::layers
