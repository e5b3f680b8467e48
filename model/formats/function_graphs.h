#pragma once

#include "model/network/function_graph.h"

namespace layerscope::tensorflow {
class MetaGraphDef;
}

namespace layerscope::formats {

/// The computations of a SavedModel as graphs of ops: its signatures, the functions that are
/// attributes of its objects, and the functions that these call. A function that does nothing but
/// call another is passed over. Bounded: of very large graphs the first ops.
std::vector<FunctionGraph> readFunctions(const tensorflow::MetaGraphDef& meta);

} // namespace layerscope::formats
