#pragma once

#include "model/core/json.h"

#include <cstddef>
#include <optional>
#include <string>

namespace layerscope::analysis {

/// The Python code that a Lambda layer carries. It is measured, never run.
struct LambdaCode
{
    std::size_t bytes = 0;
    std::string python; ///< who made it, by the layout of the code object: "3.8 to 3.10"; empty
                        ///< where it does not show
};

/// From the configuration of a Lambda layer: base64 text in "function" ([code, defaults, closure]
/// in Keras 2, {"class_name": "__lambda__", "config": {"code"}} in Keras 3). Nothing where the
/// layer names a function instead. Source  CPython's Python/marshal.c of each version
std::optional<LambdaCode> lambdaCode(const Json& config);

} // namespace layerscope::analysis
