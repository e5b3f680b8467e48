#pragma once

#include "model/ops/builder.h"

namespace layerscope::layers {

/// [batch, channels, spatial…] to [batch, spatial…, channels], which is what the ops take, and
/// back. Nothing happens unless `channelsFirst`.
ops::Value toChannelsLast(ops::Builder& builder, ops::Value x, bool channelsFirst);
ops::Value fromChannelsLast(ops::Builder& builder, ops::Value x, bool channelsFirst);

/// The lengths of the spatial axes of [batch, spatial…, channels].
Shape spatialLengths(const ops::Builder& builder, ops::Value x);

/// A vector (or what is left of one) shaped so that it broadcasts along one axis of `rank` axes.
ops::Value alongAxis(ops::Builder& builder, ops::Value vector, std::int64_t rank, std::size_t axis);

} // namespace layerscope::layers
