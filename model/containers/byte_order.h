#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace layerscope::containers {

/// Turns each whole number of `width` bytes around; numbers of one byte, or none, stay.
inline void swapBytes(std::span<std::byte> bytes, std::size_t width)
{
    for (std::size_t i = 0; width > 1 && i + width <= bytes.size(); i += width)
        std::ranges::reverse(bytes.subspan(i, width));
}

} // namespace layerscope::containers
