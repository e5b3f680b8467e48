#pragma once

#include "model/network/network.h"

namespace layerscope {

/// One variable that an optimizer has, in its place of the list.
struct OptimizerSlotSpec
{
    SlotRole role = SlotRole::Slot;
    std::string slot; ///< Keras 3's names: "momentum", "velocity", "velocity_hat", "average",
                      ///< "gradient_accumulator", "accumulator" …
    std::optional<std::size_t> variable; ///< position among the trainable weights
    DType dtype = DType::Float32;
    Shape shape;
    double initial = 0; ///< value at the start (Adagrad's accumulator 0.1 …)
};

/// What the layout is computed from: shape, dtype and path of each trainable weight, in order.
struct TrainableWeight
{
    Shape shape;
    DType dtype = DType::Float32;
    std::string path;
};

/// The ordered variables of an optimizer, as real Keras lists them (formats.md 1.9), for its class,
/// configuration and generation. Absent when the class is not known.
std::optional<std::vector<OptimizerSlotSpec>> optimizerLayout(const std::string& className,
    const Json& config, KerasGeneration dialect, const std::vector<TrainableWeight>& weights);

std::vector<TrainableWeight> trainableWeightsOf(const Network& network);

/// Which generation an optimizer_config speaks (formats.md 1.7): "Custom>Adam",
/// is_legacy_optimizer, lr, decay …; `fileGeneration` decides where the configuration does not.
KerasGeneration optimizerDialect(const Json& optimizerConfig, KerasGeneration fileGeneration);

/// Class name without package, version and "Custom>": "Custom>Adam" → "Adam",
/// "LossScaleOptimizerV3" → "LossScaleOptimizer".
std::string plainOptimizerName(std::string_view className);

/// Fills role, slot, weight and iterations of `state.variables`, which hold names and values in the
/// file's order. What does not fit the layout stays with role Unknown, and a Problem says which.
void interpretOptimizer(Network& network, OptimizerState& state);

} // namespace layerscope
