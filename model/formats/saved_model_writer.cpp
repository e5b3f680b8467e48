#include "model/formats/saved_model_writer.h"

#include "model/containers/mapped_file.h"
#include "model/containers/system_failure.h"
#include "model/containers/tensor_bundle.h"
#include "model/crossing/tf_keras.h"
#include "model/formats/keras_h5_stream.h"
#include "model/formats/object_graph.h"
#include "model/formats/saved_objects.h"
#include "model/formats/tensorflow_source.h"

#include <fstream>

#include "proto/tensorflow.pb.h"

namespace layerscope::formats {

namespace fs = std::filesystem;

namespace {

constexpr const char* historyFile = "training_history.json";
constexpr const char* withoutSignature
    = "The SavedModel has no signature: Keras 2 loads it whole, but programs that call signatures "
      "(TensorFlow Serving, TFSMLayer of Keras 3) find none. The reason: ";

Result<void> writeText(const fs::path& path, const std::string& text)
{
    std::error_code ignored;
    fs::remove(path, ignored); // a copy of a file that was write-protected is so, too
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    return file ? Result<void>() : containers::writeError(path);
}

/// Everything but what is written anew: the values, and the fingerprint, which would not be true
/// any more.
Result<void> copyRest(const fs::path& source, const fs::path& target, const JobContext& job)
{
    std::error_code failed;
    fs::create_directories(target / "variables", failed);
    for (fs::recursive_directory_iterator entry(source, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        const fs::path name = entry->path().lexically_relative(source);
        if (*name.begin() == "variables" || name == "fingerprint.pb" || name == historyFile)
            continue;
        std::error_code notMade; // going on to the next entry would clear the other one
        if (entry->is_symlink(notMade)) {
            fs::copy_symlink(entry->path(), target / name, notMade);
        } else if (entry->is_directory(notMade)) {
            fs::create_directories(target / name, notMade);
        } else {
            TRY(const auto file, containers::MappedFile::open(entry->path()));
            TRY_DO(copyPatched(*file, target / name, {}, job));
        }
        if (notMade)
            return Error(ErrorKind::NotWritable,
                containers::writeFailure(notMade.value(), target.parent_path()));
    }
    return failed ? Result<void>(Error(ErrorKind::NotWritable,
               containers::writeFailure(failed.value(), target.parent_path())))
                  : Result<void>();
}

/// saved_model.pb without the root's edge to the optimizer. Node numbers stay.
Result<void> dropOptimizerEdge(const fs::path& file)
{
    TRY(const std::string text, containers::textOfFile(file, longestMessage));
    tensorflow::SavedModel message;
    if (!message.ParseFromString(text))
        return Error(ErrorKind::Corrupt, "saved_model.pb cannot be read");
    bool changed = false;
    for (auto& meta : *message.mutable_meta_graphs()) {
        if (meta.object_graph_def().nodes_size() == 0)
            continue;
        auto& children = *meta.mutable_object_graph_def()->mutable_nodes(0)->mutable_children();
        for (int i = children.size(); i-- > 0;)
            if (children.Get(i).local_name() == "optimizer") {
                children.DeleteSubrange(i, 1);
                changed = true;
            }
    }
    return changed ? writeText(file, message.SerializeAsString()) : Result<void>();
}

/// Whether what is said about the layers is to be in words that 2.15 knows, as the architecture is.
bool isInPlainWords(const Network& network)
{
    Json architecture = network.architecture.value();
    return !crossing::dropTfKerasWords(architecture);
}

/// What Keras is told about an object, about the root with the network's training set-up; nothing
/// where that changes nothing.
Result<std::optional<std::string>> changedMetadata(
    const std::string& metadata, const Network& network, bool isRoot, bool isPlain)
{
    auto parsed = parseJson(metadata);
    if (!parsed)
        return isRoot && network.training ? Result<std::optional<std::string>>(parsed.error())
                                          : std::optional<std::string>();
    bool changed = isPlain && crossing::dropTfKerasWords(*parsed);
    if (isRoot && network.training && parsed->is_object()
        && parsed->value("training_config", Json()) != network.training->source.value()) {
        (*parsed)["training_config"] = network.training->source.value();
        changed = true;
    }
    return changed ? std::optional(dumpJson(*parsed)) : std::optional<std::string>();
}

/// Replaces the metadata of one node, a message of either file. True where it changed.
Result<bool> updateNode(auto& node, const Network& network, bool isRoot, bool isPlain)
{
    if (node.metadata().empty())
        return false;
    TRY(auto changed, changedMetadata(node.metadata(), network, isRoot, isPlain));
    if (changed)
        node.set_metadata(*std::move(changed));
    return changed.has_value();
}

/// keras_metadata.pb, or before TensorFlow 2.5 the objects of saved_model.pb.
Result<void> updateMetadata(const fs::path& folder, const Network& network)
{
    const bool isPlain = isInPlainWords(network);
    bool changed = false;
    if (const auto text = containers::textOfFile(folder / "keras_metadata.pb", longestMessage)) {
        tensorflow::SavedMetadata message;
        if (!message.ParseFromString(*text))
            return Error(ErrorKind::Corrupt, "keras_metadata.pb cannot be read");
        for (auto& node : *message.mutable_nodes()) {
            TRY(const bool one, updateNode(node, network, node.node_id() == 0, isPlain));
            changed = changed || one;
        }
        return changed ? writeText(folder / "keras_metadata.pb", message.SerializeAsString())
                       : Result<void>();
    }
    TRY(const std::string text, containers::textOfFile(folder / "saved_model.pb", longestMessage));
    tensorflow::SavedModel message;
    if (!message.ParseFromString(text))
        return Error(ErrorKind::Corrupt, "saved_model.pb cannot be read");
    for (auto& meta : *message.mutable_meta_graphs())
        for (int i = 0; i < meta.object_graph_def().nodes_size(); ++i) {
            auto* node = meta.mutable_object_graph_def()->mutable_nodes(i);
            if (!node->has_user_object())
                continue;
            TRY(const bool one, updateNode(*node->mutable_user_object(), network, i == 0, isPlain));
            changed = changed || one;
        }
    return changed ? writeText(folder / "saved_model.pb", message.SerializeAsString())
                   : Result<void>();
}

Result<void> writeHistory(const fs::path& folder, const Network& network)
{
    return network.history.is_null() ? Result<void>()
                                     : writeText(folder / historyFile, dumpJson(network.history));
}

/// A copy of the folder that the network came from, with the network's values.
Result<void> resave(const Network& network, const TensorflowSource& source, const fs::path& path,
    const WriteOptions& options, const JobContext& job)
{
    TRY(auto content, resavedContent(network, source, options.optimizer));
    TRY_DO(copyRest(network.file.path, path, job));
    if (content.dropsOptimizerEdge)
        TRY_DO(dropOptimizerEdge(path / "saved_model.pb"));
    TRY_DO(updateMetadata(path, network));
    TRY_DO(writeHistory(path, network));
    return containers::writeTensorBundle(
        path / "variables" / "variables", std::move(content.values), job);
}

Result<void> writeNew(const Network& network, const fs::path& path, const WriteOptions& options,
    const JobContext& job)
{
    if (network.generation == KerasGeneration::Keras3)
        return Error(ErrorKind::Unsupported,
            "only Keras 2 can load a SavedModel, and this model is in the dialect of Keras 3");
    const auto serving = options.knowledge.serving
        ? options.knowledge.serving(network)
        : Result<ServingFunction>(Error(ErrorKind::Unsupported, ""));
    TRY(const TrackedTree tree,
        trackedTree(network, options, serving ? Signature::Serving : Signature::None));
    std::error_code failed;
    fs::create_directories(path / "variables", failed);
    if (failed)
        return containers::writeError(path);
    TRY_DO(
        writeText(path / "saved_model.pb", savedModelMessage(tree, serving ? &*serving : nullptr)));
    TRY_DO(writeText(path / "keras_metadata.pb", kerasMetadata(tree)));
    TRY_DO(writeHistory(path, network));
    return containers::writeTensorBundle(
        path / "variables" / "variables", checkpointValues(tree, checkpointGraph(tree)), job);
}

bool isSavedModel(const Network& network)
{
    return tensorflowSource(network) != nullptr && network.file.format == "savedmodel";
}

} // namespace

Result<void> writeSavedModel(const Network& network, const fs::path& path,
    const WriteOptions& options, const JobContext& job)
{
    if (isSavedModel(network))
        return resave(network, *tensorflowSource(network), path, options, job);
    return writeNew(network, path, options, job);
}

std::vector<std::string> savedModelRemarks(const Network& network, const WriteOptions& options)
{
    std::vector<std::string> remarks;
    if (!isSavedModel(network)) {
        const auto serving = options.knowledge.serving
            ? options.knowledge.serving(network)
            : Result<ServingFunction>(
                Error(ErrorKind::Unsupported, "its layers are not known here"));
        if (!serving)
            remarks.push_back(std::string(withoutSignature).append(serving.error().sentence()));
        if (const auto tree = trackedTree(network, options))
            for (const std::string& layer : tree->withoutShape)
                remarks.push_back(std::string("The shape that goes into the layer '")
                                      .append(layer)
                                      .append("' is not known: Keras may fail to build it."));
    }
    if (options.optimizer == OptimizerInFile::Keep && network.optimizer && network.training)
        remarks.push_back(
            "Keras's load_model restores the optimizer of this SavedModel; after "
            "load_model(compile=False) the first optimizer that is compiled in receives it.");
    return remarks;
}

Json readStoredHistory(const fs::path& folder)
{
    const auto text = containers::textOfFile(folder / historyFile, longestMessage);
    return text ? parseJson(*text).valueOr(Json()) : Json();
}

} // namespace layerscope::formats
