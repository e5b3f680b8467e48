#include "model/core/printable.h"

#include <array>
#include <cstdint>
#include <cstdio>

namespace layerscope {

namespace {

/// Bytes of the UTF-8 character at the beginning of `text`, and the character; 0 where there is
/// none.
std::size_t decode(std::string_view text, std::uint32_t& character)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    const std::size_t length = first < 0x80U ? 1
        : (first & 0xE0U) == 0xC0U           ? 2
        : (first & 0xF0U) == 0xE0U           ? 3
        : (first & 0xF8U) == 0xF0U           ? 4
                                             : 0;
    if (length == 0 || length > text.size())
        return 0;
    character = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U)
            return 0;
        character = (character << 6U) | (byte(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> smallest{ 0, 0, 0x80, 0x800, 0x10000 };
    const bool isSurrogate = character >= 0xD800 && character <= 0xDFFF;
    return character < smallest[length] || character > 0x10FFFF || isSurrogate ? 0 : length;
}

/// Control characters, line and paragraph separators, and what turns the direction of writing.
bool isControl(std::uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character < 0xA0)
        || (character >= 0x200E && character <= 0x200F)
        || (character >= 0x2028 && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069);
}

void appendEscape(std::string& out, const char* form, unsigned number)
{
    std::array<char, 16> escape{};
    std::snprintf(escape.data(), escape.size(), form, number);
    out += escape.data();
}

} // namespace

std::string printable(std::string_view text, LineBreaks breaks)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::uint32_t character = 0;
        const std::size_t length = decode(text, character);
        if (length == 0) {
            appendEscape(out, "\\x%02x", static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        const bool isBreak = character == '\n' || character == '\t';
        if (isBreak && breaks == LineBreaks::Escape)
            out += character == '\n' ? "\\n" : "\\t";
        else if (isControl(character) && !isBreak)
            appendEscape(out, character < 0x80 ? "\\x%02x" : "\\u%04x", character);
        else
            out += text.substr(0, length);
        text.remove_prefix(length);
    }
    return out;
}

} // namespace layerscope
