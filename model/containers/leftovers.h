#pragma once

#include <filesystem>

/// What is being saved has a hidden name of its own beside the target until it is complete:
/// ".layerscope-" and eight hexadecimal digits. A program that is killed leaves it behind, and the
/// next save in that folder takes it away.
namespace layerscope::containers {

/// A name of that kind in `folder`, another one with every call.
std::filesystem::path temporaryName(const std::filesystem::path& folder);

/// Marks an open file or folder as being written until the descriptor is closed, be it by the end
/// of the program. Where the file system has no locks this does nothing, and nothing is ever
/// removed there.
void claim(int descriptor);

/// Removes from `folder` what has such a name, belongs to this user, is claimed by nobody, and has
/// not changed for an hour (another machine's claim on a shared folder may not be visible here).
/// Links are not followed; what cannot be removed stays.
void removeLeftovers(const std::filesystem::path& folder);

} // namespace layerscope::containers
