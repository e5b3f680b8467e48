#pragma once

#include "model/formats/format.h"

namespace layerscope::formats {

/// Opens what was written at `path` and compares every weight and every optimizer variable that
/// should be there with `network`, bit for bit (after conversion where the file stores another
/// type). Gives the number of arrays compared.
/// Errors  Corrupt, naming the first array that differs; Stopped
Result<std::size_t> compareSaved(const Network& network, const ModelFormat& format,
    const std::filesystem::path& path, const WriteOptions& options, const JobContext& job);

} // namespace layerscope::formats
