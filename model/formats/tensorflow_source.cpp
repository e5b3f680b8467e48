#include "model/formats/tensorflow_source.h"

#include "model/formats/format.h"
#include "model/formats/object_graph.h"
#include "model/formats/saved_objects.h"

#include "proto/tensorflow.pb.h"

namespace layerscope::formats {

namespace {

bool isOptimizerKey(const std::string& key)
{
    return key.starts_with("optimizer/") || key.starts_with("model/optimizer/")
        || key.find("/.OPTIMIZER_SLOT/") != std::string::npos;
}

/// Whether the network's optimizer is the one that was read, so that each variable has its place.
bool hasPlaceOfEach(const OptimizerState& state, const TensorflowSource& source)
{
    if (state.variables.size() != source.optimizer.size() || state.variables.empty()
        || state.className != source.optimizerClass || state.dialect != source.optimizerDialect)
        return false;
    for (std::size_t i = 0; i < state.variables.size(); ++i) {
        const OptimizerVariable& variable = state.variables[i];
        const TensorflowSource::OptimizerKey& place = source.optimizer[i];
        if (variable.role != place.role || variable.slot != place.slot
            || variable.weight != place.weight)
            return false;
    }
    return true;
}

std::optional<double> configuredLearningRate(const Json& config)
{
    if (!config.is_object())
        return std::nullopt;
    if (const auto inner = config.find("inner_optimizer");
        inner != config.end() && inner->is_object() && inner->contains("config"))
        return configuredLearningRate((*inner)["config"]);
    const auto found = config.find("learning_rate");
    return found != config.end() && found->is_number() ? std::optional(found->get<double>())
                                                       : std::nullopt;
}

class Resaving
{
public:
    Resaving(const Network& network, const TensorflowSource& source, OptimizerInFile optimizer)
        : m_network(network)
        , m_source(source)
        , m_isKept(optimizer == OptimizerInFile::Keep)
        , m_isInPlace(m_isKept && network.optimizer && hasPlaceOfEach(*network.optimizer, source))
        , m_isNew(m_isKept && network.optimizer && !m_isInPlace
              && !network.optimizer->variables.empty())
    {
    }

    Result<BundleContent> run()
    {
        TRY(const auto bundle, containers::TensorBundle::open(m_source.prefix));
        if (m_isNew && (!m_source.hasObjects || !m_source.rootIsModel))
            return Error(ErrorKind::Unsupported,
                "this file has no place for the optimizer's new variables; save without the "
                "optimizer, or as .h5");
        if (m_source.weightKeys.size() != m_network.weights.size())
            return Error(ErrorKind::Unsupported,
                "the model has other weights than the file that it came from; save it as .h5");
        collectValues(bundle);
        BundleContent content;
        content.dropsOptimizerEdge = !m_isKept || m_isNew || m_isInPlace;
        const bool dropsOld = !m_isKept || m_isNew;
        for (const auto& [key, entry] : bundle.entries()) {
            if (key == objectGraphKey || (dropsOld && isOptimizerKey(key)))
                continue;
            TRY(StoredTensor value, valueOf(bundle, key, entry));
            content.values.emplace_back(key, std::move(value));
        }
        if (bundle.contains(objectGraphKey))
            TRY_DO(addObjects(bundle, content));
        return content;
    }

private:
    void collectValues(const containers::TensorBundle& bundle)
    {
        for (WeightIndex i = 0; i < m_network.weights.size(); ++i)
            for (const std::string& key : m_source.weightKeys[i])
                m_values[key] = m_network.weights[i].value;
        if (!m_isInPlace)
            return;
        const OptimizerState& state = *m_network.optimizer;
        for (std::size_t i = 0; i < state.variables.size(); ++i) {
            const bool counts = state.variables[i].role == SlotRole::Iteration && state.iterations;
            m_values[m_source.optimizer[i].key] = counts
                ? StoredTensor(Tensor::scalar<std::int64_t>(*state.iterations))
                : state.variables[i].value;
        }
        // The rate in the configuration and the one in the checkpoint are to be one; when both are
        // read, TensorFlow takes the checkpoint's.
        if (const auto rate = configuredLearningRate(state.config))
            for (const char* prefix : { "optimizer/", "model/optimizer/" })
                for (const char* name : { "_learning_rate", "learning_rate" }) {
                    const std::string key = checkpointKey(std::string(prefix) + name);
                    if (bundle.contains(key) && !m_values.contains(key))
                        m_values[key] = Tensor::scalar<float>(static_cast<float>(*rate));
                }
    }

    /// The network's value in the type that the entry has, or the source's own.
    Result<StoredTensor> valueOf(const containers::TensorBundle& bundle, const std::string& key,
        const containers::TensorBundle::Entry& entry) const
    {
        const auto found = m_values.find(key);
        if (found == m_values.end())
            return bundle.tensor(key);
        const StoredTensor& value = found->second;
        if (value.shape() != entry.shape)
            return Error(ErrorKind::ShapeMismatch,
                "the value has shape " + toString(value.shape()) + ", the file asks for "
                    + toString(entry.shape))
                .in(key);
        if (value.dtype() == entry.dtype)
            return value;
        TRY(const Tensor tensor, value.load());
        TRY(Tensor converted, tensor.converted(entry.dtype));
        return StoredTensor(std::move(converted));
    }

    /// The list of objects, unchanged, without the optimizer, or with another one.
    Result<void> addObjects(const containers::TensorBundle& bundle, BundleContent& content) const
    {
        if (m_isKept && !m_isNew) {
            TRY(StoredTensor text, bundle.tensor(objectGraphKey));
            content.values.emplace_back(objectGraphKey, std::move(text));
            return {};
        }
        TRY(std::string text, bundle.text(objectGraphKey));
        TRY(text, withoutOptimizer(text));
        if (m_isNew) {
            TRY(text, withOptimizer(text, content));
        }
        content.values.emplace_back(
            objectGraphKey, StoredTensor(Tensor::ofStrings({}, { std::move(text) })));
        return {};
    }

    /// Orphaned objects keep their numbers, and lose the keys that are not there any more.
    static Result<std::string> withoutOptimizer(const std::string& text)
    {
        tensorflow::TrackableObjectGraph message;
        if (!message.ParseFromString(text) || message.nodes_size() == 0)
            return Error(ErrorKind::Corrupt, "the checkpoint's list of objects cannot be read");
        dropOptimizerEdges(message, 0);
        const auto edges = message.nodes(0).children();
        for (const auto& child : edges)
            if (child.local_name() == "model" && child.node_id() > 0
                && child.node_id() < message.nodes_size())
                dropOptimizerEdges(message, child.node_id());
        for (auto& node : *message.mutable_nodes()) {
            if (node.attributes_size() > 0 && isOptimizerKey(node.attributes(0).checkpoint_key()))
                node.clear_attributes();
            node.clear_slot_variables();
        }
        return message.SerializeAsString();
    }

    static void dropOptimizerEdges(tensorflow::TrackableObjectGraph& message, int node)
    {
        auto& children = *message.mutable_nodes(node)->mutable_children();
        for (int i = children.size(); i-- > 0;)
            if (children.Get(i).local_name() == "optimizer")
                children.DeleteSubrange(i, 1);
    }

    Result<std::string> withOptimizer(const std::string& text, BundleContent& content) const
    {
        tensorflow::TrackableObjectGraph message;
        if (!message.ParseFromString(text))
            return Error(ErrorKind::Corrupt, "the checkpoint's list of objects cannot be read");
        const auto count = static_cast<std::size_t>(message.nodes_size());
        std::vector<TrackedNode> nodes(count);
        for (std::size_t i = 0; i < m_source.weightObjects.size(); ++i)
            if (m_source.weightObjects[i] < count)
                nodes[m_source.weightObjects[i]].key = m_source.weightKeys[i].front();
        appendOptimizer(nodes, 0, m_network, m_source.weightObjects);
        for (std::size_t i = count; i < nodes.size(); ++i)
            if (nodes[i].isVariable)
                content.values.emplace_back(nodes[i].key, nodes[i].value);
        return extendedCheckpointGraph(text, nodes, nodes.size() - count);
    }

    const Network& m_network;
    const TensorflowSource& m_source;
    bool m_isKept;
    bool m_isInPlace; ///< the file has a place for each of the optimizer's variables
    bool m_isNew; ///< it has none
    std::map<std::string, StoredTensor> m_values; ///< that are not the source's, by key
};

} // namespace

const TensorflowSource* tensorflowSource(const Network& network)
{
    const auto* source = std::any_cast<std::shared_ptr<const TensorflowSource>>(&network.carried);
    return source == nullptr
            || (network.file.format != "savedmodel" && network.file.format != "checkpoint")
        ? nullptr
        : source->get();
}

Result<BundleContent> resavedContent(
    const Network& network, const TensorflowSource& source, OptimizerInFile optimizer)
{
    return Resaving(network, source, optimizer).run();
}

} // namespace layerscope::formats
