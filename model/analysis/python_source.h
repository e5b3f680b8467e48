#pragma once

#include "model/network/network.h"

namespace layerscope::analysis {

/// Python that rebuilds a model.
struct PythonSource
{
    std::string text;
    std::vector<std::string> remarks; ///< what a person has to add: custom classes, Lambda code
};

/// Source for the Keras generation of `network`: Sequential and Functional models, nested ones as
/// functions of their own, shared layers as variables, operations of Keras 3 and TFOpLambda; then
/// the weights are loaded from the file the network came from. Settings that are every class's
/// default are left out. Nothing of the file's own code is copied.
/// Errors  InvalidArgument without an architecture; Unsupported for subclassed models
Result<PythonSource> pythonSource(const Network& network);

/// `value` as Python writes it: True, None, 'text'.
std::string pythonLiteral(const Json& value);

/// A name that Python allows: "conv2d/1" → "conv2d_1", "class" → "class_".
std::string pythonName(const std::string& wanted);

} // namespace layerscope::analysis
