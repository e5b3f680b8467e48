#include "model/formats/keras_h5_stream.h"

#include "model/containers/system_failure.h"
#include "model/containers/zip_archive.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace layerscope::formats {

using containers::MappedFile;
using containers::writeError;

namespace {

constexpr std::uint64_t streamBlockBytes = 16U << 20U;

/// A file open for writing, with the progress of writing it.
class Output
{
public:
    static Result<Output> open(const std::filesystem::path& path, int flags, std::uint64_t total)
    {
        std::error_code none;
        const auto space = std::filesystem::space(path.parent_path(), none);
        if (!none && space.available > 0 && space.available < total)
            return Error(ErrorKind::NotWritable,
                "the disk is too full: the file takes " + std::to_string(total) + " bytes, "
                    + std::to_string(space.available)
                    + " are free; make room, or save somewhere else");
        Output output;
        output.m_path = path;
        output.m_total = total;
        output.m_descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666);
        if (output.m_descriptor < 0)
            return writeError(path);
        return output;
    }

    Output(Output&& other) noexcept
        : m_path(std::move(other.m_path))
        , m_descriptor(std::exchange(other.m_descriptor, -1))
        , m_done(other.m_done)
        , m_total(other.m_total)
    {
    }
    Output& operator=(Output&&) = delete;
    ~Output()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }

    Result<void> write(
        std::uint64_t offset, std::span<const std::byte> bytes, const JobContext& job)
    {
        while (!bytes.empty()) {
            TRY_DO(step(job));
            const std::size_t part = std::min(bytes.size(), std::size_t{ streamBlockBytes });
            const ssize_t written
                = ::pwrite(m_descriptor, bytes.data(), part, static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return writeError(m_path);
            bytes = bytes.subspan(static_cast<std::size_t>(written));
            offset += static_cast<std::uint64_t>(written);
            m_done += static_cast<std::uint64_t>(written);
        }
        return {};
    }

    /// `length` bytes of `source` at `from` to `to` here, inside the kernel where that works.
    Result<void> copy(const MappedFile& source, std::uint64_t from, std::uint64_t to,
        std::uint64_t length, const JobContext& job)
    {
        while (length > 0) {
            TRY_DO(step(job));
            auto in = static_cast<loff_t>(source.offsetInDescriptor() + from);
            auto out = static_cast<loff_t>(to);
            const ssize_t copied = ::copy_file_range(source.descriptor(), &in, m_descriptor, &out,
                std::min(length, streamBlockBytes), 0);
            if (copied < 0 && errno == EINTR)
                continue;
            if (copied < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO))
                return writeError(m_path);
            if (copied <= 0) // across file systems, or an old kernel
                return write(to, source.bytes().subspan(from, length), job);
            const auto done = static_cast<std::uint64_t>(copied);
            from += done;
            to += done;
            length -= done;
            m_done += done;
        }
        return {};
    }

    Result<void> write(const H5Patch& patch, const JobContext& job)
    {
        if (patch.source)
            return copy(*patch.source, patch.sourceOffset, patch.offset, patch.length(), job);
        TRY(const Tensor tensor, loadAs(patch.value, patch.stored));
        return write(patch.offset, tensor.bytes(), job);
    }

private:
    Output() = default;

    Result<void> step(const JobContext& job) const
    {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "saving was stopped; the old file is as it was");
        job.report(
            static_cast<std::int64_t>(m_done), static_cast<std::int64_t>(m_total), "writing");
        return {};
    }

    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::uint64_t m_done = 0;
    std::uint64_t m_total = 0;
};

void sortByOffset(std::vector<H5Patch>& patches)
{
    std::ranges::sort(patches, {}, &H5Patch::offset);
}

} // namespace

Error shapeError(const std::string& where, const Shape& stored, const Shape& now)
{
    return Error(ErrorKind::ShapeMismatch,
        "the file has shape " + toString(stored) + ", the model " + toString(now))
        .in(where);
}

Result<Tensor> loadAs(const StoredTensor& value, DType stored)
{
    TRY(Tensor tensor, value.load());
    return tensor.dtype() == stored ? Result<Tensor>(std::move(tensor)) : tensor.converted(stored);
}

Result<void> copyPatched(const MappedFile& source, const std::filesystem::path& target,
    std::vector<H5Patch> patches, const JobContext& job)
{
    if (source.hasShrunk())
        return Error(ErrorKind::Corrupt,
            "another program has cut this file short since it was opened, so that it cannot be "
            "saved from here")
            .in(source.path().filename().string());
    sortByOffset(patches);
    TRY(Output output, Output::open(target, O_CREAT | O_TRUNC, source.size()));
    std::uint64_t copied = 0;
    for (const H5Patch& patch : patches) {
        if (patch.offset > copied) // patches may overlap where two names mean one dataset
            TRY_DO(output.copy(source, copied, copied, patch.offset - copied, job));
        TRY_DO(output.write(patch, job));
        copied = std::max(copied, patch.offset + patch.length());
    }
    return output.copy(source, copied, copied, source.size() - copied, job);
}

Result<std::uint32_t> writePatchedAt(const MappedFile& source, const std::filesystem::path& target,
    std::uint64_t at, std::vector<H5Patch> patches, const JobContext& job)
{
    if (source.hasShrunk())
        return Error(ErrorKind::Corrupt,
            "another program has cut this file short since it was opened, so that it cannot be "
            "saved from here")
            .in(source.path().filename().string());
    sortByOffset(patches);
    TRY(Output output, Output::open(target, 0, source.size()));
    std::uint32_t checksum = 0;
    std::uint64_t done = 0;
    const auto write = [&](std::span<const std::byte> bytes) -> Result<void> {
        while (!bytes.empty()) { // in parts that are still in the cache when they are written
            const auto part = bytes.first(std::min<std::size_t>(bytes.size(), 1U << 20U));
            checksum = containers::crc32(part, checksum);
            TRY_DO(output.write(at + done, part, job));
            done += part.size();
            bytes = bytes.subspan(part.size());
        }
        return {};
    };
    for (const H5Patch& patch : patches) {
        if (patch.offset < done) // two names mean one dataset, which has been written
            continue;
        if (patch.offset + patch.length() > source.size())
            return Error(ErrorKind::Corrupt, "an array does not lie inside the file");
        TRY_DO(write(source.bytes().subspan(done, patch.offset - done)));
        if (patch.source) {
            TRY_DO(write(patch.source->bytes().subspan(patch.sourceOffset, patch.length())));
            continue;
        }
        TRY(const Tensor tensor, loadAs(patch.value, patch.stored));
        TRY_DO(write(tensor.bytes()));
    }
    TRY_DO(write(source.bytes().subspan(done)));
    return checksum;
}

Result<void> writePatches(
    const std::filesystem::path& target, std::vector<H5Patch> patches, const JobContext& job)
{
    sortByOffset(patches);
    std::uint64_t total = 0;
    for (const H5Patch& patch : patches)
        total += patch.length();
    TRY(Output output, Output::open(target, 0, total));
    for (const H5Patch& patch : patches)
        TRY_DO(output.write(patch, job));
    return {};
}

} // namespace layerscope::formats
