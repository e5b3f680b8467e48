#include "model/ops/kernels/window.h"

namespace layerscope::ops {

WindowGeometry windowGeometry(const Window& window, const Shape& input, const Shape& output,
    std::span<const std::int64_t> size, std::int64_t groups)
{
    WindowGeometry g;
    g.batch = input.front();
    g.channels = input.back();
    g.filters = output.back();
    g.groups = groups;
    const std::size_t axes = input.size() - 2;
    for (std::size_t i = 0; i < axes; ++i) {
        const std::size_t to = 3 - axes + i;
        g.in[to] = input[i + 1];
        g.out[to] = output[i + 1];
        g.size[to] = size[i];
        g.strides[to] = window.strides[i];
        g.dilations[to] = window.dilations[i];
        g.padBefore[to] = window.padBefore[i];
    }
    return g;
}

} // namespace layerscope::ops
