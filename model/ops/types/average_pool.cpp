#include "model/ops/kernels/typed.h"
#include "model/ops/kernels/window.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferAveragePool(
    std::span<const ValueInfo> inputs, std::span<const bool> present, const Attributes& attributes)
{
    TRY_DO(requireCount("average pool", inputs, 1));
    TRY_DO(requireFloating("average pool", inputs[0]));
    return max_pool_op.infer(inputs, present, attributes);
}

std::vector<Value> gradientAveragePool(const GradientRequest& request)
{
    Attributes attributes = request.attributes;
    attributes.set("shape", request.builder.shape(request.inputs[0]));
    return { request.builder.make(
        average_pool_gradient_op, { request.upstream[0] }, std::move(attributes)) };
}

template<class T> void averagePool(const WindowGeometry& g, const T* x, T* y)
{
    for (std::int64_t n = 0; n < g.batch; ++n) {
        const T* in = x + n * g.inputPixels() * g.channels;
        WindowGeometry::Triple o{};
        for (o[0] = 0; o[0] < g.out[0]; ++o[0])
            for (o[1] = 0; o[1] < g.out[1]; ++o[1])
                for (o[2] = 0; o[2] < g.out[2]; ++o[2], y += g.channels) {
                    std::fill(y, y + g.channels, T{ 0 });
                    std::int64_t met = 0;
                    forEachInWindow(g, o, [&](std::int64_t pixel, std::int64_t) {
                        ++met;
                        for (std::int64_t c = 0; c < g.channels; ++c)
                            y[c] += in[pixel * g.channels + c];
                    });
                    for (std::int64_t c = 0; c < g.channels; ++c)
                        y[c] /= static_cast<T>(met);
                }
    }
}

Result<Kernel> prepareAveragePool(const KernelRequest& request)
{
    const Window window = windowOf(request.attributes);
    const WindowGeometry g
        = windowGeometry(window, request.inputs[0].shape, request.outputs[0].shape, window.size);
    return withFloatingType("average pool", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [g](std::span<const void* const> inputs, std::span<void* const> outputs) {
            averagePool(g, input<T>(inputs, 0), output<T>(outputs, 0));
        };
    });
}

} // namespace

const OpType average_pool_op{ .name = "average pool",
    .infer = inferAveragePool,
    .gradient = gradientAveragePool,
    .prepare = prepareAveragePool,
    .words = "takes the mean of each window" };

Value Builder::averagePool(Value x, const Window& window)
{
    Attributes attributes;
    setWindow(attributes, window);
    return make(average_pool_op, { x }, std::move(attributes));
}

} // namespace layerscope::ops
