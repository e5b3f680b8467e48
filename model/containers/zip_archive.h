#pragma once

#include "model/containers/mapped_file.h"
#include "model/core/job_context.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace layerscope::containers {

/// One member of an archive, as its central directory describes it.
struct ZipEntry
{
    std::string name;
    std::string fault; ///< why its bytes cannot be had; empty when they can
    bool isUnsafe = false; ///< its name would lead out of a folder that it is unpacked into
    std::uint16_t method = 0; ///< 0 stored, 8 deflated
    std::uint16_t date = 0x21; ///< MS-DOS date and time of the last change
    std::uint16_t time = 0;
    std::uint16_t madeBy = 0;
    std::uint32_t attributes = 0;
    std::uint32_t checksum = 0; ///< CRC-32 of the unpacked bytes
    std::uint64_t packedSize = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0; ///< of the packed bytes in the file

    bool isStored() const { return method == 0; }
    bool isFolder() const { return name.ends_with('/'); }
};

/// A zip archive opened for reading. Its directory is read and checked, nothing is unpacked, and no
/// member is ever written under its own name. Members that are stored are read where they lie.
///
/// Names that occur twice, members that overlap or lie outside the file, encryption, links and
/// methods other than stored and deflated are refused: the archive as a whole for the first, the
/// member for the others. Source: PKWARE's APPNOTE 6.3.10, zip64 included.
class ZipArchive
{
public:
    /// Errors  WrongFormat (no zip archive), Corrupt (cut short, a damaged directory, a name twice)
    static Result<ZipArchive> open(std::shared_ptr<const MappedFile> file);

    const std::shared_ptr<const MappedFile>& mapped() const { return m_file; }
    const std::vector<ZipEntry>& entries() const { return m_entries; }
    const ZipEntry* find(std::string_view name) const;

    /// Bytes that stand before the archive, as in a program that unpacks itself.
    std::uint64_t prefixLength() const { return m_prefix; }

    /// What is odd and does not keep the archive from being read, in words.
    const std::vector<std::string>& oddities() const { return m_oddities; }

    /// A member's bytes, unpacked, its checksum compared.
    /// Errors  Unsupported (the entry's fault), OutOfMemory (more than `most` bytes, or far more
    /// than its packed bytes can be expected to hold), Corrupt
    Result<std::string> text(const ZipEntry& entry, std::uint64_t most) const;

    /// A member as a file: in place where it is stored (its checksum is not compared: see
    /// checkStored()), else unpacked into memory, under the same limits and checks as text().
    Result<std::shared_ptr<const MappedFile>> file(const ZipEntry& entry) const;

    /// The packed bytes, as they are.
    Result<std::span<const std::byte>> packed(const ZipEntry& entry) const;

    /// Compares the checksum of a stored member, whose bytes are all read for that.
    /// Errors  Corrupt when it differs, Stopped
    Result<void> checkStored(const ZipEntry& entry, const JobContext& job) const;

private:
    Result<void> readDirectory();
    Result<void> readEntries(std::uint64_t begin, std::uint64_t end);
    void checkPlaces(std::uint64_t directory);
    Result<void> checkNames() const;

    std::shared_ptr<const MappedFile> m_file;
    std::vector<ZipEntry> m_entries;
    std::vector<std::string> m_oddities;
    std::uint64_t m_prefix = 0;
};

/// CRC-32 of `bytes`, which follow bytes of the checksum `before`.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

} // namespace layerscope::containers
