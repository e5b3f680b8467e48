#include "model/containers/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace layerscope::containers {

namespace {

constexpr std::array<std::uint32_t, 256> makeTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1U) ^ ((value & 1U) != 0 ? 0x82F63B78U : 0U);
        table[i] = value;
    }
    return table;
}

std::uint32_t byTable(std::span<const std::byte> bytes, std::uint32_t state)
{
    static constexpr auto table = makeTable();
    for (const std::byte byte : bytes)
        state = table[(state ^ static_cast<std::uint32_t>(byte)) & 0xFFU] ^ (state >> 8U);
    return state;
}

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint32_t byInstruction(
    std::span<const std::byte> bytes, std::uint32_t state)
{
    std::uint64_t wide = state;
    while (bytes.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof word);
        wide = _mm_crc32_u64(wide, word);
        bytes = bytes.subspan(sizeof word);
    }
    state = static_cast<std::uint32_t>(wide);
    for (const std::byte byte : bytes)
        state = _mm_crc32_u8(state, static_cast<unsigned char>(byte));
    return state;
}
#endif

} // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc)
{
    const std::uint32_t state = ~crc;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return ~byInstruction(bytes, state);
#endif
    return ~byTable(bytes, state);
}

std::uint32_t maskedCrc32c(std::uint32_t crc)
{
    return ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
}

} // namespace layerscope::containers
