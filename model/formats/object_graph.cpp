#include "model/formats/object_graph.h"

#include "model/containers/mapped_file.h"
#include "model/formats/function_graphs.h"

#include <charconv>
#include <deque>
#include <set>

#include "proto/tensorflow.pb.h"

namespace layerscope::formats {

namespace {

/// More objects than any model has; a graph beyond it is refused rather than walked.
constexpr int mostObjects = 5'000'000;

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

/// What saved_model.pb says a variable is.
std::optional<std::pair<DType, Shape>> declaredOf(const tensorflow::SavedVariable& variable)
{
    const auto type = containers::dtypeFromTensorflow(variable.dtype());
    if (!type || variable.shape().unknown_rank() || variable.shape().dim_size() > 64)
        return std::nullopt;
    Shape shape;
    for (const auto& dimension : variable.shape().dim())
        shape.push_back(dimension.size());
    return elementCount(shape) ? std::optional(std::pair(*type, shape)) : std::nullopt;
}

void describe(const tensorflow::SavedObject& saved, TrackedObject& object)
{
    if (saved.has_variable()) {
        object.isVariable = true;
        object.declared = declaredOf(saved.variable());
        object.trainable = saved.variable().trainable();
        object.variableName = saved.variable().name();
    } else if (saved.has_user_object()) {
        object.identifier = saved.user_object().identifier();
        if (!saved.user_object().metadata().empty()) // where Keras kept it before TensorFlow 2.5
            object.metadata = parseJson(saved.user_object().metadata()).valueOr(Json());
    }
}

Result<tensorflow::SavedModel> readSavedModel(const std::filesystem::path& folder)
{
    TRY(const std::string text, containers::textOfFile(folder / "saved_model.pb", longestMessage));
    tensorflow::SavedModel message;
    if (!message.ParseFromString(text) || message.meta_graphs_size() == 0)
        return Error(ErrorKind::Corrupt,
            "saved_model.pb is damaged: it breaks off or is not TensorFlow's format");
    return message;
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
void describeLayers(
    const std::string& text, const std::vector<std::optional<ObjectId>>& match, ObjectGraph& graph)
{
    tensorflow::SavedMetadata metadata;
    if (!metadata.ParseFromString(text)) {
        graph.problems.push_back({ Severity::Error, "keras_metadata.pb",
            "What Keras says about the layers is damaged: it breaks off.",
            "The variables are sound; the layers cannot be told from them." });
        return;
    }
    for (const auto& node : metadata.nodes()) {
        const auto id = static_cast<std::size_t>(node.node_id());
        if (node.node_id() < 0 || id >= match.size() || !match[id])
            continue;
        TrackedObject& object = graph.objects[*match[id]];
        object.identifier = node.identifier();
        if (auto json = parseJson(node.metadata()))
            object.metadata = *std::move(json);
        else
            graph.problems.push_back({ Severity::Error, "keras_metadata.pb: " + node.node_path(),
                "What Keras says about this layer is damaged: " + json.error().message() + ".",
                "The variables are sound." });
    }
}

/// What no writer of TensorFlow's does in the list of objects.
void noteOddObjects(const tensorflow::SavedModel& message, const tensorflow::MetaGraphDef& meta,
    std::vector<Problem>& problems)
{
    const auto note = [&](std::string what, std::string remedy) {
        problems.push_back(
            { Severity::Warning, "saved_model.pb", std::move(what), std::move(remedy) });
    };
    if (message.meta_graphs_size() > 1)
        note("The file holds " + std::to_string(message.meta_graphs_size()) + " graphs.",
            "The one that is tagged for serving is shown.");
    const auto& graph = meta.object_graph_def();
    std::size_t strays = 0;
    std::size_t loops = 0;
    std::size_t missing = 0;
    std::set<std::string> functions;
    for (const auto& function : meta.graph_def().library().function())
        functions.insert(function.signature().name());
    for (int i = 0; i < graph.nodes_size(); ++i) {
        for (const auto& child : graph.nodes(i).children()) {
            strays += child.node_id() < 0 || child.node_id() >= graph.nodes_size();
            loops += child.node_id() == i || child.node_id() == 0;
        }
    }
    for (const auto& [name, function] : graph.concrete_functions())
        missing += !functions.contains(name);
    for (const auto& node : meta.graph_def().node()) {
        const auto called = node.attr().find("f");
        missing += called != node.attr().end() && called->second.has_func()
            && !functions.contains(called->second.func().name());
    }
    if (strays > 0)
        note("Objects refer to " + std::to_string(strays) + " others that are not in the file.",
            "These references are passed over; TensorFlow refuses the file.");
    if (loops > 0)
        note("Objects hold themselves or the model that they are part of.",
            "These references are passed over.");
    if (missing > 0)
        note(std::to_string(missing) + " functions that objects refer to are not in the file.",
            "Layers and values are sound; TensorFlow cannot load the file. Save it in another "
            "format.");
}

Result<ObjectGraph> readObjectGraph(containers::TensorBundle bundle)
{
    TRY(const std::string text, bundle.text(objectGraphKey));
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

Result<ObjectGraph> openObjectsWithoutValues(
    const std::filesystem::path& folder, const Error& reason)
{
    TRY(const tensorflow::SavedModel message, readSavedModel(folder));
    const auto& saved = servingGraph(message).object_graph_def();
    if (saved.nodes_size() == 0 || saved.nodes_size() > mostObjects)
        return reason;
    ObjectGraph graph{ {}, containers::TensorBundle::empty() };
    for (const auto& node : saved.nodes()) {
        TrackedObject& object = graph.objects.emplace_back();
        for (const auto& child : node.children())
            if (child.node_id() > 0 && child.node_id() < saved.nodes_size())
                object.children.emplace_back(child.local_name(), child.node_id());
        if (node.has_variable())
            object.checkpointKey = object.fullName = node.variable().name();
    }
    graph.problems.push_back(
        { Severity::Error, "variables", "The values cannot be read: " + reason.message() + ".",
            "Layers and shapes are shown; take the values from another copy of the file." });
    return graph;
}

Result<StoredTensor> ObjectGraph::value(ObjectId variable) const
{
    return bundle.tensor(objects[variable].checkpointKey);
}

Result<ObjectGraph> openObjectGraph(const std::filesystem::path& prefix)
{
    TRY(auto bundle, containers::TensorBundle::open(prefix));
    if (bundle.contains(objectGraphKey)) {
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
    TRY(const tensorflow::SavedModel message, readSavedModel(folder));
    std::error_code none;
    facts.bytes = std::filesystem::file_size(folder / "saved_model.pb", none);
    const tensorflow::MetaGraphDef& meta = servingGraph(message);
    noteOddObjects(message, meta, graph.problems);
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
    if (auto metadata = containers::textOfFile(folder / "keras_metadata.pb", longestMessage)) {
        facts.bytes += metadata->size();
        describeLayers(*metadata, match, graph);
        facts.hasKerasMetadata = facts.hasKerasMetadata || graph[0].metadata.is_object();
    }
    if (facts.hasKerasMetadata)
        for (auto& [id, table] : readLookupTables(meta, folder))
            if (id < match.size() && match[id])
                graph.objects[*match[id]].table = std::move(table);
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
