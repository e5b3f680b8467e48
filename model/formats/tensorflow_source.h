#pragma once

#include "model/formats/object_graph.h"
#include "model/network/network.h"

#include <memory>
#include <string>
#include <vector>

namespace layerscope::formats {

/// What the reader of a SavedModel or checkpoint keeps for its writer (Network::carried, as a
/// shared pointer): where the arrays lie and under which keys.
struct TensorflowSource
{
    struct OptimizerKey
    {
        std::string key;
        SlotRole role = SlotRole::Unknown;
        std::string slot;
        std::optional<WeightIndex> weight;
    };

    std::filesystem::path prefix; ///< of the tensor bundle
    /// For each Network::weights; several where the file holds copies of one variable.
    std::vector<std::vector<std::string>> weightKeys;
    std::vector<ObjectId> weightObjects; ///< for each Network::weights
    std::string optimizerClass;
    KerasGeneration optimizerDialect = KerasGeneration::Keras2;
    std::vector<OptimizerKey> optimizer; ///< for each OptimizerState::variables
    bool hasObjects = false; ///< false in checkpoints of TensorFlow 1
    bool rootIsModel = false; ///< object 0 is the Keras model itself, as in save_weights
};

/// The source of `network`, when it came from TensorFlow's formats; else null.
const TensorflowSource* tensorflowSource(const Network& network);

/// What a tensor bundle is to hold.
struct BundleContent
{
    std::vector<std::pair<std::string, StoredTensor>> values;
    bool dropsOptimizerEdge = false; ///< of saved_model.pb, which had another optimizer or shall
                                     ///< leave its restoring to the checkpoint
};

enum class OptimizerInFile;

/// The source's bundle with the values of `network` in their places: the same keys, types and
/// shapes. An optimizer of another kind, or one where there was none, is appended to the list of
/// objects; one that is not kept is taken out.
/// Errors  ShapeMismatch; Unsupported where the file has no place for the optimizer; those of
///         TensorBundle
Result<BundleContent> resavedContent(
    const Network& network, const TensorflowSource& source, OptimizerInFile optimizer);

} // namespace layerscope::formats
