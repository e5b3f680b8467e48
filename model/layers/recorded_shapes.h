#pragma once

#include "model/network/network.h"

#include <map>
#include <string>

namespace layerscope::layers {

/// Output shapes that the architecture's JSON itself records, by path: Keras 3 writes the shape of
/// every tensor beside each reference to it, and archives keep the input shape that a layer was
/// built for. The only source for what comes out of a custom layer.
std::map<std::string, PartialShape> recordedShapes(const Json& architecture);

} // namespace layerscope::layers
