#include "model/ops/kernels/float_convolution.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/kernels/window.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

/// Only the gradient rules of the other two make this op, so its shapes fit by construction.
Infos inferConvolutionToKernel(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("convolution to kernel", inputs, 2));
    TRY_DO(requireSameType("convolution to kernel", inputs));
    return std::vector{ ValueInfo{ inputs[0].dtype, attributes.integers("kernel") } };
}

/// The op is linear in both inputs.
std::vector<Value> gradientConvolutionToKernel(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value x = request.inputs[0];
    const Value y = request.inputs[1];
    const Value g = request.upstream[0];
    const Window window = windowOf(request.attributes);
    const std::int64_t groups = request.attributes.integer("groups");
    std::vector<Value> result(2);
    if (request.needed[0]) {
        const Shape& shape = b.shape(x);
        result[0]
            = b.convolutionToInput(y, g, window, Shape(shape.begin() + 1, shape.end() - 1), groups);
    }
    if (request.needed[1])
        result[1] = b.convolution(x, g, window, groups);
    return result;
}

template<class T> void correlate(const WindowGeometry& g, const T* x, const T* y, T* kernel)
{
    const std::int64_t c = g.channels / g.groups;
    const std::int64_t f = g.filters / g.groups;
    std::fill(kernel, kernel + g.windowPixels() * c * g.filters, T{ 0 });
    for (std::int64_t n = 0; n < g.batch; ++n) {
        forEachMeeting(g, [&](std::int64_t from, std::int64_t to, std::int64_t window) {
            const T* in = x + (n * g.inputPixels() + from) * g.channels;
            const T* out = y + (n * g.outputPixels() + to) * g.filters;
            for (std::int64_t group = 0; group < g.groups; ++group)
                for (std::int64_t i = 0; i < c; ++i) {
                    T* weights = kernel + (window * c + i) * g.filters + group * f;
                    for (std::int64_t j = 0; j < f; ++j)
                        weights[j] += in[group * c + i] * out[group * f + j];
                }
        });
    }
}

Result<Kernel> prepareConvolutionToKernel(const KernelRequest& request)
{
    const Shape& kernel = request.outputs[0].shape;
    const WindowGeometry g = windowGeometry(windowOf(request.attributes), request.inputs[0].shape,
        request.inputs[1].shape, std::span(kernel).first(kernel.size() - 2),
        request.attributes.integer("groups"));
    if (carriedType(request.inputs[0].dtype) == DType::Float32 && suitsTiles(g)) {
        const ConvolutionToKernel toKernel(g, request.threads);
        *request.scratchBytes = toKernel.scratchBytes();
        return Kernel([=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            toKernel.run(input<float>(inputs, 0), input<float>(inputs, 1),
                output<float>(outputs, 0), output<float>(outputs, 1));
        });
    }
    return withFloatingType("convolution", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [g](std::span<const void* const> inputs, std::span<void* const> outputs) {
            correlate(g, input<T>(inputs, 0), input<T>(inputs, 1), output<T>(outputs, 0));
        };
    });
}

} // namespace

const OpType convolution_to_kernel_op{ .name = "convolution to kernel",
    .infer = inferConvolutionToKernel,
    .gradient = gradientConvolutionToKernel,
    .prepare = prepareConvolutionToKernel,
    .words = "sums, for each weight of a kernel, what it met times what came back" };

} // namespace layerscope::ops
