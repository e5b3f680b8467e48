#pragma once

#include "model/ops/builder.h"

#include <span>
#include <vector>

namespace layerscope::ops {

/// Adds up the parts of a gradient that came back on different ways. What was cut out of a value
/// comes back as one piece instead of a sum of arrays that are zero but for a slice; products that
/// share a weight, as the steps of a recurrent layer do, become one product over all their rows.
/// Otherwise parts are added in their order.
class GradientSum
{
public:
    explicit GradientSum(Builder& builder)
        : m_builder(builder)
    {
    }

    /// At least one part, all of one shape.
    Value of(std::vector<Value> parts);

private:
    struct Slice
    {
        std::int64_t begin;
        std::int64_t end;
        std::vector<Value> parts; ///< what came back to it
    };
    const Node* makerOf(Value value);
    void joinSlices(std::vector<Value>& parts);
    void joinProducts(std::vector<Value>& parts);
    Value placed(const std::vector<Slice>& slices, std::size_t axis, const ValueInfo& whole);

    Builder& m_builder;
    std::size_t m_nodesSeen = 0;
    std::vector<std::int32_t> m_makers; ///< by value id: node, or -1
};

} // namespace layerscope::ops
