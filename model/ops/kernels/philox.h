#pragma once

#include <array>
#include <cstdint>

namespace layerscope::ops {

/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): four random
/// words from a counter and a key, without any state.
inline std::array<std::uint32_t, 4> philox(
    std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key)
{
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t first = std::uint64_t{ 0xD2511F53U } * counter[0];
        const std::uint64_t second = std::uint64_t{ 0xCD9E8D57U } * counter[2];
        counter = { static_cast<std::uint32_t>(second >> 32U) ^ counter[1] ^ key[0],
            static_cast<std::uint32_t>(second),
            static_cast<std::uint32_t>(first >> 32U) ^ counter[3] ^ key[1],
            static_cast<std::uint32_t>(first) };
        key[0] += 0x9E3779B9U;
        key[1] += 0xBB67AE85U;
    }
    return counter;
}

/// Block `block` of the stream: the seed is (key, step).
inline std::array<std::uint32_t, 4> philoxBlock(
    const std::int64_t* seed, std::int64_t stream, std::int64_t block)
{
    const auto key = static_cast<std::uint64_t>(seed[0]);
    const auto step = static_cast<std::uint64_t>(seed[1]);
    return philox({ static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(stream),
                      static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32U) },
        { static_cast<std::uint32_t>(key),
            static_cast<std::uint32_t>(key >> 32U)
                ^ static_cast<std::uint32_t>(static_cast<std::uint64_t>(block) >> 32U) });
}

} // namespace layerscope::ops
