#include "model/containers/leftovers.h"
#include "model/containers/system_failure.h"
#include "model/crossing/crossing.h"
#include "model/formats/compare_saved.h"
#include "model/formats/format.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace layerscope::formats {

namespace fs = std::filesystem;
using containers::writeError;

namespace {

/// A hidden folder beside the target, removed with all that is in it.
class TemporaryFolder
{
public:
    static Result<TemporaryFolder> beside(const fs::path& target)
    {
        containers::removeLeftovers(target.parent_path());
        TemporaryFolder folder;
        for (int attempt = 0; attempt < 100; ++attempt) {
            folder.m_path = containers::temporaryName(target.parent_path());
            if (::mkdir(folder.m_path.c_str(), 0700) == 0) {
                folder.m_descriptor
                    = ::open(folder.m_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                containers::claim(folder.m_descriptor);
                return folder;
            }
            if (errno != EEXIST)
                break;
        }
        folder.m_path.clear();
        return writeError(target);
    }

    TemporaryFolder(TemporaryFolder&& other) noexcept
        : m_path(std::exchange(other.m_path, {}))
        , m_descriptor(std::exchange(other.m_descriptor, -1))
    {
    }
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder()
    {
        std::error_code ignored;
        if (!m_path.empty())
            fs::remove_all(m_path, ignored);
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }

    const fs::path& path() const { return m_path; }

private:
    TemporaryFolder() = default;
    fs::path m_path;
    int m_descriptor = -1; // claims the folder
};

Result<void> flush(const fs::path& path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0)
        return writeError(path);
    const int status = ::fsync(descriptor);
    Error error = writeError(path); // before close() changes errno
    ::close(descriptor);
    return status == 0 ? Result<void>() : std::move(error);
}

/// Where `path` really leads, and whether something may be written there.
Result<fs::path> writableTarget(const fs::path& path, const ModelFormat& format)
{
    std::error_code failed;
    fs::path target = fs::weakly_canonical(fs::absolute(path, failed), failed);
    if (failed || target.filename().empty())
        target = fs::absolute(path, failed);
    const std::string name = path.filename().string();
    const bool isFolder = fs::is_directory(target, failed);
    if (isFolder && !format.isFolder)
        return Error(ErrorKind::NotWritable, "this is a folder; give the name of a file").in(name);
    const bool holdsModel = fs::exists(target / "saved_model.pb", failed)
        || (fs::exists(target / "config.json", failed)
            && fs::exists(target / "model.weights.h5", failed));
    if (isFolder && !holdsModel && !fs::is_empty(target, failed))
        return Error(ErrorKind::NotWritable,
            "this folder holds something else than a saved model and is not replaced")
            .in(name);
    if (!fs::is_directory(target.parent_path(), failed))
        return Error(ErrorKind::NotWritable,
            "there is no folder " + target.parent_path().string() + " to save into")
            .in(name);
    if (fs::exists(target, failed)) {
        if (isFolder)
            return target;
        if (!fs::is_regular_file(target, failed))
            return Error(ErrorKind::NotWritable, "this is not an ordinary file").in(name);
        if (::access(target.c_str(), W_OK) != 0)
            return Error(ErrorKind::NotWritable,
                "this file is write-protected; save under another name or in another folder")
                .in(name);
    }
    return target;
}

Result<const ModelFormat*> formatNamed(const std::string& name)
{
    for (const ModelFormat* format : allFormats()) {
        if (std::ranges::find(format->names, name) == format->names.end())
            continue;
        if (format->write == nullptr)
            return Error(ErrorKind::Unsupported, "the format " + name + " cannot be written");
        return format;
    }
    std::string known;
    for (const ModelFormat* format : allFormats())
        for (const std::string_view other : format->names)
            known.append(known.empty() ? "" : ", ").append(other);
    return Error(ErrorKind::InvalidArgument,
        "there is no format '" + name + "' to save in; known are " + known);
}

/// Waits until a file, or every file of a folder, is on the disk.
Result<void> flushAll(const fs::path& path)
{
    std::error_code failed;
    if (!fs::is_directory(path, failed))
        return flush(path, O_RDONLY);
    for (fs::recursive_directory_iterator entry(path, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (!entry->is_symlink(failed))
            TRY_DO(flush(
                entry->path(), entry->is_directory(failed) ? O_RDONLY | O_DIRECTORY : O_RDONLY));
    return flush(path, O_RDONLY | O_DIRECTORY);
}

std::uint64_t bytesOf(const fs::path& path)
{
    std::error_code failed;
    if (!fs::is_directory(path, failed))
        return fs::file_size(path, failed);
    std::uint64_t bytes = 0;
    for (fs::recursive_directory_iterator entry(path, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (entry->is_regular_file(failed))
            bytes += entry->file_size(failed);
    return bytes;
}

/// `written` takes the place of the folder `target`, which steps aside first: for file systems
/// that cannot exchange two folders (NFS, FAT). A kill in between leaves the old folder under a
/// name that people see and that nothing removes.
bool takePlaceInSteps(const fs::path& written, const fs::path& target)
{
    const fs::path aside = target.string() + ".before-saving";
    if (::rename(target.c_str(), aside.c_str()) != 0)
        return false;
    if (::rename(written.c_str(), target.c_str()) != 0) {
        const int code = errno;
        ::rename(aside.c_str(), target.c_str());
        errno = code;
        return false;
    }
    std::error_code ignored;
    fs::remove_all(aside, ignored);
    return true;
}

/// `written` takes the place of `target` in one step. A folder that is replaced ends up where
/// `written` was, and goes with the temporary folder.
bool takePlace(const fs::path& written, const fs::path& target)
{
    std::error_code failed;
    if (!fs::is_directory(target, failed))
        return ::rename(written.c_str(), target.c_str()) == 0;
    if (::renameat2(AT_FDCWD, written.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)
        && takePlaceInSteps(written, target);
}

void keepPermissions(const fs::path& old, const fs::path& written)
{
    struct stat status = {};
    if (::stat(old.c_str(), &status) == 0)
        ::chmod(written.c_str(), status.st_mode & 07777);
}

} // namespace

Result<SaveReport> saveNetwork(const Network& network, const fs::path& path,
    const WriteOptions& options, const JobContext& job)
{
    WriteOptions chosen = options;
    if (chosen.format.empty()) {
        TRY(chosen.format, formatForSuffix(network, path));
    }
    TRY(const ModelFormat* const format, formatNamed(chosen.format));
    TRY(const fs::path target, writableTarget(path, *format));
    chosen.target = target;
    // A folder is an archive that was not packed.
    const std::string dialect = chosen.format == "keras-folder" ? "keras" : chosen.format;
    // Who names a format wants a file that the Keras of that name loads.
    const auto words
        = options.format.empty() ? crossing::OwnWords::Keep : crossing::OwnWords::Translate;
    TRY(const crossing::Crossed crossed, crossing::cross(network, dialect, words));
    TRY(const TemporaryFolder folder, TemporaryFolder::beside(target));
    const fs::path written = folder.path() / target.filename();

    SaveReport report;
    report.path = path;
    report.format = chosen.format;
    if (auto done = format->write(crossed.network, written, chosen, job); !done)
        return std::move(done).error().in(path.filename().string());
    TRY_DO(flushAll(folder.path()));
    auto compared = format->compare != nullptr
        ? format->compare(crossed.network, written, chosen, job)
        : compareSaved(crossed.network, *format, written, chosen, job);
    if (!compared)
        return std::move(compared).error().in(path.filename().string());
    report.tensorsCompared = *compared;
    report.remarks = crossed.remarks;
    if (format->remarks != nullptr)
        for (std::string& remark : format->remarks(crossed.network, chosen))
            report.remarks.push_back(std::move(remark));
    report.bytes = bytesOf(folder.path());
    if (job.stopRequested())
        return Error(ErrorKind::Stopped, "saving was stopped; the old file is as it was");
    if (format->takePlace != nullptr) {
        if (auto done = format->takePlace(written, target); !done)
            return std::move(done).error().in(path.filename().string());
        return report;
    }
    keepPermissions(target, written);
    if (!takePlace(written, target))
        return writeError(target);
    TRY_DO(flush(target.parent_path(), O_RDONLY | O_DIRECTORY));
    return report;
}

} // namespace layerscope::formats
