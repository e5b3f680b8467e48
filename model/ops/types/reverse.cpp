#include "model/ops/kernels/strided.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

Infos inferReverse(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("reverse", inputs, 1));
    TRY_DO(normalizedAxes("reverse", attributes.integers("axes"), inputs[0].shape.size()));
    return std::vector{ inputs[0] };
}

std::vector<Value> gradientReverse(const GradientRequest& request)
{
    return { request.builder.reverse(request.upstream[0], request.attributes.integers("axes")) };
}

Result<Kernel> prepareReverse(const KernelRequest& request)
{
    const Shape& shape = request.inputs[0].shape;
    TRY(const auto axes,
        normalizedAxes("reverse", request.attributes.integers("axes"), shape.size()));
    std::vector<std::int64_t> strides = stridesOf(shape);
    std::int64_t offset = 0;
    for (const std::int64_t axis : axes) {
        std::int64_t& stride = strides[static_cast<std::size_t>(axis)];
        offset += stride * (shape[static_cast<std::size_t>(axis)] - 1);
        stride = -stride;
    }
    return copyKernel(request.inputs[0].dtype,
        { .shape = shape,
            .sourceStrides = strides,
            .sourceOffset = countOf(shape) > 0 ? offset : 0,
            .targetStrides = stridesOf(shape) });
}

} // namespace

const OpType reverse_op{ .name = "reverse",
    .infer = inferReverse,
    .gradient = gradientReverse,
    .prepare = prepareReverse,
    .words = "turns axes around" };

Value Builder::reverse(Value x, std::vector<std::int64_t> axes)
{
    return axes.empty() ? x : make(reverse_op, { x }, { { "axes", std::move(axes) } });
}

} // namespace layerscope::ops
