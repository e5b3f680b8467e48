#pragma once

#include "model/core/tensor.h"
#include "model/network/network.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace layerscope::formats {

/// One op of TensorFlow inside a function.
struct ServingNode
{
    /// A property of the op: a type, numbers, a text, a constant's value.
    using Attribute = std::variant<DType, std::int64_t, float, bool, std::string,
        std::vector<std::int64_t>, Tensor>;

    std::string name;
    std::string op; ///< "MatMul"
    std::vector<std::string> inputs; ///< an argument's name, or "node:output:0"
    std::vector<std::pair<std::string, Attribute>> attributes;
};

/// A tensor that goes into or comes out of a function.
struct ServingTensor
{
    std::string name; ///< as callers give it: "dense_input"
    std::string reference; ///< inputs: the argument's name; outputs: "node:output:0"
    DType dtype = DType::Float32;
    PartialShape shape;
};

/// The model's computation in inference mode as a function of TensorFlow ops, for a batch of any
/// size. Variables come in as arguments after the inputs.
struct ServingFunction
{
    std::vector<ServingTensor> inputs;
    std::vector<ServingTensor> outputs;
    std::vector<std::pair<std::string, WeightIndex>> variables; ///< argument's name, weight
    std::vector<ServingNode> nodes; ///< each after those it uses
};

} // namespace layerscope::formats
