#include "model/analysis/lambda_code.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace layerscope::analysis {

namespace {

constexpr std::size_t mostBytes = std::size_t{ 1 } << 24;

std::string decodedBase64(std::string_view text)
{
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text.substr(0, mostBytes)) {
        std::uint32_t value = 0;
        if (c >= 'A' && c <= 'Z')
            value = static_cast<std::uint32_t>(c - 'A');
        else if (c >= 'a' && c <= 'z')
            value = static_cast<std::uint32_t>(c - 'a') + 26;
        else if (c >= '0' && c <= '9')
            value = static_cast<std::uint32_t>(c - '0') + 52;
        else if (c == '+' || c == '/')
            value = c == '+' ? 62 : 63;
        else
            continue; // line ends and padding
        bits = (bits << 6U) | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
        }
    }
    return out;
}

std::uint32_t littleEndian(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
}

/// A code object is 'c', some 32-bit numbers (arguments, locals, stack, flags) and the bytecode as
/// bytes. How many numbers there are tells the version apart.
std::string pythonOf(std::string_view code)
{
    constexpr std::size_t mostNumbers = 6;
    if (code.empty() || (static_cast<unsigned char>(code[0]) & 0x7FU) != 'c')
        return {};
    for (std::size_t count = 4; count <= mostNumbers; ++count) {
        const std::size_t at = 1 + 4 * count;
        if (at + 5 > code.size() || (static_cast<unsigned char>(code[at]) & 0x7FU) != 's')
            continue;
        const std::uint32_t length = littleEndian(code, at + 1);
        if (length == 0 || length > code.size() - at - 5)
            continue;
        if (count == 4)
            return "2";
        if (count == 6)
            return "3.8 to 3.10";
        // Up to 3.7 the third number counts locals; from 3.11 on keyword-only arguments, and the
        // bytecode begins with RESUME.
        const auto first = static_cast<unsigned char>(code[at + 5]);
        constexpr unsigned char resume311 = 151;
        constexpr unsigned char resume313 = 149;
        if (first == resume311)
            return "3.11 or 3.12";
        if (first == resume313)
            return "3.13";
        return littleEndian(code, 9) >= littleEndian(code, 1) && littleEndian(code, 9) > 0
            ? "3.7 or older"
            : "3.11 or later";
    }
    return {};
}

} // namespace

std::optional<LambdaCode> lambdaCode(const Json& config)
{
    if (!config.is_object() || !config.contains("function"))
        return std::nullopt;
    const Json* code = &config["function"];
    if (code->is_object() && code->contains("config") && (*code)["config"].is_object()
        && (*code)["config"].contains("code"))
        code = &(*code)["config"]["code"];
    else if (code->is_array() && !code->empty())
        code = &(*code)[0];
    else if (!code->is_string() || config.value("function_type", Json("lambda")) == "function")
        return std::nullopt;
    if (!code->is_string())
        return std::nullopt;
    const std::string bytes = decodedBase64(code->get_ref<const std::string&>());
    return LambdaCode{ bytes.size(), pythonOf(bytes) };
}

} // namespace layerscope::analysis
