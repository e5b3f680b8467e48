// Opening a .npz without its values. The offsets of stored members come from the zip's own records
// (PKWARE APPNOTE 4.3.7 local header, 4.3.12 central directory, 4.5.3 zip64), which libzip does not
// tell.
#include "model/containers/mapped_file.h"
#include "model/containers/npy.h"
#include "model/containers/npz.h"
#include "model/containers/npz_archive.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace layerscope::containers {

namespace {

constexpr std::string_view memberSuffix = ".npy";
constexpr std::size_t localHeaderBytes = 30;
constexpr std::size_t directoryEntryBytes = 46;
constexpr std::size_t endBytes = 22;
constexpr std::size_t zip64LocatorBytes = 20;
constexpr std::size_t zip64EndBytes = 56;
constexpr std::size_t longestNpzComment = 65535;
constexpr std::uint32_t notHere = 0xFFFFFFFF; // the number is in the zip64 record
constexpr std::size_t usualHeaderBytes = 128; // of a .npy

using ByteView = std::span<const std::byte>;

std::uint64_t npzNumber(ByteView bytes, std::size_t at, std::size_t length)
{
    std::uint64_t value = 0;
    for (std::size_t i = length; i-- > 0;)
        value = value << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    return value;
}

bool isAt(ByteView bytes, std::size_t at, std::string_view signature)
{
    return at <= bytes.size() && signature.size() <= bytes.size() - at
        && std::memcmp(bytes.data() + at, signature.data(), signature.size()) == 0;
}

struct NpzDirectory
{
    std::uint64_t begin = 0;
    std::uint64_t count = 0;
};

std::optional<NpzDirectory> findDirectory(ByteView bytes)
{
    if (bytes.size() < endBytes)
        return std::nullopt;
    const std::size_t last = bytes.size() - endBytes;
    for (std::size_t back = 0; back <= std::min(last, longestNpzComment); ++back) {
        const std::size_t at = last - back;
        if (!isAt(bytes, at, "PK\x05\x06"))
            continue;
        NpzDirectory found{ npzNumber(bytes, at + 16, 4), npzNumber(bytes, at + 10, 2) };
        if (at >= zip64LocatorBytes && isAt(bytes, at - zip64LocatorBytes, "PK\x06\x07")) {
            const std::uint64_t end = npzNumber(bytes, at - zip64LocatorBytes + 8, 8);
            if (end > bytes.size() || bytes.size() - end < zip64EndBytes
                || !isAt(bytes, end, "PK\x06\x06"))
                return std::nullopt;
            found = { npzNumber(bytes, end + 48, 8), npzNumber(bytes, end + 32, 8) };
        }
        return found;
    }
    return std::nullopt;
}

/// The local header's offset and the length of a member, whichever record they stand in.
struct Place
{
    std::uint64_t header = 0;
    std::uint64_t length = 0;
};

std::optional<Place> placeOf(ByteView entry, ByteView extra)
{
    Place place{ npzNumber(entry, 42, 4), npzNumber(entry, 24, 4) };
    const bool isLongPacked = npzNumber(entry, 20, 4) == notHere;
    for (std::size_t at = 0; at + 4 <= extra.size();) {
        const std::size_t length = npzNumber(extra, at + 2, 2);
        ByteView field = extra.subspan(at + 4, std::min(length, extra.size() - at - 4));
        at += 4 + length;
        if (npzNumber(extra, at - 4 - length, 2) != 1)
            continue;
        const auto take = [&](std::uint64_t& value) {
            if (field.size() < 8)
                return false;
            value = npzNumber(field, 0, 8);
            field = field.subspan(8);
            return true;
        };
        std::uint64_t packed = 0;
        if ((place.length == notHere && !take(place.length)) || (isLongPacked && !take(packed))
            || (place.header == notHere && !take(place.header)))
            return std::nullopt;
    }
    return place;
}

/// Where the data of each stored, unencrypted member begin, by name. What does not hold together
/// is left out: libzip says what is wrong with it.
std::map<std::string, Place, std::less<>> storedMembers(ByteView bytes)
{
    std::map<std::string, Place, std::less<>> found;
    const auto directory = findDirectory(bytes);
    if (!directory)
        return found;
    std::uint64_t at = directory->begin;
    for (std::uint64_t i = 0; i < directory->count; ++i) {
        if (!isAt(bytes, at, "PK\x01\x02") || bytes.size() - at < directoryEntryBytes)
            break;
        const ByteView entry = bytes.subspan(at);
        const std::size_t nameLength = npzNumber(entry, 28, 2);
        const std::size_t extraLength = npzNumber(entry, 30, 2);
        const std::size_t whole
            = directoryEntryBytes + nameLength + extraLength + npzNumber(entry, 32, 2);
        if (entry.size() < whole)
            break;
        at += whole;
        const bool isStored = npzNumber(entry, 10, 2) == 0 && (npzNumber(entry, 8, 2) & 1U) == 0;
        auto place = placeOf(entry, entry.subspan(directoryEntryBytes + nameLength, extraLength));
        if (!isStored || !place || !isAt(bytes, place->header, "PK\x03\x04")
            || bytes.size() - place->header < localHeaderBytes)
            continue;
        const ByteView local = bytes.subspan(place->header);
        place->header += localHeaderBytes + npzNumber(local, 26, 2) + npzNumber(local, 28, 2);
        if (place->header > bytes.size() || place->length > bytes.size() - place->header)
            continue;
        found.insert_or_assign(
            std::string(
                reinterpret_cast<const char*>(entry.data()) + directoryEntryBytes, nameLength),
            *place);
    }
    return found;
}

/// A member that has to be unpacked, or turned, when somebody looks.
class PackedMember final : public StoredTensor::Source
{
public:
    PackedMember(std::shared_ptr<const MappedFile> file, std::uint64_t index)
        : m_file(std::move(file))
        , m_index(index)
    {
    }

    Result<Tensor> load() const override
    {
        TRY(const Archive archive, openForReading(m_file->pathOfDescriptor()));
        TRY(auto bytes, readMember(archive.get(), m_index));
        return parseNpy(std::shared_ptr<const std::vector<std::byte>>(std::move(bytes)));
    }

private:
    std::shared_ptr<const MappedFile> m_file;
    std::uint64_t m_index;
};

Result<StoredTensor> openMember(const std::shared_ptr<const MappedFile>& file, zip_t* archive,
    std::uint64_t index, const Place* stored)
{
    if (stored != nullptr) {
        const ByteView member = file->bytes().subspan(stored->header, stored->length);
        TRY(auto facts, npyFacts(member, member.size()));
        if (facts.isPlain)
            return file->storedTensorAt(
                facts.type, std::move(facts.shape), stored->header + facts.dataOffset);
        return StoredTensor(
            facts.type, std::move(facts.shape), std::make_shared<PackedMember>(file, index));
    }
    zip_stat_t zipFacts;
    zip_stat_init(&zipFacts);
    zip_stat_index(archive, index, 0, &zipFacts);
    TRY(auto head, readMember(archive, index, usualHeaderBytes));
    constexpr std::size_t longestHeader = std::size_t{ 2 } << 20U; // npyFacts() refuses longer ones
    if (const std::size_t length = std::min(npyHeaderLength(*head), longestHeader);
        length > head->size()) {
        TRY(head, readMember(archive, index, length));
    }
    TRY(auto facts, npyFacts(*head, zipFacts.size));
    return StoredTensor(
        facts.type, std::move(facts.shape), std::make_shared<PackedMember>(file, index));
}

Result<std::vector<NamedStoredTensor>> openMembers(const std::filesystem::path& path)
{
    TRY(const auto file, MappedFile::open(path));
    TRY(const Archive archive, openForReading(file->pathOfDescriptor()));
    const auto stored = storedMembers(file->bytes());
    std::vector<NamedStoredTensor> arrays;
    const auto count = static_cast<std::uint64_t>(zip_get_num_entries(archive.get(), 0));
    for (std::uint64_t i = 0; i < count; ++i) {
        const char* raw = zip_get_name(archive.get(), i, ZIP_FL_ENC_RAW);
        const char* text = zip_get_name(archive.get(), i, 0);
        if (raw == nullptr || text == nullptr)
            return Error(ErrorKind::Corrupt, "an array of the archive has no name");
        const auto place = stored.find(std::string_view(raw));
        std::string name = text;
        auto value
            = openMember(file, archive.get(), i, place != stored.end() ? &place->second : nullptr);
        if (!value)
            return std::move(value).error().in(name);
        if (name.ends_with(memberSuffix))
            name.erase(name.size() - memberSuffix.size());
        arrays.emplace_back(std::move(name), *std::move(value));
    }
    return arrays;
}

} // namespace

bool isArchiveOfArrays(const std::filesystem::path& path)
{
    const auto file = MappedFile::open(path);
    if (!file || !isAt((*file)->bytes(), 0, "PK"))
        return false;
    const auto archive = openForReading(path);
    if (!archive)
        return false;
    const auto count = zip_get_num_entries(archive->get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const char* name = zip_get_name(archive->get(), static_cast<zip_uint64_t>(i), 0);
        if (name == nullptr || !std::string_view(name).ends_with(memberSuffix))
            return false;
    }
    return count > 0;
}

Result<std::vector<NamedStoredTensor>> openNpz(const std::filesystem::path& path)
{
    auto arrays = openMembers(path);
    if (!arrays)
        return std::move(arrays).error().in(path.filename().string());
    return arrays;
}

} // namespace layerscope::containers
