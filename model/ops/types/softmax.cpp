#include "model/ops/kernels/lanes.h"
#include "model/ops/kernels/simd/simd.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cmath>

namespace layerscope::ops {

namespace {

Infos inferSoftmax(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("softmax", inputs, 1));
    TRY_DO(requireFloating("softmax", inputs[0]));
    TRY_DO(normalizedAxis("softmax", attributes.integer("axis"), inputs[0].shape.size()));
    return std::vector{ inputs[0] };
}

std::vector<Value> gradientSoftmax(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value y = request.outputs[0];
    const Value g = request.upstream[0];
    const Value mean
        = b.sum(b.multiply(g, y), { request.attributes.integer("axis") }, KeepAxes::Yes);
    return { b.multiply(b.subtract(g, mean), y) };
}

template<class T> void softmaxLane(const T* x, T* y, std::int64_t length, std::int64_t step)
{
    T largest = x[0];
    for (std::int64_t i = 1; i < length; ++i)
        largest = x[i * step] > largest ? x[i * step] : largest;
    T sum = 0;
    for (std::int64_t i = 0; i < length; ++i) {
        y[i * step] = std::exp(x[i * step] - largest);
        sum += y[i * step];
    }
    for (std::int64_t i = 0; i < length; ++i)
        y[i * step] /= sum;
}

Result<Kernel> prepareSoftmax(const KernelRequest& request)
{
    TRY(const std::int64_t axis,
        normalizedAxis(
            "softmax", request.attributes.integer("axis"), request.inputs[0].shape.size()));
    const Lanes lanes = lanesAlong(request.inputs[0].shape, axis);
    if (carriedType(request.inputs[0].dtype) == DType::Float32 && lanes.inner == 1)
        return Kernel([=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            simd().softmax(
                input<float>(inputs, 0), output<float>(outputs, 0), lanes.outer, lanes.length);
        });
    return withFloatingType("softmax", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            if (lanes.length == 0)
                return;
            forEachLane(lanes, [&](std::int64_t first) {
                softmaxLane(input<T>(inputs, 0) + first, output<T>(outputs, 0) + first,
                    lanes.length, lanes.inner);
            });
        };
    });
}

} // namespace

const OpType softmax_op{ .name = "softmax",
    .infer = inferSoftmax,
    .gradient = gradientSoftmax,
    .prepare = prepareSoftmax,
    .words = "turns numbers into shares that add up to 1" };

Value Builder::softmax(Value x, std::int64_t axis)
{
    return make(softmax_op, { x }, { { "axis", axis } });
}

} // namespace layerscope::ops
