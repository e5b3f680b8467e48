#pragma once

#include "model/ops/rules.h"

namespace layerscope::ops {

/// Calls f with a value of the C++ type that a value of `type` is carried in. Bool is bool.
template<class F> auto withType(DType type, F&& f)
{
    switch (carriedType(type)) {
    case DType::Float64:
        return f(double{});
    case DType::Int8:
        return f(std::int8_t{});
    case DType::Int16:
        return f(std::int16_t{});
    case DType::Int32:
        return f(std::int32_t{});
    case DType::Int64:
        return f(std::int64_t{});
    case DType::UInt8:
        return f(std::uint8_t{});
    case DType::UInt16:
        return f(std::uint16_t{});
    case DType::UInt32:
        return f(std::uint32_t{});
    case DType::UInt64:
        return f(std::uint64_t{});
    case DType::Bool:
        return f(bool{});
    default:
        return f(float{});
    }
}

/// Only the types that arithmetic is done in; others are Unsupported.
template<class F> Result<Kernel> withArithmeticType(std::string_view op, DType type, F&& f)
{
    switch (carriedType(type)) {
    case DType::Float32:
        return f(float{});
    case DType::Float64:
        return f(double{});
    case DType::Int32:
        return f(std::int32_t{});
    case DType::Int64:
        return f(std::int64_t{});
    case DType::UInt8:
        return f(std::uint8_t{});
    case DType::Int8:
        return f(std::int8_t{});
    default:
        return Error(ErrorKind::Unsupported,
            std::string(op) + ": no arithmetic with " + std::string(name(type)));
    }
}

template<class F> Result<Kernel> withFloatingType(std::string_view op, DType type, F&& f)
{
    switch (carriedType(type)) {
    case DType::Float32:
        return f(float{});
    case DType::Float64:
        return f(double{});
    default:
        return Error(ErrorKind::Unsupported,
            std::string(op) + ": needs floating point, not " + std::string(name(type)));
    }
}

/// Moving elements asks only for their size: an unsigned integer of as many bytes.
template<class F> auto withSizeOf(DType type, F&& f)
{
    switch (byteSize(carriedType(type))) {
    case 1:
        return f(std::uint8_t{});
    case 2:
        return f(std::uint16_t{});
    case 4:
        return f(std::uint32_t{});
    default:
        return f(std::uint64_t{});
    }
}

template<class T> const T* input(std::span<const void* const> inputs, std::size_t i)
{
    return static_cast<const T*>(inputs[i]);
}

template<class T> T* output(std::span<void* const> outputs, std::size_t i)
{
    return static_cast<T*>(outputs[i]);
}

} // namespace layerscope::ops
