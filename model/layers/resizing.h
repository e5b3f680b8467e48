#pragma once

#include "model/layers/layer_lowering.h"

namespace layerscope::layers {

/// Images [batch, height, width, channels] (or any number of spatial axes) resized as
/// tf.image.resize does it, with half-pixel centres: "nearest", "bilinear", "bicubic", "area",
/// "lanczos3", "lanczos5", "gaussian", "mitchellcubic". Each is a product with a fixed matrix along
/// each axis. `antialias` widens the kernel when an image shrinks.
ops::Value resized(LayerLowering& call, ops::Value images, const Shape& target,
    const std::string& method, bool antialias = false);

} // namespace layerscope::layers
