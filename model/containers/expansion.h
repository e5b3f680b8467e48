#pragma once

#include <cstdint>

namespace layerscope::containers {

/// Whether `stored` bytes of a file claim to unpack to more than any saved model's do: beyond 64
/// MB, to over 200 times as much. Deflate alone reaches 1032 times.
constexpr bool unpacksToTooMuch(std::uint64_t unpacked, std::uint64_t stored)
{
    constexpr std::uint64_t freeBytes = 64U << 20U;
    constexpr std::uint64_t mostExpansion = 200;
    return unpacked > freeBytes && unpacked / mostExpansion > stored;
}

} // namespace layerscope::containers
