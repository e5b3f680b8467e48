#include "model/analysis/statistics_pass.h"

#include <cstring>

namespace layerscope::analysis {
namespace {

template<class From, class To> void widen(const std::byte* from, std::size_t count, To* to)
{
    for (std::size_t i = 0; i < count; ++i) {
        From value;
        std::memcpy(&value, from + i * sizeof(From), sizeof value);
        to[i] = static_cast<To>(value);
    }
}

void widenBFloat16(const std::byte* from, std::size_t count, float* to)
{
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t half;
        std::memcpy(&half, from + i * sizeof half, sizeof half);
        const std::uint32_t bits = static_cast<std::uint32_t>(half) << 16U;
        std::memcpy(to + i, &bits, sizeof bits);
    }
}

void widenBool(const std::byte* from, std::size_t count, float* to)
{
    for (std::size_t i = 0; i < count; ++i)
        to[i] = from[i] == std::byte{ 0 } ? 0.0F : 1.0F;
}

void widenToFloat(DType type, const std::byte* from, std::size_t count, float* to)
{
    switch (type) {
    case DType::Float16:
        return statisticsKernels().widenHalves(from, count, to);
    case DType::BFloat16:
        return widenBFloat16(from, count, to);
    case DType::Int8:
        return widen<std::int8_t>(from, count, to);
    case DType::Int16:
        return widen<std::int16_t>(from, count, to);
    case DType::UInt8:
        return widen<std::uint8_t>(from, count, to);
    case DType::UInt16:
        return widen<std::uint16_t>(from, count, to);
    default:
        return widenBool(from, count, to);
    }
}

void widenToDouble(DType type, const std::byte* from, std::size_t count, double* to)
{
    switch (type) {
    case DType::Int32:
        return widen<std::int32_t>(from, count, to);
    case DType::UInt32:
        return widen<std::uint32_t>(from, count, to);
    case DType::Int64:
        return widen<std::int64_t>(from, count, to);
    default:
        return widen<std::uint64_t>(from, count, to);
    }
}

} // namespace

Result<ValueReader> ValueReader::create(const Tensor& tensor)
{
    const DType type = tensor.dtype();
    if (type == DType::String || type == DType::Complex64 || type == DType::Complex128)
        return Error(ErrorKind::Unsupported,
            "values of type " + std::string(name(type)) + " have no minimum, mean or histogram");
    ValueReader reader;
    reader.m_bytes = tensor.bytes().data();
    reader.m_count = tensor.count();
    reader.m_dtype = type;
    reader.m_isDouble = type == DType::Float64 || type == DType::Int32 || type == DType::UInt32
        || type == DType::Int64 || type == DType::UInt64;
    return reader;
}

const std::byte* ValueReader::block(std::int64_t begin, std::size_t count, Buffer& buffer) const
{
    const std::byte* from = m_bytes + static_cast<std::size_t>(begin) * byteSize(m_dtype);
    if (m_dtype == DType::Float32 || m_dtype == DType::Float64)
        return from;
    buffer.resize(blockValues);
    if (m_isDouble)
        widenToDouble(m_dtype, from, count, buffer.data());
    else // the buffer's bytes are only ever read as bytes
        widenToFloat(m_dtype, from, count, static_cast<float*>(static_cast<void*>(buffer.data())));
    return reinterpret_cast<const std::byte*>(buffer.data());
}

double ValueReader::value(std::int64_t index) const
{
    Buffer buffer;
    const std::byte* at = block(index, 1, buffer);
    if (m_isDouble) {
        double value;
        std::memcpy(&value, at, sizeof value);
        return value;
    }
    float value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

} // namespace layerscope::analysis
