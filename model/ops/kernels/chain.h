#pragma once

#include "model/ops/kernels/simd/simd.h"
#include "model/ops/rules.h"

#include <array>

namespace layerscope::ops {

/// A chain of element-wise steps in float32, run block by block so that what lies between the steps
/// never leaves the first-level cache. Truths travel as 1 and 0 and are bytes only in memory.
struct Chain
{
    /// An input of the node, seen as an array of shape `to`.
    struct Load
    {
        std::int64_t input = 0;
        bool isBool = false;
        Shape from;
        Shape to;
        bool operator==(const Load&) const = default;
    };
    /// Operands below loads.size() are loads, those above results of earlier instructions.
    struct Instruction
    {
        ElementOp op = ElementOp::Copy;
        std::array<std::int64_t, 3> operands{ -1, -1, -1 };
    };
    struct Store
    {
        std::int64_t operand = 0;
        bool isBool = false;
    };

    std::int64_t count = 0; ///< elements
    std::vector<Load> loads;
    std::vector<Instruction> instructions;
    std::vector<Store> stores; ///< one for each output of the node

    Attributes encoded() const;
    static Chain decoded(const Attributes& attributes);
};

/// The same chain with steps joined where one loop does several; the numbers stay the same.
Chain contracted(Chain chain);

/// Whether every element of `from` is one element of `to`, in the same order.
bool isWhole(const Chain::Load& load);

Kernel chainKernel(Chain chain, const KernelRequest& request);

} // namespace layerscope::ops
