#pragma once

#include "model/layers/layer_lowering.h"

namespace layerscope::layers {

/// Bool [1, T, S]: query t may look at s ≤ t.
ops::Value causalMask(ops::Builder& builder, std::int64_t queries, std::int64_t keys);

/// Bool [1, T, S]: query t may look at those s that are less than `width` away.
ops::Value windowMask(
    ops::Builder& builder, std::int64_t queries, std::int64_t keys, std::int64_t width);

/// a AND b, either of which may be absent.
ops::Value bothMasks(ops::Builder& builder, ops::Value a, ops::Value b);

/// The value of a keyword that is true or false, in the call or (older files) the configuration.
bool callFlag(const LayerLowering& call, std::string_view keyword);

/// The tensor of a keyword argument; absent where it is not given.
ops::Value callTensor(LayerLowering& call, std::string_view keyword);

/// Dropout of attention weights with the configuration's rate.
ops::Value droppedWeights(LayerLowering& call, ops::Value weights);

} // namespace layerscope::layers
