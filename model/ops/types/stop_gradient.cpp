#include "model/ops/kernels/strided.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferStopGradient(std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes&)
{
    TRY_DO(requireCount("stop gradient", inputs, 1));
    return std::vector{ inputs[0] };
}

Result<Kernel> prepareStopGradient(const KernelRequest& request)
{
    const std::vector<std::int64_t> strides = stridesOf(request.inputs[0].shape);
    return copyKernel(request.inputs[0].dtype,
        { .shape = request.inputs[0].shape, .sourceStrides = strides, .targetStrides = strides });
}

} // namespace

const OpType stop_gradient_op{ .name = "stop gradient",
    .infer = inferStopGradient,
    .prepare = prepareStopGradient,
    .words = "passes the value on and lets no gradient back",
    .blocksGradient = true };

Value Builder::stopGradient(Value x)
{
    return make(stop_gradient_op, { x });
}

} // namespace layerscope::ops
