#include "model/ops/kernels/strided.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferSelect(std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes&)
{
    TRY_DO(requireCount("select", inputs, 3));
    if (inputs[0].dtype != DType::Bool)
        return shapeMismatch("select: the condition is " + std::string(name(inputs[0].dtype)));
    TRY_DO(requireSameType("select", inputs.subspan(1)));
    TRY(const Shape branches, broadcastShapes("select", inputs[1].shape, inputs[2].shape));
    TRY(Shape shape, broadcastShapes("select", inputs[0].shape, branches));
    return std::vector{ ValueInfo{ inputs[1].dtype, std::move(shape) } };
}

std::vector<Value> gradientSelect(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value g = request.upstream[0];
    const Value zero = b.scalar(0, b.dtype(g));
    std::vector<Value> result(3);
    if (request.needed[1])
        result[1] = sumToShape(b, b.select(request.inputs[0], g, zero), b.shape(request.inputs[1]));
    if (request.needed[2])
        result[2] = sumToShape(b, b.select(request.inputs[0], zero, g), b.shape(request.inputs[2]));
    return result;
}

Result<Kernel> prepareSelect(const KernelRequest& request)
{
    const Shape& shape = request.outputs[0].shape;
    const StridedWalk<3> walk(shape,
        { broadcastStrides(request.inputs[0].shape, shape),
            broadcastStrides(request.inputs[1].shape, shape),
            broadcastStrides(request.inputs[2].shape, shape) });
    return withSizeOf(request.outputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [walk](std::span<const void* const> inputs, std::span<void* const> outputs) {
            T* to = output<T>(outputs, 0);
            walk.forEachRun([&](const std::array<std::int64_t, 3>& offsets) {
                const bool* condition = input<bool>(inputs, 0) + offsets[0];
                const T* a = input<T>(inputs, 1) + offsets[1];
                const T* b = input<T>(inputs, 2) + offsets[2];
                for (std::int64_t i = 0; i < walk.runLength; ++i)
                    *to++ = condition[i * walk.runStrides[0]] ? a[i * walk.runStrides[1]]
                                                              : b[i * walk.runStrides[2]];
            });
        };
    });
}

} // namespace

const OpType select_op{ .name = "select",
    .infer = inferSelect,
    .gradient = gradientSelect,
    .prepare = prepareSelect,
    .words = "takes each element from one of two values, as a condition says" };

Value Builder::select(Value condition, Value whenTrue, Value whenFalse)
{
    return make(select_op, { condition, whenTrue, whenFalse });
}

} // namespace layerscope::ops
