#pragma once

#include "model/core/job_context.h"
#include "model/core/sentence.h"
#include "model/formats/serving_function.h"
#include "model/network/network.h"

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace layerscope::formats {

enum class Recognition { No, Maybe, Yes };

enum class OptimizerInFile { Keep, Drop };

/// Shapes of what goes into a layer, in order of its tensors; absent for an open dimension.
using InputShapes = std::vector<std::vector<std::optional<std::int64_t>>>;

/// What only someone who knows layers can tell a format, which does not (model/serving does).
/// Without it a format writes what it can and says what it leaves out.
struct LayerKnowledge
{
    /// By layer path joined by '/', of the first call of each layer whose input shapes are known.
    std::function<std::map<std::string, InputShapes>(const Network&)> inputShapes;

    /// The model as TensorFlow ops. Errors: Unsupported, naming the layer that has none
    std::function<Result<ServingFunction>(const Network&)> serving;
};

struct WriteOptions
{
    /// A FORMAT name of the command line, e.g. "h5-keras2". Empty in saveNetwork: by the suffix, in
    /// the very words that the network has.
    std::string format;
    OptimizerInFile optimizer = OptimizerInFile::Keep;
    LayerKnowledge knowledge = {};
    /// Of weights in several files: what one of them holds at most, single larger arrays aside. As
    /// much as Keras's own writer takes when it is not told.
    std::int64_t shardBytes = std::int64_t{ 5 } << 30U;
    /// Where the result will stand in the end, once it took the place of what is there; set by
    /// saveNetwork. A format of several files chooses names by it that are free.
    std::filesystem::path target = {};
};

/// One kind of saved model. Stateless functions, so that several threads can use it.
struct ModelFormat
{
    std::string_view title; ///< for people: WORDS("formats", "Keras HDF5")
    std::span<const std::string_view> names; ///< FORMAT names it reads and writes
    std::span<const std::string_view> patterns; ///< for file dialogs: "*.h5"

    /// Decides by content. Reads little, never fails.
    Recognition (*recognise)(const std::filesystem::path& path);

    /// Structure only; values come when looked at.
    Result<Network> (*read)(const std::filesystem::path& path, const JobContext& job);

    /// Writes to `path` itself (which does not exist yet): the transaction around it is
    /// saveNetwork's. Null when the format cannot be written.
    Result<void> (*write)(const Network& network, const std::filesystem::path& path,
        const WriteOptions& options, const JobContext& job);

    /// What write() changes on the way, in words; null when it changes nothing.
    std::vector<std::string> (*remarks)(const Network& network, const WriteOptions& options)
        = nullptr;

    bool isFolder = false; ///< a saved model is a folder of files, not one file

    /// Compares what reading leaves out because it costs reading every value: checksums over whole
    /// files. Null when there is nothing of that kind.
    std::vector<Problem> (*verify)(const Network& network, const JobContext& job) = nullptr;

    /// For each weight where it lies in a file of this format, by which the check of what was saved
    /// pairs them where their order and their paths do not. Null where these do.
    std::vector<std::string> (*places)(const Network& network) = nullptr;

    /// For a format of several files that begin with the path's name: puts those at `written` in
    /// the place of those at `target`, so that at any moment the old model or the new one is there
    /// whole. Null for one file or one folder, which saveNetwork renames.
    Result<void> (*takePlace)(
        const std::filesystem::path& written, const std::filesystem::path& target)
        = nullptr;

    /// Compares what was written with `network` where reading it as a Network would not show all
    /// of it; gives the number of arrays. Null: by read().
    Result<std::size_t> (*compare)(const Network& network, const std::filesystem::path& path,
        const WriteOptions& options, const JobContext& job)
        = nullptr;
};

/// Every format there is (a table generated from the files of this folder).
std::span<const ModelFormat* const> allFormats();

/// Opens whatever lies at `path`, by its content. Errors are sentences that say what the file is
/// and what to do: a Git LFS pointer, a web page, an empty or truncated file, a directory, no
/// permission.
Result<Network> openNetwork(const std::filesystem::path& path, const JobContext& job = {});

/// What is wrong with the values of the file that `network` came from, as far as it can be told by
/// reading them all; see ModelFormat::verify.
std::vector<Problem> verifyValues(const Network& network, const JobContext& job = {});

/// What a save did, proven by opening the result again.
struct SaveReport
{
    std::filesystem::path path;
    std::string format;
    std::uint64_t bytes = 0;
    std::size_t tensorsCompared = 0; ///< weights and optimizer variables found bit-equal
    std::vector<std::string> remarks; ///< what could not cross, in words
};

/// Saves as a transaction: written beside the target, flushed, opened again, every tensor compared,
/// then renamed. On any error, and on Stop, the old file is as it was.
Result<SaveReport> saveNetwork(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job = {});

/// The FORMAT name to use for `path` when none is asked for: by suffix, in the dialect that
/// `network` has. A name without a suffix is a SavedModel's folder, as in Keras 2.
Result<std::string> formatForSuffix(const Network& network, const std::filesystem::path& path);

} // namespace layerscope::formats
