#include "model/core/sentence.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace layerscope {

std::string filledIn(std::string_view pattern, const std::vector<std::string>& arguments)
{
    std::string text;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const bool isPlace = pattern[at] == '%' && at + 1 < pattern.size() && pattern[at + 1] >= '1'
            && pattern[at + 1] <= '9';
        const std::size_t number = isPlace ? static_cast<std::size_t>(pattern[at + 1] - '1') : 0;
        if (isPlace && number < arguments.size()) {
            text += arguments[number];
            ++at;
        } else {
            text += pattern[at];
        }
    }
    return text;
}

std::string groupedByThousands(std::int64_t number)
{
    std::string digits = std::to_string(number);
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::string measuredText(double number)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", number);
    return text.data();
}

std::string listed(const std::vector<std::string>& names, std::size_t most)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    return names.size() > most ? text + " …" : text;
}

std::string Sentence::english() const
{
    if (m_isPlain)
        return m_pattern;
    std::vector<std::string> texts;
    for (const Argument& argument : m_arguments) {
        if (const auto* text = std::get_if<std::string>(&argument))
            texts.push_back(*text);
        else if (const auto* count = std::get_if<std::int64_t>(&argument))
            texts.push_back(groupedByThousands(*count));
        else
            texts.push_back(measuredText(std::get<double>(argument)));
    }
    return filledIn(m_pattern, texts);
}

std::string inEnglish(const Clauses& clauses)
{
    std::string text;
    for (const Sentence& clause : clauses)
        text += clause.english();
    return text + '.';
}

} // namespace layerscope
