#include "model/formats/object_graph.h"

#include "model/formats/function_graphs.h"

#include <charconv>
#include <deque>
#include <fstream>
#include <set>
#include <sstream>

#include "proto/tensorflow.pb.h"

namespace layerscope::formats {

namespace {

constexpr const char* graphKey = "_CHECKPOINTABLE_OBJECT_GRAPH";

/// More objects than any model has; a graph beyond it is refused rather than walked.
constexpr int mostObjects = 5'000'000;

Result<std::string> readWhole(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error(ErrorKind::NotReadable, path.string() + " cannot be read");
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

/// Which object of the checkpoint's graph each object of saved_model.pb is: both are walked from
/// the root along equal attribute names. In every file seen the numbers are equal; files of other
/// writers need not.
std::vector<std::optional<ObjectId>> matchObjects(
    const tensorflow::SavedObjectGraph& saved, const ObjectGraph& graph)
{
    std::vector<std::optional<ObjectId>> match(static_cast<std::size_t>(saved.nodes_size()));
    if (match.empty() || graph.objects.empty())
        return match;
    match[0] = 0;
    std::deque<std::size_t> waiting{ 0 };
    while (!waiting.empty()) {
        const std::size_t at = waiting.front();
        waiting.pop_front();
        const TrackedObject& object = graph[*match[at]];
        std::map<std::string_view, ObjectId> byName;
        for (const auto& [name, id] : object.children)
            byName.emplace(name, id);
        for (const auto& child : saved.nodes(static_cast<int>(at)).children()) {
            const auto id = static_cast<std::size_t>(child.node_id());
            const auto found = byName.find(child.local_name());
            if (child.node_id() < 0 || id >= match.size() || match[id] || found == byName.end())
                continue;
            match[id] = found->second;
            waiting.push_back(id);
        }
    }
    return match;
}

void describe(const tensorflow::SavedObject& saved, TrackedObject& object)
{
    if (saved.has_variable()) {
        object.isVariable = true;
        object.trainable = saved.variable().trainable();
        object.variableName = saved.variable().name();
    } else if (saved.has_user_object()) {
        object.identifier = saved.user_object().identifier();
        if (!saved.user_object().metadata().empty()) // where Keras kept it before TensorFlow 2.5
            object.metadata = parseJson(saved.user_object().metadata()).valueOr(Json());
    }
}

/// The graph that is tagged for serving, or the first.
const tensorflow::MetaGraphDef& servingGraph(const tensorflow::SavedModel& message)
{
    for (const auto& candidate : message.meta_graphs())
        for (const auto& tag : candidate.meta_info_def().tags())
            if (tag == "serve")
                return candidate;
    return message.meta_graphs(0);
}

/// TensorFlow 1 lists its variables, and those that are trained, in collections of the graph.
void describeCollections(const tensorflow::MetaGraphDef& meta, ObjectGraph& graph)
{
    const auto keysOf = [&](const char* collection) {
        std::set<std::string> keys;
        const auto found = meta.collection_def().find(collection);
        if (found == meta.collection_def().end())
            return keys;
        for (const std::string& bytes : found->second.bytes_list().value()) {
            tensorflow::VariableDef variable;
            if (!variable.ParseFromString(bytes))
                continue;
            const std::string& whole = variable.save_slice_info_def().full_name();
            const std::string& name = variable.variable_name();
            keys.insert(whole.empty() ? name.substr(0, name.rfind(':')) : whole);
        }
        return keys;
    };
    const auto all = keysOf("variables");
    const auto trained = keysOf("trainable_variables");
    for (TrackedObject& object : graph.objects)
        if (all.contains(object.checkpointKey))
            object.trainable = trained.contains(object.checkpointKey);
}

/// What keras_metadata.pb says about the objects; `match` tells which objects they are.
Result<void> describeLayers(
    const std::string& text, const std::vector<std::optional<ObjectId>>& match, ObjectGraph& graph)
{
    tensorflow::SavedMetadata metadata;
    if (!metadata.ParseFromString(text))
        return Error(ErrorKind::Corrupt, "keras_metadata.pb is damaged: it breaks off");
    for (const auto& node : metadata.nodes()) {
        const auto id = static_cast<std::size_t>(node.node_id());
        if (node.node_id() < 0 || id >= match.size() || !match[id])
            continue;
        TrackedObject& object = graph.objects[*match[id]];
        object.identifier = node.identifier();
        TRY(object.metadata, parseJson(node.metadata()));
    }
    return {};
}

Result<ObjectGraph> readObjectGraph(containers::TensorBundle bundle)
{
    TRY(const std::string text, bundle.text(graphKey));
    tensorflow::TrackableObjectGraph message;
    if (!message.ParseFromString(text) || message.nodes_size() > mostObjects)
        return Error(ErrorKind::Corrupt, "the checkpoint's list of objects cannot be read");

    ObjectGraph graph{ {}, std::move(bundle) };
    const auto known = [&](std::int32_t id) { return id >= 0 && id < message.nodes_size(); };
    for (const auto& node : message.nodes()) {
        TrackedObject object;
        for (const auto& child : node.children())
            if (known(child.node_id()))
                object.children.emplace_back(child.local_name(), child.node_id());
        for (const auto& slot : node.slot_variables())
            if (known(slot.original_variable_node_id()) && known(slot.slot_variable_node_id()))
                object.slots.push_back({ static_cast<ObjectId>(slot.original_variable_node_id()),
                    slot.slot_name(), static_cast<ObjectId>(slot.slot_variable_node_id()) });
        for (const auto& attribute : node.attributes()) {
            if (attribute.name() != "VARIABLE_VALUE")
                continue;
            object.checkpointKey = attribute.checkpoint_key();
            object.fullName = attribute.full_name();
        }
        graph.objects.push_back(std::move(object));
    }
    if (graph.objects.empty())
        return Error(ErrorKind::Corrupt, "the checkpoint lists no objects");
    return graph;
}

} // namespace

std::optional<ObjectId> TrackedObject::child(std::string_view name) const
{
    for (const auto& [attribute, id] : children)
        if (attribute == name)
            return id;
    return std::nullopt;
}

std::optional<ObjectId> ObjectGraph::find(ObjectId from, std::string_view path) const
{
    std::optional<ObjectId> at = from;
    while (at && !path.empty()) {
        const auto slash = path.find('/');
        at = objects[*at].child(path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return at;
}

std::vector<ObjectId> ObjectGraph::list(ObjectId list) const
{
    std::map<int, ObjectId> items;
    for (const auto& [name, id] : objects[list].children) {
        int index = 0;
        const auto end = std::from_chars(name.data(), name.data() + name.size(), index);
        if (end.ec == std::errc() && end.ptr == name.data() + name.size())
            items.emplace(index, id);
    }
    std::vector<ObjectId> ids;
    for (const auto& [index, id] : items)
        ids.push_back(id);
    return ids;
}

Result<StoredTensor> ObjectGraph::value(ObjectId variable) const
{
    return bundle.tensor(objects[variable].checkpointKey);
}

Result<ObjectGraph> openObjectGraph(const std::filesystem::path& prefix)
{
    TRY(auto bundle, containers::TensorBundle::open(prefix));
    if (bundle.contains(graphKey)) {
        TRY(ObjectGraph graph, readObjectGraph(std::move(bundle)));
        graph.prefix = prefix;
        return graph;
    }
    ObjectGraph graph{ std::vector<TrackedObject>(1), std::move(bundle), prefix, false };
    for (const auto& [key, entry] : graph.bundle.entries()) {
        TrackedObject variable;
        variable.isVariable = true;
        variable.checkpointKey = variable.variableName = key;
        graph.objects.push_back(std::move(variable));
    }
    return graph;
}

Result<SavedModelFacts> describeObjects(const std::filesystem::path& folder, ObjectGraph& graph)
{
    SavedModelFacts facts;
    TRY(const std::string text, readWhole(folder / "saved_model.pb"));
    facts.bytes = text.size();
    tensorflow::SavedModel message;
    if (!message.ParseFromString(text) || message.meta_graphs_size() == 0)
        return Error(ErrorKind::Corrupt,
            "saved_model.pb is damaged: it breaks off or is not TensorFlow's format");
    const tensorflow::MetaGraphDef& meta = servingGraph(message);
    facts.tensorflowVersion = meta.meta_info_def().tensorflow_version();
    for (const auto& [name, signature] : meta.signature_def())
        if (!name.starts_with("__"))
            facts.signatures.push_back(name);
    std::sort(facts.signatures.begin(), facts.signatures.end());

    const auto match = matchObjects(meta.object_graph_def(), graph);
    for (std::size_t i = 0; i < match.size(); ++i)
        if (match[i])
            describe(meta.object_graph_def().nodes(static_cast<int>(i)), graph.objects[*match[i]]);
    if (match.empty())
        describeCollections(meta, graph);
    facts.hasKerasMetadata = !graph.objects.empty() && graph[0].metadata.is_object();
    if (auto metadata = readWhole(folder / "keras_metadata.pb")) {
        facts.bytes += metadata->size();
        TRY_DO(describeLayers(*metadata, match, graph));
        facts.hasKerasMetadata = facts.hasKerasMetadata || graph[0].metadata.is_object();
    }
    if (!facts.hasKerasMetadata)
        facts.functions = std::make_shared<const std::vector<FunctionGraph>>(readFunctions(meta));
    return facts;
}

Json plainMetadata(const Json& metadata)
{
    if (metadata.is_object()) {
        const auto kind = metadata.find("class_name");
        const auto items = metadata.find("items");
        if (metadata.size() == 2 && kind != metadata.end() && items != metadata.end()
            && (*kind == "__tuple__" || *kind == "TensorShape"))
            return plainMetadata(*items);
        Json result = Json::object();
        for (const auto& [key, item] : metadata.items())
            result[key] = plainMetadata(item);
        return result;
    }
    if (metadata.is_array()) {
        Json result = Json::array();
        for (const auto& item : metadata)
            result.push_back(plainMetadata(item));
        return result;
    }
    return metadata;
}

} // namespace layerscope::formats
