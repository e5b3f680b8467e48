#pragma once

#include "app/cli/command.h"
#include "model/formats/format.h"

namespace layerscope::cli {

/// Errors  InvalidArgument when `out` is the very file `in` and --force was not given
Result<void> refuseSameFile(
    const Arguments& arguments, const std::string& in, const std::string& out);

/// Writes `network` to `out` as `format`, or by its suffix, in any format that the program writes;
/// says what was written and what could not cross.
Result<void> saveModel(Invocation& invocation, const Network& network, const std::string& out,
    const std::optional<std::string>& format, formats::OptimizerInFile optimizer,
    const JobContext& job);

} // namespace layerscope::cli
