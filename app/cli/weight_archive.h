#pragma once

#include "model/formats/format.h"

namespace layerscope::cli {

/// Writes the weights as .npz, in model order, each under its path; with the optimizer kept also
/// its variables as "optimizer/<name>". Of several with one path the later get "_1", "_2" …
Result<void> writeWeightArchive(const Network& network, const std::filesystem::path& path,
    formats::OptimizerInFile optimizer, const JobContext& job);

} // namespace layerscope::cli
