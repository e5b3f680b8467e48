#include "model/formats/checkpoint_writer.h"

#include "model/containers/atomic_file.h"
#include "model/containers/system_failure.h"
#include "model/containers/tensor_bundle.h"
#include "model/formats/place_files.h"
#include "model/formats/saved_objects.h"
#include "model/formats/tensorflow_source.h"

#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace layerscope::formats {

namespace fs = std::filesystem;
using containers::writeError;

namespace {

using Values = std::vector<std::pair<std::string, StoredTensor>>;

Result<Values> contentOf(const Network& network, const WriteOptions& options)
{
    if (const TensorflowSource* source = tensorflowSource(network)) {
        TRY(auto content, resavedContent(network, *source, options.optimizer));
        return std::move(content.values);
    }
    if (network.generation == KerasGeneration::Keras3)
        return Error(ErrorKind::Unsupported,
            "a checkpoint's keys follow from the layers as Keras 2 has them, and this model is in "
            "the dialect of Keras 3");
    TRY(const TrackedTree tree, trackedTree(network, options));
    return checkpointValues(tree, checkpointGraph(tree));
}

/// How many data files the new checkpoint claims to have, so that the name of the one that is not
/// empty is free: a crash between two renames must not leave the old index beside new data.
int freeShardCount(const fs::path& target)
{
    std::error_code failed;
    for (int count = 1; count < 1000; ++count)
        if (!fs::exists(containers::TensorBundle::shardPath(target, 0, count), failed))
            return count;
    return 1;
}

/// Names of the data files of the checkpoint at `prefix`.
std::set<std::string> dataFiles(const fs::path& prefix)
{
    std::set<std::string> names;
    std::error_code failed;
    const std::string start = prefix.filename().string() + ".data-";
    for (fs::directory_iterator entry(prefix.parent_path(), failed), end; !failed && entry != end;
         entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        // PREFIX.data-SSSSS-of-NNNNN and nothing else that happens to begin so.
        if (name.starts_with(start) && name.size() == start.size() + 14
            && name.compare(start.size() + 5, 4, "-of-") == 0)
            names.insert(name);
    }
    return names;
}

/// The text file that says which checkpoint of a folder is the newest, as save_weights writes it.
Result<void> nameNewest(const fs::path& target)
{
    std::string name;
    for (const char c : target.filename().string()) {
        if (c == '"' || c == '\\')
            name += '\\';
        name += c;
    }
    TRY(auto file, containers::AtomicFile::create(target.parent_path() / "checkpoint"));
    const std::string text
        = "model_checkpoint_path: \"" + name + "\"\nall_model_checkpoint_paths: \"" + name + "\"\n";
    TRY_DO(file.write(std::as_bytes(std::span(text))));
    return file.commit();
}

} // namespace

Result<void> writeCheckpoint(const Network& network, const fs::path& prefix,
    const WriteOptions& options, const JobContext& job)
{
    TRY(auto values, contentOf(network, options));
    const fs::path& target = options.target.empty() ? prefix : options.target;
    return containers::writeTensorBundle(prefix, std::move(values), job, freeShardCount(target));
}

Result<void> placeCheckpoint(const fs::path& written, const fs::path& target)
{
    const std::string index = target.string() + ".index";
    struct stat status = {};
    const bool replaces = ::stat(index.c_str(), &status) == 0;
    if (replaces && ::access(index.c_str(), W_OK) != 0)
        return Error(ErrorKind::NotWritable, "this checkpoint is write-protected");
    const std::set<std::string> fresh = dataFiles(written);
    const std::size_t nameLength = written.filename().string().size();
    std::set<std::string> placed;
    for (const std::string& name : fresh) {
        placed.insert(target.filename().string() + name.substr(nameLength));
        if (replaces)
            ::chmod((written.parent_path() / name).c_str(), status.st_mode & 07777);
        TRY_DO(moveFile(written.parent_path() / name, target.string() + name.substr(nameLength)));
    }
    TRY_DO(syncFolder(target.parent_path()));
    if (replaces)
        ::chmod((written.string() + ".index").c_str(), status.st_mode & 07777);
    TRY_DO(moveFile(written.string() + ".index", index));
    TRY_DO(syncFolder(target.parent_path()));
    TRY_DO(nameNewest(target));
    std::error_code ignored;
    for (const std::string& name : dataFiles(target))
        if (!placed.contains(name))
            fs::remove(target.parent_path() / name, ignored);
    return {};
}

Result<std::size_t> compareCheckpoint(const Network& network, const fs::path& prefix,
    const WriteOptions& options, const JobContext& job)
{
    TRY(const Values values, contentOf(network, options));
    TRY(const auto bundle, containers::TensorBundle::open(prefix));
    const auto differs = [](const std::string& key) {
        return Error(ErrorKind::Corrupt,
            "the check of what was written failed, so the old file was kept: it holds other values")
            .in(key);
    };
    std::int64_t done = 0;
    for (const auto& [key, wanted] : values) {
        if (job.stopRequested())
            return Error(ErrorKind::Stopped, "saving was stopped; the old file is as it was");
        TRY(const StoredTensor stored, bundle.tensor(key));
        TRY(const Tensor found, stored.load());
        TRY(const Tensor tensor, wanted.load());
        if (!tensor.identicalTo(found) || tensor.strings() != found.strings())
            return differs(key);
        job.report(++done, static_cast<std::int64_t>(values.size()), "checking");
    }
    return values.empty() ? 0 : values.size() - 1; // the list of objects is no array of the model
}

} // namespace layerscope::formats
