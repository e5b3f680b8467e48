#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace layerscope {

/// How many characters of UTF-8 `text` has, as columns of a terminal.
inline std::size_t characterCount(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Rows as lines with their cells under each other, two spaces between columns; the last column is
/// as long as it comes.
template<std::size_t Columns>
std::string textTable(const std::vector<std::array<std::string, Columns>>& rows)
{
    std::array<std::size_t, Columns> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < Columns; ++i)
            widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < Columns; ++i)
            text += row[i] + std::string(i + 1 < Columns ? widths[i] - row[i].size() + 2 : 0, ' ');
        text += "\n";
    }
    return text;
}

} // namespace layerscope
