#pragma once

#include "model/formats/format.h"

namespace layerscope::serving {

/// What the formats ask of layers, answered: shapes of what goes into each layer, and the model as
/// TensorFlow ops. Give it to formats::saveNetwork.
formats::LayerKnowledge layerKnowledge();

/// The inference computation of `network` as TensorFlow ops: its op graph for two batch sizes,
/// translated op by op; what differs between the two is computed from the batch at run time.
/// Errors  Unsupported, naming the layer that has no counterpart; those of layers::lowerModel
Result<formats::ServingFunction> servingFunction(const Network& network);

} // namespace layerscope::serving
