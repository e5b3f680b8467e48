#include "model/ops/kernels/lanes.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferCumulativeSum(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("cumulative sum", inputs, 1));
    TRY_DO(normalizedAxis("cumulative sum", attributes.integer("axis"), inputs[0].shape.size()));
    return std::vector{ inputs[0] };
}

std::vector<Value> gradientCumulativeSum(const GradientRequest& request)
{
    Builder& b = request.builder;
    const std::int64_t axis = request.attributes.integer("axis");
    return { b.reverse(b.cumulativeSum(b.reverse(request.upstream[0], { axis }), axis), { axis }) };
}

Result<Kernel> prepareCumulativeSum(const KernelRequest& request)
{
    TRY(const std::int64_t axis,
        normalizedAxis(
            "cumulative sum", request.attributes.integer("axis"), request.inputs[0].shape.size()));
    const Lanes lanes = lanesAlong(request.inputs[0].shape, axis);
    return withArithmeticType("cumulative sum", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            forEachLane(lanes, [&](std::int64_t first) {
                T sum = 0;
                for (std::int64_t i = 0; i < lanes.length; ++i) {
                    sum = static_cast<T>(sum + input<T>(inputs, 0)[first + i * lanes.inner]);
                    output<T>(outputs, 0)[first + i * lanes.inner] = sum;
                }
            });
        };
    });
}

} // namespace

const OpType cumulative_sum_op{ .name = "cumulative sum",
    .infer = inferCumulativeSum,
    .gradient = gradientCumulativeSum,
    .prepare = prepareCumulativeSum,
    .words = "adds up along an axis, keeping every partial sum" };

Value Builder::cumulativeSum(Value x, std::int64_t axis)
{
    return make(cumulative_sum_op, { x }, { { "axis", axis } });
}

} // namespace layerscope::ops
