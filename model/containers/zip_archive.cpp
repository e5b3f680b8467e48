#include "model/containers/zip_archive.h"

#include "model/containers/expansion.h"

#include <algorithm>
#include <cstring>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unordered_set>
#include <zlib.h>

// End of the archive                    Entry of the directory      Before a member's bytes
//   0  "PK\5\6"                           0  "PK\1\2"                 0  "PK\3\4"
//   8  entries here, 10 in all            4  made by, 6 needs         6  flags, 8 method
//  12  bytes of the directory             8  flags, 10 method        26  length of the name
//  16  where the directory begins        12  time, 14 date           28  length of the extra field
//  20  length of the comment             16  CRC-32
//                                        20  packed size, 24 size
//  With zip64 "PK\6\7" stands before     28  lengths: name, 30 extra field, 32 comment
//  it and says where "PK\6\6" stands,    38  attributes
//  which has the same in 8 bytes.        42  where its header stands

namespace layerscope::containers {

namespace {

constexpr std::size_t endLength = 22;
constexpr std::size_t longestComment = 65535;
constexpr std::uint32_t in64Bits = 0xFFFFFFFF;

std::uint64_t number(std::span<const std::byte> bytes, std::size_t at, std::size_t length)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < length; ++i)
        value |= std::to_integer<std::uint64_t>(bytes[at + i]) << (8 * i);
    return value;
}

bool hasMark(std::span<const std::byte> bytes, std::uint64_t at, const char* mark)
{
    return at <= bytes.size() && bytes.size() - at >= 4
        && std::memcmp(bytes.data() + at, mark, 4) == 0;
}

/// Where the end record stands. The comment behind it could hold the mark again, so the last one
/// whose comment reaches exactly to the end of the file is taken.
std::optional<std::uint64_t> findEnd(std::span<const std::byte> bytes)
{
    if (bytes.size() < endLength)
        return std::nullopt;
    const std::uint64_t last = bytes.size() - endLength;
    const std::uint64_t first = last - std::min<std::uint64_t>(last, longestComment);
    for (std::uint64_t at = last + 1; at-- > first;)
        if (hasMark(bytes, at, "PK\5\6")
            && number(bytes, at + 20, 2) == bytes.size() - at - endLength)
            return at;
    return std::nullopt;
}

struct Directory
{
    std::uint64_t entries = 0;
    std::uint64_t length = 0;
    std::uint64_t begin = 0; ///< as the archive says
    std::uint64_t end = 0; ///< where the record after it really stands
};

Error cutShort()
{
    return { ErrorKind::Corrupt,
        "this archive is cut short or damaged: the list of its members, which stands at its end, "
        "is not there; copy or download it again" };
}

Result<Directory> readEnd(std::span<const std::byte> bytes, std::uint64_t at)
{
    Directory found{ number(bytes, at + 10, 2), number(bytes, at + 12, 4),
        number(bytes, at + 16, 4), at };
    if (at < 20 || !hasMark(bytes, at - 20, "PK\6\7"))
        return found;
    // The record of 8-byte numbers stands right before its locator, whatever the locator says where
    // something was put before the archive.
    std::uint64_t record = number(bytes, at - 12, 8);
    if (!hasMark(bytes, record, "PK\6\6") && at >= 76)
        record = at - 76;
    if (!hasMark(bytes, record, "PK\6\6") || bytes.size() - record < 56 || record + 56 > at)
        return Error(ErrorKind::Corrupt, "the archive's end record is damaged");
    return Directory{ number(bytes, record + 32, 8), number(bytes, record + 40, 8),
        number(bytes, record + 48, 8), record };
}

/// The 8-byte numbers of an entry whose 4-byte ones are full.
Result<void> readZip64(std::span<const std::byte> extra, ZipEntry& entry)
{
    std::array<std::uint64_t*, 3> fields{ &entry.size, &entry.packedSize, &entry.offset };
    const bool isNeeded = std::ranges::any_of(
        fields, [](const std::uint64_t* field) { return *field == in64Bits; });
    while (isNeeded && extra.size() >= 4) {
        const std::size_t length = number(extra, 2, 2);
        if (length > extra.size() - 4)
            break;
        if (number(extra, 0, 2) == 1) {
            std::span<const std::byte> rest = extra.subspan(4, length);
            for (std::uint64_t* field : fields) {
                if (*field != in64Bits)
                    continue;
                if (rest.size() < 8)
                    return Error(ErrorKind::Corrupt, "an entry of the archive is damaged");
                *field = number(rest, 0, 8);
                rest = rest.subspan(8);
            }
            return {};
        }
        extra = extra.subspan(4 + length);
    }
    return {};
}

bool leadsOut(std::string_view name)
{
    if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos
        || name.find('\0') != std::string_view::npos || (name.size() > 1 && name[1] == ':'))
        return true;
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find('/', at), name.size());
        if (name.substr(at, end - at) == "..")
            return true;
        at = end + 1;
    }
    return false;
}

std::string faultOf(const ZipEntry& entry, unsigned flags)
{
    constexpr unsigned unix = 3;
    if ((flags & 0x41U) != 0)
        return "it is encrypted";
    if (entry.madeBy >> 8U == unix && S_ISLNK(entry.attributes >> 16U))
        return "it is a link to another file, which is not followed";
    if (entry.method != 0 && entry.method != 8)
        return "it is packed by method " + std::to_string(entry.method)
            + ", which is not known here; pack it again stored or deflated";
    if (entry.method == 0 && entry.packedSize != entry.size)
        return "its two sizes differ, although it is not packed";
    return {};
}

/// Unpacks raw deflate data into exactly `target`.
Result<void> inflateInto(std::span<const std::byte> packed, std::span<std::byte> target)
{
    constexpr std::size_t step = 1U << 30U;
    z_stream stream = {};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return Error(ErrorKind::OutOfMemory, "there is not enough memory to unpack it");
    int status = Z_OK;
    std::byte beyond{};
    // zlib counts in 4 bytes; it does not write to its input, which it takes as writable.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream.next_out = reinterpret_cast<Bytef*>(target.data());
    std::size_t input = packed.size();
    std::size_t output = target.size();
    while (status == Z_OK) {
        if (stream.avail_in == 0) {
            stream.avail_in = static_cast<uInt>(std::min(input, step));
            input -= stream.avail_in;
        }
        if (stream.avail_out == 0 && output > 0) {
            stream.avail_out = static_cast<uInt>(std::min(output, step));
            output -= stream.avail_out;
        } else if (stream.avail_out == 0) { // one byte more than declared is an error
            stream.next_out = reinterpret_cast<Bytef*>(&beyond);
            stream.avail_out = 1;
        }
        status = inflate(&stream, Z_NO_FLUSH);
        if (stream.next_out == reinterpret_cast<Bytef*>(&beyond) + 1)
            status = Z_DATA_ERROR;
    }
    const bool isWhole = output == 0
        && (stream.avail_out == 0 || stream.next_out == reinterpret_cast<Bytef*>(&beyond));
    inflateEnd(&stream);
    if (status != Z_STREAM_END || !isWhole)
        return Error(ErrorKind::Corrupt, "its packed data are damaged or end early");
    return {};
}

Error wrongChecksum()
{
    return { ErrorKind::Corrupt,
        "its checksum does not fit its bytes: they were changed after the archive was made" };
}

Result<void> checkExpansion(const ZipEntry& entry)
{
    if (unpacksToTooMuch(entry.size, entry.packedSize))
        return Error(ErrorKind::OutOfMemory,
            "it says that its " + std::to_string(entry.packedSize) + " bytes unpack to "
                + std::to_string(entry.size) + ", which no saved model does");
    return {};
}

} // namespace

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t before)
{
    // Ten times as fast as zlib's, where the processor multiplies without carry.
    return ::libdeflate_crc32(before, bytes.data(), bytes.size());
}

Result<ZipArchive> ZipArchive::open(std::shared_ptr<const MappedFile> file)
{
    ZipArchive archive;
    archive.m_file = std::move(file);
    TRY_DO(archive.readDirectory());
    TRY_DO(archive.checkNames());
    return archive;
}

Result<void> ZipArchive::readDirectory()
{
    const auto bytes = m_file->bytes();
    const auto end = findEnd(bytes);
    if (!end) {
        if (bytes.size() >= 4 && !hasMark(bytes, 0, "PK\3\4"))
            return Error(ErrorKind::WrongFormat, "this is not a zip archive");
        return cutShort();
    }
    TRY(const Directory directory, readEnd(bytes, *end));
    if (directory.length > directory.end || directory.begin > directory.end - directory.length)
        return cutShort();
    const std::uint64_t begin = directory.end - directory.length;
    m_prefix = begin - directory.begin;
    TRY_DO(readEntries(begin, directory.end));
    if (m_entries.size() != directory.entries)
        m_oddities.push_back("It says that it has " + std::to_string(directory.entries)
            + " members, and lists " + std::to_string(m_entries.size()) + ".");
    checkPlaces(begin);
    return {};
}

Result<void> ZipArchive::readEntries(std::uint64_t begin, std::uint64_t end)
{
    constexpr std::size_t fixed = 46;
    const auto list = m_file->bytes().subspan(begin, end - begin);
    for (std::size_t at = 0; at < list.size();) {
        if (!hasMark(list, at, "PK\1\2") || list.size() - at < fixed)
            return Error(ErrorKind::Corrupt, "the list of the archive's members is damaged");
        const auto head = list.subspan(at);
        const std::size_t nameLength = number(head, 28, 2);
        const std::size_t extraLength = number(head, 30, 2);
        const std::size_t length = fixed + nameLength + extraLength + number(head, 32, 2);
        if (length > head.size())
            return Error(ErrorKind::Corrupt, "the list of the archive's members is damaged");
        ZipEntry entry;
        entry.name.assign(reinterpret_cast<const char*>(head.data()) + fixed, nameLength);
        entry.madeBy = static_cast<std::uint16_t>(number(head, 4, 2));
        entry.method = static_cast<std::uint16_t>(number(head, 10, 2));
        entry.time = static_cast<std::uint16_t>(number(head, 12, 2));
        entry.date = static_cast<std::uint16_t>(number(head, 14, 2));
        entry.checksum = static_cast<std::uint32_t>(number(head, 16, 4));
        entry.packedSize = number(head, 20, 4);
        entry.size = number(head, 24, 4);
        entry.attributes = static_cast<std::uint32_t>(number(head, 38, 4));
        entry.offset = number(head, 42, 4);
        TRY_DO(readZip64(head.subspan(fixed + nameLength, extraLength), entry));
        entry.isUnsafe = leadsOut(entry.name);
        entry.fault = faultOf(entry, static_cast<unsigned>(number(head, 8, 2)));
        m_entries.push_back(std::move(entry));
        at += length;
    }
    return {};
}

/// Turns the offsets of headers into those of bytes. No member may lie in another, in a header or
/// in the directory.
void ZipArchive::checkPlaces(std::uint64_t directory)
{
    constexpr std::size_t fixed = 30;
    const auto bytes = m_file->bytes();
    std::vector<ZipEntry*> order;
    for (ZipEntry& entry : m_entries)
        order.push_back(&entry);
    std::ranges::stable_sort(order, {}, &ZipEntry::offset);
    std::uint64_t free = 0; // from here on nothing belongs to a member before
    for (ZipEntry* entry : order) {
        const std::uint64_t header = entry->offset + m_prefix;
        const auto broken = [&](const char* why) {
            if (entry->fault.empty())
                entry->fault = why;
            entry->offset = 0;
        };
        if (entry->offset > directory || header < free || header + fixed > directory
            || !hasMark(bytes, header, "PK\3\4")) {
            broken("the archive says wrongly where it begins");
            continue;
        }
        const std::size_t nameLength = number(bytes, header + 26, 2);
        const std::uint64_t begin = header + fixed + nameLength + number(bytes, header + 28, 2);
        if (begin > directory || entry->packedSize > directory - begin) {
            broken("the archive says wrongly how long it is");
            continue;
        }
        const std::string_view name(
            reinterpret_cast<const char*>(bytes.data()) + header + fixed, nameLength);
        if (name != entry->name) {
            broken("the archive has two names for it");
            continue;
        }
        entry->offset = begin;
        free = begin + entry->packedSize;
    }
}

Result<void> ZipArchive::checkNames() const
{
    std::unordered_set<std::string_view> names;
    for (const ZipEntry& entry : m_entries)
        if (!names.insert(entry.name).second)
            return Error(ErrorKind::Corrupt,
                "the archive has two members called '" + entry.name
                    + "', and programs disagree about which counts; it is not opened");
    return {};
}

const ZipEntry* ZipArchive::find(std::string_view name) const
{
    const auto found = std::ranges::find(m_entries, name, &ZipEntry::name);
    return found != m_entries.end() ? &*found : nullptr;
}

Result<std::span<const std::byte>> ZipArchive::packed(const ZipEntry& entry) const
{
    if (!entry.fault.empty())
        return Error(ErrorKind::Unsupported, entry.fault);
    if (m_file->hasShrunk())
        return Error(ErrorKind::Corrupt,
            "another program has cut the file short since it was opened; open it again");
    return m_file->bytes().subspan(entry.offset, entry.packedSize);
}

Result<std::string> ZipArchive::text(const ZipEntry& entry, std::uint64_t most) const
{
    TRY(const auto bytes, packed(entry));
    if (entry.size > most)
        return Error(ErrorKind::OutOfMemory,
            "it has " + std::to_string(entry.size) + " bytes; no more than " + std::to_string(most)
                + " are read");
    TRY_DO(checkExpansion(entry));
    std::string text(entry.size, '\0');
    const std::span target(reinterpret_cast<std::byte*>(text.data()), text.size());
    if (entry.isStored())
        std::ranges::copy(bytes, target.begin());
    else
        TRY_DO(inflateInto(bytes, target));
    if (crc32(target) != entry.checksum)
        return wrongChecksum();
    return text;
}

Result<std::shared_ptr<const MappedFile>> ZipArchive::file(const ZipEntry& entry) const
{
    TRY(const auto bytes, packed(entry));
    if (entry.isStored())
        return MappedFile::part(m_file, entry.offset, entry.size);
    TRY_DO(checkExpansion(entry));
    return MappedFile::inMemory(
        m_file->path(), entry.size, [&](std::span<std::byte> target) -> Result<void> {
            TRY_DO(inflateInto(bytes, target));
            return crc32(target) == entry.checksum ? Result<void>() : wrongChecksum();
        });
}

Result<void> ZipArchive::checkStored(const ZipEntry& entry, const JobContext& job) const
{
    constexpr std::size_t block = 8U << 20U;
    TRY(const auto bytes, packed(entry));
    if (!entry.isStored()) // was compared when it was unpacked
        return {};
    std::uint32_t checksum = 0;
    for (std::size_t at = 0; at < bytes.size(); at += block) {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "the check was stopped");
        checksum = crc32(bytes.subspan(at, std::min(block, bytes.size() - at)), checksum);
        job.report(static_cast<std::int64_t>(at), static_cast<std::int64_t>(bytes.size()),
            "comparing the checksum");
    }
    return checksum == entry.checksum ? Result<void>() : wrongChecksum();
}

} // namespace layerscope::containers
