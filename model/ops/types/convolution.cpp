#include "model/ops/kernels/float_convolution.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/kernels/window.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

Infos inferConvolution(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("convolution", inputs, 2));
    TRY_DO(requireSameType("convolution", inputs));
    TRY_DO(requireFloating("convolution", inputs[0]));
    const Shape& x = inputs[0].shape;
    const Shape& kernel = inputs[1].shape;
    const std::int64_t groups = attributes.integer("groups");
    if (x.size() < 3 || kernel.size() != x.size())
        return shapeMismatch("convolution: input " + toString(x) + " with kernel "
            + toString(kernel) + ", which do not have the same axes");
    const std::int64_t filters = kernel.back();
    const std::int64_t perGroup = kernel[kernel.size() - 2];
    if (groups < 1 || filters % groups != 0 || perGroup > x.back() || perGroup * groups != x.back())
        return shapeMismatch("convolution: input " + toString(x) + " with kernel "
            + toString(kernel) + " in " + std::to_string(groups) + " groups: channels do not fit");
    const std::span<const std::int64_t> sizes(kernel.data(), kernel.size() - 2);
    TRY(const Shape spatial,
        windowedLengths(
            "convolution", windowOf(attributes), sizes, std::span(x).subspan(1, x.size() - 2)));
    Shape shape{ x.front() };
    shape.insert(shape.end(), spatial.begin(), spatial.end());
    shape.push_back(filters);
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientConvolution(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value x = request.inputs[0];
    const Value kernel = request.inputs[1];
    const Value g = request.upstream[0];
    std::vector<Value> result(2);
    if (request.needed[0]) {
        const Shape& shape = b.shape(x);
        result[0] = b.convolutionToInput(g, kernel, windowOf(request.attributes),
            Shape(shape.begin() + 1, shape.end() - 1), request.attributes.integer("groups"));
    }
    if (request.needed[1]) {
        Attributes attributes = request.attributes;
        attributes.set("kernel", b.shape(kernel));
        result[1] = b.make(convolution_to_kernel_op, { x, g }, std::move(attributes));
    }
    return result;
}

template<class T> void convolve(const WindowGeometry& g, const T* x, const T* kernel, T* y)
{
    const std::int64_t c = g.channels / g.groups;
    const std::int64_t f = g.filters / g.groups;
    std::fill(y, y + g.batch * g.outputPixels() * g.filters, T{ 0 });
    for (std::int64_t n = 0; n < g.batch; ++n) {
        forEachMeeting(g, [&](std::int64_t from, std::int64_t to, std::int64_t window) {
            const T* in = x + (n * g.inputPixels() + from) * g.channels;
            T* out = y + (n * g.outputPixels() + to) * g.filters;
            for (std::int64_t group = 0; group < g.groups; ++group)
                for (std::int64_t i = 0; i < c; ++i) {
                    const T value = in[group * c + i];
                    const T* weights = kernel + (window * c + i) * g.filters + group * f;
                    for (std::int64_t j = 0; j < f; ++j)
                        out[group * f + j] += value * weights[j];
                }
        });
    }
}

Result<Kernel> prepareConvolution(const KernelRequest& request)
{
    const Shape& kernel = request.inputs[1].shape;
    const WindowGeometry g = windowGeometry(windowOf(request.attributes), request.inputs[0].shape,
        request.outputs[0].shape, std::span(kernel).first(kernel.size() - 2),
        request.attributes.integer("groups"));
    if (carriedType(request.inputs[0].dtype) == DType::Float32 && suitsTiles(g)) {
        const bool hasEpilogue = request.attributes.has("epilogue");
        const ConvolutionForward forward(g, request.threads,
            hasEpilogue ? enumeration<Epilogue>(request.attributes, "epilogue") : Epilogue::None,
            false);
        const bool hasBias = request.inputs.size() > 2;
        *request.scratchBytes = forward.scratchBytes();
        return Kernel([=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            forward.run(input<float>(inputs, 0), input<float>(inputs, 1),
                hasBias ? input<float>(inputs, 2) : nullptr, output<float>(outputs, 0),
                output<float>(outputs, 1));
        });
    }
    return withFloatingType("convolution", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [g](std::span<const void* const> inputs, std::span<void* const> outputs) {
            convolve(g, input<T>(inputs, 0), input<T>(inputs, 1), output<T>(outputs, 0));
        };
    });
}

} // namespace

const OpType convolution_op{ .name = "convolution",
    .infer = inferConvolution,
    .gradient = gradientConvolution,
    .prepare = prepareConvolution,
    .words = "slides a kernel over the input and sums what it weighs" };

Value Builder::convolution(Value x, Value kernel, const Window& window, std::int64_t groups)
{
    Attributes attributes{ { "groups", groups } };
    setWindow(attributes, window);
    return make(convolution_op, { x, kernel }, std::move(attributes));
}

Value Builder::depthwiseConvolution(Value x, Value kernel, const Window& window)
{
    // A group for each channel: [k…, c, m] holds the same numbers in the same order as
    // [k…, 1, c·m].
    Shape grouped = shape(kernel);
    if (grouped.size() < 3) {
        fail(ErrorKind::ShapeMismatch,
            "depthwise convolution: a kernel of shape " + toString(grouped));
        return {};
    }
    const std::int64_t channels = grouped[grouped.size() - 2];
    grouped.back() *= channels;
    grouped[grouped.size() - 2] = 1;
    return convolution(x, reshape(kernel, grouped), window, channels);
}

void setSamePadding(Window& window, std::span<const std::int64_t> lengths)
{
    const std::size_t axes = lengths.size();
    window.strides.resize(axes, 1);
    window.dilations.resize(axes, 1);
    window.size.resize(axes, 1);
    window.padBefore.assign(axes, 0);
    window.padAfter.assign(axes, 0);
    for (std::size_t i = 0; i < axes; ++i) {
        const std::int64_t stride = std::max<std::int64_t>(window.strides[i], 1);
        const std::int64_t span = (window.size[i] - 1) * window.dilations[i] + 1;
        const std::int64_t out = (lengths[i] + stride - 1) / stride;
        const std::int64_t total
            = std::max<std::int64_t>((out - 1) * stride + span - lengths[i], 0);
        window.padBefore[i] = total / 2;
        window.padAfter[i] = total - total / 2;
    }
}

void setValidPadding(Window& window)
{
    window.strides.resize(window.size.size(), 1);
    window.dilations.resize(window.size.size(), 1);
    window.padBefore.assign(window.size.size(), 0);
    window.padAfter.assign(window.size.size(), 0);
}

} // namespace layerscope::ops
