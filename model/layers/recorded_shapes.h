#pragma once

#include "model/network/network.h"

#include <map>
#include <string>

namespace layerscope::layers {

/// Output shapes that the file itself records, by path: Keras 3 writes the shape of every tensor
/// beside each reference to it, archives keep the input shape that a layer was built for in the
/// architecture, and SavedModels in their objects' metadata. The only source for what comes out of
/// a custom layer.
std::map<std::string, PartialShape> recordedShapes(const Network& network);

} // namespace layerscope::layers
