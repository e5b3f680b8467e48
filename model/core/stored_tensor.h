#pragma once

#include "model/core/tensor.h"

#include <filesystem>
#include <memory>

namespace layerscope {

/// Where the bytes of an array lie in a file, when they lie there contiguously, little-endian and
/// uncompressed.
struct FileExtent
{
    std::filesystem::path path;
    std::uint64_t offset = 0; ///< from the start of the file
    std::uint64_t length = 0; ///< in bytes
    bool operator==(const FileExtent&) const = default;
};

/// An array that stays where it is stored until someone looks: dtype and shape are known at once,
/// the bytes come with load(). Contiguous data are mapped, not read, so that loading costs nothing
/// and the pages belong to the file.
///
/// Thread  load() may be called from several threads at the same time
class StoredTensor
{
public:
    /// What a container implements for each of its arrays.
    class Source
    {
    public:
        virtual ~Source() = default;
        virtual Result<Tensor> load() const = 0;
        virtual std::optional<FileExtent> extent() const { return std::nullopt; }
        virtual std::optional<std::span<const std::byte>> bytes() const { return std::nullopt; }
    };

    /// A float32 scalar 0 in memory.
    StoredTensor();
    /// An array in memory.
    StoredTensor(Tensor tensor);
    /// An array in a file; a `source` shared by all copies of this value.
    StoredTensor(DType type, Shape shape, std::shared_ptr<const Source> source);

    DType dtype() const { return m_dtype; }
    const Shape& shape() const { return m_shape; }
    std::int64_t count() const; ///< number of elements; 0 where the shape is impossible
    std::int64_t byteCount() const;

    Result<Tensor> load() const;
    std::optional<FileExtent> extent() const;

    /// The numbers as they lie in memory or in the mapped file, without a copy, for whoever only
    /// compares or copies them: their address may not suit their type. Valid as long as this value.
    std::optional<std::span<const std::byte>> bytes() const { return m_source->bytes(); }

    /// Whether both are copies of one value, so that nothing can have changed between them.
    bool sharesArrayWith(const StoredTensor& other) const { return m_source == other.m_source; }

private:
    DType m_dtype;
    Shape m_shape;
    std::shared_ptr<const Source> m_source;
};

} // namespace layerscope
