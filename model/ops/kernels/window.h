#pragma once

#include "model/ops/rules.h"

#include <array>

namespace layerscope::ops {

/// A convolution or pooling, brought to three spatial axes (leading ones of length 1), channels
/// last: input [batch, in[3], channels], output [batch, out[3], filters], kernel
/// [size[3], channels / groups, filters].
struct WindowGeometry
{
    using Triple = std::array<std::int64_t, 3>;
    std::int64_t batch = 0;
    Triple in{ 1, 1, 1 };
    Triple out{ 1, 1, 1 };
    Triple size{ 1, 1, 1 };
    Triple strides{ 1, 1, 1 };
    Triple dilations{ 1, 1, 1 };
    Triple padBefore{ 0, 0, 0 };
    std::int64_t channels = 1;
    std::int64_t filters = 1;
    std::int64_t groups = 1;

    std::int64_t inputPixels() const { return in[0] * in[1] * in[2]; }
    std::int64_t outputPixels() const { return out[0] * out[1] * out[2]; }
    std::int64_t windowPixels() const { return size[0] * size[1] * size[2]; }
};

/// `input` and `output` are shapes [n, s…, c]; `size` the window's lengths.
WindowGeometry windowGeometry(const Window& window, const Shape& input, const Shape& output,
    std::span<const std::int64_t> size, std::int64_t groups = 1);

/// Calls f(inputPixel, windowPixel) for what one output position meets inside the input, in order.
template<class F>
void forEachInWindow(const WindowGeometry& g, const WindowGeometry::Triple& o, F&& f)
{
    const auto place = [&](std::size_t axis, std::int64_t k) {
        return o[axis] * g.strides[axis] + k * g.dilations[axis] - g.padBefore[axis];
    };
    const auto outside = [&](std::size_t axis, std::int64_t i) { return i < 0 || i >= g.in[axis]; };
    std::int64_t window = 0;
    for (std::int64_t kd = 0; kd < g.size[0]; ++kd)
        for (std::int64_t kh = 0; kh < g.size[1]; ++kh) {
            const std::int64_t d = place(0, kd);
            const std::int64_t h = place(1, kh);
            if (outside(0, d) || outside(1, h)) {
                window += g.size[2];
                continue;
            }
            for (std::int64_t kw = 0; kw < g.size[2]; ++kw, ++window) {
                const std::int64_t w = place(2, kw);
                if (!outside(2, w))
                    f((d * g.in[1] + h) * g.in[2] + w, window);
            }
        }
}

/// Calls f(inputPixel, outputPixel, windowPixel) for every output position in turn.
template<class F> void forEachMeeting(const WindowGeometry& g, F&& f)
{
    WindowGeometry::Triple o{};
    for (o[0] = 0; o[0] < g.out[0]; ++o[0])
        for (o[1] = 0; o[1] < g.out[1]; ++o[1])
            for (o[2] = 0; o[2] < g.out[2]; ++o[2]) {
                const std::int64_t outputPixel = (o[0] * g.out[1] + o[1]) * g.out[2] + o[2];
                forEachInWindow(g, o, [&](std::int64_t inputPixel, std::int64_t windowPixel) {
                    f(inputPixel, outputPixel, windowPixel);
                });
            }
}

} // namespace layerscope::ops
