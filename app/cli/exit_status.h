#pragma once

#include "model/core/result.h"

namespace layerscope::cli {

/// What a sub-command answers to the shell. Scripts rely on the numbers.
enum class ExitStatus {
    Done = 0,
    FileAtFault = 1, ///< or the data
    WrongUsage = 2,
    AnswerIsNo = 3, ///< it ran, and found differences
    NotSupported = 4, ///< it needs something that Layerscope does not have; the message names it
    Interrupted = 130,
};

/// InvalidArgument is wrong usage, Unsupported is beyond Layerscope, Stopped an interruption; the
/// rest is the file's fault.
ExitStatus exitStatusOf(const Error& error);

/// The same error as the fault of a file or of data, whatever reading them asked for: an unknown
/// kind of file is exit status 1, where an unknown layer in the way of running is 4.
Error fileFault(const Error& error);

template<class T> Result<T> ofFile(Result<T> result)
{
    return result ? std::move(result) : Result<T>(fileFault(result.error()));
}

inline Error wrongUsage(std::string sentence)
{
    return { ErrorKind::InvalidArgument, std::move(sentence) };
}

} // namespace layerscope::cli
