#pragma once

#include "model/core/stored_tensor.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace layerscope::containers {

/// A file opened for reading and mapped into memory as a whole; or a part of one, which then looks
/// like a file of its own (a member of an archive), or bytes in memory that stand for a file (a
/// member that had to be unpacked).
///
/// It keeps the file's descriptor: when another file is renamed over the path, or the path is
/// removed, this object still reads what was opened. When a program cuts the very file short (as
/// h5py does when it overwrites one), reading what is gone gives zeros and hasShrunk(), not the
/// signal that would end the process.
///
/// Thread  const calls may come from several threads at the same time
class MappedFile : public std::enable_shared_from_this<MappedFile>
{
public:
    /// Errors  NotFound, NotReadable (permission, a folder, a device)
    static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path);

    /// `length` bytes of `whole` from `offset` on. Extents of arrays in it are those of the whole
    /// file. Errors  Corrupt when they do not lie inside it
    static Result<std::shared_ptr<const MappedFile>> part(
        const std::shared_ptr<const MappedFile>& whole, std::uint64_t offset, std::uint64_t length);

    /// `length` bytes in memory that `fill` writes. `path` is the file that they came from: arrays
    /// in it have no extent.
    /// Errors  OutOfMemory; what `fill` says
    static Result<std::shared_ptr<const MappedFile>> inMemory(const std::filesystem::path& path,
        std::uint64_t length, const std::function<Result<void>(std::span<std::byte>)>& fill);

    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::span<const std::byte> bytes() const { return m_bytes; }
    std::uint64_t size() const { return m_bytes.size(); }
    int descriptor() const { return m_descriptor; }
    /// Where bytes() begin in the file that descriptor() reads: 0 unless this is a part.
    std::uint64_t offsetInDescriptor() const { return m_offset; }
    /// Whether the bytes lie in the file at path(), offsetInDescriptor() from its start.
    bool isOnDisk() const { return m_isOnDisk; }

    /// A path that opens the same file again, wherever it was renamed to meanwhile.
    std::filesystem::path pathOfDescriptor() const;

    /// True when the file on disk is shorter than it was when it was opened.
    bool hasShrunk() const;

    /// True while another program holds a lock on the file for writing, as HDF5 does.
    bool isBeingWritten() const;

    /// `length` bytes at `offset` as an array, borrowed from the mapping (copied where their
    /// address does not suit the type).
    /// Errors  Corrupt when they do not lie inside the file, or are no longer there
    Result<Tensor> tensorAt(DType type, const Shape& shape, std::uint64_t offset) const;

    /// The same as an array that stays in the file until it is looked at.
    Result<StoredTensor> storedTensorAt(DType type, Shape shape, std::uint64_t offset) const;

private:
    MappedFile() = default;

    std::filesystem::path m_path;
    std::span<const std::byte> m_bytes;
    int m_descriptor = -1;
    std::uint64_t m_offset = 0;
    bool m_isOnDisk = true;
    std::shared_ptr<const MappedFile> m_whole; // of which this is a part; owns the descriptor
    int m_guardSlot = -1; // in the table of the signal handler
};

/// The whole text of a small file.
/// Errors  NotFound, NotReadable, OutOfMemory when it is longer than `longest` bytes
Result<std::string> textOfFile(const std::filesystem::path& path, std::uint64_t longest);

} // namespace layerscope::containers
