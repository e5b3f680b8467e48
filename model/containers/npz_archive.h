#pragma once

#include "model/core/result.h"

#include <zip.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace layerscope::containers {

struct DiscardArchive
{
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>; ///< discards changes unless released

/// Errors  NotFound, WrongFormat (no zip archive, cut off), NotReadable
Result<Archive> openForReading(const std::filesystem::path& path);

/// The first `most` bytes of a member, unpacked; with its checksum compared where these are all.
/// Errors  Corrupt, OutOfMemory
Result<std::shared_ptr<std::vector<std::byte>>> readMember(
    zip_t* archive, std::uint64_t index, std::uint64_t most = UINT64_MAX);

} // namespace layerscope::containers
