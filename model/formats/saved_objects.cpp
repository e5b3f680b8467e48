#include "model/formats/saved_objects.h"

#include "model/containers/tensor_bundle.h"
#include "model/formats/object_graph.h"
#include "model/formats/serving_graph.h"

#include "proto/tensorflow.pb.h"

namespace layerscope::formats {

namespace {

void fillTracked(const TrackedNode& node, tensorflow::TrackableObjectGraph::TrackableObject& object)
{
    for (const auto& [name, child] : node.children) {
        auto* reference = object.add_children();
        reference->set_local_name(name);
        reference->set_node_id(static_cast<std::int32_t>(child));
    }
    for (const TrackedNode::Slot& slot : node.slotVariables) {
        auto* reference = object.add_slot_variables();
        reference->set_original_variable_node_id(static_cast<std::int32_t>(slot.variable));
        reference->set_slot_name(slot.name);
        reference->set_slot_variable_node_id(static_cast<std::int32_t>(slot.value));
    }
    if (!node.isVariable)
        return;
    auto* attribute = object.add_attributes();
    attribute->set_name("VARIABLE_VALUE");
    attribute->set_full_name(node.variableName);
    attribute->set_checkpoint_key(node.key);
}

void fillSaved(const TrackedTree& tree, const TrackedNode& node, tensorflow::SavedObject& object)
{
    for (const auto& [name, child] : node.children) {
        if (child >= tree.checkpointOnly)
            continue;
        auto* reference = object.add_children();
        reference->set_local_name(name);
        reference->set_node_id(static_cast<std::int32_t>(child));
    }
    if (node.isVariable) {
        auto* variable = object.mutable_variable();
        variable->set_dtype(containers::tensorflowType(node.value.dtype()));
        auto* shape = variable->mutable_shape();
        for (const std::int64_t length : node.value.shape())
            shape->add_dim()->set_size(length);
        variable->set_trainable(node.trainable);
        variable->set_name(node.variableName);
        return;
    }
    object.mutable_user_object()->set_identifier(node.identifier);
    auto* version = object.mutable_user_object()->mutable_version();
    version->set_producer(1);
    version->set_min_consumer(1);
}

} // namespace

std::string checkpointGraph(const TrackedTree& tree)
{
    tensorflow::TrackableObjectGraph message;
    for (const TrackedNode& node : tree.nodes)
        fillTracked(node, *message.add_nodes());
    return message.SerializeAsString();
}

Result<std::string> extendedCheckpointGraph(
    const std::string& graph, const std::vector<TrackedNode>& nodes, std::size_t count)
{
    tensorflow::TrackableObjectGraph message;
    const std::size_t first = nodes.size() - count;
    if (!message.ParseFromString(graph) || static_cast<std::size_t>(message.nodes_size()) != first
        || first == 0)
        return Error(ErrorKind::Corrupt, "the checkpoint's list of objects cannot be read");
    for (const auto& [name, child] : nodes.front().children) {
        auto* reference = message.mutable_nodes(0)->add_children();
        reference->set_local_name(name);
        reference->set_node_id(static_cast<std::int32_t>(child));
    }
    for (std::size_t i = first; i < nodes.size(); ++i)
        fillTracked(nodes[i], *message.add_nodes());
    return message.SerializeAsString();
}

std::string savedModelMessage(const TrackedTree& tree, const ServingFunction* serving)
{
    tensorflow::SavedModel message;
    message.set_saved_model_schema_version(1);
    auto& meta = *message.add_meta_graphs();
    meta.mutable_meta_info_def()->add_tags("serve");
    meta.mutable_meta_info_def()->set_tensorflow_version("2.15.1");
    auto& graph = *meta.mutable_object_graph_def();
    for (std::size_t i = 0; i < tree.checkpointOnly; ++i)
        fillSaved(tree, tree.nodes[i], *graph.add_nodes());
    if (serving != nullptr)
        addServing(*serving, tree, meta);
    return message.SerializeAsString();
}

std::string kerasMetadata(const TrackedTree& tree)
{
    tensorflow::SavedMetadata message;
    for (std::size_t i = 0; i < tree.checkpointOnly; ++i) {
        const TrackedNode& node = tree.nodes[i];
        if (node.metadata.is_null())
            continue;
        auto& object = *message.add_nodes();
        object.set_node_id(static_cast<std::int32_t>(i));
        object.set_node_path(node.path);
        object.set_identifier(node.identifier);
        object.set_metadata(dumpJson(node.metadata));
        object.mutable_version()->set_producer(2);
        object.mutable_version()->set_min_consumer(1);
    }
    return message.SerializeAsString();
}

std::vector<std::pair<std::string, StoredTensor>> checkpointValues(
    const TrackedTree& tree, std::string graph)
{
    std::vector<std::pair<std::string, StoredTensor>> values;
    for (const TrackedNode& node : tree.nodes)
        if (node.isVariable)
            values.emplace_back(node.key, node.value);
    values.emplace_back(objectGraphKey, StoredTensor(Tensor::ofStrings({}, { std::move(graph) })));
    return values;
}

} // namespace layerscope::formats
