#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "app/cli/exit_status.h"
#include "app/cli/interrupt.h"
#include "model/network/network.h"

#include <optional>

namespace layerscope::cli {

/// What a command works with.
struct Invocation
{
    Arguments arguments;
    Console& console;
    Interrupt& interrupt;

    /// Stops at the first Ctrl+C, reports to the progress bar.
    JobContext job() const { return { interrupt.stopToken(), console.reporter() }; }
    /// Stops at the second: for saving what was reached at the first.
    JobContext savingJob() const { return { interrupt.giveUpToken(), console.reporter() }; }
};

/// A sub-command. Each is one file: app/cli/<name>_command.cpp.
struct Command
{
    Syntax syntax;
    Result<ExitStatus> (*run)(Invocation& invocation);
};

/// Every sub-command, in the order of the help.
std::span<const Command* const> allCommands();

} // namespace layerscope::cli
