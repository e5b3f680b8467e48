#include "model/core/dtype.h"

#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace layerscope {

namespace {

struct Facts
{
    std::string_view name;
    std::size_t bytes;
};

constexpr std::array<Facts, 16> facts{ {
    { "float16", 2 },
    { "bfloat16", 2 },
    { "float32", 4 },
    { "float64", 8 },
    { "int8", 1 },
    { "int16", 2 },
    { "int32", 4 },
    { "int64", 8 },
    { "uint8", 1 },
    { "uint16", 2 },
    { "uint32", 4 },
    { "uint64", 8 },
    { "bool", 1 },
    { "complex64", 8 },
    { "complex128", 16 },
    { "string", 0 },
} };

constexpr std::array<std::pair<std::string_view, DType>, 5> aliases{ {
    { "half", DType::Float16 },
    { "float", DType::Float32 },
    { "double", DType::Float64 },
    { "int", DType::Int32 },
    { "str", DType::String },
} };

} // namespace

std::size_t byteSize(DType type)
{
    return facts[static_cast<std::size_t>(type)].bytes;
}

std::string_view name(DType type)
{
    return facts[static_cast<std::size_t>(type)].name;
}

std::optional<DType> dtypeFromName(std::string_view text)
{
    for (std::size_t i = 0; i < facts.size(); ++i)
        if (facts[i].name == text)
            return static_cast<DType>(i);
    for (const auto& [alias, type] : aliases)
        if (alias == text)
            return type;
    return std::nullopt;
}

bool isFloating(DType type)
{
    return type <= DType::Float64;
}

bool isInteger(DType type)
{
    return type >= DType::Int8 && type <= DType::UInt64;
}

float floatFromHalf(std::uint16_t bits)
{
    const std::uint32_t sign = (bits & 0x8000U) << 16U;
    const std::uint32_t exponent = (bits >> 10U) & 0x1FU;
    const std::uint32_t mantissa = bits & 0x3FFU;
    if (exponent == 0) { // zero and subnormals: mantissa × 2^-24
        const float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
        return sign != 0 ? -magnitude : magnitude;
    }
    if (exponent == 31)
        return std::bit_cast<float>(sign | 0x7F800000U | (mantissa << 13U));
    return std::bit_cast<float>(sign | ((exponent + 112U) << 23U) | (mantissa << 13U));
}

std::uint16_t halfFromFloat(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16U) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U) // NaN keeps its top mantissa bits and stays a NaN
        return static_cast<std::uint16_t>(sign | 0x7E00U | ((magnitude >> 13U) & 0x3FFU));
    if (magnitude >= 0x477FF000U) // from 65520 on everything rounds to infinity
        return static_cast<std::uint16_t>(sign | 0x7C00U);
    if (magnitude < 0x38800000U) { // below 2^-14: subnormal, count units of 2^-24
        const float units = std::nearbyint(std::ldexp(std::bit_cast<float>(magnitude), 24));
        return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(units));
    }
    const std::uint32_t rounded = magnitude + 0xFFFU + ((magnitude >> 13U) & 1U);
    return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000U) >> 13U));
}

float floatFromBFloat16(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}

std::uint16_t bfloat16FromFloat(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7FFFFFFFU) > 0x7F800000U)
        return static_cast<std::uint16_t>((bits >> 16U) | 0x40U);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
}

} // namespace layerscope
