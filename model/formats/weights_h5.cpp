#include "model/formats/keras_v3_writer.h"

// Weights alone in the v3 layout (.weights.h5) of Keras 2.12 to 3, with or without an optimizer.

namespace layerscope::formats {

using containers::Hdf5File;
using containers::MappedFile;

namespace {

constexpr std::array<std::string_view, 2> weightsH5Names{ "weights.h5", "weights.h5-keras2" };
constexpr std::array<std::string_view, 1> weightsH5Patterns{ "*.weights.h5" };

bool isV3(const containers::Hdf5Group& root)
{
    if (root.hasAttribute("model_config") || root.hasNameList("layer_names"))
        return false;
    for (const std::string_view group : { v3LayersGroup, v3LayersGroup212, v3VariablesGroup })
        if (root.has(group))
            return true;
    return root.has("optimizer/vars");
}

Recognition recogniseWeightsH5(const std::filesystem::path& path)
{
    const auto file = MappedFile::open(path);
    if (!file || !containers::findHdf5Signature((*file)->bytes()))
        return Recognition::No;
    const auto hdf5 = Hdf5File::open(**file);
    const auto root = hdf5 ? hdf5->root() : Result<containers::Hdf5Group>(hdf5.error());
    return root && isV3(*root) ? Recognition::Yes : Recognition::No;
}

void readHistory(Network& network, V3Carried& carried)
{
    const auto file = Hdf5File::open(*carried.files[0].mapped);
    const auto root = file ? file->root() : Result<containers::Hdf5Group>(file.error());
    if (!root || !root->hasAttribute(v3HistoryAttribute))
        return;
    const auto text = root->text(v3HistoryAttribute);
    auto parsed = text ? parseJson(*text) : Result<Json>(text.error());
    if (!parsed) {
        network.problems.push_back(
            { Severity::Warning, v3HistoryAttribute, parsed.error().message() + ".",
                "The loss history is lost; everything else is sound." });
        return;
    }
    carried.history = *text;
    network.history = *std::move(parsed);
}

Result<Network> readWeightsH5(const std::filesystem::path& path, const JobContext& job)
{
    TRY(auto mapped, MappedFile::open(path));
    Network network;
    network.file.path = path;
    network.file.bytes = mapped->size();
    network.file.weightsOnly = true;
    network.model.kind = LayerKind::Subclassed;
    if (mapped->isBeingWritten())
        network.problems.push_back({ Severity::Warning, "/",
            "Another program has this file open for writing; what is shown may change.",
            "Open it again when that program is done." });
    auto carried = std::make_shared<V3Carried>();
    carried->files.push_back({ std::move(mapped), {} });
    TRY(carried->root, readV3Groups(carried->files, network.problems, job));
    network.generation = generationOfGroups(carried->root);
    readV3Weights(network, *carried);
    readHistory(network, *carried);
    network.file.format
        = network.generation == KerasGeneration::Keras3 ? weightsH5Names[0] : weightsH5Names[1];
    carried->format = network.file.format;
    network.carried = std::shared_ptr<const V3Carried>(std::move(carried));
    return network;
}

/// The loss history, an attribute of the root that every Keras ignores.
Result<void> writeHistory(const Network& network, const std::filesystem::path& path)
{
    const V3Carried* const carried = carriedV3(network);
    const std::string before
        = carried != nullptr && carried->config.empty() ? carried->history : std::string();
    const auto history = parseJson(before);
    if (network.history.is_null() ? before.empty() : history && *history == network.history)
        return {};
    TRY(Hdf5File file, Hdf5File::edit(path));
    {
        TRY(auto root, file.root());
        if (!network.history.is_null())
            TRY_DO(root.setText(v3HistoryAttribute, dumpJson(network.history)));
        else if (root.hasAttribute(v3HistoryAttribute) && history)
            TRY_DO(root.removeAttribute(v3HistoryAttribute));
    }
    return file.close();
}

Result<void> writeWeightsH5(const Network& network, const std::filesystem::path& path,
    const WriteOptions& options, const JobContext& job)
{
    if (auto error = v3Refusal(network, options.format))
        return *std::move(error);
    TRY_DO(writeV3File(network, options.optimizer, path, job));
    return writeHistory(network, path);
}

} // namespace

extern const ModelFormat weights_h5;
const ModelFormat weights_h5{
    .title = WORDS("formats", "Keras weights"),
    .names = weightsH5Names,
    .patterns = weightsH5Patterns,
    .recognise = recogniseWeightsH5,
    .read = readWeightsH5,
    .write = writeWeightsH5,
    .remarks = v3Remarks,
    .places = v3Places,
};

} // namespace layerscope::formats
