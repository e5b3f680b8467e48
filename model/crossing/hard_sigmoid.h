#pragma once

#include "model/crossing/dialect.h"

namespace layerscope::crossing {

// hard_sigmoid is clip(0.2 x + 0.5) in Keras 2 and clip(x / 6 + 0.5) in Keras 3, and
// hard_sigmoid_2(x) = hard_sigmoid_3(1.2 x). Predictions cross exactly by scaling what is before
// it. Source: crossing.md 2.4.

/// For an Activation("hard_sigmoid"): the Rescaling layer to put before it, as a full object.
std::optional<Json> hardSigmoidRescaling(const Layer& layer, const Journey& journey);

/// By how much a weight is multiplied: everything, or some of the gates' blocks along the last
/// axis.
struct WeightScale
{
    double factor = 1;
    std::size_t blockCount = 1;
    std::vector<bool> scaledBlocks{ true };
};

/// The scale of each of `layer.weights`; absent where a weight stays.
/// Errors  Unsupported, for a hard_sigmoid that no scaling can stand in for
Result<std::vector<std::optional<WeightScale>>> hardSigmoidScales(
    const Layer& layer, const Journey& journey);

/// `stored` with its blocks multiplied by the scale's factor to the power of `power`.
Result<StoredTensor> scaled(const StoredTensor& stored, const WeightScale& scale, int power);

/// The power of the scale by which a slot changes with its weight: gradients become smaller where
/// weights become larger.
int scalePower(const std::string& optimizer, const std::string& slot);

} // namespace layerscope::crossing
