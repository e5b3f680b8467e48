#pragma once

#include "model/core/result.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace layerscope::containers {

/// A file that takes the place of `target` in one step, when commit() is called: until then it has
/// another name in the same folder, and it is removed when commit() never comes. Nobody ever sees a
/// half-written file at `target`.
///
/// A target that is a symbolic link is followed; permissions of a file that is replaced are kept.
class AtomicFile
{
public:
    /// Errors  NotWritable (no such folder, no permission, the target is a folder)
    static Result<AtomicFile> create(const std::filesystem::path& target);
    ~AtomicFile();
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&& other) noexcept;

    /// Where to write meanwhile. The file exists and is empty.
    const std::filesystem::path& temporaryPath() const { return m_temporary; }

    /// Appends to the file at temporaryPath().
    Result<void> write(std::span<const std::byte> bytes);

    /// Waits until the bytes are on the disk.
    Result<void> flush();

    /// Flushes, renames over the target, flushes the folder.
    Result<void> commit();

private:
    AtomicFile() = default;

    std::filesystem::path m_target;
    std::filesystem::path m_temporary; // empty after commit()
    int m_descriptor = -1;
};

} // namespace layerscope::containers
