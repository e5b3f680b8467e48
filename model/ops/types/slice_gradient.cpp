#include "model/ops/kernels/strided.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

/// The input placed where slice() took it from, zeros elsewhere. Made by slice's gradient rule
/// only.
Infos inferSliceGradient(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("slice gradient", inputs, 1));
    return std::vector{ ValueInfo{ inputs[0].dtype, attributes.integers("shape") } };
}

std::vector<Value> gradientSliceGradient(const GradientRequest& request)
{
    return { request.builder.slice(request.upstream[0], request.attributes.integers("begin"),
        request.attributes.integers("end"), request.attributes.integers("strides")) };
}

Result<Kernel> prepareSliceGradient(const KernelRequest& request)
{
    const auto& begin = request.attributes.integers("begin");
    const auto& steps = request.attributes.integers("strides");
    const Shape& part = request.inputs[0].shape;
    std::vector<std::int64_t> strides = stridesOf(request.outputs[0].shape);
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < strides.size(); ++i) {
        offset += begin[i] * strides[i];
        strides[i] *= part[i] > 1 ? steps[i] : 1;
    }
    const Kernel place = copyKernel(request.inputs[0].dtype,
        { .shape = part,
            .sourceStrides = stridesOf(part),
            .targetStrides = strides,
            .targetOffset = countOf(part) > 0 ? offset : 0 });
    const std::size_t bytes = carriedBytes(request.outputs[0]);
    return Kernel([=](std::span<const void* const> inputs, std::span<void* const> outputs) {
        std::memset(outputs[0], 0, bytes);
        place(inputs, outputs);
    });
}

} // namespace

const OpType slice_gradient_op{ .name = "slice gradient",
    .infer = inferSliceGradient,
    .gradient = gradientSliceGradient,
    .prepare = prepareSliceGradient,
    .words = "puts a part back where it was cut from, zeros around it" };

} // namespace layerscope::ops
