#pragma once

#include "model/formats/keras_v3_writer.h"

namespace layerscope::formats {

inline constexpr const char* shardIndexSuffix = ".json";
inline constexpr std::uint64_t longestShardIndex = 64U << 20U;

/// The files that the index of sharded weights names, each once, in order. Names that lead
/// elsewhere are refused. Errors  Corrupt
Result<std::vector<std::string>> shardNames(const Json& index);

/// Writes the index at `path` and beside it the files that it names; names that are taken beside
/// options.target are not used, so that an older model stays whole until placeWeightsShards().
Result<void> writeWeightsShards(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job);

/// ModelFormat::takePlace: first the files of values, then the index, then the old files go.
Result<void> placeWeightsShards(
    const std::filesystem::path& written, const std::filesystem::path& target);

} // namespace layerscope::formats
