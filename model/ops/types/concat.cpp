#include "model/ops/kernels/lanes.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cstring>

namespace layerscope::ops {

namespace {

Infos inferConcat(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    if (inputs.empty())
        return Error(ErrorKind::InvalidArgument, "concat: of nothing");
    TRY_DO(requireSameType("concat", inputs));
    Shape shape = inputs[0].shape;
    TRY(const std::int64_t axis,
        normalizedAxis("concat", attributes.integer("axis"), shape.size()));
    const auto along = static_cast<std::size_t>(axis);
    for (const ValueInfo& part : inputs.subspan(1)) {
        Shape other = part.shape;
        if (other.size() != shape.size())
            return shapeMismatch(
                "concat: " + toString(shape) + " and " + toString(other) + " do not fit");
        const std::int64_t length = other[along];
        other[along] = shape[along];
        if (other != shape)
            return shapeMismatch("concat: " + toString(shape) + " and " + toString(part.shape)
                + " differ beside axis " + std::to_string(axis));
        shape[along] += length;
    }
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientConcat(const GradientRequest& request)
{
    Builder& b = request.builder;
    const std::int64_t axis = request.attributes.integer("axis");
    const std::int64_t counted = axis < 0 ? axis + b.rank(request.inputs[0]) : axis;
    std::vector<std::int64_t> lengths;
    for (const Value part : request.inputs)
        lengths.push_back(b.shape(part)[static_cast<std::size_t>(counted)]);
    return b.split(request.upstream[0], counted, lengths);
}

Result<Kernel> prepareConcat(const KernelRequest& request)
{
    TRY(const std::int64_t axis,
        normalizedAxis(
            "concat", request.attributes.integer("axis"), request.outputs[0].shape.size()));
    const std::size_t element = byteSize(carriedType(request.outputs[0].dtype));
    const auto blockBytes = [&](const Shape& shape) {
        const Lanes lanes = lanesAlong(shape, axis);
        return static_cast<std::size_t>(lanes.length * lanes.inner) * element;
    };
    std::vector<std::size_t> parts;
    for (const ValueInfo& part : request.inputs)
        parts.push_back(blockBytes(part.shape));
    const std::size_t whole = blockBytes(request.outputs[0].shape);
    const std::int64_t blocks = lanesAlong(request.outputs[0].shape, axis).outer;
    return Kernel([=](std::span<const void* const> inputs, std::span<void* const> outputs) {
        std::size_t at = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const std::byte* from = input<std::byte>(inputs, i);
            std::byte* to = output<std::byte>(outputs, 0) + at;
            for (std::int64_t block = 0; block < blocks; ++block, from += parts[i], to += whole)
                std::memcpy(to, from, parts[i]);
            at += parts[i];
        }
    });
}

} // namespace

const OpType concat_op{ .name = "concat",
    .infer = inferConcat,
    .gradient = gradientConcat,
    .prepare = prepareConcat,
    .words = "joins values along an axis" };

Value Builder::concat(std::span<const Value> parts, std::int64_t axis)
{
    if (parts.size() == 1)
        return parts[0];
    return make(concat_op, { parts.begin(), parts.end() }, { { "axis", axis } });
}

Value Builder::stack(std::span<const Value> parts, std::int64_t axis)
{
    std::vector<Value> expanded;
    for (const Value part : parts)
        expanded.push_back(expandDims(part, axis));
    return concat(expanded, axis);
}

} // namespace layerscope::ops
