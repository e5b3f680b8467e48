#include "model/crossing/graph.h"
#include "model/crossing/json_access.h"
#include "model/network/node_dialects.h"

#include <map>
#include <set>
#include <unordered_set>

// Calls in the two notations. Source: crossing.md 4.1, 4.2; formats.md 4.3, 4.4.

namespace layerscope::crossing {

namespace {

bool takesInitialState(const std::string& className)
{
    static const std::unordered_set<std::string> names{ "SimpleRNN", "LSTM", "GRU", "RNN",
        "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Bidirectional" };
    return names.contains(className);
}

/// A model that is used as a layer has a node of its own construction before its calls.
std::size_t keras2Number(const Graph& graph, const TensorReference& reference)
{
    return reference.call + (graph.layers[reference.layer].beginsWithInput ? 1 : 0);
}

Json keras3Tensor(const Graph& graph, const TensorReference& reference)
{
    const GraphLayer& layer = graph.layers[reference.layer];
    const Json& config = member(layer.entry, "config");
    Json shape = member(config, "batch_shape");
    Json dtype = "float32";
    if (!shape.is_array())
        shape = Json::array({ nullptr }); // Keras reads neither shape nor type here
    else if (member(config, "dtype").is_string())
        dtype = config["dtype"];
    return Json{ { "class_name", "__keras_tensor__" },
        { "config",
            { { "shape", shape }, { "dtype", dtype },
                { "keras_history",
                    Json::array({ layer.name, reference.call, reference.tensor }) } } } };
}

Json keras3Value(const Graph& graph, const Argument& argument)
{
    if (const auto* reference = std::get_if<TensorReference>(&argument.content))
        return keras3Tensor(graph, *reference);
    if (const auto* list = std::get_if<Argument::List>(&argument.content)) {
        Json items = Json::array();
        for (const Argument& item : *list)
            items.push_back(keras3Value(graph, item));
        return items;
    }
    if (const auto* mapping = std::get_if<Argument::Mapping>(&argument.content)) {
        Json items = Json::object();
        for (const auto& [key, item] : *mapping)
            items[key] = keras3Value(graph, item);
        return items;
    }
    return std::get<Json>(argument.content);
}

bool isNull(const Argument& argument)
{
    const Json* literal = std::get_if<Json>(&argument.content);
    return literal != nullptr && literal->is_null();
}

/// What Keras 2 took from a node's `training`, Keras 3 takes from how the model is called.
void remarkTraining(const GraphLayer& layer, const Argument& training, Journey& journey)
{
    const Json* literal = std::get_if<Json>(&training.content);
    if (literal == nullptr || !literal->is_boolean())
        return;
    journey.remark(literal->get<bool>() ? "The layer '" + layer.name
                + "' was called in training mode at all times; in Keras 3 "
                  "it is inactive when the model predicts."
                                        : "The layer '" + layer.name
                + "' was called in inference mode at all times; in Keras "
                  "3 it follows the mode of the model, unless it is frozen.");
}

Json keras3Node(const Graph& graph, const GraphLayer& layer, const Call& call, Journey& journey)
{
    Json args = Json::array();
    for (const Argument& argument : call.arguments)
        args.push_back(keras3Value(graph, argument));
    Json keywords = Json::object();
    for (const auto& [key, argument] : call.keywords) {
        if (key == "training")
            remarkTraining(layer, argument, journey);
        else if (!isNull(argument))
            keywords[key] = keras3Value(graph, argument);
    }
    return Json{ { "args", args }, { "kwargs", keywords } };
}

Json keras2Keyword(const Graph& graph, const Argument& argument)
{
    if (const auto* reference = std::get_if<TensorReference>(&argument.content))
        return Json::array({ graph.layers[reference->layer].name, keras2Number(graph, *reference),
            reference->tensor });
    if (const auto* list = std::get_if<Argument::List>(&argument.content)) {
        Json items = Json::array();
        for (const Argument& item : *list)
            items.push_back(keras2Keyword(graph, item));
        return items;
    }
    if (const auto* mapping = std::get_if<Argument::Mapping>(&argument.content)) {
        Json items = Json::object();
        for (const auto& [key, item] : *mapping)
            items[key] = keras2Keyword(graph, item);
        return items;
    }
    return std::get<Json>(argument.content);
}

Json keras2Value(const Graph& graph, const Argument& argument, const Json& keywords)
{
    if (const auto* reference = std::get_if<TensorReference>(&argument.content))
        return Json::array({ graph.layers[reference->layer].name, keras2Number(graph, *reference),
            reference->tensor, keywords });
    if (const auto* list = std::get_if<Argument::List>(&argument.content)) {
        Json items = Json::array();
        for (const Argument& item : *list)
            items.push_back(keras2Value(graph, item, keywords));
        return items;
    }
    if (const auto* mapping = std::get_if<Argument::Mapping>(&argument.content)) {
        Json items = Json::object();
        for (const auto& [key, item] : *mapping)
            items[key] = keras2Value(graph, item, keywords);
        return items;
    }
    return Json::array({ "_CONSTANT_VALUE", -1, std::get<Json>(argument.content), keywords });
}

/// The arguments after the first as Keras 2 wants them: states in the list of inputs, others by
/// name.
Result<Call> keras2Call(const GraphLayer& layer, Call call)
{
    std::vector<Argument> more(
        call.arguments.empty() ? call.arguments.end() : call.arguments.begin() + 1,
        call.arguments.end());
    call.arguments.resize(std::min<std::size_t>(1, call.arguments.size()));
    std::erase_if(call.keywords,
        [](const auto& keyword) { return keyword.first == "training" || isNull(keyword.second); });
    std::vector<std::string> names;
    if (layer.className == "MultiHeadAttention")
        names = { "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask" };
    else if (takesInitialState(layer.className))
        names = { "initial_state" };
    for (std::size_t i = 0; i < more.size(); ++i) {
        if (isNull(more[i]))
            continue;
        if (i >= names.size())
            return Error(ErrorKind::Unsupported,
                "this " + layer.className
                    + " is called with arguments whose names are not in the "
                      "file, which Keras 2 needs")
                .in(layer.name);
        call.keywords.emplace_back(names[i], std::move(more[i]));
    }
    if (!takesInitialState(layer.className) || call.arguments.empty())
        return call;
    Argument::List inputs{ call.arguments[0] };
    for (const char* key : { "initial_state", "constants" })
        for (auto& [name, argument] : call.keywords) {
            if (name != key)
                continue;
            if (auto* list = std::get_if<Argument::List>(&argument.content))
                inputs.insert(inputs.end(), list->begin(), list->end());
            else
                inputs.push_back(argument);
        }
    if (inputs.size() > 1)
        call.arguments[0] = Argument{ std::move(inputs) };
    std::erase_if(call.keywords, [](const auto& keyword) {
        return keyword.first == "initial_state" || keyword.first == "constants";
    });
    return call;
}

Result<Json> keras2Node(const Graph& graph, const GraphLayer& layer, const Call& old)
{
    Call call = old;
    if (!layer.keepsStructure) {
        TRY(call, keras2Call(layer, old));
    }
    if (call.arguments.empty())
        return Error(ErrorKind::Unsupported, "this layer is called without an input")
            .in(layer.name);
    Json keywords = Json::object();
    for (const auto& [key, argument] : call.keywords)
        keywords[key] = keras2Keyword(graph, argument);
    Json node = keras2Value(graph, call.arguments[0], keywords);
    const bool isSingle = std::holds_alternative<TensorReference>(call.arguments[0].content);
    if (isSingle && !layer.keepsStructure)
        return Json::array({ std::move(node) });
    return node;
}

Json endOf(const Graph& graph, const TensorReference& reference, const Journey& journey)
{
    const GraphLayer& layer = graph.layers[reference.layer];
    // Keras 3 counts a Functional's construction here, though not inside nodes.
    const std::size_t number = !journey.to.keras3() ? keras2Number(graph, reference)
        : layer.kind == LayerKind::Functional       ? reference.call + 1
                                                    : reference.call;
    return Json::array({ layer.name, number, reference.tensor });
}

/// As architecture.cpp reads them: lists in order, mappings by sorted keys.
Json nestedEnds(const Graph& graph, const std::vector<TensorReference>& references,
    const Json& written, std::size_t& next, const Journey& journey)
{
    if (network::isReference(written))
        return next < references.size() ? endOf(graph, references[next++], journey) : Json();
    if (written.is_array()) {
        Json items = Json::array();
        for (const Json& item : written)
            items.push_back(nestedEnds(graph, references, item, next, journey));
        return items;
    }
    if (!written.is_object())
        return written;
    std::set<std::string> keys;
    for (const auto& [key, item] : written.items())
        keys.insert(key);
    std::map<std::string, Json> crossed;
    for (const std::string& key : keys)
        crossed[key] = nestedEnds(graph, references, written[key], next, journey);
    Json items = Json::object();
    for (const auto& [key, item] : written.items())
        items[key] = crossed[key];
    return items;
}

} // namespace

Result<Json> nodesOf(const Graph& graph, const GraphLayer& layer, Journey& journey)
{
    Json nodes = Json::array();
    for (const Call& call : layer.calls) {
        if (journey.to.keras3()) {
            nodes.push_back(keras3Node(graph, layer, call, journey));
        } else {
            TRY(Json node, keras2Node(graph, layer, call));
            nodes.push_back(std::move(node));
        }
    }
    return nodes;
}

Json endsOf(const Graph& graph, const std::vector<TensorReference>& references, const Json& written,
    const Journey& journey)
{
    // Keras 3 writes a model of one tensor flat; wrapped in a layer it does not load otherwise.
    const bool isSingle = references.size() == 1 && !written.is_object();
    if (isSingle && journey.to.keras3())
        return endOf(graph, references[0], journey);
    std::size_t next = 0;
    Json nested = nestedEnds(graph, references, written, next, journey);
    if (next == references.size() && !isSingle)
        return nested;
    Json ends = Json::array();
    for (const TensorReference& reference : references)
        ends.push_back(endOf(graph, reference, journey));
    return ends;
}

} // namespace layerscope::crossing
