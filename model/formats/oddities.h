#pragma once

#include "model/network/network.h"

namespace layerscope::formats {

/// Adds a Problem for what a configuration says that no Keras can mean, or that nobody but Keras
/// can do: code in the file, unknown classes and activations, sizes that are no sizes, and weights
/// whose shapes contradict them. Whatever the format was; the model is shown all the same.
void noteOddities(Network& network);

} // namespace layerscope::formats
