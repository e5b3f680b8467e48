#pragma once

#include "model/ops/rules.h"

namespace layerscope::ops {

/// A value seen along one axis: `outer` blocks of `length` elements that lie `inner` apart.
struct Lanes
{
    std::int64_t outer = 1;
    std::int64_t length = 1;
    std::int64_t inner = 1;
};

Lanes lanesAlong(const Shape& shape, std::int64_t axis);

/// Calls f(offset of the lane's first element).
template<class F> void forEachLane(const Lanes& lanes, F&& f)
{
    for (std::int64_t i = 0; i < lanes.outer; ++i)
        for (std::int64_t j = 0; j < lanes.inner; ++j)
            f(i * lanes.length * lanes.inner + j);
}

} // namespace layerscope::ops
