#pragma once

#include "model/ops/builder.h"

#include <functional>
#include <span>
#include <string_view>

namespace layerscope::ops {

/// What a kernel is prepared with: shapes, dtypes and attributes, all static.
struct KernelRequest
{
    std::span<const ValueInfo> inputs; ///< absent inputs have an empty presence flag
    std::span<const bool> present;
    std::span<const ValueInfo> outputs;
    const Attributes& attributes;
    int threads = 1;
    /// Where a kernel asks for scratch memory (bytes): it is then given as one more output.
    std::size_t* scratchBytes = nullptr;
    /// For each output the input whose memory it takes, or -1; empty where no output takes any.
    std::span<const std::int64_t> sharedInputs = {};
};

/// A kernel ready to run: reads inputs, writes outputs. Allocates nothing.
using Kernel
    = std::function<void(std::span<const void* const> inputs, std::span<void* const> outputs)>;

/// What a gradient rule is given; it answers with one value for each input (absent: no gradient).
struct GradientRequest
{
    Builder& builder;
    std::span<const Value> inputs;
    std::span<const Value> outputs;
    std::span<const Value> upstream; ///< d target / d output; absent where nothing depends on it
    const Attributes& attributes;
    std::span<const bool> needed; ///< the inputs whose gradient is asked for
};

/// One op: a file in model/ops defines it, and the table allOps() is generated from those files.
struct OpType
{
    std::string_view name;
    /// Shape rule: dtypes and shapes of the outputs. ShapeMismatch says which sizes do not fit.
    Result<std::vector<ValueInfo>> (*infer)(std::span<const ValueInfo> inputs,
        std::span<const bool> present, const Attributes& attributes);
    /// Gradient rule in terms of ops; null: not differentiable (gradients() then reports it),
    /// unless `blocksGradient`.
    std::vector<Value> (*gradient)(const GradientRequest& request) = nullptr;
    Result<Kernel> (*prepare)(const KernelRequest& request) = nullptr;
    /// One line of words for the slow-motion view.
    std::string_view words;
    bool blocksGradient
        = false; ///< comparisons, rounding, stop-gradient: the gradient is zero, not an error
    bool optionalInputs = false; ///< whether inputs may be absent
};

std::span<const OpType* const> allOps();

} // namespace layerscope::ops
