#include "model/ops/kernels/typed.h"
#include "model/ops/kernels/window.h"
#include "model/ops/types/types.h"

#include <limits>

namespace layerscope::ops {

namespace {

Infos infer(std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
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

std::vector<Value> gradient(const GradientRequest& request)
{
    return { request.builder.make(
        max_pool_gradient_op, { request.inputs[0], request.upstream[0] }, request.attributes) };
}

template<class T> void pool(const WindowGeometry& g, const T* x, T* y)
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

Result<Kernel> prepare(const KernelRequest& request)
{
    const Window window = windowOf(request.attributes);
    const WindowGeometry g
        = windowGeometry(window, request.inputs[0].shape, request.outputs[0].shape, window.size);
    return withArithmeticType("pooling", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [g](std::span<const void* const> inputs, std::span<void* const> outputs) {
            pool(g, input<T>(inputs, 0), output<T>(outputs, 0));
        };
    });
}

} // namespace

const OpType max_pool_op{ .name = "max pool",
    .infer = infer,
    .gradient = gradient,
    .prepare = prepare,
    .words = "keeps the largest of each window" };

Value Builder::maxPool(Value x, const Window& window)
{
    Attributes attributes;
    setWindow(attributes, window);
    return make(max_pool_op, { x }, std::move(attributes));
}

} // namespace layerscope::ops
