#include "model/ops/kernels/float_convolution.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/kernels/window.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

Infos inferConvolutionToInput(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    const std::string_view op = "convolution to input";
    TRY_DO(requireCount(op, inputs, 2));
    TRY_DO(requireSameType(op, inputs));
    TRY_DO(requireFloating(op, inputs[0]));
    const Shape& y = inputs[0].shape;
    const Shape& kernel = inputs[1].shape;
    const Shape& spatial = attributes.integers("spatial");
    const std::int64_t groups = attributes.integer("groups");
    if (y.size() < 3 || kernel.size() != y.size() || spatial.size() != y.size() - 2)
        return shapeMismatch("convolution to input: " + toString(y) + " with kernel "
            + toString(kernel) + " to lengths " + toString(spatial));
    if (groups < 1 || kernel.back() != y.back() || kernel.back() % groups != 0
        || kernel[kernel.size() - 2] > (std::int64_t{ 1 } << 62) / groups)
        return shapeMismatch("convolution to input: " + toString(y) + " with kernel "
            + toString(kernel) + " in " + std::to_string(groups) + " groups: filters do not fit");
    const std::span<const std::int64_t> sizes(kernel.data(), kernel.size() - 2);
    TRY(const Shape lengths, windowedLengths(op, windowOf(attributes), sizes, spatial));
    if (!std::equal(lengths.begin(), lengths.end(), y.begin() + 1))
        return shapeMismatch("convolution to input: " + toString(y) + " is not what lengths "
            + toString(spatial) + " give, which is " + toString(lengths));
    Shape shape{ y.front() };
    shape.insert(shape.end(), spatial.begin(), spatial.end());
    shape.push_back(kernel[kernel.size() - 2] * groups);
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientConvolutionToInput(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value g = request.upstream[0];
    std::vector<Value> result(2);
    if (request.needed[0])
        result[0] = b.convolution(g, request.inputs[1], windowOf(request.attributes),
            request.attributes.integer("groups"));
    if (request.needed[1]) {
        Attributes attributes = request.attributes;
        attributes.set("kernel", b.shape(request.inputs[1]));
        result[1]
            = b.make(convolution_to_kernel_op, { g, request.inputs[0] }, std::move(attributes));
    }
    return result;
}

template<class T> void spread(const WindowGeometry& g, const T* y, const T* kernel, T* x)
{
    const std::int64_t c = g.channels / g.groups;
    const std::int64_t f = g.filters / g.groups;
    std::fill(x, x + g.batch * g.inputPixels() * g.channels, T{ 0 });
    for (std::int64_t n = 0; n < g.batch; ++n) {
        forEachMeeting(g, [&](std::int64_t to, std::int64_t from, std::int64_t window) {
            T* in = x + (n * g.inputPixels() + to) * g.channels;
            const T* out = y + (n * g.outputPixels() + from) * g.filters;
            for (std::int64_t group = 0; group < g.groups; ++group)
                for (std::int64_t i = 0; i < c; ++i) {
                    const T* weights = kernel + (window * c + i) * g.filters + group * f;
                    T sum = 0;
                    for (std::int64_t j = 0; j < f; ++j)
                        sum += out[group * f + j] * weights[j];
                    in[group * c + i] += sum;
                }
        });
    }
}

/// With strides of 1 the windows that saw a pixel form a window themselves.
std::optional<WindowGeometry> asForward(const WindowGeometry& g)
{
    WindowGeometry f = g;
    std::swap(f.in, f.out);
    std::swap(f.channels, f.filters);
    for (std::size_t i = 0; i < 3; ++i) {
        f.padBefore[i] = (g.size[i] - 1) * g.dilations[i] - g.padBefore[i];
        if (g.strides[i] != 1 || f.padBefore[i] < 0)
            return std::nullopt;
    }
    return f;
}

Kernel floatConvolutionToInput(const WindowGeometry& g, const KernelRequest& request)
{
    if (const auto f = asForward(g)) {
        const ConvolutionForward forward(*f, request.threads, Epilogue::None, true);
        *request.scratchBytes = forward.scratchBytes();
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            forward.run(input<float>(inputs, 0), input<float>(inputs, 1), nullptr,
                output<float>(outputs, 0), output<float>(outputs, 1));
        };
    }
    const ConvolutionScatter scatter(g, request.threads);
    *request.scratchBytes = scatter.scratchBytes();
    return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
        scatter.run(input<float>(inputs, 0), input<float>(inputs, 1), output<float>(outputs, 0),
            output<float>(outputs, 1));
    };
}

Result<Kernel> prepareConvolutionToInput(const KernelRequest& request)
{
    const Shape& kernel = request.inputs[1].shape;
    const WindowGeometry g = windowGeometry(windowOf(request.attributes), request.outputs[0].shape,
        request.inputs[0].shape, std::span(kernel).first(kernel.size() - 2),
        request.attributes.integer("groups"));
    if (carriedType(request.inputs[0].dtype) == DType::Float32 && suitsTiles(g))
        return floatConvolutionToInput(g, request);
    return withFloatingType("convolution", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [g](std::span<const void* const> inputs, std::span<void* const> outputs) {
            spread(g, input<T>(inputs, 0), input<T>(inputs, 1), output<T>(outputs, 0));
        };
    });
}

} // namespace

const OpType convolution_to_input_op{ .name = "convolution to input",
    .infer = inferConvolutionToInput,
    .gradient = gradientConvolutionToInput,
    .prepare = prepareConvolutionToInput,
    .words = "spreads each output over the inputs its window saw (a transposed convolution)" };

Value Builder::convolutionToInput(
    Value y, Value kernel, const Window& window, Shape spatial, std::int64_t groups)
{
    Attributes attributes{ { "groups", groups }, { "spatial", std::move(spatial) } };
    setWindow(attributes, window);
    return make(convolution_to_input_op, { y, kernel }, std::move(attributes));
}

} // namespace layerscope::ops
