#pragma once

#include "model/formats/keras_h5_stream.h"
#include "model/formats/keras_members.h"
#include "model/formats/keras_v3_file.h"

#include <map>

namespace layerscope::formats {

/// What a v3 weights file of a network holds, computed from classes and configurations: for a
/// network that came from another format or generation.
struct V3Plan
{
    struct Object
    {
        std::string path; ///< of its group; its variables lie in `vars` below
        std::string name; ///< its own, empty where it has none
    };
    std::vector<Object> objects;
    std::vector<std::pair<std::string, WeightIndex>> arrays; ///< path of a dataset
    /// Names of layers of custom classes whose parts stand under their own names.
    std::vector<std::string> guessed;
};

/// Errors  Unsupported, naming a layer whose groups cannot be known
Result<V3Plan> planV3(const Network& network);

/// Whether the file that `network` came from holds the very same tree, so that only values differ.
bool hasOwnTree(const Network& network, const V3Carried& carried);

/// For each weight the path of its (first) dataset in a v3 file of `network`; empty for one that
/// such a file does not hold (LoRA's factors, which are merged into their kernel).
std::vector<std::string> v3Places(const Network& network);

/// What weights files of the v3 layout hold, array by array.
struct V3Contents
{
    struct Array
    {
        std::string path; ///< of its dataset
        StoredTensor value;
        std::size_t file = 0; ///< which of the source's files it came from
    };
    std::vector<V3Plan::Object> objects;
    std::vector<Array> arrays;
    bool isSourcesTree = false; ///< the same arrays as in the source, be it with other values
};

/// What a file of `network` holds: the source's tree with the values of now where that fits, else
/// what follows from its layers. Errors  Unsupported, ShapeMismatch
Result<V3Contents> v3Contents(const Network& network, OptimizerInFile optimizer);

/// The contents of a network that came from another format or generation, without an optimizer.
/// Errors  Unsupported, naming a layer whose groups cannot be known
Result<V3Contents> newV3Contents(const Network& network);

/// Adds an optimizer's variables, those of a wrapper twice, as Keras keeps them.
Result<void> addV3Optimizer(
    V3Contents& contents, const OptimizerState& state, KerasGeneration generation);

/// Makes the groups and reserves the arrays; their values are in the patches.
Result<void> writeV3Contents(const V3Contents& contents, KerasGeneration generation,
    containers::Hdf5Group& root, std::vector<H5Patch>& patches);

/// Where the arrays of a Keras 2 file of weights alone lie in one for Keras 3: by file and path.
using V3Renamed = std::map<std::pair<std::size_t, std::string>, std::string>;
V3Renamed renamedForKeras3(const V3Carried& carried);

/// Whether `network` is such a file's weights on their way to Keras 3. No architecture is needed:
/// few groups have other names there (crossing.md 3.1, 7).
bool isRenamedForKeras3(const Network& network, const V3Carried& carried);

/// A weights file to be written: the bytes of `source` with the patches in their places.
struct V3Image
{
    std::shared_ptr<const containers::MappedFile> source;
    std::vector<H5Patch> patches;
    bool isNew = false; ///< source lies at the scratch path and wants its patches
};

/// `network` as a weights file. What differs from the file it came from by more than values is
/// built anew at `scratch`, a path where nothing is yet; its arrays are in the patches. Errors
/// Unsupported, ShapeMismatch, NotWritable
Result<V3Image> v3Image(const Network& network, OptimizerInFile optimizer,
    const std::filesystem::path& scratch, const JobContext& job);

/// Writes `network` as a weights file at `path`. Errors  as above
Result<void> writeV3File(const Network& network, OptimizerInFile optimizer,
    const std::filesystem::path& path, const JobContext& job);

/// The texts of a whole model, letter for letter as they were where nothing has changed.
MemberTexts memberTexts(const Network& network);

/// A member that is carried along: an asset, or something that is not Keras's.
struct OtherMember
{
    std::string name;
    const containers::ZipArchive* archive = nullptr; ///< where it lies, unless that is a folder
    const containers::ZipEntry* entry = nullptr;
    std::filesystem::path file;

    Result<std::string> text() const;
};
Result<void> visitOtherMembers(
    const Network& network, const std::function<Result<void>(const OtherMember&)>& visit);

/// What saving in the v3 layout changes, in words.
std::vector<std::string> v3Remarks(const Network& network, const WriteOptions& options);

/// Why `network` cannot be saved under the FORMAT name `format` of this layout at all.
std::optional<Error> v3Refusal(const Network& network, std::string_view format);

} // namespace layerscope::formats
