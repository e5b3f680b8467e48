#pragma once

#include "model/crossing/graph.h"

namespace layerscope::crossing {

/// True for the layers in which Keras 2 writes what is not a layer: TFOpLambda, SlicingOpLambda.
bool isKeras2Operation(const std::string& className);

/// Where Keras 3 keeps the class of an operation: "keras.src.ops.numpy" …
std::string operationModule(const std::string& className);

/// Turns the operations among the graph's layers into those of the target: TFOpLambda of Keras 2,
/// whose parameters stand in its calls, and operations of Keras 3, whose parameters are its own.
/// Source  crossing.md 4.3
/// Errors  Unsupported, naming the function that the target does not have
Result<void> crossOperations(Graph& graph, const Journey& journey);

} // namespace layerscope::crossing
