#pragma once

#include "model/layers/layer_lowering.h"

#include <optional>
#include <string_view>

namespace layerscope::layers {

/// An activation by Keras's name ("relu", "hard_sigmoid" …), with the arguments that the function
/// has by default. The same name may mean another function in another generation: hard_sigmoid is
/// clip(0.2 x + 0.5) in Keras 2 and clip(x / 6 + 0.5) in Keras 3.
///
/// Nothing for a name that is not known.
using Activation = ops::Value (*)(ops::Builder&, ops::Value);
std::optional<Activation> activationNamed(std::string_view name, KerasGeneration generation);

/// Building blocks of the above that layers use with arguments of their own.
ops::Value leakyRelu(ops::Builder& builder, ops::Value x, double slope);
ops::Value elu(ops::Builder& builder, ops::Value x, double alpha);
/// Keras's general relu: max(x, 0) above `threshold`, `slope` · (x - threshold) below it, cut off
/// at `most` where that is given.
ops::Value generalRelu(ops::Builder& builder, ops::Value x, double slope,
    std::optional<double> most, double threshold);

} // namespace layerscope::layers
