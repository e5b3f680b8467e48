#pragma once

#include "model/formats/format.h"

namespace layerscope::formats {

/// Writes the checkpoint PREFIX.index and PREFIX.data-*. A network that came from a checkpoint or
/// SavedModel keeps the keys it has there; any other gets those of Keras 2's save_weights, so that
/// load_weights takes it. The number in the data file's name is one that the files at
/// WriteOptions::target do not use.
Result<void> writeCheckpoint(const Network& network, const std::filesystem::path& prefix,
    const WriteOptions& options, const JobContext& job);

/// Data files first, the index in one step, then the text file `checkpoint` and what has become
/// old: a reader finds the old checkpoint or the new one, whole.
Result<void> placeCheckpoint(
    const std::filesystem::path& written, const std::filesystem::path& target);

/// Every array of the bundle at `prefix` against what was to be written.
Result<std::size_t> compareCheckpoint(const Network& network, const std::filesystem::path& prefix,
    const WriteOptions& options, const JobContext& job);

} // namespace layerscope::formats
