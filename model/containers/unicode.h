#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace layerscope::containers {

/// UTF-8 of UTF-32 code units; trailing NULs are dropped, what is no character becomes U+FFFD.
std::string utf8FromUtf32(std::span<const std::byte> units, bool bigEndian);

/// UTF-32 of UTF-8; nothing if `text` is not valid UTF-8.
std::optional<std::u32string> utf32FromUtf8(std::string_view text);

} // namespace layerscope::containers
