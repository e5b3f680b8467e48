#include "model/formats/vocabulary_file.h"

#include "model/containers/unicode.h"

#include <charconv>

namespace layerscope::formats {

namespace {

// More than any layer was adapted to. A word takes some 50 bytes in memory, and an archive packs a
// line of none to next to nothing.
constexpr std::size_t longestFile = 16U << 20U;
constexpr std::size_t mostLines = 1'000'000;

/// A line as the layer counts it: a word, or a number in decimal. Null where it is neither.
Json wordOfLine(std::string_view line, bool isNumber)
{
    if (!isNumber)
        return Json(std::string(line));
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), number);
    return failed == std::errc() && end == line.data() + line.size() ? Json(number) : Json();
}

/// What stands before the words: the mask, then a place for each bucket of unknown words.
Json specialWords(const std::string& className, const Json& config)
{
    const Json mode = config.value("output_mode", Json("int"));
    Json mask = config.value("mask_token", Json());
    Json unknown
        = config.value("oov_token", className == "IntegerLookup" ? Json(-1) : Json("[UNK]"));
    Json buckets = config.value("num_oov_indices", Json(1));
    if (className == "TextVectorization") {
        mask = "";
        unknown = "[UNK]";
        buckets = 1;
    }
    Json special = Json::array();
    if (!mask.is_null() && mode == "int")
        special.push_back(mask);
    for (std::int64_t i = 0; buckets.is_number_integer() && i < buckets && i < 1000; ++i)
        special.push_back(unknown);
    return special;
}

} // namespace

Json vocabularyOfFile(const std::string& text, const std::string& className, const Json& config)
{
    if (text.size() > longestFile || !config.is_object() || !containers::utf32FromUtf8(text))
        return {};
    Json words = Json::array();
    for (std::size_t at = 0; at <= text.size() && words.size() <= mostLines;) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        words.push_back(
            wordOfLine(std::string_view(text).substr(at, end - at), className == "IntegerLookup"));
        if (words.back().is_null())
            return {};
        at = end + 1;
    }
    const Json special = specialWords(className, config);
    if (words.size() > mostLines)
        return {};
    if (words.size() >= special.size() && std::equal(special.begin(), special.end(), words.begin()))
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(special.size()));
    return words.empty() ? Json() : words;
}

} // namespace layerscope::formats
