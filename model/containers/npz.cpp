// NumPy's .npz: a zip archive (stored or deflated) with one .npy for each array.
#include "model/containers/npz.h"

#include "model/containers/npy.h"
#include "model/containers/npz_archive.h"
#include "model/containers/system_failure.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace layerscope::containers {

namespace {

constexpr std::string_view suffix = ".npy";

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
        return Error(ErrorKind::NotWritable, "the array cannot be added to the archive").in(name);
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

/// libzip asks these while it writes.
void reportPart(zip_t*, double part, void* job)
{
    constexpr int steps = 1000;
    static_cast<const JobContext*>(job)->report(
        static_cast<std::int64_t>(part * steps), steps, "writing");
}
int isStopped(zip_t*, void* job)
{
    return static_cast<const JobContext*>(job)->stopRequested() ? 1 : 0;
}

Result<void> writeArchive(const std::filesystem::path& path,
    const std::vector<NamedStoredTensor>& arrays, const JobContext& job)
{
    int code = 0;
    Archive archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
    if (!archive)
        return Error(ErrorKind::NotWritable, writeFailure(errno, path.parent_path()));
    std::vector<NpyParts> parts; // stays alive until the archive is closed, which reads it
    parts.reserve(arrays.size());
    for (const auto& [name, stored] : arrays) {
        auto tensor = stored.load();
        auto array = tensor ? npyParts(*tensor) : Result<NpyParts>(tensor.error());
        if (!array)
            return std::move(array).error().in(name);
        parts.push_back(*std::move(array));
        TRY_DO(addMember(archive.get(), name, parts.back()));
    }
    void* state = const_cast<JobContext*>(&job); // only read
    zip_register_progress_callback_with_state(archive.get(), 0.01, reportPart, nullptr, state);
    zip_register_cancel_callback_with_state(archive.get(), isStopped, nullptr, state);
    const bool failed = zip_close(archive.get()) != 0;
    if (failed && job.stopRequested())
        return Error(ErrorKind::Stopped, "saving was stopped; the old file is as it was");
    if (failed) {
        zip_error_t* const error = zip_get_error(archive.get());
        const bool isSystem = zip_error_system_type(error) == ZIP_ET_SYS;
        return Error(ErrorKind::NotWritable,
            writeFailure(isSystem ? zip_error_code_system(error) : EIO, path.parent_path()));
    }
    static_cast<void>(archive.release());
    return {};
}

bool flushToDisk(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool done = ::fsync(file) == 0;
    const int code = errno; // of fsync; close() may set its own
    ::close(file);
    errno = code;
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
    return writeNpz(
        path, std::vector<NamedStoredTensor>(arrays.begin(), arrays.end()), JobContext());
}

Result<void> writeNpz(const std::filesystem::path& path,
    const std::vector<NamedStoredTensor>& arrays, const JobContext& job)
{
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem))
        return Error(ErrorKind::NotWritable, "this is a folder; name a file").in(path.string());
    auto beside = path;
    beside += ".partial-" + std::to_string(::getpid());
    auto written = writeArchive(beside, arrays, job);
    if (!written) {
        std::filesystem::remove(beside, problem);
        return std::move(written).error().in(path.filename().string());
    }
    if (arrays.empty()) // libzip writes no archive without members; an empty one is 22 bytes
        if (std::FILE* file = std::fopen(beside.c_str(), "wb")) {
            constexpr char endOfDirectory[22] = { 'P', 'K', 5, 6 };
            std::fwrite(endOfDirectory, 1, sizeof(endOfDirectory), file);
            std::fclose(file);
        }
    const bool flushed = flushToDisk(beside);
    const int notFlushed = errno;
    std::filesystem::rename(beside, path, problem);
    if (!flushed || problem) {
        const int code = flushed ? problem.value() : notFlushed;
        std::filesystem::remove(beside, problem);
        return Error(ErrorKind::NotWritable, writeFailure(code, path.parent_path()))
            .in(path.filename().string());
    }
    return {};
}

} // namespace layerscope::containers
