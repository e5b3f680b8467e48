#include "model/core/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

namespace layerscope {

namespace {

constexpr std::size_t deepest = 512;
constexpr std::size_t mostBytes = 192U << 20U; // of what a text turns into
constexpr std::size_t mostComparisons = 400'000'000; // of keys, see Burden

bool isStructure(char c)
{
    return c == ',' || c == ':' || c == '[' || c == ']' || c == '{' || c == '}';
}

/// What it would take to hold and build the value of a text: a few megabytes can ask for gigabytes,
/// or, since ordered objects look for each new key among those before, for hours.
class Burden
{
public:
    /// Notes one character of structure. Errors  Corrupt, OutOfMemory
    Result<void> add(char c)
    {
        if (c == '[' || c == '{') {
            m_bytes += 64;
            m_keys.push_back(0);
            if (m_keys.size() > deepest)
                return Error(ErrorKind::Corrupt,
                    "the JSON text is nested more than " + std::to_string(deepest)
                        + " levels deep");
        } else if ((c == ']' || c == '}') && !m_keys.empty()) {
            m_keys.pop_back();
        } else if (c == ':' && !m_keys.empty()) {
            m_bytes += sizeof(Json::object_t::value_type);
            m_comparisons += m_keys.back()++;
        } else if (c == ',') {
            m_bytes += sizeof(Json);
        }
        return check();
    }

    Result<void> addString(std::size_t length)
    {
        m_bytes += sizeof(std::string) + length;
        return check();
    }

private:
    Result<void> check() const
    {
        if (m_bytes > mostBytes || m_comparisons > mostComparisons)
            return Error(ErrorKind::OutOfMemory,
                "the JSON text holds more values than any model or log has, and is not read");
        return {};
    }

    std::size_t m_bytes = 0;
    std::size_t m_comparisons = 0;
    std::vector<std::size_t> m_keys; // of each object that is open
};

struct Literal
{
    std::string_view word;
    std::string_view standIn; // a string no real file holds: it starts with a NUL
    double value;
};

const std::array<Literal, 3> literals{ {
    { "NaN", "\\u0000NaN", std::numeric_limits<double>::quiet_NaN() },
    { "Infinity", "\\u0000Infinity", std::numeric_limits<double>::infinity() },
    { "-Infinity", "\\u0000-Infinity", -std::numeric_limits<double>::infinity() },
} };

/// `text` with Python's literals replaced by marked strings; sets `found` if there was one.
Result<std::string> withoutLiterals(std::string_view text, bool& found)
{
    std::string out;
    out.reserve(text.size());
    Burden burden;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') { // copy the whole string
            const std::size_t begin = i;
            for (++i; i < text.size() && text[i] != '"'; ++i)
                if (text[i] == '\\')
                    ++i;
            out.append(text.substr(begin, std::min(i + 1, text.size()) - begin));
            TRY_DO(burden.addString(i - begin));
            continue;
        }
        if (isStructure(c))
            TRY_DO(burden.add(c));
        bool replaced = false;
        for (const Literal& literal : literals) {
            if (text.substr(i, literal.word.size()) == literal.word) {
                out.append("\"").append(literal.standIn).append("\"");
                i += literal.word.size() - 1;
                replaced = found = true;
                break;
            }
        }
        if (!replaced)
            out.push_back(c);
    }
    return out;
}

void restoreLiterals(Json& value)
{
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text.empty() || text.front() != '\0')
            return;
        for (const Literal& literal : literals) {
            if (std::string_view(text).substr(1) == literal.word) {
                value = literal.value;
                return;
            }
        }
    } else if (value.is_structured()) {
        for (auto& item : value)
            restoreLiterals(item);
    }
}

void appendEscaped(std::string& out, std::string_view text, bool ascii)
{
    // nlohmann escapes correctly, and replaces bytes that are not UTF-8 instead of throwing.
    out += nlohmann::json(text).dump(-1, ' ', ascii, nlohmann::json::error_handler_t::replace);
}

/// repr(float) of Python: the shortest digits that read back equal, "1e-07", "0.0001", "1.0",
/// "1e+16".
std::string pythonRepr(double value)
{
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(
        buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    const std::size_t e = text.find('e');
    std::string digits;
    for (const char c : text.substr(0, e))
        if (c >= '0' && c <= '9')
            digits.push_back(c);
    const bool negative = text.front() == '-';
    int exponent = 0;
    const std::size_t exponentBegin = e + (text[e + 1] == '+' ? 2 : 1);
    std::from_chars(text.data() + exponentBegin, text.data() + text.size(), exponent);

    std::string out(negative ? "-" : "");
    if (exponent < -4 || exponent >= 16) {
        out.push_back(digits.front());
        if (digits.size() > 1)
            out.append(".").append(digits, 1);
        const std::string power = std::to_string(std::abs(exponent));
        return out.append(exponent < 0 ? "e-" : "e+")
            .append(power.size() < 2 ? "0" : "")
            .append(power);
    }
    if (exponent < 0)
        return out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole)
        return out.append(digits).append(whole - digits.size(), '0').append(".0");
    return out.append(digits, 0, whole).append(".").append(digits, whole);
}

enum class Style { Python, Strict };

void append(std::string& out, const Json& value, Style style)
{
    switch (value.type()) {
    case Json::value_t::object: {
        out += '{';
        bool first = true;
        for (const auto& [key, item] : value.items()) {
            out += first ? "" : ", ";
            first = false;
            appendEscaped(out, key, style == Style::Python);
            out += ": ";
            append(out, item, style);
        }
        out += '}';
        return;
    }
    case Json::value_t::array: {
        out += '[';
        bool first = true;
        for (const auto& item : value) {
            out += first ? "" : ", ";
            first = false;
            append(out, item, style);
        }
        out += ']';
        return;
    }
    case Json::value_t::string:
        return appendEscaped(out, value.get_ref<const std::string&>(), style == Style::Python);
    case Json::value_t::number_float: {
        const auto number = value.get<double>();
        const std::string_view quote = style == Style::Strict ? "\"" : "";
        if (std::isnan(number))
            out.append(quote).append("NaN").append(quote);
        else if (std::isinf(number))
            out.append(quote).append(number > 0 ? "Infinity" : "-Infinity").append(quote);
        else
            out += pythonRepr(number);
        return;
    }
    default:
        out += value.dump();
    }
}

} // namespace

Result<Json> parseJson(std::string_view text)
{
    bool literalFound = false;
    TRY(const std::string plain, withoutLiterals(text, literalFound));
    try {
        Json value = Json::parse(plain);
        if (literalFound)
            restoreLiterals(value);
        return value;
    } catch (const Json::parse_error& error) {
        const std::string bytes = std::to_string(text.size());
        return Error(ErrorKind::Corrupt,
            error.byte > text.size()
                ? "the text is not JSON: it breaks off after " + bytes + " bytes"
                : "the text is not JSON: it goes wrong at byte " + std::to_string(error.byte)
                    + " of " + bytes);
    } catch (const Json::exception&) { // a number beyond what a double holds
        return Error(ErrorKind::Corrupt, "the JSON text holds a number that is out of range");
    }
}

std::string dumpJson(const Json& value)
{
    std::string out;
    append(out, value, Style::Python);
    return out;
}

std::string dumpStrictJson(const Json& value)
{
    std::string out;
    append(out, value, Style::Strict);
    return out;
}

} // namespace layerscope
