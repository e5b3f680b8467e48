#pragma once

#include <optional>

namespace layerscope::cli {

/// Runs the sub-command that the first word names, or prints help or version. Needs no display, no
/// platform plug-in and no environment variable. Returns the exit status; nothing when the words
/// ask for a window.
std::optional<int> runCommandLine(int argc, char** argv);

/// Why no window can be opened here, in a sentence; nothing where there is a display, or where
/// `argv` asks for a picture of the window only.
std::optional<int> refuseWithoutDisplay(int argc, char** argv);

} // namespace layerscope::cli
