#pragma once

#include "model/crossing/dialect.h"

namespace layerscope::crossing {

/// The objects of a SavedModel or checkpoint hold numbers that other files of Keras 2 have no place
/// for: the loss scale and how long it has held, Nadam's running product. Leaves them out of
/// `target` where its file would be refused for one variable too many, the scale becoming the one
/// to start with; puts those of `source`, a network of Keras 3, into objects that hold them.
void settleScalars(const Network& source, Network& target, Journey& journey);

} // namespace layerscope::crossing
