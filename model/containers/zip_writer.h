#pragma once

#include "model/containers/zip_archive.h"

#include <filesystem>

namespace layerscope::containers {

/// Makes a zip archive: members are stored, in the order they are added; zip64 where a number needs
/// it. The same members give the same bytes (their date is 1 January 1980, as Keras's own).
///
/// A large member can be written by the caller, straight to its place: begin() says where, and
/// end() takes its checksum.
class ZipWriter
{
public:
    /// Makes a new file at `path`, or empties the one that is there. Errors  NotWritable
    static Result<ZipWriter> create(const std::filesystem::path& path);
    ~ZipWriter();
    ZipWriter(ZipWriter&& other) noexcept;
    ZipWriter& operator=(ZipWriter&&) = delete;

    Result<void> add(const std::string& name, std::string_view content);

    /// A member of another archive, packed as it is.
    Result<void> addPacked(const ZipEntry& entry, std::span<const std::byte> packed);

    /// Starts a member of `size` bytes, which the caller writes into the file from the returned
    /// offset on. It is a multiple of 64, so that arrays in the member can be used where they lie.
    Result<std::uint64_t> begin(const std::string& name, std::uint64_t size);
    Result<void> end(std::uint32_t checksum);

    /// Writes the list of members and closes the file.
    Result<void> finish();

private:
    struct Written
    {
        ZipEntry entry;
        std::uint64_t header = 0;
    };

    ZipWriter() = default;
    Result<void> write(std::uint64_t at, std::string_view bytes);
    Result<void> writeHeader(const Written& written, std::size_t padding);

    std::filesystem::path m_path;
    int m_descriptor = -1;
    std::uint64_t m_end = 0; // of what has been written
    std::size_t m_padding = 0; // in the header of the member under way
    std::vector<Written> m_written;
};

} // namespace layerscope::containers
