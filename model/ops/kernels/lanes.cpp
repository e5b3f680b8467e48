#include "model/ops/kernels/lanes.h"

namespace layerscope::ops {

Lanes lanesAlong(const Shape& shape, std::int64_t axis)
{
    Lanes lanes;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const auto at = static_cast<std::int64_t>(i);
        (at < axis ? lanes.outer : at == axis ? lanes.length : lanes.inner) *= shape[i];
    }
    return lanes;
}

} // namespace layerscope::ops
