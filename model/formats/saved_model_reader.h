#pragma once

#include "model/formats/object_graph.h"
#include "model/network/network.h"

namespace layerscope::formats {

/// A Keras model out of the objects that TensorFlow tracked for it: architecture and training
/// set-up from `rootMetadata` (what keras_metadata.pb says of the root), layers' weights along the
/// edges of the graph, the optimizer's variables.
Result<Network> readKerasObjects(const ObjectGraph& graph, const Json& rootMetadata);

/// Variables alone, grouped by what stands before the last slash of their names: for SavedModels
/// without Keras's data (Keras 3's export(), tf.saved_model.save) and for checkpoints.
Network readVariablesOnly(const ObjectGraph& graph);

} // namespace layerscope::formats
