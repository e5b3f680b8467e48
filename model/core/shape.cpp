#include "model/core/shape.h"

#include <algorithm>

namespace layerscope {

std::optional<std::int64_t> elementCount(const Shape& shape)
{
    constexpr std::int64_t most = std::int64_t{ 1 } << 62;
    // A zero anywhere makes the product zero, however large the other axes claim to be.
    if (std::any_of(shape.begin(), shape.end(), [](std::int64_t n) { return n < 0; }))
        return std::nullopt;
    if (std::any_of(shape.begin(), shape.end(), [](std::int64_t n) { return n == 0; }))
        return 0;
    std::int64_t count = 1;
    for (const std::int64_t length : shape) {
        if (count > most / length)
            return std::nullopt;
        count *= length;
    }
    return count;
}

std::string toString(const Shape& shape)
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (i > 0)
            text += ", ";
        text += shape[i] == openDimension ? "None" : std::to_string(shape[i]);
    }
    return text + "]";
}

bool isFullyKnown(const PartialShape& shape)
{
    return std::all_of(shape.begin(), shape.end(), [](std::int64_t n) { return n >= 0; });
}

} // namespace layerscope
