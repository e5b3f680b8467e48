#include "model/analysis/python_source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace layerscope::analysis {

namespace {

constexpr int deepest = 64;

std::string literal(const Json& value, int depth)
{
    if (value.is_null() || depth > deepest)
        return "None";
    if (value.is_boolean())
        return value.get<bool>() ? "True" : "False";
    if (value.is_number_float() && !std::isfinite(value.get<double>())) {
        const auto number = value.get<double>();
        return std::isnan(number) ? "float('nan')" : number > 0 ? "float('inf')" : "-float('inf')";
    }
    if (!value.is_structured())
        return dumpJson(value); // JSON's texts are Python's, too, once they are ASCII
    std::string text = value.is_array() ? "[" : "{";
    bool isFirst = true;
    for (const auto& [key, item] : value.items()) {
        text += isFirst ? "" : ", ";
        isFirst = false;
        if (value.is_object())
            text += dumpJson(Json(key)) + ": ";
        text += literal(item, depth + 1);
    }
    return text + (value.is_array() ? "]" : "}");
}

} // namespace

std::string pythonLiteral(const Json& value)
{
    return literal(value, 0);
}

std::string pythonName(const std::string& wanted)
{
    static constexpr auto taken = std::to_array<std::string_view>(
        { "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
            "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
            "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
            "return", "try", "while", "with", "yield", "keras", "layers", "np", "tf", "model" });
    std::string name;
    for (const char c : wanted)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())))
        name.insert(name.begin(), '_');
    if (std::ranges::find(taken, name) != taken.end())
        name += '_';
    return name;
}

} // namespace layerscope::analysis
