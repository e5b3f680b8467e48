#include "model/formats/place_files.h"

#include "model/containers/system_failure.h"

#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace layerscope::formats {

using containers::writeError;

Result<void> syncFolder(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return writeError(folder);
    const int status = ::fsync(descriptor);
    Error error = writeError(folder);
    ::close(descriptor);
    return status == 0 ? Result<void>() : std::move(error);
}

Result<void> moveFile(const std::filesystem::path& from, const std::filesystem::path& to)
{
    return ::rename(from.c_str(), to.c_str()) == 0 ? Result<void>() : writeError(to);
}

} // namespace layerscope::formats
