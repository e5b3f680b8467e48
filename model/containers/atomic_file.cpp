#include "model/containers/atomic_file.h"

#include "model/containers/leftovers.h"
#include "model/containers/system_failure.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace layerscope::containers {

namespace fs = std::filesystem;

namespace {

/// The file that a chain of symbolic links ends at; `path` itself where there is no link.
fs::path followLinks(fs::path path)
{
    std::error_code none;
    for (int hop = 0; hop < 40 && fs::is_symlink(path, none); ++hop) {
        const fs::path next = fs::read_symlink(path, none);
        path = next.is_absolute() ? next : path.parent_path() / next;
    }
    return path;
}

/// A new hidden file in `folder`, empty; -1 and errno when that fails.
int createIn(const fs::path& folder, fs::path& created)
{
    for (int attempt = 0; attempt < 100; ++attempt) {
        created = temporaryName(folder);
        const int descriptor = ::open(created.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

} // namespace

Result<AtomicFile> AtomicFile::create(const fs::path& target)
{
    AtomicFile file;
    file.m_target = followLinks(target);
    std::error_code none;
    if (file.m_target.filename().empty() || fs::is_directory(file.m_target, none))
        return Error(ErrorKind::NotWritable, "this is a folder; give the name of a file")
            .in(target.string());
    const fs::path folder
        = file.m_target.has_parent_path() ? file.m_target.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, none))
        return Error(ErrorKind::NotWritable, "there is no folder " + folder.string())
            .in(target.filename().string());
    removeLeftovers(folder);
    file.m_descriptor = createIn(folder, file.m_temporary);
    if (file.m_descriptor < 0) {
        file.m_temporary.clear();
        return writeError(target);
    }
    claim(file.m_descriptor);
    struct stat replaced = {};
    if (::stat(file.m_target.c_str(), &replaced) == 0)
        ::fchmod(file.m_descriptor, replaced.st_mode & 07777);
    return file;
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_target(std::move(other.m_target))
    , m_temporary(std::exchange(other.m_temporary, {}))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept
{
    std::swap(m_target, other.m_target);
    std::swap(m_temporary, other.m_temporary);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return writeError(m_target);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> AtomicFile::flush()
{
    if (::fsync(m_descriptor) != 0)
        return writeError(m_target);
    return {};
}

Result<void> AtomicFile::commit()
{
    TRY_DO(flush());
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        return writeError(m_target);
    m_temporary.clear();
    const fs::path folder = m_target.has_parent_path() ? m_target.parent_path() : fs::path(".");
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) { // the name itself is on the disk only after this
        ::fsync(descriptor);
        ::close(descriptor);
    }
    return {};
}

} // namespace layerscope::containers
