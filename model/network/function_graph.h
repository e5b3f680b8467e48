#pragma once

#include "model/core/shape.h"

#include <optional>
#include <string>
#include <vector>

namespace layerscope {

/// One op of a saved function.
struct FunctionNode
{
    std::string name; ///< with its scopes: "sequential/dense/MatMul"
    std::string op; ///< "MatMul"
    std::vector<std::string> inputs; ///< names of nodes or arguments; "^name" waits for it only
};

/// What goes into or comes out of a saved function.
struct FunctionTensor
{
    std::string name;
    std::string dtype; ///< "float32"; "resource" for a variable
    std::optional<PartialShape> shape; ///< absent where the rank is open
};

/// A computation that a file holds as a graph of ops: what a SavedModel without Keras's data has
/// instead of layers. It is looked at, never run.
struct FunctionGraph
{
    std::string name; ///< "serving_default", or the function's own
    std::string function; ///< the function that a signature calls; empty for the graph itself
    bool isSignature = false; ///< callers find it by its name
    std::vector<FunctionTensor> inputs;
    std::vector<FunctionTensor> outputs;
    std::vector<FunctionNode> nodes;
    std::size_t nodeCount = 0; ///< of all; `nodes` holds the first of very many
};

struct Layer;

/// The ops of a function as a tree by the scopes in their names: a scope is a model without a
/// class, an op a layer with the op as its class. What is nested deeper than 32 scopes stays
/// together.
Layer scopesOf(const FunctionGraph& function);

} // namespace layerscope
