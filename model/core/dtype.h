#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace layerscope {

/// Element types that occur in saved models. Names are NumPy's and Keras's.
enum class DType : std::uint8_t {
    Float16,
    BFloat16,
    Float32,
    Float64,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Bool,
    Complex64,
    Complex128,
    String, ///< a list of byte strings, see Tensor::strings()
};

/// Bytes of one element; 0 for String.
std::size_t byteSize(DType type);

/// "float32", "bfloat16", "bool", "string" …
std::string_view name(DType type);

/// The type that Keras, NumPy or TensorFlow call `text` ("float32", "half", "float", "double" …).
std::optional<DType> dtypeFromName(std::string_view text);

bool isFloating(DType type); ///< float16, bfloat16, float32, float64
bool isInteger(DType type); ///< the signed and unsigned integers, not bool

/// Conversions between 16-bit patterns and float32; rounding is to nearest, ties to even.
float floatFromHalf(std::uint16_t bits);
std::uint16_t halfFromFloat(float value);
float floatFromBFloat16(std::uint16_t bits);
std::uint16_t bfloat16FromFloat(float value);

} // namespace layerscope
