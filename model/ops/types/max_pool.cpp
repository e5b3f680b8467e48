#include "model/ops/kernels/simd/simd.h"
#include "model/ops/kernels/thread_pool.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/kernels/window.h"
#include "model/ops/types/types.h"

#include <limits>

namespace layerscope::ops {

namespace {

Infos inferMaxPool(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("pooling", inputs, 1));
    const Shape& x = inputs[0].shape;
    if (x.size() < 3 || inputs[0].dtype == DType::Bool)
        return shapeMismatch("pooling: of a value of shape " + toString(x));
    const Window window = windowOf(attributes);
    TRY(const Shape spatial,
        windowedLengths("pooling", window, window.size, std::span(x).subspan(1, x.size() - 2)));
    Shape shape{ x.front() };
    shape.insert(shape.end(), spatial.begin(), spatial.end());
    shape.push_back(x.back());
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientMaxPool(const GradientRequest& request)
{
    return { request.builder.make(
        max_pool_gradient_op, { request.inputs[0], request.upstream[0] }, request.attributes) };
}

template<class T> void maxPool(const WindowGeometry& g, const T* x, T* y)
{
    const T lowest = std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                          : std::numeric_limits<T>::lowest();
    std::fill(y, y + g.batch * g.outputPixels() * g.channels, lowest);
    for (std::int64_t n = 0; n < g.batch; ++n) {
        forEachMeeting(g, [&](std::int64_t from, std::int64_t to, std::int64_t) {
            const T* in = x + (n * g.inputPixels() + from) * g.channels;
            T* out = y + (n * g.outputPixels() + to) * g.channels;
            for (std::int64_t c = 0; c < g.channels; ++c)
                out[c] = in[c] > out[c] || in[c] != in[c] ? in[c] : out[c];
        });
    }
}

void poolImage(const WindowGeometry& g, const float* x, float* y)
{
    WindowGeometry::Triple o{};
    for (o[0] = 0; o[0] < g.out[0]; ++o[0])
        for (o[1] = 0; o[1] < g.out[1]; ++o[1])
            for (o[2] = 0; o[2] < g.out[2]; ++o[2], y += g.channels) {
                bool first = true;
                forEachInWindow(g, o, [&](std::int64_t pixel, std::int64_t) {
                    const float* from = x + pixel * g.channels;
                    if (first)
                        std::copy_n(from, g.channels, y);
                    else
                        simd().maxTo(y, from, g.channels);
                    first = false;
                });
                if (first)
                    std::fill_n(y, g.channels, -std::numeric_limits<float>::infinity());
            }
}

Result<Kernel> prepareMaxPool(const KernelRequest& request)
{
    const Window window = windowOf(request.attributes);
    const WindowGeometry g
        = windowGeometry(window, request.inputs[0].shape, request.outputs[0].shape, window.size);
    if (carriedType(request.inputs[0].dtype) == DType::Float32) {
        const double elements
            = static_cast<double>(g.batch * g.outputPixels() * g.windowPixels() * g.channels);
        const int threads = elements * 0.3 > worthForking ? request.threads : 1;
        return Kernel([=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            forEachSlice(threads, g.batch, [&](std::int64_t n) {
                poolImage(g, input<float>(inputs, 0) + n * g.inputPixels() * g.channels,
                    output<float>(outputs, 0) + n * g.outputPixels() * g.channels);
            });
        });
    }
    return withArithmeticType("pooling", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [g](std::span<const void* const> inputs, std::span<void* const> outputs) {
            maxPool(g, input<T>(inputs, 0), output<T>(outputs, 0));
        };
    });
}

} // namespace

const OpType max_pool_op{ .name = "max pool",
    .infer = inferMaxPool,
    .gradient = gradientMaxPool,
    .prepare = prepareMaxPool,
    .words = "keeps the largest of each window" };

Value Builder::maxPool(Value x, const Window& window)
{
    Attributes attributes;
    setWindow(attributes, window);
    return make(max_pool_op, { x }, std::move(attributes));
}

} // namespace layerscope::ops
