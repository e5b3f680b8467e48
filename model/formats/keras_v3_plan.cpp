#include "model/formats/keras_v3_writer.h"
#include "model/network/custom_parts.h"
#include "model/network/variable_layout.h"
#include "model/network/variable_tree.h"

#include <map>
#include <unordered_map>

// Names of groups as Keras computes them: formats.md 2.2, crossing.md 3.

namespace layerscope::formats {

using network::VariableObject;

namespace {

std::string below(const std::string& a, std::string_view b)
{
    return a.empty() ? std::string(b) : a + "/" + std::string(b);
}

/// The own name of an object that a layer makes for itself.
std::string innerName(
    const VariableObject& parent, const VariableObject& object, const std::string& attribute)
{
    if (!object.name.empty())
        return object.name;
    if (attribute == "cell")
        return parent.className.starts_with("ConvLSTM") ? "conv_lstm_cell"
                                                        : snakeCase(parent.className) + "_cell";
    constexpr std::string_view suffix = "_dense"; // of an attention layer's projections
    if (!attribute.ends_with(suffix))
        return {};
    std::string name = attribute.substr(0, attribute.size() - suffix.size());
    name.erase(0, name.find_first_not_of('_'));
    return name == "output" ? "attention_output" : name;
}

class Planner
{
public:
    explicit Planner(const Network& network)
        : m_network(network)
        , m_order(network::variableOrder(network.generation, network.file.kerasVersion))
    {
    }

    Result<V3Plan> run()
    {
        VariableObject tree = network::variableObject(m_network.model, m_network.generation);
        if (m_network.model.kind == LayerKind::Subclassed || m_network.architecture.isEmpty())
            return Error(ErrorKind::Unsupported,
                "the classes of its layers are not known, after which Keras names the groups of "
                "such a file; save it in the format that it has");
        TRY_DO(assign(m_network.model, tree));
        place(tree, {}, m_network.model.name);
        return std::move(m_plan);
    }

private:
    Result<void> assign(const Layer& layer, VariableObject& object);
    Result<void> assignParts(const Layer& layer, VariableObject& object);
    void place(const VariableObject& object, const std::string& path, const std::string& name);
    void placeLayers(const VariableObject& model, const std::string& path);
    void placeExtras(const VariableObject& object, const std::string& path);
    void placeEmpty(const VariableObject& object, const std::string& path);

    const Network& m_network;
    network::VariableOrder m_order;
    std::unordered_map<std::size_t, WeightIndex> m_weights; // by variable id
    std::size_t m_nextId = 1U << 30U;
    V3Plan m_plan;
};

/// Tells each variable its weight; the layers list theirs in the order of trainableFirst().
Result<void> Planner::assign(const Layer& layer, VariableObject& object)
{
    if (layer.isModel() && layer.kind != LayerKind::Subclassed) {
        std::size_t child = 0;
        for (const Layer& inner : layer.layers)
            if (inner.kind != LayerKind::Operation)
                TRY_DO(assign(inner, object.children[child++]));
        return {};
    }
    auto listed = network::trainableFirst(object, m_order);
    if (!object.isKnown && listed.empty() && !layer.weights.empty())
        return assignParts(layer, object);
    if (!object.isKnown && listed.size() < layer.weights.size()) {
        // A class of somebody's own: its variables are taken to hang on the layer itself.
        for (std::size_t i = listed.size(); i < layer.weights.size(); ++i)
            object.own.push_back({ m_network.weights[layer.weights[i]].name, true, m_nextId++ });
        listed = network::trainableFirst(object, m_order);
    }
    if (!layer.weights.empty() && listed.size() != layer.weights.size())
        return Error(ErrorKind::Unsupported,
            "it has " + std::to_string(layer.weights.size())
                + " weights where its configuration asks for " + std::to_string(listed.size()))
            .in(layer.name);
    for (std::size_t i = 0; i < layer.weights.size(); ++i)
        m_weights.emplace(listed[i].variable().id, layer.weights[i]);
    return {};
}

/// A class of somebody's own, of which only the names of its variables are known.
Result<void> Planner::assignParts(const Layer& layer, VariableObject& object)
{
    const auto parts = network::partsOfWeights(m_network, layer);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        VariableObject* owner = &object;
        for (const std::string& name : parts[i]) {
            const std::string path = below(owner->path, name);
            auto inner = std::ranges::find(owner->children, path, &VariableObject::path);
            if (inner == owner->children.end()) {
                VariableObject part;
                part.name = name;
                part.path = path;
                owner->children.push_back(std::move(part));
                inner = std::prev(owner->children.end());
            }
            owner = &*inner;
        }
        owner->own.push_back({ m_network.weights[layer.weights[i]].name, true, m_nextId });
        m_weights.emplace(m_nextId++, layer.weights[i]);
    }
    if (!object.children.empty())
        m_plan.guessed.push_back(layer.name);
    return {};
}

void Planner::place(const VariableObject& object, const std::string& path, const std::string& name)
{
    m_plan.objects.push_back({ path, name });
    const std::string variables = below(path, v3VariablesGroup);
    for (std::size_t i = 0; i < object.own.size(); ++i) {
        if (object.own[i].name.starts_with("lora_"))
            continue; // merged into the kernel
        if (const auto found = m_weights.find(object.own[i].id); found != m_weights.end())
            m_plan.arrays.emplace_back(below(variables, std::to_string(i)), found->second);
    }
    if (object.isModel)
        return placeLayers(object, path);
    for (const VariableObject& child : object.children) {
        const std::size_t begin = object.path.empty() ? 0 : object.path.size() + 1;
        const std::string attribute = child.path.substr(begin);
        place(child, below(path, attribute), innerName(object, child, attribute));
    }
    placeExtras(object, path);
}

void Planner::placeLayers(const VariableObject& model, const std::string& path)
{
    const std::string container = below(path, v3LayersGroup);
    std::map<std::string, std::size_t> used;
    for (const VariableObject& child : model.children) {
        const std::string base = snakeCase(child.className);
        const std::size_t number = used[base]++;
        place(child, below(container, number == 0 ? base : base + "_" + std::to_string(number)),
            child.name);
    }
}

/// Objects that never hold a variable: Keras 2 insists on a `vars` group for each that it meets.
void Planner::placeExtras(const VariableObject& object, const std::string& path)
{
    const std::string& name = object.className;
    const bool isKeras2 = m_network.generation != KerasGeneration::Keras3;
    if (name == "Bidirectional" && isKeras2 && !object.children.empty())
        placeEmpty(object.children[0], below(path, "layer"));
    if (name == "MultiHeadAttention")
        for (const char* part : { "_softmax", "_dropout_layer" })
            m_plan.objects.push_back({ below(path, part), {} });
    if (name == "TextVectorization")
        m_plan.objects.push_back({ below(path, "_lookup_layer"), {} });
}

void Planner::placeEmpty(const VariableObject& object, const std::string& path)
{
    m_plan.objects.push_back({ path, {} });
    for (const VariableObject& child : object.children)
        placeEmpty(child, below(path, child.path.substr(object.path.size() + 1)));
}

} // namespace

Result<V3Plan> planV3(const Network& network)
{
    return Planner(network).run();
}

bool hasOwnTree(const Network& network, const V3Carried& carried)
{
    if (carried.generation != network.generation
        || carried.weightsAsRead.size() != network.weights.size() || carried.files.empty())
        return false;
    for (std::size_t i = 0; i < network.weights.size(); ++i)
        if (network.weights[i].value.shape() != carried.weightsAsRead[i].shape())
            return false;
    return true;
}

std::vector<std::string> v3Places(const Network& network)
{
    std::vector<std::string> places(network.weights.size());
    const V3Carried* const carried = carriedV3(network);
    if (carried != nullptr && hasOwnTree(network, *carried)) {
        for (std::size_t i = 0; i < places.size(); ++i)
            if (!carried->weights[i].empty())
                places[i] = carried->weights[i][0].path;
        return places;
    }
    if (carried != nullptr && isRenamedForKeras3(network, *carried)) {
        const V3Renamed renamed = renamedForKeras3(*carried);
        for (std::size_t i = 0; i < places.size(); ++i)
            if (!carried->weights[i].empty())
                if (const auto place
                    = renamed.find({ carried->weights[i][0].file, carried->weights[i][0].path });
                    place != renamed.end())
                    places[i] = place->second;
        return places;
    }
    if (const auto plan = planV3(network))
        for (const auto& [path, weight] : plan->arrays)
            if (places[weight].empty())
                places[weight] = path;
    return places;
}

} // namespace layerscope::formats
