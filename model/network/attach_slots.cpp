#include "model/network/attach_slots.h"

#include "model/network/architecture.h"
#include "model/network/variable_layout.h"
#include "model/network/variable_tree.h"

#include <algorithm>
#include <set>

namespace layerscope::network {

namespace {

std::optional<std::int64_t> number(const Layer& layer, std::initializer_list<const char*> keys)
{
    for (const char* key : keys)
        if (layer.config.is_object())
            if (const auto found = layer.config.find(key);
                found != layer.config.end() && found->is_number_integer())
                return found->get<std::int64_t>();
    return std::nullopt;
}

/// Lengths of a convolution's window, as many as its class has axes.
PartialShape window(const Layer& layer, std::size_t axes)
{
    PartialShape lengths(axes, openDimension);
    const auto found
        = layer.config.is_object() ? layer.config.find("kernel_size") : layer.config.end();
    if (!layer.config.is_object() || found == layer.config.end())
        return lengths;
    for (std::size_t i = 0; i < axes; ++i) {
        if (found->is_number_integer())
            lengths[i] = found->get<std::int64_t>();
        else if (found->is_array() && i < found->size() && (*found)[i].is_number_integer())
            lengths[i] = (*found)[i].get<std::int64_t>();
    }
    return lengths;
}

std::optional<PartialShape> convolutionShape(const Layer& layer, const std::string& variable)
{
    const std::string& name = layer.className;
    const auto digit = name.find_first_of("123");
    if (digit == std::string::npos || digit + 1 >= name.size() || name[digit + 1] != 'D')
        return std::nullopt;
    const auto axes = static_cast<std::size_t>(name[digit] - '0');
    const std::int64_t filters = number(layer, { "filters" }).value_or(openDimension);
    if (variable == "bias")
        return PartialShape{ filters };
    PartialShape shape = window(layer, axes);
    if (variable == "depthwise_kernel" || name.starts_with("Depthwise")) {
        shape.push_back(openDimension);
        shape.push_back(number(layer, { "depth_multiplier" }).value_or(1));
    } else if (variable == "pointwise_kernel") {
        shape.assign(axes, 1);
        shape.insert(shape.end(), { openDimension, filters });
    } else if (name.ends_with("Transpose")) {
        shape.insert(shape.end(), { filters, openDimension });
    } else {
        shape.insert(shape.end(), { openDimension, filters });
    }
    return shape;
}

/// A variable that the file may hold for a layer of a class that we do not know.
std::vector<std::string> namesInFile(const Network& weights, const std::string& layerName)
{
    std::vector<std::string> names;
    for (const Layer& layer : weights.model.layers)
        if (layer.name == layerName)
            visitLayers(layer, [&](const Layer& inner, const std::vector<std::string>&) {
                for (const WeightIndex index : inner.weights)
                    names.push_back(weights.weights[index].path);
            });
    return names;
}

bool allKnown(const VariableObject& object)
{
    return object.isKnown && std::ranges::all_of(object.children, allKnown);
}

/// What stands for the weights until the file's are found.
std::vector<StoredGroup> placeholders(const Network& weights, const Network& architecture)
{
    std::vector<StoredGroup> groups;
    const bool keras3 = architecture.generation == KerasGeneration::Keras3;
    const auto order = variableOrder(architecture.generation, architecture.file.kerasVersion);
    for (const Layer& layer : architecture.model.layers) {
        if (layer.kind == LayerKind::Operation)
            continue;
        const VariableObject object = variableObject(layer, architecture.generation);
        StoredGroup group{ layer.name, {} };
        if (!allKnown(object))
            for (const std::string& name : namesInFile(weights, layer.name))
                group.weights.push_back({ name, name, true, StoredTensor() });
        else
            for (const ListedVariable& item : trainableFirst(object, order)) {
                const std::string& inside = item.object->path;
                const std::string name = item.object->name + "/"
                    + (inside.empty() ? "" : inside + "/") + item.variable().name
                    + (keras3 ? "" : ":0");
                group.weights.push_back({ name, name, true, StoredTensor() });
            }
        if (!group.weights.empty())
            groups.push_back(std::move(group));
    }
    return groups;
}

/// Finds the places of an architecture, layer by layer.
class SlotFinder
{
public:
    explicit SlotFinder(const Network& network, bool hasShapes)
        : m_network(network)
        , m_hasShapes(hasShapes)
    {
    }

    std::vector<WeightSlot> find()
    {
        visitModel(m_network.model, {}, {});
        take(m_network.model, {}, {});
        // Legacy files list a nested model's trained weights before its others.
        std::ranges::stable_sort(m_slots, {}, [this](const WeightSlot& slot) {
            const bool isNested = slot.topLayer < m_network.model.layers.size()
                && m_network.model.layers[slot.topLayer].isModel();
            return std::pair(
                slot.topLayer, isNested && !m_network.weights[slot.weight].trainable ? 1 : 0);
        });
        return std::move(m_slots);
    }

private:
    /// Where an object stands, as either v3 layout names it.
    struct Place
    {
        std::string usual;
        std::string of212;
    };

    void visitModel(
        const Layer& model, const std::vector<std::string>& path, const Place& container)
    {
        std::map<std::string, int> counts;
        std::map<std::string, int> counts212;
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const Layer& layer = model.layers[i];
            if (path.empty())
                m_top = i;
            if (layer.kind == LayerKind::Operation)
                continue;
            const std::string snake = snakeCase(layer.className);
            const auto numbered = [&](const std::string& around, int count) {
                return (around.empty() ? "" : around + "/") + snake
                    + (count > 0 ? "_" + std::to_string(count) : "");
            };
            int& count212 = counts212[snake];
            const Place place{ numbered(container.usual, counts[snake]++),
                numbered(container.of212, count212) };
            count212 += layer.weights.empty() ? 1 : 2;
            auto inner = path;
            inner.push_back(layer.name);
            take(layer, inner, place);
            if (layer.isModel())
                visitModel(layer, inner, place);
        }
    }

    void take(const Layer& layer, const std::vector<std::string>& path, const Place& place)
    {
        if (layer.weights.empty())
            return;
        const bool isRoot = path.empty();
        for (const WeightIndex index : layer.weights) {
            if (!m_seen.insert(index).second)
                continue;
            WeightSlot slot;
            slot.weight = index;
            slot.topLayer = isRoot ? m_network.model.layers.size() : m_top;
            slot.leaf = m_leaf;
            slot.path = path;
            slot.variable = variableName(m_network.weights[index].path);
            slot.container = place.usual;
            slot.container212 = place.of212;
            slot.expected = m_hasShapes
                ? std::optional<PartialShape>(m_network.weights[index].value.shape())
                : configuredShape(layer, slot.variable);
            m_slots.push_back(std::move(slot));
        }
        ++m_leaf;
    }

    const Network& m_network;
    bool m_hasShapes;
    std::size_t m_top = 0;
    std::size_t m_leaf = 0;
    std::set<WeightIndex> m_seen;
    std::vector<WeightSlot> m_slots;
};

} // namespace

std::string variableName(const std::string& path)
{
    std::string name = path.substr(0, path.ends_with(":0") ? path.size() - 2 : path.size());
    const auto separator = name.find('/') != std::string::npos ? name.rfind('/') : name.rfind('.');
    return separator == std::string::npos ? name : name.substr(separator + 1);
}

std::string joinedPath(const std::vector<std::string>& path)
{
    std::string text;
    for (const std::string& part : path)
        text += (text.empty() ? "" : "/") + part;
    return text;
}

bool allows(const std::optional<PartialShape>& expected, const Shape& shape)
{
    if (!expected)
        return true;
    return std::ranges::equal(*expected, shape, [](std::int64_t wanted, std::int64_t is) {
        return wanted == openDimension || wanted == is;
    });
}

std::optional<PartialShape> configuredShape(const Layer& layer, const std::string& variable)
{
    const std::string& name = layer.className;
    const auto units = number(layer, { "units", "output_dim" });
    if (name == "Dense")
        return variable == "bias" ? PartialShape{ units.value_or(openDimension) }
                                  : PartialShape{ openDimension, units.value_or(openDimension) };
    if (name == "Embedding")
        return PartialShape{ number(layer, { "input_dim" }).value_or(openDimension),
            units.value_or(openDimension) };
    const std::int64_t gates = name == "LSTM" ? 4 : name == "GRU" ? 3 : name == "SimpleRNN" ? 1 : 0;
    if (gates > 0 && units) {
        if (variable == "recurrent_kernel")
            return PartialShape{ *units, gates * *units };
        if (variable == "kernel")
            return PartialShape{ openDimension, gates * *units };
        return std::nullopt; // the bias of a GRU has one row or two
    }
    if (name == "BatchNormalization")
        return PartialShape{ openDimension };
    if (name.find("Conv") != std::string::npos && !name.starts_with("ConvLSTM"))
        return convolutionShape(layer, variable);
    return std::nullopt;
}

AttachTarget attachTarget(const Network& weights, const Network& architecture)
{
    AttachTarget target;
    target.network = architecture;
    target.network.carried.reset();
    target.hadWeights = !architecture.weights.empty();
    if (!target.hadWeights) {
        const auto problems = target.network.problems;
        assignWeights(target.network, placeholders(weights, architecture));
        target.network.problems = problems;
    }
    target.slots = SlotFinder(target.network, target.hadWeights).find();
    return target;
}

} // namespace layerscope::network
