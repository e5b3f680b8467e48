#pragma once

#include "model/containers/mapped_file.h"
#include "model/core/job_context.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace layerscope::formats {

/// Values that belong at an offset of a file that is being written.
struct H5Patch
{
    std::uint64_t offset = 0;
    DType stored = DType::Float32; ///< the type to store them in
    StoredTensor value;
    /// Where the very bytes lie in another file, if they do; `value` is not looked at then.
    std::shared_ptr<const containers::MappedFile> source = nullptr;
    std::uint64_t sourceOffset = 0;

    std::uint64_t length() const
    {
        return static_cast<std::uint64_t>(value.count()) * byteSize(stored);
    }
};

/// `value` in memory as `stored`.
Result<Tensor> loadAs(const StoredTensor& value, DType stored);

/// ShapeMismatch: the array `where` in the file cannot take what the model has now.
Error shapeError(const std::string& where, const Shape& stored, const Shape& now);

/// Makes the file `target` with the bytes of `source`, the patches in their places: one pass,
/// nothing is written twice or held in memory as a whole. Errors  NotWritable, Stopped; what
/// loading a patch says
Result<void> copyPatched(const containers::MappedFile& source, const std::filesystem::path& target,
    std::vector<H5Patch> patches, const JobContext& job);

/// Writes the patches into the file `target`, which is long enough already.
Result<void> writePatches(
    const std::filesystem::path& target, std::vector<H5Patch> patches, const JobContext& job);

/// Writes the bytes of `source` with the patches in their places into the existing file `target`,
/// from byte `at` on, and returns their CRC-32. Everything is read once and written once.
Result<std::uint32_t> writePatchedAt(const containers::MappedFile& source,
    const std::filesystem::path& target, std::uint64_t at, std::vector<H5Patch> patches,
    const JobContext& job);

} // namespace layerscope::formats
