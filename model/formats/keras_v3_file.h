#pragma once

// Internal to the formats that hold Keras's v3 weights layout (.keras, .weights.h5, shards): what
// is read of it, and what is kept for writing.
//
//   /layers/<class>[_k]/vars/0,1,…           a layer's own variables       (2.12: another name
//   /layers/<class>[_k]/<attribute>/vars/…   what hangs on its attributes   for `layers`)
//   /layers/<class>[_k]/layers/…             a model in a model
//   /optimizer/vars/0,1,…                    the optimizer's, in its order
//   /vars/…                                  the model's own
//   /metrics/…                               Keras 2 only
//
// Group names follow from class names, never from the names of layers (formats.md 2.2).

#include "model/containers/hdf5.h"
#include "model/containers/zip_archive.h"
#include "model/formats/format.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace layerscope::formats {

inline constexpr std::string_view v3LayersGroup = "layers";
inline constexpr std::string_view v3LayersGroup212 = "_layer_checkpoint_dependencies";
inline constexpr std::string_view v3OptimizerGroup = "optimizer";
inline constexpr std::string_view v3MetricsGroup = "metrics";
inline constexpr std::string_view v3VariablesGroup = "vars";
/// Ours: the loss history as JSON, an attribute of the root of .weights.h5.
inline constexpr const char* v3HistoryAttribute = "training_history";

/// One HDF5 file of a model: there are several where the weights are sharded.
struct V3File
{
    std::shared_ptr<const containers::MappedFile> mapped;
    std::string name; ///< of the file itself, for shards
};

/// A dataset in a `vars` group.
struct V3Array
{
    std::string name; ///< "0", "idf_weights"
    std::string path; ///< in its file
    std::size_t file = 0; ///< which of the files
    StoredTensor asRead;
    /// In the HDF5 file, where the values lie contiguously as memory has them.
    std::optional<std::uint64_t> offset;
};

struct V3Child;

/// A group and all below it.
struct V3Group
{
    std::string path;
    std::string instance; ///< the attribute `name` of its `vars`: the object's own name (Keras 3)
    bool hasVariables = false; ///< whether there is a `vars` group, be it empty
    std::vector<V3Array> variables; ///< sorted by number
    std::vector<V3Child> groups; ///< sorted by name, numbers by value
    bool isTaken = false; ///< by an object of the model

    V3Group* find(std::string_view name);
    const V3Group* find(std::string_view name) const;
    bool holdsValues() const; ///< here or anywhere below
};

struct V3Child
{
    std::string name;
    V3Group group;
};

/// The groups of the files as one tree. What cannot be read becomes a Problem.
/// Errors  Corrupt when no file can be opened
Result<V3Group> readV3Groups(
    const std::vector<V3File>& files, std::vector<Problem>& problems, const JobContext& job);

/// What a Network that was read from a v3 weights layout carries.
struct V3Carried
{
    std::vector<V3File> files;
    V3Group root;
    /// For each of Network::weights where its values lie: several places where two groups hold the
    /// same variable, none where the file does not hold it.
    std::vector<std::vector<V3Array>> weights;
    std::vector<StoredTensor> weightsAsRead;
    std::vector<V3Array> optimizer; ///< one for each of OptimizerState::variables
    std::optional<std::int64_t> iterations; ///< as read
    bool hasOptimizer = false; ///< whether there is an `optimizer` group
    /// Paths of the groups of the architecture's layers, by the layers' own paths.
    std::map<std::string, std::string> layerGroups;
    KerasGeneration generation = KerasGeneration::Keras3;

    std::string format; ///< a FORMAT name
    std::string history; ///< JSON text as read
    // Of a whole model:
    std::shared_ptr<const containers::ZipArchive> archive; ///< null for a folder
    std::filesystem::path folder; ///< empty for an archive
    std::string metadata; ///< metadata.json as read
    std::string config; ///< config.json as read
    Json compileConfig; ///< what stands in it under compile_config
    // Of shards:
    std::string shards; ///< the .weights.json as read
};

/// The carried part of `network`, if a format with the v3 layout has read it.
const V3Carried* carriedV3(const Network& network);

/// Fills weights, layers without an architecture, and the optimizer of `network`, whose
/// architecture, training set-up and generation are known already (the latter two absent for files
/// of weights alone).
void readV3Weights(Network& network, V3Carried& carried);

/// The parts of readV3Weights(), one file each.
void matchV3Weights(Network& network, V3Carried& carried);
void readV3Optimizer(Network& network, V3Carried& carried);

/// Layers for a model whose architecture is not known, from the groups: fills `model.layers`.
/// `groups` gets the group of each, in the order that visitLayers() meets those that are leaves.
void layersOfGroups(Layer& model, V3Group& group, std::vector<V3Group*>& groups);

/// Which Keras wrote a file that does not say so.
KerasGeneration generationOfGroups(const V3Group& root);

} // namespace layerscope::formats
