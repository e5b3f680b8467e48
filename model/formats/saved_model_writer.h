#pragma once

#include "model/formats/format.h"

namespace layerscope::formats {

/// Saves a network that was opened from a SavedModel as the folder `path`: a copy of the source in
/// which the values of weights and optimizer are the network's (savedmodel-writing, section 2).
/// Signatures give the new outputs. With the optimizer, the root's edge to it is left out of
/// saved_model.pb and kept in the checkpoint: that is what makes Keras's load_model restore it.
/// Errors  Unsupported when the network came from another format or has an optimizer that the
/// source has not
Result<void> writeSavedModel(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job);

std::vector<std::string> savedModelRemarks(const Network& network, const WriteOptions& options);

/// The loss history that writeSavedModel() put into the folder; null where there is none.
Json readStoredHistory(const std::filesystem::path& folder);

} // namespace layerscope::formats
