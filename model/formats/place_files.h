#pragma once

#include "model/core/result.h"

#include <filesystem>

namespace layerscope::formats {

/// Steps by which a format of several files takes the place of an older model
/// (ModelFormat::takePlace). Errors  NotWritable

/// Waits until the entries of a folder are on the disk.
Result<void> syncFolder(const std::filesystem::path& folder);

/// Renames within one file system, over what is there.
Result<void> moveFile(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace layerscope::formats
