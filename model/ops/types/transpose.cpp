#include "model/ops/kernels/strided.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

Infos inferTranspose(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("transpose", inputs, 1));
    const std::vector<std::int64_t>& order = attributes.integers("permutation");
    const Shape& from = inputs[0].shape;
    std::vector<std::int64_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    bool permutes = sorted.size() == from.size();
    for (std::size_t i = 0; permutes && i < sorted.size(); ++i)
        permutes = sorted[i] == static_cast<std::int64_t>(i);
    if (!permutes)
        return shapeMismatch(
            "transpose: " + toString(order) + " does not order the axes of " + toString(from));
    Shape shape;
    for (const std::int64_t axis : order)
        shape.push_back(from[static_cast<std::size_t>(axis)]);
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientTranspose(const GradientRequest& request)
{
    const std::vector<std::int64_t>& order = request.attributes.integers("permutation");
    std::vector<std::int64_t> inverse(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        inverse[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
    return { request.builder.transpose(request.upstream[0], inverse) };
}

Result<Kernel> prepareTranspose(const KernelRequest& request)
{
    const std::vector<std::int64_t> own = stridesOf(request.inputs[0].shape);
    std::vector<std::int64_t> strides;
    for (const std::int64_t axis : request.attributes.integers("permutation"))
        strides.push_back(own[static_cast<std::size_t>(axis)]);
    const Shape& shape = request.outputs[0].shape;
    return copyKernel(request.inputs[0].dtype,
        { .shape = shape, .sourceStrides = strides, .targetStrides = stridesOf(shape) });
}

} // namespace

const OpType transpose_op{ .name = "transpose",
    .infer = inferTranspose,
    .gradient = gradientTranspose,
    .prepare = prepareTranspose,
    .words = "puts the axes into another order" };

Value Builder::transpose(Value x, std::vector<std::int64_t> permutation)
{
    bool changes = permutation.size() != shape(x).size();
    for (std::size_t i = 0; i < permutation.size(); ++i) {
        if (permutation[i] < 0)
            permutation[i] += rank(x);
        changes = changes || permutation[i] != static_cast<std::int64_t>(i);
    }
    if (!changes)
        return x;
    return make(transpose_op, { x }, { { "permutation", std::move(permutation) } });
}

} // namespace layerscope::ops
