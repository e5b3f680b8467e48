#include "model/ops/kernels/strided.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

Infos inferReshape(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("reshape", inputs, 1));
    const Shape& shape = attributes.integers("shape");
    if (elementCount(shape) != elementCount(inputs[0].shape))
        return shapeMismatch("reshape: " + toString(inputs[0].shape) + " to " + toString(shape));
    return std::vector{ ValueInfo{ inputs[0].dtype, shape } };
}

std::vector<Value> gradientReshape(const GradientRequest& request)
{
    return { request.builder.reshape(
        request.upstream[0], request.builder.shape(request.inputs[0])) };
}

Result<Kernel> prepareReshape(const KernelRequest& request)
{
    const std::vector<std::int64_t> strides = stridesOf(request.inputs[0].shape);
    return copyKernel(request.inputs[0].dtype,
        { .shape = request.inputs[0].shape, .sourceStrides = strides, .targetStrides = strides });
}

} // namespace

const OpType reshape_op{ .name = "reshape",
    .infer = inferReshape,
    .gradient = gradientReshape,
    .prepare = prepareReshape,
    .words = "the same numbers in the same order, under other axes" };

Value Builder::reshape(Value x, Shape to)
{
    if (m_error)
        return {};
    const auto open = std::find(to.begin(), to.end(), -1);
    if (open != to.end()) {
        *open = 1;
        const std::int64_t known = elementCount(to).value_or(0);
        const std::int64_t count = countOf(shape(x));
        *open = known > 0 && count % known == 0 ? count / known : -1;
    }
    if (to == shape(x))
        return x;
    return make(reshape_op, { x }, { { "shape", std::move(to) } });
}

Value Builder::expandDims(Value x, std::int64_t axis)
{
    const auto at = normalizedAxis("expand dims", axis, shape(x).size() + 1);
    if (!at) {
        fail(at.error().kind(), at.error().message());
        return {};
    }
    Shape to = shape(x);
    to.insert(to.begin() + *at, 1);
    return reshape(x, std::move(to));
}

Value Builder::squeeze(Value x, std::int64_t axis)
{
    const auto at = normalizedAxis("squeeze", axis, shape(x).size());
    if (!at || shape(x)[static_cast<std::size_t>(*at)] != 1) {
        fail(ErrorKind::ShapeMismatch,
            "squeeze: axis " + std::to_string(axis) + " of " + toString(shape(x))
                + " does not have length 1");
        return {};
    }
    Shape to = shape(x);
    to.erase(to.begin() + *at);
    return reshape(x, std::move(to));
}

} // namespace layerscope::ops
