#pragma once

#include "model/core/result.h"

#include <filesystem>
#include <string>

namespace layerscope::containers {

// What the system refuses, in words for people: each is one sentence without a place that says why
// and what to do. None is quoted from the system, which speaks to programmers and in a language of
// its own. `code` is an errno.

/// Why a file could not be opened or read.
std::string readFailure(int code);

/// The same as an error: NotFound where there is nothing at the path, else NotReadable.
Error readError(int code);

/// Why a write failed. The room left on the disk of `folder` is named where that is what lacks.
std::string writeFailure(int code, const std::filesystem::path& folder = {});

/// Why writing `path` failed just now (errno).
Error writeError(const std::filesystem::path& path);

} // namespace layerscope::containers
