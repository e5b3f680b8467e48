#include "model/ops/kernels/lanes.h"
#include "model/ops/kernels/simd/simd.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cmath>

namespace layerscope::ops {

namespace {

Infos inferLogSoftmax(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("log softmax", inputs, 1));
    TRY_DO(requireFloating("log softmax", inputs[0]));
    TRY_DO(normalizedAxis("log softmax", attributes.integer("axis"), inputs[0].shape.size()));
    return std::vector{ inputs[0] };
}

std::vector<Value> gradientLogSoftmax(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value g = request.upstream[0];
    const Value sum = b.sum(g, { request.attributes.integer("axis") }, KeepAxes::Yes);
    return { b.subtract(g, b.multiply(b.exp(request.outputs[0]), sum)) };
}

template<class T> void logSoftmaxLane(const T* x, T* y, std::int64_t length, std::int64_t step)
{
    T largest = x[0];
    for (std::int64_t i = 1; i < length; ++i)
        largest = x[i * step] > largest ? x[i * step] : largest;
    T sum = 0;
    for (std::int64_t i = 0; i < length; ++i)
        sum += std::exp(x[i * step] - largest);
    const T logarithm = std::log(sum);
    for (std::int64_t i = 0; i < length; ++i)
        y[i * step] = x[i * step] - largest - logarithm;
}

Result<Kernel> prepareLogSoftmax(const KernelRequest& request)
{
    TRY(const std::int64_t axis,
        normalizedAxis(
            "log softmax", request.attributes.integer("axis"), request.inputs[0].shape.size()));
    const Lanes lanes = lanesAlong(request.inputs[0].shape, axis);
    if (carriedType(request.inputs[0].dtype) == DType::Float32 && lanes.inner == 1)
        return Kernel([=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            simd().logSoftmax(
                input<float>(inputs, 0), output<float>(outputs, 0), lanes.outer, lanes.length);
        });
    return withFloatingType("log softmax", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            if (lanes.length == 0)
                return;
            forEachLane(lanes, [&](std::int64_t first) {
                logSoftmaxLane(input<T>(inputs, 0) + first, output<T>(outputs, 0) + first,
                    lanes.length, lanes.inner);
            });
        };
    });
}

} // namespace

const OpType log_softmax_op{ .name = "log softmax",
    .infer = inferLogSoftmax,
    .gradient = gradientLogSoftmax,
    .prepare = prepareLogSoftmax,
    .words = "the logarithm of softmax, without losing digits" };

Value Builder::logSoftmax(Value x, std::int64_t axis)
{
    return make(log_softmax_op, { x }, { { "axis", axis } });
}

} // namespace layerscope::ops
