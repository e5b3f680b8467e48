#pragma once

#include "model/network/network.h"

#include <set>
#include <string>

namespace layerscope::analysis {

/// What the lines of all layers need beside them.
struct PythonNeeds
{
    std::set<std::string> customClasses;
    std::set<std::string> lambdas; ///< names of Lambda layers
    bool usesTensorFlow = false;
};

/// `layers.Dense(10, …)`: the call that makes a layer, without the calls on tensors.
std::string layerExpression(const Layer& layer, KerasGeneration generation, PythonNeeds& needs);

/// `keras.Input(shape=(784,), name="input")` for the configuration of an InputLayer.
std::string inputExpression(const Json& config);

/// A Keras 3 operation, TFOpLambda or SlicingOpLambda on arguments that are Python already.
std::string operationExpression(
    const Layer& layer, const std::vector<std::string>& arguments, PythonNeeds& needs);

} // namespace layerscope::analysis
