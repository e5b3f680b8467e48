#include "model/ops/kernels/lanes.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferArgReduce(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("arg reduce", inputs, 1));
    TRY(const std::int64_t axis,
        normalizedAxis("arg reduce", attributes.integer("axis"), inputs[0].shape.size()));
    Shape shape = inputs[0].shape;
    if (shape[static_cast<std::size_t>(axis)] == 0)
        return shapeMismatch("arg reduce: along an axis of length 0");
    shape.erase(shape.begin() + axis);
    return std::vector{ ValueInfo{ DType::Int64, std::move(shape) } };
}

Result<Kernel> prepareArgReduce(const KernelRequest& request)
{
    const bool wantsMax = request.attributes.integer("max") != 0;
    TRY(const std::int64_t axis,
        normalizedAxis(
            "arg reduce", request.attributes.integer("axis"), request.inputs[0].shape.size()));
    const Lanes lanes = lanesAlong(request.inputs[0].shape, axis);
    return withType(request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            const T* x = input<T>(inputs, 0);
            std::int64_t* y = output<std::int64_t>(outputs, 0);
            forEachLane(lanes, [&](std::int64_t first) {
                std::int64_t best = 0;
                for (std::int64_t i = 1; i < lanes.length; ++i) {
                    const T value = x[first + i * lanes.inner];
                    const T extreme = x[first + best * lanes.inner];
                    if (wantsMax ? value > extreme : value < extreme)
                        best = i;
                }
                *y++ = best;
            });
        };
    });
}

} // namespace

const OpType arg_reduce_op{ .name = "arg reduce",
    .infer = inferArgReduce,
    .prepare = prepareArgReduce,
    .words = "finds where along an axis the extreme is",
    .blocksGradient = true };

Value Builder::argMax(Value x, std::int64_t axis)
{
    return make(arg_reduce_op, { x }, { { "axis", axis }, { "max", std::int64_t{ 1 } } });
}

Value Builder::argMin(Value x, std::int64_t axis)
{
    return make(arg_reduce_op, { x }, { { "axis", axis }, { "max", std::int64_t{ 0 } } });
}

} // namespace layerscope::ops
