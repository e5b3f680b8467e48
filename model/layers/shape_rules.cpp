#include "model/layers/shape_rules.h"

#include <algorithm>

namespace layerscope::layers {

OutputShapes one(PartialShape shape)
{
    return std::vector<PartialShape>{ std::move(shape) };
}

OutputShapes sameShape(const ShapeRequest& request)
{
    return one(request.input());
}

bool mayBeEqual(std::int64_t a, std::int64_t b)
{
    return a == b || a == openDimension || b == openDimension;
}

std::optional<std::int64_t> product(std::int64_t a, std::int64_t b)
{
    if (a == openDimension || b == openDimension)
        return openDimension;
    constexpr std::int64_t limit = std::int64_t{ 1 } << 62;
    if (a < 0 || b < 0 || (b != 0 && a > limit / b))
        return std::nullopt;
    return a * b;
}

std::optional<std::int64_t> product(std::span<const std::int64_t> lengths)
{
    std::optional<std::int64_t> result = 1;
    for (const std::int64_t length : lengths)
        if (result)
            result = product(*result, length);
    return result;
}

std::optional<PartialShape> broadcast(const PartialShape& a, const PartialShape& b)
{
    const PartialShape& longer = a.size() >= b.size() ? a : b;
    const PartialShape& shorter = a.size() >= b.size() ? b : a;
    PartialShape result = longer;
    const std::size_t offset = longer.size() - shorter.size();
    for (std::size_t i = 0; i < shorter.size(); ++i) {
        std::int64_t& length = result[offset + i];
        const std::int64_t other = shorter[i];
        if (length == other)
            continue;
        if (length == 1 || (length == openDimension && other != 1))
            length = other;
        else if (other != 1 && other != openDimension)
            return std::nullopt;
    }
    return result;
}

std::optional<std::size_t> axisOf(std::int64_t axis, std::size_t rank)
{
    const auto count = static_cast<std::int64_t>(rank);
    if (axis < -count || axis >= count)
        return std::nullopt;
    return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

std::optional<std::int64_t> windowLength(std::int64_t length, std::int64_t size,
    std::int64_t stride, std::int64_t dilation, const std::string& padding)
{
    constexpr std::int64_t limit = std::int64_t{ 1 } << 31;
    if (size <= 0 || stride <= 0 || dilation <= 0 || size > limit || dilation > limit)
        return std::nullopt;
    if (length == openDimension)
        return openDimension;
    const std::int64_t reach = (size - 1) * dilation + 1;
    std::int64_t result = 0;
    if (padding == "same" || padding == "causal")
        result = length;
    else if (padding == "valid")
        result = length - reach + 1;
    else
        return std::nullopt;
    if (result <= 0)
        return std::nullopt;
    return (result - 1) / stride + 1;
}

std::size_t spatialRank(std::string_view className)
{
    for (const char digit : { '1', '2', '3' })
        if (className.find(std::string{ digit, 'D' }) != std::string_view::npos)
            return static_cast<std::size_t>(digit - '0');
    return 0;
}

std::optional<std::vector<std::pair<std::int64_t, std::int64_t>>> edgesOf(
    const LayerConfig& config, std::string_view key, std::size_t spatial)
{
    const Json& value = config.get(key);
    std::vector<std::pair<std::int64_t, std::int64_t>> edges;
    const auto both = [](const Json& entry) { return integerOf(entry).value_or(-1); };
    if (!value.is_array()) {
        const std::int64_t amount = value.is_null() ? 1 : both(value);
        edges.assign(spatial, { amount, amount });
    } else if (spatial == 1 && value.size() == 2) {
        edges.emplace_back(both(value[0]), both(value[1]));
    } else {
        for (const Json& entry : value)
            if (entry.is_array() && entry.size() == 2)
                edges.emplace_back(both(entry[0]), both(entry[1]));
            else
                edges.emplace_back(both(entry), both(entry));
    }
    constexpr std::int64_t limit = std::int64_t{ 1 } << 31;
    for (const auto& [before, behind] : edges)
        if (before < 0 || behind < 0 || before > limit || behind > limit)
            return std::nullopt;
    if (edges.size() != spatial)
        return std::nullopt;
    return edges;
}

std::optional<ImageAxes> imageAxes(const PartialShape& shape, std::size_t spatial, bool first)
{
    if (shape.size() != spatial + 2)
        return std::nullopt;
    if (first)
        return ImageAxes{ 2, 1 };
    return ImageAxes{ 1, spatial + 1 };
}

} // namespace layerscope::layers
