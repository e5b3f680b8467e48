#include "model/containers/system_failure.h"

#include <cerrno>

namespace layerscope::containers {

namespace fs = std::filesystem;

std::string readFailure(int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return "there is nothing at this path; check the spelling of the name";
    case EACCES:
    case EPERM:
        return "there is no permission to read this file; ask its owner, or run 'chmod +r' on it";
    case EMFILE:
    case ENFILE:
        return "too many files are open at once; close some and try again";
    case ELOOP:
        return "the links that lead to this file run in a circle; open the file itself";
    case ENAMETOOLONG:
        return "this name is longer than names may be; check the path";
    case ENXIO:
        return "this is a device or a pipe, not a file";
    case EIO:
        return "the disk reports a failure; copy the file to another disk, or get it again";
    case ENOMEM:
        return "there is not enough memory to open this file; close other programs and try again";
    case ESTALE:
    case ETIMEDOUT:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENOTCONN:
        return "the network drive that holds this file does not answer; connect to it again";
    default:
        return "the system refuses to read this file (error " + std::to_string(code)
            + "); copy it to another folder and open the copy";
    }
}

Error readError(int code)
{
    const bool isMissing = code == ENOENT || code == ENOTDIR;
    return { isMissing ? ErrorKind::NotFound : ErrorKind::NotReadable, readFailure(code) };
}

std::string writeFailure(int code, const fs::path& folder)
{
    switch (code) {
    case ENOSPC: {
        std::error_code unknown;
        const auto space = fs::space(folder, unknown);
        return "the disk is full"
            + (unknown ? std::string()
                       : " (" + std::to_string(space.available) + " bytes are free)")
            + "; make room, or save somewhere else";
    }
    case EDQUOT:
        return "your share of the disk (quota) is used up; make room, or save somewhere else";
    case EFBIG:
        return "the file would be larger than files may be here (ulimit -f, or the file system); "
               "save somewhere else";
    case EACCES:
    case EPERM:
        return "this account may not write there; save somewhere else, or change the permissions";
    case EROFS:
        return "the disk is write-protected; save somewhere else";
    case EIO:
        return "the disk reports a failure; save somewhere else, and look after the disk";
    case ENOENT:
    case ENOTDIR:
        return "the folder is no longer there; save somewhere else";
    case ENAMETOOLONG:
        return "this name is longer than names may be; choose a shorter one";
    case EBUSY:
    case ETXTBSY:
        return "another program is using this file; close it there, or save somewhere else";
    case EMFILE:
    case ENFILE:
        return "too many files are open at once; close some and try again";
    case ESTALE:
    case ETIMEDOUT:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENOTCONN:
        return "the network drive does not answer; connect to it again, or save somewhere else";
    default:
        return "the system refuses to write there (error " + std::to_string(code)
            + "); save somewhere else";
    }
}

Error writeError(const fs::path& path)
{
    const int code = errno;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    return Error(ErrorKind::NotWritable, writeFailure(code, folder)).in(path.filename().string());
}

} // namespace layerscope::containers
