#pragma once

#include "model/network/network.h"

namespace layerscope {

/// Small repairs of a model; each gives a new value that shares every array with the old one.

/// Without loss, metrics, optimizer and its state: Keras loads it uncompiled.
Network withoutTrainingSetup(const Network& network);

/// With loss and metrics, without what the optimizer remembers.
Network withoutOptimizerState(const Network& network);

/// Layers of one Sequential model that have the same name, and weights of one layer whose names
/// would meet in an .h5 file, get names of their own ("dense", "dense_1"). What refers to a name
/// (calls of a Functional model) cannot be told apart and stays.
Network withUniqueNames(const Network& network);

} // namespace layerscope
