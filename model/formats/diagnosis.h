#pragma once

#include "model/core/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace layerscope::formats {

/// What keeps the file at `path` from being looked at, in one sentence for the user: nothing there
/// (with similar names nearby), a folder, no permission, an empty file, a pipe. Absent when it can
/// be opened.
std::optional<Error> obviousFault(const std::filesystem::path& path);

/// Names in the folder of `path`, where there is nothing at `path` itself, that it may have been
/// meant for; the nearest first.
std::vector<std::string> namesNear(const std::filesystem::path& path);

/// Names in a folder that look like models.
std::vector<std::string> modelsIn(const std::filesystem::path& folder);

/// What a file that no format recognises is, by its first bytes: a Git LFS pointer, a web page, an
/// archive, a picture … and what to do.
Error describeStranger(const std::filesystem::path& path);

/// What a folder that no format recognises is, and which files in it could be opened.
Error describeFolder(const std::filesystem::path& path);

/// If the file is HDF5 and shorter than its superblock says: how much of it is here.
std::optional<Error> truncation(const std::filesystem::path& path);

/// "102,853,048"
std::string withThousands(std::uint64_t number);

} // namespace layerscope::formats
