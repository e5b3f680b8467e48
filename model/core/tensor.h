#pragma once

#include "model/core/dtype.h"
#include "model/core/result.h"
#include "model/core/shape.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace layerscope {

/// An array in memory: a dtype, a shape (row-major) and little-endian bytes, owned or borrowed from
/// a mapped file. Cheap to copy (the bytes are shared and immutable); writing takes a copy first.
///
/// Errors  functions that allocate return OutOfMemory or ShapeMismatch for impossible shapes
class Tensor
{
public:
    /// A float32 scalar 0.
    Tensor();

    /// Zero-filled.
    static Result<Tensor> zeros(DType type, Shape shape);

    /// Copies `bytes`; ShapeMismatch if their number is not what type and shape ask for.
    static Result<Tensor> fromBytes(DType type, Shape shape, std::span<const std::byte> bytes);

    /// Borrows `bytes`, which stay valid as long as `owner` lives (a mapped file).
    static Result<Tensor> borrowed(DType type, Shape shape, std::span<const std::byte> bytes,
        std::shared_ptr<const void> owner);

    /// Copies `values`; their number must be the shape's element count.
    template<class T> static Tensor of(Shape shape, const std::vector<T>& values);
    template<class T> static Tensor scalar(T value) { return of<T>({}, std::vector<T>{ value }); }

    static Tensor ofStrings(Shape shape, std::vector<std::string> values);

    DType dtype() const { return m_dtype; }
    const Shape& shape() const { return m_shape; }
    std::int64_t count() const { return m_count; } ///< number of elements
    std::span<const std::byte> bytes() const { return m_bytes; }

    /// The elements; ShapeMismatch if T is not the tensor's type. T is float, double, a fixed-width
    /// integer, or bool; float16 and bfloat16 are std::uint16_t patterns.
    template<class T> Result<std::span<const T>> values() const;

    /// The same for a tensor that is known to hold T (an assertion in debug builds).
    template<class T> std::span<const T> valuesAs() const
    {
        return { reinterpret_cast<const T*>(m_bytes.data()), static_cast<std::size_t>(m_count) };
    }

    /// Elements for writing; takes a private copy of the bytes if they are shared or borrowed.
    template<class T> std::span<T> mutableValuesAs()
    {
        detach();
        return { reinterpret_cast<T*>(m_owned->data()), static_cast<std::size_t>(m_count) };
    }
    std::span<std::byte> mutableBytes();

    const std::vector<std::string>& strings() const; ///< empty unless dtype is String

    /// The same elements as another type, rounded to nearest even where it is narrower.
    Result<Tensor> converted(DType type) const;

    /// The same bytes under another shape of equal element count.
    Result<Tensor> reshaped(Shape shape) const;

    /// Equal dtype, shape and bytes (so NaNs with equal bits are equal).
    bool identicalTo(const Tensor& other) const;

private:
    void detach();

    DType m_dtype = DType::Float32;
    Shape m_shape;
    std::int64_t m_count = 1;
    std::span<const std::byte> m_bytes;
    std::shared_ptr<std::vector<std::byte>> m_owned; // null when borrowed
    std::shared_ptr<const void> m_owner; // keeps borrowed bytes alive
    std::shared_ptr<const std::vector<std::string>> m_strings; // only for String
};

} // namespace layerscope
