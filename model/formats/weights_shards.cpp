#include "model/formats/weights_shards.h"

#include <set>

// Keras 3 weights that are split over several files: NAME.weights.json says which groups lie in
// NAME_00000.weights.h5, NAME_00001.weights.h5 … beside it.

namespace layerscope::formats {

namespace fs = std::filesystem;
using containers::MappedFile;

namespace {

constexpr std::array<std::string_view, 1> weightsShardsNames{ "weights.json" };
constexpr std::array<std::string_view, 1> weightsShardsPatterns{ "*.weights.json" };
constexpr std::size_t mostShards = 10000;

Recognition recogniseWeightsShards(const fs::path& path)
{
    if (path.extension() != shardIndexSuffix)
        return Recognition::No;
    const auto text = containers::textOfFile(path, longestShardIndex);
    return text && text->find("\"weight_map\"") != std::string::npos ? Recognition::Yes
                                                                     : Recognition::No;
}

/// Ours: the loss history, which Keras passes over.
void readShardHistory(const Json& index, Network& network)
{
    const auto metadata = index.find("metadata");
    if (metadata != index.end() && metadata->is_object() && metadata->contains(v3HistoryAttribute))
        network.history = (*metadata)[v3HistoryAttribute];
}

Result<Network> readWeightsShards(const fs::path& path, const JobContext& job)
{
    TRY(std::string text, containers::textOfFile(path, longestShardIndex));
    TRY(const Json index, parseJson(text));
    TRY(const auto names, shardNames(index));
    Network network;
    network.file.path = path;
    network.file.bytes = text.size();
    network.file.weightsOnly = true;
    network.generation = KerasGeneration::Keras3;
    readShardHistory(index, network);
    network.model.kind = LayerKind::Subclassed;
    auto carried = std::make_shared<V3Carried>();
    for (const std::string& name : names) {
        auto file = MappedFile::open(path.parent_path() / name);
        if (!file) {
            network.problems.push_back({ Severity::Error, name,
                "A part of the weights is missing: " + file.error().message() + ".",
                "Put the file beside the .weights.json." });
            continue;
        }
        network.file.bytes += (*file)->size();
        carried->files.push_back({ *std::move(file), name });
    }
    if (carried->files.empty())
        return Error(ErrorKind::NotFound,
            "none of the files with the weights is here"
                + (names.empty() ? std::string() : "; the first is " + names.front()));
    TRY(carried->root, readV3Groups(carried->files, network.problems, job));
    readV3Weights(network, *carried);
    network.file.format = weightsShardsNames[0];
    carried->format = network.file.format;
    carried->shards = std::move(text);
    network.carried = std::shared_ptr<const V3Carried>(std::move(carried));
    return network;
}

} // namespace

Result<std::vector<std::string>> shardNames(const Json& index)
{
    const auto map = index.is_object() ? index.find("weight_map") : index.end();
    if (!index.is_object() || map == index.end() || !map->is_object())
        return Error(ErrorKind::Corrupt, "it has no list of the files that hold the weights");
    std::set<std::string> names;
    const auto add = [&](const Json& name) -> Result<void> {
        if (!name.is_string())
            return Error(ErrorKind::Corrupt, "the name of a file is not a text");
        const auto& text = name.get_ref<const std::string&>();
        if (text.empty() || text.find('/') != std::string::npos
            || text.find('\\') != std::string::npos || text.find('\0') != std::string::npos
            || text == "..")
            return Error(
                ErrorKind::Corrupt, "it names a file in another folder, which is not read");
        names.insert(text);
        return names.size() <= mostShards
            ? Result<void>()
            : Error(ErrorKind::Corrupt, "it names far too many files");
    };
    for (const auto& [group, files] : map->items()) {
        if (!files.is_array()) {
            TRY_DO(add(files));
            continue;
        }
        for (const Json& file : files)
            TRY_DO(add(file));
    }
    return std::vector<std::string>(names.begin(), names.end());
}

extern const ModelFormat weights_shards;
const ModelFormat weights_shards{
    .title = WORDS("formats", "Keras weights in several files"),
    .names = weightsShardsNames,
    .patterns = weightsShardsPatterns,
    .recognise = recogniseWeightsShards,
    .read = readWeightsShards,
    .write = writeWeightsShards,
    .remarks = v3Remarks,
    .places = v3Places,
    .takePlace = placeWeightsShards,
};

} // namespace layerscope::formats
