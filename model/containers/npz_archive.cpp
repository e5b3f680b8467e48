#include "model/containers/npz_archive.h"

#include "model/containers/system_failure.h"

#include <cerrno>

namespace layerscope::containers {

namespace {

/// Deflate cannot expand further than this; a member that claims more is a lie or a bomb.
constexpr std::uint64_t largestExpansion = 1032;

struct CloseMember
{
    void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Member = std::unique_ptr<zip_file_t, CloseMember>;

/// Both lengths of a member are only claims: memory is taken as its data arrive.
bool makeRoom(std::vector<std::byte>& bytes, std::uint64_t wanted)
{
    constexpr std::uint64_t first = 16U << 20U;
    try {
        bytes.resize(std::min(wanted, std::max<std::uint64_t>(first, 2 * bytes.size())));
        return true;
    } catch (const std::exception&) { // bad_alloc or length_error
        return false;
    }
}

} // namespace

Result<std::shared_ptr<std::vector<std::byte>>> readMember(
    zip_t* archive, std::uint64_t index, std::uint64_t most)
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
            "the array cannot be unpacked; it is damaged, or packed in a way that NumPy does not "
            "use");
    auto bytes = std::make_shared<std::vector<std::byte>>();
    const std::uint64_t wanted = std::min<std::uint64_t>(facts.size, most);
    for (std::uint64_t done = 0; done < wanted;) {
        if (done == bytes->size() && !makeRoom(*bytes, wanted))
            return Error(ErrorKind::OutOfMemory, "the array does not fit into memory");
        const auto got = zip_fread(member.get(), bytes->data() + done, bytes->size() - done);
        if (got <= 0)
            return Error(ErrorKind::Corrupt, "the array's data end early or fail their checksum");
        done += static_cast<std::uint64_t>(got);
    }
    if (bytes->size() < facts.size)
        return bytes;
    // Only a read to the end makes libzip compare the checksum.
    std::byte beyond{};
    if (zip_fread(member.get(), &beyond, 1) < 0)
        return Error(ErrorKind::Corrupt, "the array's data fail their checksum");
    return bytes;
}

Result<Archive> openForReading(const std::filesystem::path& path)
{
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem))
        return Error(ErrorKind::WrongFormat, "this is a folder; an .npz file is needed");
    int code = 0;
    errno = 0;
    Archive archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (archive)
        return archive;
    if (code == ZIP_ER_NOENT)
        return readError(ENOENT);
    if (code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_SEEK)
        return readError(errno);
    return Error(ErrorKind::WrongFormat,
        "this is not an .npz archive (numpy.savez writes them), or it is cut off");
}

} // namespace layerscope::containers
