#include "model/containers/zip_writer.h"

#include "model/containers/system_failure.h"

#include <bit>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace layerscope::containers {

namespace {

constexpr std::uint64_t in64BitFields = 0xFFFFFFFF;
constexpr std::uint64_t alignment = 64;
constexpr std::uint16_t utf8Name = 0x0800;
constexpr std::uint16_t paddingField = 0xD935; // as Android's zipalign calls it
constexpr std::size_t headerLength = 30;
constexpr std::size_t sizesLength = 20; // of the zip64 field with both sizes

/// Numbers in the order of their bytes in the file.
class Bytes
{
public:
    Bytes& mark(const char* text)
    {
        m_text.append(text, 4);
        return *this;
    }
    Bytes& put(std::uint64_t value, std::size_t length)
    {
        for (std::size_t i = 0; i < length; ++i)
            m_text.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
        return *this;
    }
    Bytes& append(std::string_view text)
    {
        m_text.append(text);
        return *this;
    }
    const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

bool needsZip64(const ZipEntry& entry)
{
    return entry.size >= in64BitFields || entry.packedSize >= in64BitFields;
}

/// What the header before a member and its entry in the directory have in common.
void putCommon(Bytes& bytes, const ZipEntry& entry, bool zip64)
{
    bytes.put(zip64 ? 45 : 20, 2).put(utf8Name, 2).put(entry.method, 2);
    bytes.put(entry.time, 2).put(entry.date, 2).put(entry.checksum, 4);
    bytes.put(zip64 ? in64BitFields : entry.packedSize, 4)
        .put(zip64 ? in64BitFields : entry.size, 4);
}

} // namespace

Result<ZipWriter> ZipWriter::create(const std::filesystem::path& path)
{
    ZipWriter writer;
    writer.m_path = path;
    writer.m_descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (writer.m_descriptor < 0)
        return writeError(path);
    return writer;
}

ZipWriter::~ZipWriter()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

ZipWriter::ZipWriter(ZipWriter&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_end(other.m_end)
    , m_padding(other.m_padding)
    , m_written(std::move(other.m_written))
{
}

Result<void> ZipWriter::write(std::uint64_t at, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count
            = ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return writeError(m_path);
        bytes.remove_prefix(static_cast<std::size_t>(count));
        at += static_cast<std::uint64_t>(count);
    }
    return {};
}

Result<void> ZipWriter::writeHeader(const Written& written, std::size_t padding)
{
    const ZipEntry& entry = written.entry;
    const bool zip64 = needsZip64(entry);
    const std::size_t extra = (zip64 ? sizesLength : 0) + padding;
    if (entry.name.size() > 0xFFFF)
        return Error(ErrorKind::InvalidArgument, "a member's name is too long for an archive");
    Bytes bytes;
    bytes.mark("PK\3\4");
    putCommon(bytes, entry, zip64);
    bytes.put(entry.name.size(), 2).put(extra, 2).append(entry.name);
    if (zip64)
        bytes.put(1, 2).put(16, 2).put(entry.size, 8).put(entry.packedSize, 8);
    if (padding > 0) {
        bytes.put(paddingField, 2).put(padding - 4, 2).put(alignment, 2);
        bytes.append(std::string(padding - 6, '\0'));
    }
    return write(written.header, bytes.text());
}

Result<void> ZipWriter::add(const std::string& name, std::string_view content)
{
    ZipEntry entry;
    entry.name = name;
    entry.size = content.size();
    entry.packedSize = content.size();
    const std::span bytes(reinterpret_cast<const std::byte*>(content.data()), content.size());
    entry.checksum = crc32(bytes);
    return addPacked(entry, bytes);
}

Result<void> ZipWriter::addPacked(const ZipEntry& entry, std::span<const std::byte> packed)
{
    m_written.push_back({ entry, m_end });
    const std::size_t header
        = headerLength + entry.name.size() + (needsZip64(entry) ? sizesLength : 0);
    TRY_DO(writeHeader(m_written.back(), 0));
    TRY_DO(write(m_end + header, { reinterpret_cast<const char*>(packed.data()), packed.size() }));
    m_end += header + packed.size();
    return {};
}

Result<std::uint64_t> ZipWriter::begin(const std::string& name, std::uint64_t size)
{
    ZipEntry entry;
    entry.name = name;
    entry.size = size;
    entry.packedSize = size;
    const std::uint64_t unpadded
        = m_end + headerLength + name.size() + (needsZip64(entry) ? sizesLength : 0);
    // The field that pads takes 6 bytes at least. At 512, 1024, 2048 … HDF5 looks for its files:
    // the archive must not look like one.
    std::uint64_t offset = (unpadded + 6 + alignment - 1) / alignment * alignment;
    if (offset >= 512 && std::has_single_bit(offset))
        offset += alignment;
    m_padding = offset - unpadded;
    m_written.push_back({ std::move(entry), m_end });
    m_end = offset + size;
    return offset;
}

Result<void> ZipWriter::end(std::uint32_t checksum)
{
    m_written.back().entry.checksum = checksum;
    return writeHeader(m_written.back(), m_padding);
}

Result<void> ZipWriter::finish()
{
    const std::uint64_t begin = m_end;
    for (const Written& written : m_written) {
        const ZipEntry& entry = written.entry;
        const bool sizes = needsZip64(entry);
        const bool offset = written.header >= in64BitFields;
        const std::size_t extra = (sizes ? 16U : 0U) + (offset ? 8U : 0U);
        Bytes bytes;
        bytes.mark("PK\1\2").put(entry.madeBy != 0 ? entry.madeBy : 3U << 8U | 45U, 2);
        putCommon(bytes, entry, sizes);
        bytes.put(entry.name.size(), 2).put(extra > 0 ? extra + 4 : 0, 2).put(0, 2);
        bytes.put(0, 2).put(0, 2);
        bytes.put(entry.attributes != 0 ? entry.attributes : 0600U << 16U, 4);
        bytes.put(offset ? in64BitFields : written.header, 4).append(entry.name);
        if (extra > 0)
            bytes.put(1, 2).put(extra, 2);
        if (sizes)
            bytes.put(entry.size, 8).put(entry.packedSize, 8);
        if (offset)
            bytes.put(written.header, 8);
        TRY_DO(write(m_end, bytes.text()));
        m_end += bytes.text().size();
    }
    const std::uint64_t count = m_written.size();
    const std::uint64_t length = m_end - begin;
    Bytes bytes;
    if (count >= 0xFFFF || length >= in64BitFields || begin >= in64BitFields) {
        bytes.mark("PK\6\6").put(44, 8).put(45, 2).put(45, 2).put(0, 4).put(0, 4);
        bytes.put(count, 8).put(count, 8).put(length, 8).put(begin, 8);
        bytes.mark("PK\6\7").put(0, 4).put(m_end, 8).put(1, 4);
    }
    const std::uint64_t shortCount = std::min<std::uint64_t>(count, 0xFFFF);
    bytes.mark("PK\5\6").put(0, 2).put(0, 2).put(shortCount, 2).put(shortCount, 2);
    bytes.put(std::min(length, in64BitFields), 4).put(std::min(begin, in64BitFields), 4).put(0, 2);
    TRY_DO(write(m_end, bytes.text()));
    return ::close(std::exchange(m_descriptor, -1)) == 0 ? Result<void>() : writeError(m_path);
}

} // namespace layerscope::containers
