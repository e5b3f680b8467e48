#pragma once

#include "model/network/network.h"

namespace layerscope {

/// One variable that a Keras layer of some class and configuration owns.
struct VariableSpec
{
    std::string name; ///< "kernel", "moving_mean" …
    std::string object; ///< the attribute path of the v3 tree: "" for its own, "cell",
                        ///< "forward_layer/cell", "query_dense"
    int indexInObject = 0; ///< position in that object's `vars`
    bool trainable = true; ///< by nature; a frozen layer is not considered here
};

/// The variables of a layer in Keras's layer.weights order (all trainable ones, then the others),
/// wrappers and cells included. Follows from class and configuration alone (formats.md 1.5,
/// crossing.md 3.1). Absent when the class is not known (a custom layer).
std::optional<std::vector<VariableSpec>> variableLayout(
    const Layer& layer, KerasGeneration generation);

/// snake_case of a class name, as the v3 weights layout names groups: "Conv2DTranspose" →
/// "conv2d_transpose".
std::string snakeCase(std::string_view className);

} // namespace layerscope
