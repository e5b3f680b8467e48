#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace layerscope::containers {

/// Turns each whole number of `width` bytes around; numbers of one byte, or none, stay.
inline void swapBytes(std::span<std::byte> bytes, std::size_t width)
{
    for (std::size_t i = 0; width > 1 && i + width <= bytes.size(); i += width)
        std::ranges::reverse(bytes.subspan(i, width));
}

/// A whole number of protocol buffers and LevelDB, seven bits in each byte, the low ones first; it
/// is cut off `bytes`. Nothing where they end before it does.
inline std::optional<std::uint64_t> takeVarint(std::span<const std::byte>& bytes)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<std::uint64_t>(bytes.front());
        bytes = bytes.subspan(1);
        value |= (byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0)
            return value;
    }
    return std::nullopt;
}

} // namespace layerscope::containers
