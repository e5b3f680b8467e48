#include "model/formats/format.h"
#include "model/formats/saved_model_reader.h"
#include "model/formats/saved_model_writer.h"

#include <array>
#include <fstream>

// A SavedModel is a folder:
//
//     saved_model.pb          graph, signatures, and the objects that Python tracked
//     keras_metadata.pb       what Keras 2.5 and later says about those objects
//     variables/variables     a tensor bundle with every value, the optimizer's included
//     assets/                 vocabularies
//
// Nothing of the graph is executed.

namespace layerscope::formats {

namespace {

/// The folder that `path` means: the folder itself, or any of the files in it.
std::filesystem::path savedModelFolder(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        if (path.filename() == "variables"
            && std::filesystem::exists(path.parent_path() / "saved_model.pb", ignored))
            return path.parent_path();
        return path;
    }
    if (path.filename() == "saved_model.pb" || path.filename() == "saved_model.pbtxt"
        || path.filename() == "keras_metadata.pb" || path.filename() == "fingerprint.pb")
        return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    if (path.parent_path().filename() == "variables")
        return path.parent_path().parent_path();
    return {};
}

Recognition recogniseSavedModel(const std::filesystem::path& path)
{
    std::error_code ignored;
    const auto folder = savedModelFolder(path);
    if (folder.empty())
        return Recognition::No;
    if (std::filesystem::is_regular_file(folder / "saved_model.pb", ignored))
        return Recognition::Yes;
    return std::filesystem::is_regular_file(folder / "saved_model.pbtxt", ignored)
        ? Recognition::Maybe
        : Recognition::No;
}

Result<Network> readSavedModel(const std::filesystem::path& path, const JobContext&)
{
    const auto folder = savedModelFolder(path);
    std::error_code ignored;
    if (!std::filesystem::exists(folder / "saved_model.pb", ignored))
        return Error(ErrorKind::Unsupported,
            "this SavedModel is in text form (saved_model.pbtxt), which Layerscope cannot read; "
            "load it in TensorFlow and save it again, which gives saved_model.pb");
    auto opened = openObjectGraph(folder / "variables" / "variables");
    if (!opened)
        opened = openObjectsWithoutValues(folder, opened.error());
    TRY(auto graph, std::move(opened));
    TRY(const SavedModelFacts facts, describeObjects(folder, graph));

    Network network;
    if (facts.hasKerasMetadata && graph[0].metadata.is_object()) {
        TRY(network, readKerasObjects(graph, graph[0].metadata));
    } else {
        network = readVariablesOnly(graph);
        network.model.name = folder.filename().string();
        network.model.className = "SavedModel";
        network.functions = facts.functions;
        network.problems.push_back({ Severity::Note, "saved_model.pb",
            "This SavedModel holds an inference graph: variables, signatures and the ops that they "
            "run, but no Keras layers, training set-up or optimizer.",
            "The ops can be looked at, and weights changed and exported. To train on, open the "
            ".keras or .h5 file of the same model." });
    }
    for (Problem& problem : graph.problems)
        network.problems.push_back(std::move(problem));
    for (const std::string& oddity : graph.bundle.oddities())
        network.problems.push_back({ Severity::Warning, "variables/variables.index", oddity,
            "TensorFlow may read other values than are shown." });
    network.history = readStoredHistory(folder);
    network.file.path = folder;
    network.file.format = "savedmodel";
    network.file.bytes = graph.bundle.totalBytes() + facts.bytes;
    network.file.tensorflowVersion = facts.tensorflowVersion;
    return network;
}

/// The checksums of all values, which opening does not read.
std::vector<Problem> verifySavedModel(const Network& network, const JobContext& job)
{
    std::vector<Problem> problems;
    const auto bundle
        = containers::TensorBundle::open(network.file.path / "variables" / "variables");
    if (!bundle)
        return problems; // said on opening
    for (const std::string& key : bundle->keysWithWrongChecksum(job))
        problems.push_back({ Severity::Error, key,
            "The values do not fit their checksum: they were changed or damaged after they were "
            "saved.",
            "TensorFlow refuses them. The other arrays are sound." });
    return problems;
}

constexpr std::array<std::string_view, 1> savedModelNames{ "savedmodel" };
constexpr std::array<std::string_view, 1> savedModelPatterns{ "saved_model.pb" };

} // namespace

extern const ModelFormat saved_model;
const ModelFormat saved_model{
    .title = WORDS("formats", "TensorFlow SavedModel"),
    .names = savedModelNames,
    .patterns = savedModelPatterns,
    .recognise = recogniseSavedModel,
    .read = readSavedModel,
    .write = writeSavedModel,
    .remarks = savedModelRemarks,
    .isFolder = true,
    .verify = verifySavedModel,
};

} // namespace layerscope::formats
