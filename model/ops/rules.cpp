#include "model/ops/rules.h"

#include <algorithm>

namespace layerscope::ops {

Error shapeMismatch(std::string message)
{
    return Error(ErrorKind::ShapeMismatch, std::move(message));
}

Result<std::int64_t> normalizedAxis(std::string_view op, std::int64_t axis, std::size_t rank)
{
    const auto axes = static_cast<std::int64_t>(rank);
    if (axis < -axes || axis >= axes)
        return shapeMismatch(std::string(op) + ": axis " + std::to_string(axis)
            + " of a value with " + std::to_string(rank) + " axes");
    return axis < 0 ? axis + axes : axis;
}

Result<std::vector<std::int64_t>> normalizedAxes(
    std::string_view op, const std::vector<std::int64_t>& axes, std::size_t rank)
{
    std::vector<std::int64_t> normalized;
    if (axes.empty()) {
        for (std::size_t axis = 0; axis < rank; ++axis)
            normalized.push_back(static_cast<std::int64_t>(axis));
        return normalized;
    }
    for (const std::int64_t axis : axes) {
        TRY(const std::int64_t counted, normalizedAxis(op, axis, rank));
        normalized.push_back(counted);
    }
    std::sort(normalized.begin(), normalized.end());
    normalized.erase(std::unique(normalized.begin(), normalized.end()), normalized.end());
    return normalized;
}

Result<Shape> broadcastShapes(std::string_view op, const Shape& a, const Shape& b)
{
    const std::size_t rank = std::max(a.size(), b.size());
    Shape shape(rank);
    for (std::size_t i = 0; i < rank; ++i) {
        const std::int64_t left = i < rank - a.size() ? 1 : a[i - (rank - a.size())];
        const std::int64_t right = i < rank - b.size() ? 1 : b[i - (rank - b.size())];
        if (left != right && left != 1 && right != 1)
            return shapeMismatch(std::string(op) + ": shapes " + toString(a) + " and " + toString(b)
                + " do not broadcast");
        shape[i] = left == 1 ? right : left;
    }
    return shape;
}

Result<void> requireSameType(std::string_view op, std::span<const ValueInfo> infos)
{
    for (const ValueInfo& info : infos) {
        if (info.dtype != infos.front().dtype)
            return shapeMismatch(std::string(op) + ": dtypes " + std::string(name(infos[0].dtype))
                + " and " + std::string(name(info.dtype)) + " differ");
    }
    return {};
}

Result<void> requireCount(std::string_view op, std::span<const ValueInfo> infos, std::size_t count)
{
    if (infos.size() != count)
        return Error(ErrorKind::InvalidArgument,
            std::string(op) + ": " + std::to_string(infos.size()) + " inputs instead of "
                + std::to_string(count));
    return {};
}

Result<void> requireFloating(std::string_view op, const ValueInfo& info)
{
    if (!isFloating(info.dtype))
        return shapeMismatch(
            std::string(op) + ": needs floating point, not " + std::string(name(info.dtype)));
    return {};
}

Result<void> requireInteger(std::string_view op, const ValueInfo& info)
{
    if (!isInteger(info.dtype))
        return shapeMismatch(
            std::string(op) + ": needs integers, not " + std::string(name(info.dtype)));
    return {};
}

std::int64_t countOf(const Shape& shape)
{
    return elementCount(shape).value_or(0);
}

std::vector<std::int64_t> stridesOf(const Shape& shape)
{
    std::vector<std::int64_t> strides(shape.size());
    std::int64_t stride = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        strides[i] = stride;
        stride *= shape[i];
    }
    return strides;
}

DType carriedType(DType type)
{
    return type == DType::Float16 || type == DType::BFloat16 ? DType::Float32 : type;
}

std::size_t carriedBytes(const ValueInfo& info)
{
    return static_cast<std::size_t>(countOf(info.shape)) * byteSize(carriedType(info.dtype));
}

Value sumToShape(Builder& builder, Value value, const Shape& shape)
{
    const Shape from = builder.shape(value);
    if (!value || from == shape)
        return value;
    const std::size_t added = from.size() - shape.size();
    std::vector<std::int64_t> axes;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (i < added || (shape[i - added] == 1 && from[i] != 1))
            axes.push_back(static_cast<std::int64_t>(i));
    }
    if (!axes.empty())
        value = builder.sum(value, axes, KeepAxes::Yes);
    return builder.reshape(value, shape);
}

Value zerosLike(Builder& builder, Value like)
{
    return builder.filled(0, builder.shape(like), builder.dtype(like));
}

void setWindow(Attributes& attributes, const Window& window)
{
    attributes.set("size", window.size);
    attributes.set("strides", window.strides);
    attributes.set("dilations", window.dilations);
    attributes.set("padBefore", window.padBefore);
    attributes.set("padAfter", window.padAfter);
}

Window windowOf(const Attributes& attributes)
{
    return { .size = attributes.integers("size"),
        .strides = attributes.integers("strides"),
        .dilations = attributes.integers("dilations"),
        .padBefore = attributes.integers("padBefore"),
        .padAfter = attributes.integers("padAfter") };
}

Result<Shape> windowedLengths(std::string_view op, const Window& window,
    std::span<const std::int64_t> sizes, std::span<const std::int64_t> lengths)
{
    // Beyond this the arithmetic below could overflow; no array of that length exists.
    constexpr std::int64_t most = std::int64_t{ 1 } << 40;
    const std::size_t axes = lengths.size();
    const std::string prefix(op);
    if (axes < 1 || axes > 3)
        return shapeMismatch(prefix + ": " + std::to_string(axes) + " spatial axes, not 1 to 3");
    if (sizes.size() != axes || window.strides.size() != axes || window.dilations.size() != axes
        || window.padBefore.size() != axes || window.padAfter.size() != axes)
        return shapeMismatch(
            prefix + ": the window does not have " + std::to_string(axes) + " spatial axes");
    Shape result(axes);
    for (std::size_t i = 0; i < axes; ++i) {
        if (sizes[i] < 1 || window.strides[i] < 1 || window.dilations[i] < 1
            || window.padBefore[i] < 0 || window.padAfter[i] < 0 || sizes[i] > most
            || window.strides[i] > most || window.dilations[i] > most || window.padBefore[i] > most
            || window.padAfter[i] > most || lengths[i] > most
            || sizes[i] > most / window.dilations[i])
            return shapeMismatch(prefix + ": impossible window size, stride, dilation or padding");
        const std::int64_t span = window.dilations[i] * (sizes[i] - 1) + 1;
        const std::int64_t padded = lengths[i] + window.padBefore[i] + window.padAfter[i];
        if (padded < span)
            return shapeMismatch(prefix + ": a window spanning " + std::to_string(span)
                + " does not fit into length " + std::to_string(padded));
        result[i] = (padded - span) / window.strides[i] + 1;
    }
    return result;
}

} // namespace layerscope::ops
