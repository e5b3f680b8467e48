#include "model/formats/checkpoint_writer.h"
#include "model/formats/saved_model_reader.h"

#include <array>
#include <fstream>

// A TensorFlow checkpoint: PREFIX.index and PREFIX.data-*, beside them often a text file
// `checkpoint` that names the newest prefix. Keras 2 writes one for save_weights(save_format="tf"),
// both Keras for tf.train.Checkpoint. It holds values and the names of Python's attributes, no
// architecture.

namespace layerscope::formats {

namespace {

/// The newest prefix that the text file `checkpoint` in `folder` names: model_checkpoint_path:
/// "ck-1".
std::filesystem::path newestPrefix(const std::filesystem::path& folder)
{
    std::ifstream file(folder / "checkpoint");
    std::string line;
    for (int i = 0; i < 1000 && std::getline(file, line); ++i) {
        constexpr std::string_view key = "model_checkpoint_path: \"";
        if (!line.starts_with(key))
            continue;
        const auto end = line.rfind('"');
        if (end < key.size())
            return {};
        // Only a name in this very folder: a path from a file must not lead elsewhere.
        const std::filesystem::path name = line.substr(key.size(), end - key.size());
        return folder / name.filename();
    }
    return {};
}

/// The prefix that `path` means: itself, an .index or .data file, or a folder with a `checkpoint`
/// file.
std::filesystem::path prefixOf(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return newestPrefix(path);
    const std::string text = path.string();
    if (text.ends_with(".index"))
        return text.substr(0, text.size() - 6);
    if (const auto data = text.rfind(".data-"); data != std::string::npos)
        return text.substr(0, data);
    if (path.filename() == "checkpoint")
        return newestPrefix(path.parent_path());
    return path;
}

Recognition recogniseCheckpoint(const std::filesystem::path& path)
{
    const auto prefix = prefixOf(path);
    // The bundle inside a SavedModel is one too; the SavedModel around it says more.
    return !prefix.empty() && containers::TensorBundle::isAt(prefix) ? Recognition::Maybe
                                                                     : Recognition::No;
}

Result<Network> readCheckpoint(const std::filesystem::path& path, const JobContext&)
{
    const auto prefix = prefixOf(path);
    TRY(const auto graph, openObjectGraph(prefix));
    Network network = readVariablesOnly(graph);
    network.model.name = prefix.filename().string();
    network.model.className = "Checkpoint";
    network.file.path = prefix;
    network.file.format = "checkpoint";
    network.file.bytes = graph.bundle.totalBytes();
    return network;
}

constexpr std::array<std::string_view, 1> checkpointNames{ "checkpoint" };
constexpr std::array<std::string_view, 1> checkpointPatterns{ "*.index" };

} // namespace

extern const ModelFormat checkpoint;
const ModelFormat checkpoint{ .title = WORDS("formats", "TensorFlow checkpoint"),
    .names = checkpointNames,
    .patterns = checkpointPatterns,
    .recognise = recogniseCheckpoint,
    .read = readCheckpoint,
    .write = writeCheckpoint,
    .takePlace = placeCheckpoint,
    .compare = compareCheckpoint };

} // namespace layerscope::formats
