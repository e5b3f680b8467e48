#include "model/crossing/class_rules.h"
#include "model/crossing/config_crossing.h"
#include "model/crossing/config_values.h"
#include "model/crossing/hard_sigmoid.h"
#include "model/crossing/json_access.h"
#include "model/crossing/operators.h"

#include <algorithm>
#include <set>

// A model's object: its layers, and the graph of a Functional. Source: crossing.md 2.1, 2.3, 4.

namespace layerscope::crossing {

namespace {

bool isInputLayer(const Json& entry)
{
    return textAt(entry, "class_name") == "InputLayer";
}

/// batch_input_shape of a Sequential's first layer, which may be a wrapper or a model itself.
Json inputShapeOf(const Json& entry, int depth = 0)
{
    const Json& config = member(entry, "config");
    for (const char* key : { "batch_input_shape", "batch_shape" })
        if (const Json& shape = member(config, key); shape.is_array())
            return shape;
    const Json& layers = config.is_array() ? config : member(config, "layers");
    if (layers.is_array() && !layers.empty() && depth < 16)
        return inputShapeOf(layers[0], depth + 1);
    const Json& inner = member(config, "layer");
    return inner.is_object() && depth < 16 ? inputShapeOf(inner, depth + 1) : Json();
}

std::string below(const std::string& where, const std::string& name)
{
    return where.empty() ? name : where + "/" + name;
}

/// The typed view ends where models are nested absurdly deep.
Error tooDeep(const std::string& where)
{
    return Error(ErrorKind::Unsupported, "models are nested too deeply").in(where);
}

bool isOwnModel(const std::string& className)
{
    return className == "Sequential" || className == "Functional" || className == "Model";
}

/// The pure name of a type, as an InputLayer gives it for its data.
Json typeName(const Json& dtype)
{
    std::string name
        = dtype.is_string() ? dtype.get<std::string>() : textAt(member(dtype, "config"), "name");
    if (name.starts_with("mixed_") || name.empty())
        name = "float32";
    return Json(name);
}

/// Name and nodes beside the configuration, where Functional models keep them.
Json placed(Json object, const std::string& name, Json nodes)
{
    object["name"] = name;
    object["inbound_nodes"] = std::move(nodes);
    return object;
}

/// As the files that are no archives write a layer: by class and configuration alone.
Json bareObject(const Json& object)
{
    Json bare = Json::object();
    const std::string registered = textAt(object, "registered_name");
    const bool custom = registered.find('>') != std::string::npos;
    bare["class_name"] = custom ? Json(registered) : member(object, "class_name");
    bare["config"] = member(object, "config");
    return bare;
}

} // namespace

Json ConfigCrossing::inputLayer(const std::string& name, const Json& shape, const Json& dtype) const
{
    Json config = Json::object();
    config[m_journey.to.keras3() ? "batch_shape" : "batch_input_shape"] = shape;
    config["dtype"] = typeName(dtype);
    config["sparse"] = false;
    config["ragged"] = false;
    config["name"] = name;
    return wrapped(Json::object(), "InputLayer", std::move(config), false);
}

/// Keras 3 wants an input of its own where Keras 2 has a shape on the first layer.
void ConfigCrossing::insertInput(Json& layers, const Json& firstLayer) const
{
    const Json shape = inputShapeOf(firstLayer);
    if (!shape.is_array())
        return;
    std::string name = textAt(member(firstLayer, "config"), "name");
    if (name.empty())
        name = "layer";
    layers.push_back(inputLayer(
        targetName(name) + "_input", shape, member(member(firstLayer, "config"), "dtype")));
}

Result<Json> ConfigCrossing::sequentialConfig(
    const Json& config, const Layer& typed, const Place& place)
{
    const Json& old = config.is_array() ? config : member(config, "layers");
    Json layers = Json::array();
    const bool hasInput = !old.empty() && isInputLayer(old[0]);
    if (hasInput) {
        Layer input;
        input.className = "InputLayer";
        TRY(Json object, layer(old[0], input, place));
        layers.push_back(std::move(object));
    } else if (!old.empty()) {
        insertInput(layers, old[0]);
    }
    std::vector<std::string> names;
    for (const Layer& inner : typed.layers)
        names.push_back(inner.name);
    names = targetNames(names, typed, place);
    std::size_t next = hasInput ? 1 : 0;
    for (std::size_t i = 0; i < typed.layers.size(); ++i) {
        const Layer& inner = typed.layers[i];
        while (next < old.size() && !old[next].is_object())
            ++next;
        if (next >= old.size())
            break;
        const Place inside{ below(place.where, inner.name), place.depth + 1 };
        if (const auto scale = hardSigmoidRescaling(inner, m_journey))
            layers.push_back(*scale);
        TRY(Json object, layer(old[next++], inner, inside));
        if (object["config"].is_object())
            object["config"]["name"] = names[i];
        layers.push_back(std::move(object));
    }
    if (!m_journey.to.archive())
        for (Json& object : layers)
            object = bareObject(object);
    Json result = Json::object();
    result["name"] = targetName(typed.name);
    if (m_journey.to.keras3() && config.is_object())
        for (const char* key : { "trainable", "dtype" })
            if (config.contains(key)) {
                TRY(result[key], crossPolicy(config[key], m_journey, place.where));
            }
    result["layers"] = std::move(layers);
    if (m_journey.to.keras3() && config.is_object() && config.contains("build_input_shape"))
        result["build_input_shape"] = config["build_input_shape"];
    return result;
}

Result<Graph> ConfigCrossing::graphOf(const Json& config, const Layer& typed, const Place& place)
{
    Graph graph{ {}, typed.inputs, typed.outputs };
    std::size_t i = 0;
    for (const Json& entry : member(config, "layers")) {
        if (!entry.is_object())
            continue;
        if (i >= typed.layers.size())
            return tooDeep(place.where);
        const Layer& inner = typed.layers[i++];
        const Place inside{ below(place.where, inner.name), place.depth + 1 };
        GraphLayer found;
        TRY(found.entry, layer(entry, inner, inside));
        found.name = inner.name;
        found.className = inner.className;
        found.kind = inner.kind;
        found.calls = inner.calls;
        found.keepsStructure = isKeras2Operation(inner.className);
        found.beginsWithInput = inner.kind == LayerKind::Functional
            || (inner.kind == LayerKind::Sequential && inner.config.contains("layers"));
        graph.layers.push_back(std::move(found));
    }
    return graph;
}

std::vector<std::string> ConfigCrossing::targetNames(
    const std::vector<std::string>& names, const Layer& typed, const Place& place)
{
    std::set<std::string> taken;
    for (const std::string& name : names)
        if (targetName(name) == name)
            taken.insert(name);
    std::vector<std::string> result;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string wanted = targetName(names[i]);
        std::string name = wanted;
        if (wanted != names[i]) {
            for (int n = 2; !taken.insert(name).second; ++n)
                name = wanted + "_" + std::to_string(n);
            m_journey.remark("The layer '" + names[i] + "' is called '" + name
                + "', because the other Keras does not allow its name.");
            if (place.depth == 0)
                m_renamed[names[i]] = name;
            if (i < typed.layers.size()) // added layers come after them
                m_newNames[&typed.layers[i]] = name;
        }
        result.push_back(std::move(name));
    }
    return result;
}

void ConfigCrossing::renameLayers(Graph& graph, const Layer& typed, const Place& place)
{
    std::vector<std::string> names;
    for (const GraphLayer& layer : graph.layers)
        names.push_back(layer.name);
    names = targetNames(names, typed, place);
    for (std::size_t i = 0; i < names.size(); ++i) {
        graph.layers[i].name = names[i];
        if (graph.layers[i].entry["config"].is_object())
            graph.layers[i].entry["config"]["name"] = names[i];
    }
}

Result<Json> ConfigCrossing::functionalConfig(
    const Json& config, const Layer& typed, const Place& place)
{
    TRY(Graph graph, graphOf(config, typed, place));
    if (m_journey.toKeras2())
        dropAutomaticMasks(graph);
    for (std::size_t i = 0; i < typed.layers.size(); ++i)
        if (const auto scale = hardSigmoidRescaling(typed.layers[i], m_journey)) {
            GraphLayer added;
            added.entry = *scale;
            added.className = "Rescaling";
            added.name = graph.freeName(textAt(member(*scale, "config"), "name"));
            graph.insertBefore(i, std::move(added));
        }
    TRY_DO(crossOperations(graph, m_journey));
    renameLayers(graph, typed, place);

    std::vector<std::size_t> order = graph.kerasOrder();
    std::set<std::size_t> listed(order.begin(), order.end());
    for (std::size_t i = 0; i < graph.layers.size(); ++i)
        if (!listed.contains(i))
            order.push_back(i);
    Json layers = Json::array();
    for (const std::size_t i : order) {
        GraphLayer& layer = graph.layers[i];
        if (layer.isDropped)
            continue;
        TRY(Json nodes, nodesOf(graph, layer, m_journey));
        if (!m_journey.to.archive())
            layer.entry = bareObject(layer.entry);
        layers.push_back(placed(layer.entry, layer.name, std::move(nodes)));
    }
    Json result = Json::object();
    result["name"] = targetName(typed.name);
    result["trainable"] = flagAt(config, "trainable", true);
    result["layers"] = std::move(layers);
    result["input_layers"] = endsOf(graph, graph.inputs, member(config, "input_layers"), m_journey);
    result["output_layers"]
        = endsOf(graph, graph.outputs, member(config, "output_layers"), m_journey);
    return result;
}

/// Only the objects' form changes, not names, calls or order.
Result<Json> ConfigCrossing::sameGeneration(
    const Json& config, const Layer& typed, const Place& place)
{
    Json layers = Json::array();
    std::size_t i = 0;
    const Json& old = config.is_array() ? config : member(config, "layers");
    for (std::size_t k = 0; k < old.size(); ++k) {
        if (!old[k].is_object())
            continue;
        const bool isInput = typed.kind == LayerKind::Sequential && k == 0 && isInputLayer(old[0]);
        if (!isInput && i >= typed.layers.size())
            return tooDeep(place.where);
        Layer input;
        input.className = "InputLayer";
        const Layer& inner = isInput ? input : typed.layers[i++];
        const Place inside{ below(place.where, inner.name), place.depth + 1 };
        TRY(Json object, layer(old[k], inner, inside));
        if (!m_journey.to.archive())
            object = bareObject(object);
        for (const char* key : { "build_config", "name", "inbound_nodes" })
            if (old[k].contains(key)
                && (m_journey.to.archive() || key != std::string("build_config")))
                object[key] = old[k][key];
        layers.push_back(std::move(object));
    }
    Json result = config.is_object() ? config : Json{ { "name", typed.name } };
    result["layers"] = std::move(layers);
    return result;
}

Result<Json> ConfigCrossing::model(const Json& entry, const Layer& typed, const Place& place)
{
    if (typed.kind == LayerKind::Subclassed)
        return Error(ErrorKind::Unsupported,
            "this model's layers are connected by Python code that is not in the file; only its "
            "weights can be saved for another Keras")
            .in(place.where);
    const Json& config = member(entry, "config");
    Json crossed;
    if (!m_journey.changesGeneration() && !config.is_array()) {
        TRY(crossed, sameGeneration(config, typed, place));
    } else if (typed.kind == LayerKind::Sequential) {
        TRY(crossed, sequentialConfig(config, typed, place));
    } else {
        TRY(crossed, functionalConfig(config, typed, place));
    }
    const std::string custom = textAt(entry, "class_name");
    if (!isOwnModel(custom) && !m_journey.changesGeneration()) {
        Json object = entry;
        object["config"] = std::move(crossed);
        return object;
    }
    if (!isOwnModel(custom))
        m_journey.remark("The model class " + custom
            + " became an ordinary model of its layers; "
              "what its Python code adds is not in the file.");
    const char* className = typed.kind == LayerKind::Sequential ? "Sequential" : "Functional";
    return wrapped(entry, className, std::move(crossed), true);
}

Result<Json> ConfigCrossing::root(const Json& entry, const Layer& typed)
{
    TRY(Json object, model(entry, typed, { {}, 0 }));
    return m_journey.to.archive() ? std::move(object) : bareObject(object);
}

} // namespace layerscope::crossing
