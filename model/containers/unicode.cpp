#include "model/containers/unicode.h"

#include <cstdint>

namespace layerscope::containers {

namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr char32_t last = 0x10FFFF;

bool isCharacter(char32_t c)
{
    return c <= last && (c < 0xD800 || c > 0xDFFF);
}

void append(std::string& text, char32_t c)
{
    const auto put = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

} // namespace

std::string utf8FromUtf32(std::span<const std::byte> units, bool bigEndian)
{
    std::u32string characters;
    for (std::size_t i = 0; i + 4 <= units.size(); i += 4) {
        char32_t c = 0;
        for (std::size_t k = 0; k < 4; ++k)
            c |= static_cast<char32_t>(std::to_integer<std::uint32_t>(units[i + k]))
                << 8 * (bigEndian ? 3 - k : k);
        characters.push_back(c);
    }
    characters.erase(characters.find_last_not_of(U'\0') + 1);
    std::string text;
    for (const char32_t c : characters)
        append(text, isCharacter(c) ? c : replacement);
    return text;
}

std::optional<std::u32string> utf32FromUtf8(std::string_view text)
{
    std::u32string result;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
        if ((byte >= 0x80 && byte < 0xC2) || byte > 0xF4 || length > text.size() - i)
            return std::nullopt;
        char32_t c = length == 1 ? byte : static_cast<char32_t>(byte & (0x7F >> length));
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0) != 0x80)
                return std::nullopt;
            c = c << 6 | (next & 0x3FU);
        }
        constexpr char32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
        if (c < smallest[length] || !isCharacter(c))
            return std::nullopt;
        result.push_back(c);
        i += length;
    }
    return result;
}

} // namespace layerscope::containers
