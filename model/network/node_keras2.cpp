#include "model/network/node_dialects.h"

#include <algorithm>
#include <unordered_set>

/// Keras 1 and 2 write one call as a list of references, nested as the call's first argument was:
///
///     [["inp", 0, 0, {}]]                          one tensor
///     [["a", 0, 0, {}], ["b", 0, 0, {}]]           a list of tensors; keywords repeated on each
///     ["a", 0, 0, {"y": ["j", 0, 0]}]              flat: the first argument, the rest as keywords
///     ["_CONSTANT_VALUE", -1, 2.0, {…}]            the first argument is a constant
///     {"left": ["a", 0, 0, {}], …}                 structured input
///
/// The fourth item is absent in Keras 1 and early Keras 2.
namespace layerscope::network {

namespace {

constexpr std::string_view constantName = "_CONSTANT_VALUE";

bool isConstant(const Json& value)
{
    return isReference(value) && value[0].get_ref<const std::string&>() == constantName;
}

class Keras2NodeReader
{
public:
    Keras2NodeReader(const LayerPositions& layers, std::vector<std::string>& unknown)
        : m_layers(layers)
        , m_unknown(unknown)
    {
    }

    /// The first argument: references anywhere inside lists and mappings.
    Argument structure(const Json& value)
    {
        if (isConstant(value)) {
            rememberKeywords(value);
            return { value[2] };
        }
        if (isReference(value)) {
            rememberKeywords(value);
            return reference(value);
        }
        if (value.is_array()) {
            Argument::List items;
            for (const Json& item : value)
                items.push_back(structure(item));
            return { std::move(items) };
        }
        if (value.is_object()) {
            Argument::Mapping items;
            for (const auto& [key, item] : value.items())
                items.emplace_back(key, structure(item));
            return { std::move(items) };
        }
        return { value };
    }

    /// A keyword's value: a reference only where its name is that of a layer, since a literal
    /// such as ["same", 1, 1] looks alike.
    Argument keyword(const Json& value)
    {
        if (isConstant(value))
            return { value[2] };
        if (isReference(value)) {
            if (const auto found = readReference(value, m_layers)) {
                ++m_found;
                return { *found };
            }
            return { value };
        }
        if (!value.is_structured())
            return { value };
        return structuredArgument(
            value, m_found, [this](const Json& item) { return keyword(item); });
    }

    const Json* keywords() const { return m_keywords; }

private:
    Argument reference(const Json& value)
    {
        if (const auto found = readReference(value, m_layers))
            return { *found };
        m_unknown.push_back(value[0].get<std::string>());
        return { value };
    }

    void rememberKeywords(const Json& value)
    {
        if (!m_keywords && value.size() > 3 && value[3].is_object())
            m_keywords = &value[3];
    }

    const LayerPositions& m_layers;
    std::vector<std::string>& m_unknown;
    const Json* m_keywords = nullptr;
    std::size_t m_found = 0; // references among the keywords
};

} // namespace

bool isReference(const Json& value)
{
    return value.is_array() && value.size() >= 3 && value.size() <= 4 && value[0].is_string()
        && value[1].is_number_integer()
        && (value[2].is_number_integer() || value[0].get_ref<const std::string&>() == constantName);
}

std::optional<TensorReference> readReference(const Json& value, const LayerPositions& layers)
{
    const auto layer = layers.find(value[0].get_ref<const std::string&>());
    if (layer == layers.end() || !value[1].is_number_integer() || !value[2].is_number_integer())
        return std::nullopt;
    const auto node = value[1].get<std::int64_t>();
    const auto tensor = value[2].get<std::int64_t>();
    constexpr std::int64_t most = 1 << 24;
    if (node < 0 || tensor < 0 || node > most || tensor > most)
        return std::nullopt;
    return TensorReference{ layer->second, static_cast<std::size_t>(node),
        static_cast<std::size_t>(tensor) };
}

Call parseKeras2Node(
    const Json& node, const LayerPositions& layers, std::vector<std::string>& unknown)
{
    Keras2NodeReader reader(layers, unknown);
    Call call;
    Argument first = reader.structure(node);
    // A list of one reference stands for the tensor itself.
    if (auto* list = std::get_if<Argument::List>(&first.content);
        list && list->size() == 1 && !isReference(node)) {
        Argument only = std::move(list->front());
        first = std::move(only);
    }
    call.arguments.push_back(std::move(first));
    if (const Json* keywords = reader.keywords())
        for (const auto& [key, value] : keywords->items())
            call.keywords.emplace_back(key, reader.keyword(value));
    return call;
}

void separateInitialState(const Layer& layer, Call& call)
{
    static const std::unordered_set<std::string_view> recurrent{ "SimpleRNN", "LSTM", "GRU", "RNN",
        "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "ConvRecurrent2D", "CuDNNLSTM", "CuDNNGRU",
        "Bidirectional" };
    if (!recurrent.contains(layer.className) || call.arguments.size() != 1)
        return;
    auto* inputs = std::get_if<Argument::List>(&call.arguments[0].content);
    if (!inputs || inputs->size() < 2)
        return;
    std::int64_t constantCount = 0;
    if (layer.config.is_object()) {
        const auto found = layer.config.find("num_constants");
        if (found != layer.config.end() && found->is_number_integer())
            constantCount = std::clamp<std::int64_t>(
                found->get<std::int64_t>(), 0, static_cast<std::int64_t>(inputs->size()) - 1);
    }
    const auto state = inputs->begin() + 1;
    const auto constants = inputs->end() - constantCount;
    if (state != constants)
        call.keywords.emplace_back("initial_state", Argument{ Argument::List(state, constants) });
    if (constants != inputs->end())
        call.keywords.emplace_back(
            "constants", Argument{ Argument::List(constants, inputs->end()) });
    Argument input = std::move(inputs->front());
    call.arguments[0] = std::move(input);
}

} // namespace layerscope::network
