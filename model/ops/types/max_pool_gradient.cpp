#include "model/ops/kernels/simd/simd.h"
#include "model/ops/kernels/thread_pool.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/kernels/window.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

/// Inputs: what was pooled, and the gradient of what came out.
Infos inferMaxPoolGradient(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes&)
{
    TRY_DO(requireCount("max pool gradient", inputs, 2));
    TRY_DO(requireSameType("max pool gradient", inputs));
    return std::vector{ inputs[0] };
}

/// The first of equal maxima takes the gradient, as in TensorFlow.
template<class T> void unpool(const WindowGeometry& g, const T* x, const T* dy, T* dx)
{
    std::fill(dx, dx + g.batch * g.inputPixels() * g.channels, T{ 0 });
    for (std::int64_t n = 0; n < g.batch; ++n) {
        const T* in = x + n * g.inputPixels() * g.channels;
        T* to = dx + n * g.inputPixels() * g.channels;
        WindowGeometry::Triple o{};
        for (o[0] = 0; o[0] < g.out[0]; ++o[0])
            for (o[1] = 0; o[1] < g.out[1]; ++o[1])
                for (o[2] = 0; o[2] < g.out[2]; ++o[2], dy += g.channels)
                    for (std::int64_t c = 0; c < g.channels; ++c) {
                        std::int64_t best = -1;
                        forEachInWindow(g, o, [&](std::int64_t pixel, std::int64_t) {
                            const std::int64_t at = pixel * g.channels + c;
                            if (best < 0 || in[at] > in[best])
                                best = at;
                        });
                        if (best >= 0)
                            to[best] += dy[c];
                    }
    }
}

/// The same in vectors over the channels; `largest` and `where` are scratch of that length.
void unpoolImage(const WindowGeometry& g, const float* x, const float* dy, float* dx,
    float* largest, std::int32_t* where)
{
    std::fill_n(dx, g.inputPixels() * g.channels, 0.0F);
    WindowGeometry::Triple o{};
    for (o[0] = 0; o[0] < g.out[0]; ++o[0])
        for (o[1] = 0; o[1] < g.out[1]; ++o[1])
            for (o[2] = 0; o[2] < g.out[2]; ++o[2], dy += g.channels) {
                bool first = true;
                forEachInWindow(g, o, [&](std::int64_t pixel, std::int64_t window) {
                    const float* from = x + pixel * g.channels;
                    if (first) {
                        std::copy_n(from, g.channels, largest);
                        std::fill_n(where, g.channels, static_cast<std::int32_t>(window));
                    } else {
                        simd().argMaxTo(
                            largest, where, from, static_cast<std::int32_t>(window), g.channels);
                    }
                    first = false;
                });
                forEachInWindow(g, o, [&](std::int64_t pixel, std::int64_t window) {
                    simd().addWhere(dx + pixel * g.channels, dy, where,
                        static_cast<std::int32_t>(window), g.channels);
                });
            }
}

Kernel floatMaxPoolGradient(const WindowGeometry& g, const KernelRequest& request)
{
    const double elements
        = static_cast<double>(g.batch * g.outputPixels() * g.windowPixels() * g.channels);
    const int threads = elements * 0.6 > worthForking ? request.threads : 1;
    const std::int64_t slices = threads > 1 ? std::min<std::int64_t>(g.batch, 2 * threads) : 1;
    const std::int64_t padded = (g.channels + 15) / 16 * 16;
    *request.scratchBytes = static_cast<std::size_t>(2 * padded * slices) * sizeof(float);
    return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
        forEachSlice(threads, slices, [&](std::int64_t slice) {
            float* largest = output<float>(outputs, 1) + slice * 2 * padded;
            const std::int64_t end = sliceBegin(g.batch, slices, slice + 1);
            for (std::int64_t n = sliceBegin(g.batch, slices, slice); n < end; ++n)
                unpoolImage(g, input<float>(inputs, 0) + n * g.inputPixels() * g.channels,
                    input<float>(inputs, 1) + n * g.outputPixels() * g.channels,
                    output<float>(outputs, 0) + n * g.inputPixels() * g.channels, largest,
                    reinterpret_cast<std::int32_t*>(largest + padded));
        });
    };
}

Result<Kernel> prepareMaxPoolGradient(const KernelRequest& request)
{
    const Window window = windowOf(request.attributes);
    const WindowGeometry g
        = windowGeometry(window, request.inputs[0].shape, request.inputs[1].shape, window.size);
    if (carriedType(request.inputs[0].dtype) == DType::Float32)
        return floatMaxPoolGradient(g, request);
    return withFloatingType(
        "max pool gradient", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
            return [g](std::span<const void* const> inputs, std::span<void* const> outputs) {
                unpool(g, input<T>(inputs, 0), input<T>(inputs, 1), output<T>(outputs, 0));
            };
        });
}

} // namespace

const OpType max_pool_gradient_op{ .name = "max pool gradient",
    .infer = inferMaxPoolGradient,
    .prepare = prepareMaxPoolGradient,
    .words = "hands each gradient to the element that was the largest of its window" };

} // namespace layerscope::ops
