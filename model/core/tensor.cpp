#include "model/core/tensor.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <new>

namespace layerscope {

static_assert(std::endian::native == std::endian::little, "tensors hold little-endian bytes");

namespace {

template<class T> constexpr bool holds(DType type)
{
    if constexpr (std::is_same_v<T, float>)
        return type == DType::Float32;
    else if constexpr (std::is_same_v<T, double>)
        return type == DType::Float64;
    else if constexpr (std::is_same_v<T, std::int8_t>)
        return type == DType::Int8;
    else if constexpr (std::is_same_v<T, std::int16_t>)
        return type == DType::Int16;
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return type == DType::Int32;
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return type == DType::Int64;
    else if constexpr (std::is_same_v<T, std::uint8_t>)
        return type == DType::UInt8 || type == DType::Bool;
    else if constexpr (std::is_same_v<T, std::uint16_t>)
        return type == DType::UInt16 || type == DType::Float16 || type == DType::BFloat16;
    else if constexpr (std::is_same_v<T, std::uint32_t>)
        return type == DType::UInt32;
    else if constexpr (std::is_same_v<T, std::uint64_t>)
        return type == DType::UInt64;
    else
        return type == DType::Bool;
}

template<class T> constexpr DType dtypeOf()
{
    if constexpr (std::is_same_v<T, float>)
        return DType::Float32;
    else if constexpr (std::is_same_v<T, double>)
        return DType::Float64;
    else if constexpr (std::is_same_v<T, std::int8_t>)
        return DType::Int8;
    else if constexpr (std::is_same_v<T, std::int16_t>)
        return DType::Int16;
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return DType::Int32;
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return DType::Int64;
    else if constexpr (std::is_same_v<T, std::uint8_t>)
        return DType::UInt8;
    else if constexpr (std::is_same_v<T, std::uint16_t>)
        return DType::UInt16;
    else if constexpr (std::is_same_v<T, std::uint32_t>)
        return DType::UInt32;
    else
        return DType::UInt64;
}

/// Bytes that `shape` takes in `type`, or why it cannot be.
Result<std::size_t> byteCount(DType type, const Shape& shape)
{
    const auto count = elementCount(shape);
    if (!count || *count > (std::int64_t{ 1 } << 58))
        return Error(ErrorKind::OutOfMemory,
            "an array of shape " + toString(shape) + " is larger than any memory");
    return static_cast<std::size_t>(*count) * byteSize(type);
}

/// Element `i` as double (exact for everything but 64-bit integers beyond 2^53).
double readAsDouble(DType type, const std::byte* data, std::int64_t i)
{
    const auto at = [&]<class T>(T) {
        T value;
        std::memcpy(&value, data + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
        return value;
    };
    switch (type) {
    case DType::Float16:
        return static_cast<double>(floatFromHalf(at(std::uint16_t{})));
    case DType::BFloat16:
        return static_cast<double>(floatFromBFloat16(at(std::uint16_t{})));
    case DType::Float32:
        return static_cast<double>(at(float{}));
    case DType::Float64:
        return at(double{});
    case DType::Int8:
        return at(std::int8_t{});
    case DType::Int16:
        return at(std::int16_t{});
    case DType::Int32:
        return at(std::int32_t{});
    case DType::Int64:
        return static_cast<double>(at(std::int64_t{}));
    case DType::UInt8:
    case DType::Bool:
        return at(std::uint8_t{});
    case DType::UInt16:
        return at(std::uint16_t{});
    case DType::UInt32:
        return at(std::uint32_t{});
    case DType::UInt64:
        return static_cast<double>(at(std::uint64_t{}));
    case DType::Complex64: // the real part; converted() refuses complex before it comes here
        return static_cast<double>(at(float{}));
    case DType::Complex128:
        return at(double{});
    case DType::String:
        break;
    }
    return 0;
}

void writeFromDouble(DType type, std::byte* data, std::int64_t i, double value)
{
    const auto put = [&](auto element) {
        std::memcpy(
            data + static_cast<std::size_t>(i) * sizeof(element), &element, sizeof(element));
    };
    switch (type) {
    case DType::Float16:
        return put(halfFromFloat(static_cast<float>(value)));
    case DType::BFloat16:
        return put(bfloat16FromFloat(static_cast<float>(value)));
    case DType::Float32:
        return put(static_cast<float>(value));
    case DType::Float64:
        return put(value);
    case DType::Int8:
        return put(static_cast<std::int8_t>(value));
    case DType::Int16:
        return put(static_cast<std::int16_t>(value));
    case DType::Int32:
        return put(static_cast<std::int32_t>(value));
    case DType::Int64:
        return put(static_cast<std::int64_t>(value));
    case DType::UInt8:
        return put(static_cast<std::uint8_t>(value));
    case DType::Bool:
        return put(static_cast<std::uint8_t>(value != 0));
    case DType::UInt16:
        return put(static_cast<std::uint16_t>(value));
    case DType::UInt32:
        return put(static_cast<std::uint32_t>(value));
    case DType::UInt64:
        return put(static_cast<std::uint64_t>(value));
    case DType::Complex64:
    case DType::Complex128:
    case DType::String:
        break;
    }
}

bool isNumber(DType type)
{
    return type <= DType::Bool;
}

} // namespace

Tensor::Tensor()
    : m_owned(std::make_shared<std::vector<std::byte>>(sizeof(float)))
{
    m_bytes = *m_owned;
}

Result<Tensor> Tensor::zeros(DType type, Shape shape)
{
    TRY(const std::size_t size, byteCount(type, shape));
    Tensor tensor;
    tensor.m_dtype = type;
    tensor.m_count = *elementCount(shape);
    tensor.m_shape = std::move(shape);
    if (type == DType::String) {
        tensor.m_strings
            = std::make_shared<std::vector<std::string>>(static_cast<std::size_t>(tensor.m_count));
    }
    try {
        tensor.m_owned = std::make_shared<std::vector<std::byte>>(size);
    } catch (const std::exception&) { // bad_alloc or length_error: the shape came from a file
        return Error(ErrorKind::OutOfMemory,
            "there is not enough memory for an array of shape " + toString(tensor.m_shape));
    }
    tensor.m_bytes = *tensor.m_owned;
    return tensor;
}

Result<Tensor> Tensor::fromBytes(DType type, Shape shape, std::span<const std::byte> bytes)
{
    TRY(const std::size_t size, byteCount(type, shape));
    if (size != bytes.size())
        return Error(ErrorKind::ShapeMismatch,
            "an array of shape " + toString(shape) + " takes " + std::to_string(size)
                + " bytes, found " + std::to_string(bytes.size()));
    TRY(Tensor tensor, zeros(type, std::move(shape)));
    if (size > 0)
        std::memcpy(tensor.m_owned->data(), bytes.data(), size);
    return tensor;
}

Result<Tensor> Tensor::borrowed(
    DType type, Shape shape, std::span<const std::byte> bytes, std::shared_ptr<const void> owner)
{
    TRY(const std::size_t size, byteCount(type, shape));
    if (size != bytes.size())
        return Error(ErrorKind::ShapeMismatch,
            "an array of shape " + toString(shape) + " takes " + std::to_string(size)
                + " bytes, found " + std::to_string(bytes.size()));
    Tensor tensor;
    tensor.m_dtype = type;
    tensor.m_count = *elementCount(shape);
    tensor.m_shape = std::move(shape);
    tensor.m_owned.reset();
    tensor.m_owner = std::move(owner);
    tensor.m_bytes = bytes;
    return tensor;
}

template<class T> Tensor Tensor::of(Shape shape, const std::vector<T>& values)
{
    assert(elementCount(shape) == static_cast<std::int64_t>(values.size()));
    return *fromBytes(dtypeOf<T>(), std::move(shape), std::as_bytes(std::span(values)));
}

Tensor Tensor::ofStrings(Shape shape, std::vector<std::string> values)
{
    Tensor tensor;
    tensor.m_dtype = DType::String;
    tensor.m_count = static_cast<std::int64_t>(values.size());
    assert(elementCount(shape) == tensor.m_count);
    tensor.m_shape = std::move(shape);
    tensor.m_owned = std::make_shared<std::vector<std::byte>>();
    tensor.m_bytes = {};
    tensor.m_strings = std::make_shared<const std::vector<std::string>>(std::move(values));
    return tensor;
}

template<class T> Result<std::span<const T>> Tensor::values() const
{
    if (!holds<T>(m_dtype))
        return Error(ErrorKind::ShapeMismatch,
            "the array holds " + std::string(name(m_dtype)) + ", not what was asked for");
    return valuesAs<T>();
}

std::span<std::byte> Tensor::mutableBytes()
{
    detach();
    return *m_owned;
}

const std::vector<std::string>& Tensor::strings() const
{
    static const std::vector<std::string> none;
    return m_strings ? *m_strings : none;
}

Result<Tensor> Tensor::converted(DType type) const
{
    if (type == m_dtype)
        return *this;
    if (!isNumber(type) || !isNumber(m_dtype))
        return Error(ErrorKind::Unsupported,
            std::string(name(m_dtype)) + " cannot be converted to " + std::string(name(type)));
    TRY(Tensor result, zeros(type, m_shape));
    std::byte* target = result.m_owned->data();
    for (std::int64_t i = 0; i < m_count; ++i)
        writeFromDouble(type, target, i, readAsDouble(m_dtype, m_bytes.data(), i));
    return result;
}

Result<Tensor> Tensor::reshaped(Shape shape) const
{
    if (elementCount(shape) != m_count)
        return Error(ErrorKind::ShapeMismatch,
            "an array of shape " + toString(m_shape) + " cannot be read as " + toString(shape));
    Tensor result = *this;
    result.m_shape = std::move(shape);
    return result;
}

bool Tensor::identicalTo(const Tensor& other) const
{
    return m_dtype == other.m_dtype && m_shape == other.m_shape && strings() == other.strings()
        && std::ranges::equal(m_bytes, other.m_bytes);
}

void Tensor::detach()
{
    if (m_owned && m_owned.use_count() == 1)
        return;
    m_owned = std::make_shared<std::vector<std::byte>>(m_bytes.begin(), m_bytes.end());
    m_bytes = *m_owned;
    m_owner.reset();
}

#define LAYERSCOPE_TENSOR_OF(T)                                                                    \
    template Tensor Tensor::of<T>(Shape, const std::vector<T>&);                                   \
    template Result<std::span<const T>> Tensor::values<T>() const;
LAYERSCOPE_TENSOR_OF(float)
LAYERSCOPE_TENSOR_OF(double)
LAYERSCOPE_TENSOR_OF(std::int8_t)
LAYERSCOPE_TENSOR_OF(std::int16_t)
LAYERSCOPE_TENSOR_OF(std::int32_t)
LAYERSCOPE_TENSOR_OF(std::int64_t)
LAYERSCOPE_TENSOR_OF(std::uint8_t)
LAYERSCOPE_TENSOR_OF(std::uint16_t)
LAYERSCOPE_TENSOR_OF(std::uint32_t)
LAYERSCOPE_TENSOR_OF(std::uint64_t)
#undef LAYERSCOPE_TENSOR_OF

} // namespace layerscope
