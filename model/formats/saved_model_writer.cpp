#include "model/formats/saved_model_writer.h"

#include "model/containers/atomic_file.h"
#include "model/containers/tensor_bundle.h"
#include "model/formats/saved_model_source.h"

#include <fstream>
#include <sstream>

#include "proto/tensorflow.pb.h"

namespace layerscope::formats {

namespace fs = std::filesystem;

namespace {

constexpr const char* graphKey = "_CHECKPOINTABLE_OBJECT_GRAPH";
constexpr const char* historyFile = "training_history.json";

Result<std::string> readText(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file)
        return Error(ErrorKind::NotReadable, path.string() + " cannot be read any more");
    return std::move(text).str();
}

Result<void> writeText(const fs::path& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    return file ? Result<void>() : containers::writeError(path);
}

/// Everything but what is written anew: the values, and the fingerprint, which would not be true
/// any more.
Result<void> copyRest(const fs::path& source, const fs::path& target)
{
    std::error_code failed;
    fs::create_directories(target / "variables", failed);
    for (fs::directory_iterator entry(source, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        const auto name = entry->path().filename();
        if (name == "variables" || name == "fingerprint.pb" || name == historyFile)
            continue;
        fs::copy(entry->path(), target / name,
            fs::copy_options::recursive | fs::copy_options::copy_symlinks, failed);
    }
    return failed ? containers::writeError(target) : Result<void>();
}

bool isOptimizerKey(const std::string& key)
{
    return key.starts_with("optimizer/") || key.find("/.OPTIMIZER_SLOT/") != std::string::npos;
}

template<class Node> void dropChild(Node& node, std::string_view name)
{
    auto& children = *node.mutable_children();
    for (int i = children.size(); i-- > 0;)
        if (children.Get(i).local_name() == name)
            children.DeleteSubrange(i, 1);
}

/// saved_model.pb without the root's edge to the optimizer. Node numbers stay.
Result<void> dropOptimizerEdge(const fs::path& file)
{
    TRY(const std::string text, readText(file));
    tensorflow::SavedModel message;
    if (!message.ParseFromString(text))
        return Error(ErrorKind::Corrupt, "saved_model.pb cannot be read");
    for (auto& meta : *message.mutable_meta_graphs())
        if (meta.object_graph_def().nodes_size() > 0)
            dropChild(*meta.mutable_object_graph_def()->mutable_nodes(0), "optimizer");
    return writeText(file, message.SerializeAsString());
}

/// keras_metadata.pb with the network's training set-up in the root's JSON, where that has changed.
Result<void> updateTrainingConfig(const fs::path& file, const Network& network)
{
    auto text = readText(file);
    if (!text || !network.training)
        return {};
    tensorflow::SavedMetadata message;
    if (!message.ParseFromString(*text))
        return Error(ErrorKind::Corrupt, "keras_metadata.pb cannot be read");
    for (auto& node : *message.mutable_nodes()) {
        if (node.node_id() != 0)
            continue;
        TRY(Json metadata, parseJson(node.metadata()));
        if (!metadata.is_object()
            || metadata.value("training_config", Json()) == network.training->source.value())
            return {};
        metadata["training_config"] = network.training->source.value();
        node.set_metadata(dumpJson(metadata));
    }
    return writeText(file, message.SerializeAsString());
}

/// The object graph string of a checkpoint without its optimizer: orphaned nodes keep their
/// numbers.
Result<std::string> withoutOptimizer(const std::string& text)
{
    tensorflow::TrackableObjectGraph message;
    if (!message.ParseFromString(text) || message.nodes_size() == 0)
        return Error(ErrorKind::Corrupt, "the checkpoint's list of objects cannot be read");
    dropChild(*message.mutable_nodes(0), "optimizer");
    for (auto& node : *message.mutable_nodes())
        if (node.attributes_size() > 0 && isOptimizerKey(node.attributes(0).checkpoint_key()))
            node.clear_attributes();
    return message.SerializeAsString();
}

/// The learning rate in the configuration, where it is a plain number.
std::optional<double> configuredLearningRate(const Network& network)
{
    if (!network.optimizer)
        return std::nullopt;
    const Json& config = network.optimizer->config;
    const auto found = config.is_object() ? config.find("learning_rate") : config.end();
    return config.is_object() && found != config.end() && found->is_number()
        ? std::optional(found->get<double>())
        : std::nullopt;
}

/// What the checkpoint is to hold: the source's values with the network's in their places.
class BundleContent
{
public:
    using List = std::vector<std::pair<std::string, StoredTensor>>;

    BundleContent(const Network& network, const SavedModelSource& source, bool keepOptimizer)
        : m_network(network)
        , m_source(source)
        , m_keepOptimizer(keepOptimizer)
    {
    }

    Result<List> collect(const containers::TensorBundle& bundle)
    {
        std::map<std::string, StoredTensor> replaced;
        for (WeightIndex i = 0; i < m_network.weights.size(); ++i)
            replaced[m_source.weightKeys[i]] = m_network.weights[i].value;
        if (m_keepOptimizer && m_network.optimizer)
            takeOptimizer(replaced);
        List list;
        for (const auto& [key, entry] : bundle.entries()) {
            if (!m_keepOptimizer && isOptimizerKey(key))
                continue;
            if (const auto found = replaced.find(key); found != replaced.end()) {
                TRY(StoredTensor value, matching(key, found->second, entry));
                list.emplace_back(key, std::move(value));
            } else {
                TRY(StoredTensor value, kept(bundle, key));
                list.emplace_back(key, std::move(value));
            }
        }
        return list;
    }

private:
    void takeOptimizer(std::map<std::string, StoredTensor>& replaced) const
    {
        const OptimizerState& state = *m_network.optimizer;
        for (std::size_t i = 0; i < state.variables.size(); ++i) {
            const bool counts = state.variables[i].role == SlotRole::Iteration && state.iterations;
            replaced[m_source.variableKeys[i]] = counts
                ? StoredTensor(Tensor::scalar<std::int64_t>(*state.iterations))
                : state.variables[i].value;
        }
        if (const auto rate = configuredLearningRate(m_network))
            for (const char* name : { "_learning_rate", "learning_rate" })
                replaced[std::string("optimizer/") + name + "/.ATTRIBUTES/VARIABLE_VALUE"]
                    = Tensor::scalar<float>(static_cast<float>(*rate));
    }

    /// `value` in the type that the entry has; its shape may not change.
    static Result<StoredTensor> matching(const std::string& key, const StoredTensor& value,
        const containers::TensorBundle::Entry& entry)
    {
        if (value.shape() != entry.shape)
            return Error(ErrorKind::ShapeMismatch,
                "the value has shape " + toString(value.shape()) + ", the SavedModel asks for "
                    + toString(entry.shape))
                .in(key);
        if (value.dtype() == entry.dtype)
            return value;
        TRY(const Tensor tensor, value.load());
        TRY(Tensor converted, tensor.converted(entry.dtype));
        return StoredTensor(std::move(converted));
    }

    Result<StoredTensor> kept(const containers::TensorBundle& bundle, const std::string& key) const
    {
        if (key != graphKey || m_keepOptimizer)
            return bundle.tensor(key);
        TRY(const std::string text, bundle.text(key));
        TRY(std::string changed, withoutOptimizer(text));
        return StoredTensor(Tensor::ofStrings({}, { std::move(changed) }));
    }

    const Network& m_network;
    const SavedModelSource& m_source;
    bool m_keepOptimizer;
};

Result<std::shared_ptr<const SavedModelSource>> sourceOf(const Network& network)
{
    const auto* source = std::any_cast<std::shared_ptr<const SavedModelSource>>(&network.carried);
    if (source == nullptr || network.file.format != "savedmodel")
        return Error(ErrorKind::Unsupported,
            "a SavedModel can only be written from one that was opened: this model came from "
            "another "
            "format; save it as .h5");
    const std::size_t variables = network.optimizer ? network.optimizer->variables.size() : 0;
    if ((*source)->weightKeys.size() != network.weights.size()
        || (network.optimizer && (*source)->variableKeys.size() != variables))
        return Error(ErrorKind::Unsupported,
            "this SavedModel has no place for the optimizer's new variables; save without the "
            "optimizer, "
            "or as .h5");
    return *source;
}

} // namespace

Result<void> writeSavedModel(const Network& network, const fs::path& path,
    const WriteOptions& options, const JobContext& job)
{
    TRY(const auto source, sourceOf(network));
    const fs::path folder = network.file.path;
    TRY(const auto bundle, containers::TensorBundle::open(folder / "variables" / "variables"));
    const bool keepOptimizer = options.optimizer == OptimizerInFile::Keep;
    TRY(auto content, BundleContent(network, *source, keepOptimizer).collect(bundle));

    TRY_DO(copyRest(folder, path));
    if (!keepOptimizer || network.training)
        TRY_DO(dropOptimizerEdge(path / "saved_model.pb"));
    TRY_DO(updateTrainingConfig(path / "keras_metadata.pb", network));
    if (!network.history.is_null())
        TRY_DO(writeText(path / historyFile, dumpJson(network.history)));
    return containers::writeTensorBundle(path / "variables" / "variables", std::move(content), job);
}

std::vector<std::string> savedModelRemarks(const Network& network, const WriteOptions& options)
{
    if (options.optimizer == OptimizerInFile::Keep && network.optimizer && network.training)
        return { "Keras's load_model restores the optimizer of this SavedModel; after "
                 "load_model(compile=False) the first optimizer that is compiled in receives it." };
    return {};
}

Json readStoredHistory(const fs::path& folder)
{
    const auto text = readText(folder / historyFile);
    return text ? parseJson(*text).valueOr(Json()) : Json();
}

} // namespace layerscope::formats
