#pragma once

#include "model/formats/tracked_tree.h"

namespace layerscope::tensorflow {
class MetaGraphDef;
}

namespace layerscope::formats {

/// Adds `function` to `meta`, whose object graph holds the objects of `tree` already: as the
/// signature serving_default of the root, and as a graph with placeholders, variables and a saver
/// for programs that run sessions (savedmodel-writing, sections 5.1 and 5.2).
void addServing(
    const ServingFunction& function, const TrackedTree& tree, tensorflow::MetaGraphDef& meta);

} // namespace layerscope::formats
