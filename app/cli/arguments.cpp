#include "app/cli/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace layerscope::cli {

namespace {

constexpr std::array common = {
    Option{ "--quiet", "", "no progress and no remarks" },
    Option{ "--help", "", "this text" },
};

const Option* find(const Syntax& syntax, std::string_view name)
{
    for (const auto options : { syntax.options, std::span<const Option>(common) })
        for (const auto& option : options)
            if (option.name == name)
                return &option;
    return nullptr;
}

Error wrong(std::string sentence)
{
    return { ErrorKind::InvalidArgument, std::move(sentence) };
}

std::string inQuotes(std::string_view word)
{
    return "'" + std::string(word) + "'";
}

Result<void> checkFileCount(const Syntax& syntax, std::size_t count)
{
    if (count >= syntax.fewestFiles && count <= syntax.mostFiles)
        return {};
    return wrong(std::string(syntax.name) + " takes " + std::string(syntax.files) + "; "
        + (count == 0 ? "no file was given"
                      : std::to_string(count) + (count == 1 ? " was given" : " were given")));
}

} // namespace

Result<Arguments> Arguments::parse(const Syntax& syntax, std::span<const std::string_view> words)
{
    Arguments arguments;
    bool onlyFiles = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (onlyFiles || word.size() < 2 || word.front() != '-') {
            arguments.m_files.emplace_back(word);
            continue;
        }
        if (word == "--") {
            onlyFiles = true;
            continue;
        }
        const auto equals = word.find('=');
        const std::string_view name = word == "-h" ? "--help" : word.substr(0, equals);
        const Option* option = find(syntax, name);
        if (option == nullptr)
            return wrong(std::string(syntax.name) + " has no option " + inQuotes(name)
                + "; see layerscope " + std::string(syntax.name) + " --help");
        auto& values = arguments.m_values[std::string(name)];
        if (option->value.empty()) {
            if (equals != std::string_view::npos)
                return wrong(std::string(name) + " takes no value");
            values.emplace_back();
        } else if (equals != std::string_view::npos) {
            values.emplace_back(word.substr(equals + 1));
        } else if (++i < words.size()) {
            values.emplace_back(words[i]);
        } else {
            return wrong(std::string(name) + " needs a value: " + std::string(option->value));
        }
    }
    if (!arguments.has("--help"))
        TRY_DO(checkFileCount(syntax, arguments.m_files.size()));
    return arguments;
}

std::optional<std::string> Arguments::value(std::string_view option) const
{
    const auto found = m_values.find(std::string(option));
    return found == m_values.end() ? std::nullopt : std::optional(found->second.back());
}

std::vector<std::string> Arguments::list(std::string_view option) const
{
    std::vector<std::string> items;
    const auto found = m_values.find(std::string(option));
    if (found == m_values.end())
        return items;
    for (const auto& value : found->second)
        for (std::size_t start = 0; start <= value.size();) {
            const auto end = std::min(value.find(',', start), value.size());
            if (end > start)
                items.push_back(value.substr(start, end - start));
            start = end + 1;
        }
    return items;
}

Result<std::optional<std::int64_t>> Arguments::integer(
    std::string_view option, std::int64_t least) const
{
    const auto text = value(option);
    if (!text)
        return std::optional<std::int64_t>();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size() || number < least)
        return wrong(std::string(option) + " needs a whole number from " + std::to_string(least)
            + " on, not " + inQuotes(*text));
    return std::optional(number);
}

Result<std::optional<double>> Arguments::real(std::string_view option) const
{
    const auto text = value(option);
    if (!text)
        return std::optional<double>();
    double number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size() || !std::isfinite(number))
        return wrong(std::string(option) + " needs a number, not " + inQuotes(*text));
    return std::optional(number);
}

std::span<const Option> commonOptions()
{
    return common;
}

std::string helpText(const Syntax& syntax)
{
    std::string text = "usage: layerscope " + std::string(syntax.name) + " "
        + std::string(syntax.files) + " [options]\n\n" + std::string(syntax.summary) + "\n\n";
    for (const auto options : { syntax.options, std::span<const Option>(common) })
        for (const auto& option : options) {
            std::string left = "  " + std::string(option.name);
            if (!option.value.empty())
                left += " " + std::string(option.value);
            left.resize(std::max<std::size_t>(left.size() + 2, 30), ' ');
            text += left + std::string(option.help) + "\n";
        }
    return text;
}

} // namespace layerscope::cli
