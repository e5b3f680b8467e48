#include "app/cli/exit_status.h"

namespace layerscope::cli {

ExitStatus exitStatusOf(const Error& error)
{
    switch (error.kind()) {
    case ErrorKind::Stopped:
        return ExitStatus::Interrupted;
    case ErrorKind::Unsupported:
        return ExitStatus::NotSupported;
    case ErrorKind::InvalidArgument:
        return ExitStatus::WrongUsage;
    default:
        return ExitStatus::FileAtFault;
    }
}

Error fileFault(const Error& error)
{
    const bool isOther
        = error.kind() == ErrorKind::Unsupported || error.kind() == ErrorKind::InvalidArgument;
    Error fault(isOther ? ErrorKind::WrongFormat : error.kind(), error.message());
    for (auto place = error.places().rbegin(); place != error.places().rend(); ++place)
        fault = std::move(fault).in(*place);
    return fault;
}

} // namespace layerscope::cli
