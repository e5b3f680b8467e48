#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace layerscope::containers {

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `bytes`, continuing from `crc`, the
/// value of what came before (0 at the start). With the SSE 4.2 instruction where the machine has
/// it. Source  RFC 3720, appendix B.4; LevelDB's and TensorFlow's checksum
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t crc = 0);

/// The form in which LevelDB and TensorFlow store a checksum, so that a checksum of data that hold
/// checksums stays meaningful.
std::uint32_t maskedCrc32c(std::uint32_t crc);

} // namespace layerscope::containers
