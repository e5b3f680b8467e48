#pragma once

#include "model/formats/keras_h5_changes.h"
#include "model/formats/keras_h5_dialect.h"
#include "model/formats/keras_h5_stream.h"

namespace layerscope::formats {

/// Writes or removes attributes of the root.
Result<void> writeRootTexts(containers::Hdf5Group& root, const std::vector<H5TextChange>& texts);

/// Makes the group optimizer_weights; the values are added to `patches`.
Result<void> createOptimizer(
    containers::Hdf5Group& root, const OptimizerState& state, std::vector<H5Patch>& patches);

/// Writes a new file: what the source holds and the target shall keep, the rest from the Network.
Result<void> buildKerasH5(const Network& network, const H5Target& target,
    const std::filesystem::path& path, const JobContext& job);

} // namespace layerscope::formats
