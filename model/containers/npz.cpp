// NumPy's .npz: a zip archive (stored or deflated) with one .npy for each array.
#include "model/containers/npz.h"

#include "model/containers/npy.h"

#include <zip.h>

#include <fcntl.h>
#include <unistd.h>

namespace layerscope::containers {

namespace {

constexpr std::string_view suffix = ".npy";

/// Deflate cannot expand further than this; a member that claims more is a lie or a bomb.
constexpr std::uint64_t largestExpansion = 1032;

struct DiscardArchive
{
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseMember
{
    void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>; ///< discards changes unless released
using Member = std::unique_ptr<zip_file_t, CloseMember>;

Result<std::shared_ptr<std::vector<std::byte>>> readMember(zip_t* archive, std::uint64_t index)
{
    zip_stat_t facts;
    zip_stat_init(&facts);
    if (zip_stat_index(archive, index, 0, &facts) != 0 || (facts.valid & ZIP_STAT_SIZE) == 0
        || (facts.valid & ZIP_STAT_COMP_SIZE) == 0)
        return Error(ErrorKind::Corrupt, "the archive does not say how long this array is");
    if (facts.size / largestExpansion > facts.comp_size)
        return Error(
            ErrorKind::Corrupt, "the array claims to be far longer than its compressed data");
    const Member member(zip_fopen_index(archive, index, 0));
    if (!member)
        return Error(ErrorKind::Corrupt,
            std::string("the array cannot be unpacked: ") + zip_strerror(archive));
    auto bytes = std::make_shared<std::vector<std::byte>>();
    try {
        bytes->resize(facts.size);
    } catch (const std::exception&) { // bad_alloc or length_error
        return Error(ErrorKind::OutOfMemory, "the array does not fit into memory");
    }
    std::uint64_t done = 0;
    while (done < facts.size) {
        const auto got = zip_fread(member.get(), bytes->data() + done, facts.size - done);
        if (got <= 0)
            return Error(ErrorKind::Corrupt, "the array's data end early or fail their checksum");
        done += static_cast<std::uint64_t>(got);
    }
    // Only a read to the end makes libzip compare the checksum.
    std::byte beyond{};
    if (zip_fread(member.get(), &beyond, 1) < 0)
        return Error(ErrorKind::Corrupt, "the array's data fail their checksum");
    return bytes;
}

Result<Archive> openForReading(const std::filesystem::path& path)
{
    std::error_code problem;
    if (!std::filesystem::exists(path, problem))
        return Error(ErrorKind::NotFound, "there is no such file");
    if (std::filesystem::is_directory(path, problem))
        return Error(ErrorKind::WrongFormat, "this is a folder; an .npz file is needed");
    int code = 0;
    Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (archive)
        return archive;
    if (code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS)
        return Error(ErrorKind::WrongFormat,
            "this is not an .npz archive (numpy.savez writes them), or it is cut off");
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    return Error(ErrorKind::NotReadable, "the file cannot be read: " + reason);
}

Result<std::vector<NamedTensor>> readMembers(zip_t* archive)
{
    std::vector<NamedTensor> arrays;
    const auto count = zip_get_num_entries(archive, 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const auto index = static_cast<std::uint64_t>(i);
        const char* stored = zip_get_name(archive, index, 0);
        if (stored == nullptr)
            return Error(ErrorKind::Corrupt, "an array of the archive has no name");
        std::string name = stored;
        auto bytes = readMember(archive, index);
        if (!bytes)
            return std::move(bytes).error().in(name);
        auto tensor = parseNpy(*std::move(bytes));
        if (!tensor)
            return std::move(tensor).error().in(name);
        if (name.ends_with(suffix))
            name.erase(name.size() - suffix.size());
        arrays.emplace_back(std::move(name), *std::move(tensor));
    }
    return arrays;
}

Result<void> addMember(zip_t* archive, const std::string& name, const NpyParts& parts)
{
    const auto failed = [&] {
        return Error(ErrorKind::NotWritable,
            std::string("the array cannot be added: ") + zip_strerror(archive))
            .in(name);
    };
    const auto data = parts.data.bytes();
    // libzip takes the pieces as writable though it only reads them.
    zip_buffer_fragment_t pieces[] = {
        { reinterpret_cast<zip_uint8_t*>(const_cast<char*>(parts.header.data())),
            parts.header.size() },
        { reinterpret_cast<zip_uint8_t*>(const_cast<std::byte*>(data.data())), data.size() },
    };
    zip_source_t* source = zip_source_buffer_fragment(archive, pieces, data.empty() ? 1 : 2, 0);
    if (source == nullptr)
        return failed();
    const auto index
        = zip_file_add(archive, (name + std::string(suffix)).c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return failed();
    }
    // The same arrays give the same bytes: a fixed date (1 January 1980, as NumPy's).
    const auto member = static_cast<std::uint64_t>(index);
    if (zip_set_file_compression(archive, member, ZIP_CM_STORE, 0) != 0
        || zip_file_set_dostime(archive, member, 0, 1 << 5 | 1, 0) != 0)
        return failed();
    return {};
}

Result<void> writeArchive(const std::filesystem::path& path, const std::vector<NamedTensor>& arrays)
{
    int code = 0;
    Archive archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
    if (!archive)
        return Error(ErrorKind::NotWritable, "the file cannot be created");
    std::vector<NpyParts> parts; // stays alive until the archive is closed, which reads it
    parts.reserve(arrays.size());
    for (const auto& [name, tensor] : arrays) {
        TRY(auto array, npyParts(tensor));
        parts.push_back(std::move(array));
        TRY_DO(addMember(archive.get(), name, parts.back()));
    }
    if (zip_close(archive.get()) != 0)
        return Error(ErrorKind::NotWritable,
            std::string("the file cannot be written: ") + zip_strerror(archive.get()));
    static_cast<void>(archive.release());
    return {};
}

bool flushToDisk(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool done = ::fsync(file) == 0;
    ::close(file);
    return done;
}

} // namespace

Result<std::vector<NamedTensor>> readNpz(const std::filesystem::path& path)
{
    auto archive = openForReading(path);
    if (!archive)
        return std::move(archive).error().in(path.string());
    auto arrays = readMembers(archive->get());
    if (!arrays)
        return std::move(arrays).error().in(path.string());
    return arrays;
}

Result<void> writeNpz(const std::filesystem::path& path, const std::vector<NamedTensor>& arrays)
{
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem))
        return Error(ErrorKind::NotWritable, "this is a folder; name a file").in(path.string());
    auto beside = path;
    beside += ".partial-" + std::to_string(::getpid());
    auto written = writeArchive(beside, arrays);
    if (!written) {
        std::filesystem::remove(beside, problem);
        return std::move(written).error().in(path.string());
    }
    if (arrays.empty()) // libzip writes no archive without members; an empty one is 22 bytes
        if (std::FILE* file = std::fopen(beside.c_str(), "wb")) {
            constexpr char endOfDirectory[22] = { 'P', 'K', 5, 6 };
            std::fwrite(endOfDirectory, 1, sizeof(endOfDirectory), file);
            std::fclose(file);
        }
    const bool flushed = flushToDisk(beside);
    std::filesystem::rename(beside, path, problem);
    if (!flushed || problem) {
        std::filesystem::remove(beside, problem);
        return Error(ErrorKind::NotWritable, "the file cannot be written completely")
            .in(path.string());
    }
    return {};
}

} // namespace layerscope::containers
