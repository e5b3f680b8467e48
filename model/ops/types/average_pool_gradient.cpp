#include "model/ops/kernels/typed.h"
#include "model/ops/kernels/window.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferAveragePoolGradient(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("average pool gradient", inputs, 1));
    return std::vector{ ValueInfo{ inputs[0].dtype, attributes.integers("shape") } };
}

/// The op is linear.
std::vector<Value> gradientAveragePoolGradient(const GradientRequest& request)
{
    return { request.builder.averagePool(request.upstream[0], windowOf(request.attributes)) };
}

template<class T> void unpool(const WindowGeometry& g, const T* dy, T* dx)
{
    std::fill(dx, dx + g.batch * g.inputPixels() * g.channels, T{ 0 });
    for (std::int64_t n = 0; n < g.batch; ++n) {
        T* to = dx + n * g.inputPixels() * g.channels;
        WindowGeometry::Triple o{};
        for (o[0] = 0; o[0] < g.out[0]; ++o[0])
            for (o[1] = 0; o[1] < g.out[1]; ++o[1])
                for (o[2] = 0; o[2] < g.out[2]; ++o[2], dy += g.channels) {
                    std::int64_t met = 0;
                    forEachInWindow(g, o, [&](std::int64_t, std::int64_t) { ++met; });
                    forEachInWindow(g, o, [&](std::int64_t pixel, std::int64_t) {
                        for (std::int64_t c = 0; c < g.channels; ++c)
                            to[pixel * g.channels + c] += dy[c] / static_cast<T>(met);
                    });
                }
    }
}

Result<Kernel> prepareAveragePoolGradient(const KernelRequest& request)
{
    const Window window = windowOf(request.attributes);
    const WindowGeometry g
        = windowGeometry(window, request.outputs[0].shape, request.inputs[0].shape, window.size);
    return withFloatingType(
        "average pool gradient", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
            return [g](std::span<const void* const> inputs, std::span<void* const> outputs) {
                unpool(g, input<T>(inputs, 0), output<T>(outputs, 0));
            };
        });
}

} // namespace

const OpType average_pool_gradient_op{ .name = "average pool gradient",
    .infer = inferAveragePoolGradient,
    .gradient = gradientAveragePoolGradient,
    .prepare = prepareAveragePoolGradient,
    .words = "shares each gradient out over its window" };

} // namespace layerscope::ops
