#include "model/containers/leftovers.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <random>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace layerscope::containers {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = ".layerscope-";
constexpr std::size_t digits = 8;
constexpr std::time_t leastAge = 3600; // seconds

bool isOurs(std::string_view name)
{
    return name.size() == prefix.size() + digits && name.starts_with(prefix)
        && name.find_first_not_of("0123456789abcdef", prefix.size()) == std::string_view::npos;
}

/// When a file, or anything that lies in a folder, was written last.
std::time_t lastChange(const fs::path& path, const struct stat& status)
{
    std::time_t newest = status.st_mtime;
    std::error_code failed;
    for (fs::recursive_directory_iterator entry(path, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        struct stat inside = {};
        if (::lstat(entry->path().c_str(), &inside) == 0)
            newest = std::max(newest, inside.st_mtime);
    }
    return newest;
}

void removeIfStale(const fs::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return;
    struct stat status = {};
    const bool isCandidate = ::fstat(descriptor, &status) == 0 && status.st_uid == ::geteuid()
        && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
        && std::time(nullptr) - lastChange(path, status) >= leastAge;
    if (isCandidate && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    ::close(descriptor);
}

} // namespace

fs::path temporaryName(const fs::path& folder)
{
    std::random_device random;
    std::array<char, prefix.size() + digits + 1> name{};
    std::snprintf(name.data(), name.size(), "%s%08x", prefix.data(), random());
    return folder / name.data();
}

void claim(int descriptor)
{
    ::flock(descriptor, LOCK_EX | LOCK_NB);
}

void removeLeftovers(const fs::path& folder)
{
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (isOurs(entry->path().filename().string()))
            removeIfStale(entry->path());
}

} // namespace layerscope::containers
