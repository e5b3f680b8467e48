#include "model/containers/hdf5.h"
#include "model/containers/system_failure.h"
#include "model/formats/place_files.h"
#include "model/formats/weights_shards.h"

#include <fstream>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

// NAME.weights.json and NAME_00000.weights.h5, NAME_00001.weights.h5 …, as Keras 3's
// save_weights(..., max_shard_size=) writes them (ShardedH5IOStore of 3.15): arrays go into a file
// until the next one would make it too large; a group whose arrays lie in two files stands in both.

namespace layerscope::formats {

namespace fs = std::filesystem;
using containers::Hdf5File;

namespace {

constexpr int mostTries = 100000;
constexpr const char* shardSuffix = ".weights.h5";

/// "model" of "model.weights.json".
std::string shardBase(const fs::path& index)
{
    std::string name = index.stem().string();
    constexpr std::string_view weights = ".weights";
    if (name.ends_with(weights))
        name.resize(name.size() - weights.size());
    return name;
}

std::string shardName(const std::string& base, int number)
{
    const std::string digits = std::to_string(number);
    return base + "_" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits
        + shardSuffix;
}

/// The first number from which on `count` names are free beside `target`.
int freeNumber(const fs::path& target, const std::string& base, int count)
{
    std::error_code failed;
    int first = 0;
    for (int i = 0; i < count && first < mostTries; ++i)
        if (fs::exists(target.parent_path() / shardName(base, first + i), failed)) {
            first += i + 1;
            i = -1;
        }
    return first;
}

/// Which arrays go together: as in the source where these are its very arrays, else by size.
std::vector<V3Contents> shardsOf(const V3Contents& contents, std::int64_t limit)
{
    std::map<std::size_t, V3Contents> shards;
    std::size_t current = 0;
    std::int64_t bytes = 0;
    for (const V3Contents::Array& array : contents.arrays) {
        bytes += array.value.byteCount();
        if (contents.isSourcesTree) {
            current = array.file;
        } else if (bytes > limit && shards.contains(current)) {
            ++current;
            bytes = array.value.byteCount();
        }
        shards[current].arrays.push_back(array);
    }
    std::vector<V3Contents> list;
    for (auto& [number, shard] : shards) {
        std::set<std::string> groups;
        for (const V3Contents::Array& array : shard.arrays)
            groups.insert(fs::path(array.path).parent_path().parent_path().generic_string());
        for (const V3Plan::Object& object : contents.objects)
            if (groups.contains(object.path) || (list.empty() && object.path.empty()))
                shard.objects.push_back(object);
        list.push_back(std::move(shard));
    }
    return list;
}

Result<void> writeShard(const V3Contents& shard, KerasGeneration generation, const fs::path& path,
    const JobContext& job)
{
    std::vector<H5Patch> patches;
    TRY(Hdf5File file, Hdf5File::create(path));
    {
        TRY(containers::Hdf5Group root, file.root());
        TRY_DO(writeV3Contents(shard, generation, root, patches));
    }
    TRY_DO(file.close());
    return writePatches(path, std::move(patches), job);
}

/// What is in the source's index beside the list of files; another one's is not this model's.
Json indexMetadata(const Network& network, double bytes)
{
    const V3Carried* const carried = carriedV3(network);
    const auto old = carried != nullptr ? parseJson(carried->shards) : Result<Json>(Json::object());
    Json metadata = Json::object();
    if (old && old->is_object() && old->contains("metadata") && (*old)["metadata"].is_object())
        metadata = (*old)["metadata"];
    metadata["total_size"] = bytes;
    metadata.erase(v3HistoryAttribute);
    if (!network.history.is_null())
        metadata[v3HistoryAttribute] = network.history;
    return metadata;
}

/// A file's name for the first array of a group, a list from the second on: as Keras writes it.
void addToMap(Json& map, const std::string& group, const std::string& file)
{
    Json& entry = map[group];
    if (entry.is_null()) {
        entry = file;
        return;
    }
    if (!entry.is_array())
        entry = Json::array({ entry });
    if (std::ranges::find(entry, Json(file)) == entry.end())
        entry.push_back(file);
}

Result<std::set<std::string>> namesInIndex(const fs::path& path)
{
    TRY(const std::string text, containers::textOfFile(path, longestShardIndex));
    TRY(const Json index, parseJson(text));
    TRY(const auto names, shardNames(index));
    return std::set<std::string>(names.begin(), names.end());
}

/// Whether `name` is one that is given to the shards of `base`.
bool isShardOf(const std::string& name, const std::string& base)
{
    const std::string end(shardSuffix);
    if (!name.starts_with(base + "_") || !name.ends_with(end)
        || name.size() < base.size() + 1 + 5 + end.size())
        return false;
    const std::string digits
        = name.substr(base.size() + 1, name.size() - base.size() - 1 - end.size());
    return digits.find_first_not_of("0123456789") == std::string::npos;
}

} // namespace

Result<void> writeWeightsShards(const Network& network, const fs::path& path,
    const WriteOptions& options, const JobContext& job)
{
    if (auto error = v3Refusal(network, options.format))
        return *std::move(error);
    TRY(const V3Contents contents, v3Contents(network, options.optimizer));
    const std::vector<V3Contents> shards = shardsOf(contents, options.shardBytes);
    if (shards.empty())
        return Error(ErrorKind::InvalidArgument, "there are no weights to save");
    const fs::path& target = options.target.empty() ? path : options.target;
    const std::string base = shardBase(path);
    const int first = freeNumber(target, base, static_cast<int>(shards.size()));
    Json map = Json::object();
    double bytes = 0;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        const std::string name = shardName(base, first + static_cast<int>(i));
        TRY_DO(writeShard(shards[i], network.generation, path.parent_path() / name, job));
        for (const V3Contents::Array& array : shards[i].arrays) {
            addToMap(map, "/" + fs::path(array.path).parent_path().generic_string(), name);
            bytes += static_cast<double>(array.value.byteCount());
        }
    }
    Json index = Json::object();
    index["metadata"] = indexMetadata(network, bytes);
    index["weight_map"] = std::move(map);
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream << index.dump(4, ' ', false, Json::error_handler_t::replace);
    stream.flush();
    return stream ? Result<void>() : containers::writeError(path);
}

Result<void> placeWeightsShards(const fs::path& written, const fs::path& target)
{
    TRY(const auto fresh, namesInIndex(written));
    struct stat status = {};
    const bool replaces = ::stat(target.c_str(), &status) == 0;
    if (replaces && ::access(target.c_str(), W_OK) != 0)
        return Error(ErrorKind::NotWritable, "this file is write-protected");
    std::set<std::string> old;
    if (replaces)
        old = namesInIndex(target).valueOr(std::set<std::string>());
    const auto withPermissions = [&](const fs::path& file) {
        if (replaces)
            ::chmod(file.c_str(), status.st_mode & 07777);
    };
    for (const std::string& name : fresh) {
        withPermissions(written.parent_path() / name);
        TRY_DO(moveFile(written.parent_path() / name, target.parent_path() / name));
    }
    TRY_DO(syncFolder(target.parent_path()));
    withPermissions(written);
    TRY_DO(moveFile(written, target));
    TRY_DO(syncFolder(target.parent_path()));
    std::error_code ignored;
    for (const std::string& name : old)
        if (!fresh.contains(name) && isShardOf(name, shardBase(target)))
            fs::remove(target.parent_path() / name, ignored);
    return {};
}

} // namespace layerscope::formats
