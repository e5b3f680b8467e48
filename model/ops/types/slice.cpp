#include "model/ops/kernels/strided.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferSlice(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("slice", inputs, 1));
    const Shape& from = inputs[0].shape;
    const auto& begin = attributes.integers("begin");
    const auto& end = attributes.integers("end");
    const auto& strides = attributes.integers("strides");
    if (begin.size() != from.size() || end.size() != from.size() || strides.size() != from.size())
        return shapeMismatch("slice: of " + toString(from) + " with bounds for "
            + std::to_string(begin.size()) + " axes");
    Shape shape;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const bool backwards = strides[i] < 0;
        const std::int64_t span = backwards ? begin[i] - end[i] : end[i] - begin[i];
        const bool inside = backwards ? begin[i] < from[i] && end[i] >= -1 && begin[i] >= -1
                                      : begin[i] >= 0 && end[i] <= from[i] && begin[i] <= from[i];
        if (strides[i] == 0 || strides[i] == INT64_MIN || (span > 0 && !inside))
            return shapeMismatch("slice: " + toString(from) + " has nothing from "
                + std::to_string(begin[i]) + " to " + std::to_string(end[i]) + " on axis "
                + std::to_string(i));
        const std::int64_t step = backwards ? -strides[i] : strides[i];
        shape.push_back(span <= 0 ? 0 : (span - 1) / step + 1);
    }
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientSlice(const GradientRequest& request)
{
    Attributes attributes = request.attributes;
    attributes.set("shape", request.builder.shape(request.inputs[0]));
    return { request.builder.make(
        slice_gradient_op, { request.upstream[0] }, std::move(attributes)) };
}

Result<Kernel> prepareSlice(const KernelRequest& request)
{
    const auto& begin = request.attributes.integers("begin");
    const auto& steps = request.attributes.integers("strides");
    std::vector<std::int64_t> strides = stridesOf(request.inputs[0].shape);
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < strides.size(); ++i) {
        offset += begin[i] * strides[i];
        // A stride beyond the axis is never walked; it must not overflow either.
        strides[i] *= request.outputs[0].shape[i] > 1 ? steps[i] : 1;
    }
    const Shape& shape = request.outputs[0].shape;
    return copyKernel(request.inputs[0].dtype,
        { .shape = shape,
            .sourceStrides = strides,
            .sourceOffset = countOf(shape) > 0 ? offset : 0,
            .targetStrides = stridesOf(shape) });
}

} // namespace

const OpType slice_op{ .name = "slice",
    .infer = inferSlice,
    .gradient = gradientSlice,
    .prepare = prepareSlice,
    .words = "cuts a part out" };

Value Builder::slice(Value x, std::vector<std::int64_t> begin, std::vector<std::int64_t> end,
    std::vector<std::int64_t> strides)
{
    strides.resize(begin.size(), 1);
    return make(slice_op, { x },
        { { "begin", std::move(begin) }, { "end", std::move(end) },
            { "strides", std::move(strides) } });
}

std::vector<Value> Builder::split(Value x, std::int64_t axis, std::vector<std::int64_t> lengths)
{
    const auto at = normalizedAxis("split", axis, shape(x).size());
    if (!at) {
        fail(at.error().kind(), at.error().message());
        return std::vector<Value>(lengths.size());
    }
    const auto along = static_cast<std::size_t>(*at);
    const Shape whole = shape(x);
    std::vector<std::int64_t> begin(whole.size(), 0);
    std::vector<std::int64_t> end = whole;
    std::vector<Value> parts;
    std::int64_t from = 0;
    for (const std::int64_t length : lengths) {
        if (length < 0 || length > whole[along] - from)
            fail(ErrorKind::ShapeMismatch,
                "split: lengths " + toString(lengths) + " of an axis of "
                    + std::to_string(whole[along]));
        begin[along] = from;
        end[along] = m_error ? from : from + length;
        from = end[along];
        parts.push_back(slice(x, begin, end));
    }
    if (!m_error && from != whole[along])
        fail(ErrorKind::ShapeMismatch,
            "split: lengths " + toString(lengths) + " of an axis of "
                + std::to_string(whole[along]));
    return parts;
}

} // namespace layerscope::ops
