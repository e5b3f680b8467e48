#include "model/formats/lookup_tables.h"

#include "model/containers/mapped_file.h"
#include "model/containers/unicode.h"
#include "model/formats/object_graph.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include "proto/tensorflow.pb.h"

// A lookup layer that was adapted to data says `vocabulary: null` in its configuration. The words
// lie where TensorFlow fills the layer's table from:
//
//     layer → lookup_table → _initialize   a function; its captured constants: keys, values
//                          → _initializer → _filename   an asset: one word a line

namespace layerscope::formats {

namespace {

constexpr std::size_t mostWords = 5'000'000;
constexpr std::uint64_t longestWordList = std::uint64_t{ 256 } << 20U;
constexpr int stringType = 7; // DataType of TensorFlow
constexpr int int64Type = 9;

using tensorflow::MetaGraphDef;
using tensorflow::SavedObject;

bool isUtf8(std::string_view text)
{
    return containers::utf32FromUtf8(text).has_value();
}

const SavedObject* objectAt(const MetaGraphDef& meta, std::int64_t id)
{
    const auto& graph = meta.object_graph_def();
    return id >= 0 && id < graph.nodes_size() ? &graph.nodes(static_cast<int>(id)) : nullptr;
}

const SavedObject* childOf(
    const MetaGraphDef& meta, const SavedObject& object, std::string_view name)
{
    for (const auto& child : object.children())
        if (child.local_name() == name)
            return objectAt(meta, child.node_id());
    return nullptr;
}

/// The elements of a constant; the last one given stands for all that follow.
std::optional<std::vector<Json>> elementsOf(const tensorflow::TensorProto& tensor)
{
    if (tensor.tensor_shape().dim_size() != 1 || tensor.tensor_shape().dim(0).size() < 0)
        return std::nullopt;
    const auto count = static_cast<std::size_t>(tensor.tensor_shape().dim(0).size());
    std::vector<Json> elements;
    if (count > mostWords)
        return std::nullopt;
    if (tensor.dtype() == stringType) {
        for (const std::string& word : tensor.string_val()) {
            if (!isUtf8(word))
                return std::nullopt;
            elements.emplace_back(word);
        }
    } else if (tensor.dtype() == int64Type && !tensor.tensor_content().empty()) {
        const std::string& bytes = tensor.tensor_content();
        for (std::size_t at = 0; at + sizeof(std::int64_t) <= bytes.size();
             at += sizeof(std::int64_t)) {
            std::int64_t value = 0;
            std::memcpy(&value, bytes.data() + at, sizeof value);
            elements.emplace_back(value);
        }
    } else if (tensor.dtype() == int64Type) {
        for (const std::int64_t value : tensor.int64_val())
            elements.emplace_back(value);
    }
    if (elements.size() > count || (elements.empty() && count > 0))
        return std::nullopt;
    elements.resize(count, elements.empty() ? Json() : elements.back());
    return elements;
}

std::optional<std::vector<Json>> constantOf(const MetaGraphDef& meta, const SavedObject& object)
{
    tensorflow::SavedConstant constant;
    if (object.kind_case() != SavedObject::kConstant
        || !constant.ParseFromString(object.constant()))
        return std::nullopt;
    for (const auto& node : meta.graph_def().node()) {
        const auto value = node.attr().find("value");
        if (node.name() == constant.operation() && value != node.attr().end()
            && value->second.has_tensor())
            return elementsOf(value->second.tensor());
    }
    return std::nullopt;
}

/// What the function that fills the table captures: beside the table itself keys and values.
std::optional<LookupTable> tableOfConstants(const MetaGraphDef& meta, const SavedObject& table)
{
    const SavedObject* const fill = childOf(meta, table, "_initialize");
    if (fill == nullptr || fill->function().concrete_functions_size() == 0)
        return std::nullopt;
    const auto& functions = meta.object_graph_def().concrete_functions();
    const auto function = functions.find(fill->function().concrete_functions(0));
    if (function == functions.end())
        return std::nullopt;
    std::vector<std::vector<Json>> found;
    for (const std::int32_t id : function->second.bound_inputs()) {
        const SavedObject* const captured = objectAt(meta, id);
        auto elements = captured != nullptr ? constantOf(meta, *captured) : std::nullopt;
        if (elements)
            found.push_back(*std::move(elements));
    }
    if (found.size() != 2 || found[0].size() != found[1].size())
        return std::nullopt;
    return LookupTable{ std::move(found[0]), std::move(found[1]) };
}

/// Names come from the file: one that leads out of the folder's assets is not followed.
std::optional<LookupTable> tableOfAsset(
    const MetaGraphDef& meta, const SavedObject& table, const std::filesystem::path& folder)
{
    const SavedObject* const fill = childOf(meta, table, "_initializer");
    const SavedObject* const file = fill != nullptr ? childOf(meta, *fill, "_filename") : nullptr;
    tensorflow::SavedAsset asset;
    if (file == nullptr || file->kind_case() != SavedObject::kAsset
        || !asset.ParseFromString(file->asset()) || asset.asset_file_def_index() < 0
        || asset.asset_file_def_index() >= meta.asset_file_def_size())
        return std::nullopt;
    const std::string& name = meta.asset_file_def(asset.asset_file_def_index()).filename();
    std::error_code ignored;
    const std::filesystem::path path = folder / "assets" / name;
    if (name.empty() || name == ".." || name.find('/') != std::string::npos
        || name.find('\0') != std::string::npos || std::filesystem::is_symlink(path, ignored))
        return std::nullopt;
    const auto text = containers::textOfFile(path, longestWordList);
    if (!text || !isUtf8(*text))
        return std::nullopt;
    LookupTable words;
    for (std::size_t at = 0; at < text->size();) {
        const std::size_t end = std::min(text->find('\n', at), text->size());
        words.keys.emplace_back(text->substr(at, end - at));
        at = end + 1;
        if (words.keys.size() > mostWords)
            return std::nullopt;
    }
    return words;
}

/// The object of the layer called `name` in the model that is object `model`.
std::optional<ObjectId> layerCalled(
    const ObjectGraph& graph, ObjectId model, const std::string& name)
{
    for (const auto& [edge, id] : graph[model].children)
        if (edge.starts_with("layer-") && graph[id].metadata.is_object()
            && graph[id].metadata.value("name", Json()) == Json(name))
            return id;
    return std::nullopt;
}

/// A lookup layer that was adapted says `vocabulary: null`, or names a file of the computer where
/// it was made: its words are put there from its table, as the layer would be made anew with them.
/// With weights for the words, which are not among them, it could not.
void fillVocabulary(Json& config, const ObjectGraph& graph, ObjectId layer)
{
    if (!config.is_object() || !config.contains("vocabulary") || config["vocabulary"].is_array())
        return;
    ObjectId owner = layer;
    for (const char* part : { "_lookup_layer", "_index_lookup_layer" })
        if (const auto inner = graph[layer].child(part))
            owner = *inner;
    const std::string mode = config.value("output_mode", Json()) == Json("tf-idf") ? "tf_idf"
        : config.value("output_mode", Json()).is_string() ? config["output_mode"].get<std::string>()
                                                          : std::string();
    if (!graph[owner].table || mode == "tf_idf")
        return;
    Json words = graph[owner].table->vocabulary(config.value("invert", Json()) == Json(true));
    if (words.is_array() && !words.empty())
        config["vocabulary"] = std::move(words);
}

void fillBelow(Json& model, const ObjectGraph& graph, ObjectId id, int depth)
{
    constexpr int deepest = 64;
    if (!model.is_object() || !model.contains("layers") || !model["layers"].is_array()
        || depth > deepest)
        return;
    for (Json& entry : model["layers"]) {
        if (!entry.is_object() || !entry.contains("config") || !entry["config"].is_object())
            continue;
        Json& config = entry["config"];
        const Json name = config.value("name", Json());
        const auto layer = name.is_string() ? layerCalled(graph, id, name.get<std::string>())
                                            : std::optional<ObjectId>();
        if (!layer)
            continue;
        fillVocabulary(config, graph, *layer);
        fillBelow(config, graph, *layer, depth + 1);
    }
}

} // namespace

void fillVocabularies(Json& model, const ObjectGraph& graph)
{
    if (!graph.objects.empty())
        fillBelow(model, graph, 0, 0);
}

Json LookupTable::vocabulary(bool isInverted) const
{
    if (values.empty())
        return Json(keys);
    const std::vector<Json>& words = isInverted ? values : keys;
    const std::vector<Json>& indices = isInverted ? keys : values;
    std::vector<std::pair<std::int64_t, std::size_t>> order;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (!indices[i].is_number_integer())
            return {};
        order.emplace_back(indices[i].get<std::int64_t>(), i);
    }
    std::sort(order.begin(), order.end());
    Json vocabulary = Json::array();
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (order[i].first != order[0].first + static_cast<std::int64_t>(i))
            return {}; // with a gap there is no list of words that means the same
        vocabulary.push_back(words[order[i].second]);
    }
    return vocabulary;
}

std::map<std::size_t, LookupTable> readLookupTables(
    const MetaGraphDef& meta, const std::filesystem::path& folder)
{
    std::map<std::size_t, LookupTable> tables;
    const auto& graph = meta.object_graph_def();
    for (int i = 0; i < graph.nodes_size(); ++i) {
        const SavedObject* const table = childOf(meta, graph.nodes(i), "lookup_table");
        if (table == nullptr)
            continue;
        auto found = tableOfConstants(meta, *table);
        if (!found)
            found = tableOfAsset(meta, *table, folder);
        if (found)
            tables.emplace(static_cast<std::size_t>(i), *std::move(found));
    }
    return tables;
}

} // namespace layerscope::formats
