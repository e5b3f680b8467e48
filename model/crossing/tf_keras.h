#pragma once

#include "model/crossing/dialect.h"

namespace layerscope::crossing {

/// Takes out of a configuration, or of what a SavedModel says about a layer, what only tf_keras
/// (2.16 and later) or Keras 2.13 and later write: keys at the value that every other Keras 2 takes
/// for granted, and the names of its own modules. True where something was taken out.
bool dropTfKerasWords(Json& value);

/// The same for the architecture of `network`, where `journey` leads from one Keras 2 to another.
/// What is set to something else stays, and is told about.
void dropTfKerasWords(Network& network, Journey& journey);

} // namespace layerscope::crossing
