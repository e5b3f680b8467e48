#pragma once

// Internal to the Keras HDF5 format: what its reader keeps for its writer.

#include "model/containers/hdf5.h"
#include "model/formats/format.h"

#include <memory>
#include <string>
#include <vector>

namespace layerscope::formats {

/// Group of the weights in a full model file; in a weights-only file it is the root.
inline constexpr std::string_view modelWeightsGroup = "model_weights";
inline constexpr std::string_view optimizerGroup = "optimizer_weights";
/// A model's own weights, which belong to no layer. Named like a layer, but not in layer_names.
inline constexpr std::string_view topLevelGroup = "top_level_model_weights";
/// Ours: the loss history as JSON, which every Keras ignores.
inline constexpr const char* historyAttribute = "training_history";

/// The dataset that an array was read from.
struct H5Place
{
    std::string path;
    StoredTensor asRead;
};

/// One entry of layer_names.
struct H5LayerGroup
{
    std::string layer;
    std::vector<std::string> weightNames;
};

/// What a Network that was read from Keras HDF5 carries.
struct H5Carried
{
    std::shared_ptr<const containers::MappedFile> file;
    std::string format;
    std::string weightsPath; ///< "model_weights", or empty when the root holds the layers
    std::vector<H5LayerGroup> groups; ///< in the order of layer_names, top-level weights last
    std::vector<H5Place> weights; ///< one for each of Network::weights; without path if unknown
    std::vector<H5Place> optimizer; ///< one for each of OptimizerState::variables
    std::vector<std::string> optimizerNames; ///< their names as read
    bool hasOptimizerGroup = false;
    std::optional<std::int64_t> iterations; ///< as read
    std::string architecture; ///< the JSON texts as read
    std::string training;
    std::string history;
};

/// The carried part of `network`, if it was read by this format.
const H5Carried* carriedH5(const Network& network);

/// "a" + "b" as a path inside a file; either may be empty.
std::string joinH5(std::string_view a, std::string_view b);

Result<Network> readKerasH5(const std::filesystem::path& path, const JobContext& job);
Result<void> writeKerasH5(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job);

} // namespace layerscope::formats
