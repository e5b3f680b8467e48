#include "model/ops/kernels/strided.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferBroadcastTo(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("broadcast", inputs, 1));
    const Shape& to = attributes.integers("shape");
    const auto shape = broadcastShapes("broadcast", inputs[0].shape, to);
    if (!shape || *shape != to)
        return shapeMismatch(
            "broadcast: " + toString(inputs[0].shape) + " does not broadcast to " + toString(to));
    return std::vector{ ValueInfo{ inputs[0].dtype, to } };
}

std::vector<Value> gradientBroadcastTo(const GradientRequest& request)
{
    return { sumToShape(
        request.builder, request.upstream[0], request.builder.shape(request.inputs[0])) };
}

Result<Kernel> prepareBroadcastTo(const KernelRequest& request)
{
    const Shape& shape = request.outputs[0].shape;
    return copyKernel(request.inputs[0].dtype,
        { .shape = shape,
            .sourceStrides = broadcastStrides(request.inputs[0].shape, shape),
            .targetStrides = stridesOf(shape) });
}

} // namespace

const OpType broadcast_to_op{ .name = "broadcast",
    .infer = inferBroadcastTo,
    .gradient = gradientBroadcastTo,
    .prepare = prepareBroadcastTo,
    .words = "repeats a value along axes of length 1" };

Value Builder::broadcastTo(Value x, Shape to)
{
    if (x && to == shape(x))
        return x;
    return make(broadcast_to_op, { x }, { { "shape", std::move(to) } });
}

Value Builder::repeat(Value x, std::int64_t count, std::int64_t axis)
{
    const auto at = normalizedAxis("repeat", axis, shape(x).size());
    if (!at || count < 0) {
        fail(ErrorKind::ShapeMismatch, "repeat: no such axis, or a negative count");
        return {};
    }
    Shape spread = shape(x);
    Shape result = spread;
    spread.insert(spread.begin() + *at + 1, count);
    if (!elementCount(spread)) {
        fail(ErrorKind::OutOfMemory, "repeat: the result is larger than any memory");
        return {};
    }
    result[static_cast<std::size_t>(*at)] *= count;
    return reshape(broadcastTo(expandDims(x, *at + 1), spread), result);
}

Value Builder::tile(Value x, std::vector<std::int64_t> counts)
{
    const Shape from = shape(x);
    if (counts.size() != from.size()) {
        fail(ErrorKind::ShapeMismatch, "tile: one count for each axis is needed");
        return {};
    }
    Shape split;
    Shape spread;
    Shape result;
    for (std::size_t i = 0; i < from.size(); ++i) {
        split.insert(split.end(), { 1, from[i] });
        spread.insert(spread.end(), { counts[i], from[i] });
    }
    if (!elementCount(spread)) {
        fail(ErrorKind::OutOfMemory, "tile: the result is larger than any memory");
        return {};
    }
    for (std::size_t i = 0; i < from.size(); ++i)
        result.push_back(counts[i] * from[i]);
    return reshape(broadcastTo(reshape(x, split), spread), result);
}

} // namespace layerscope::ops
