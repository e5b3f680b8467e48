#include "model/network/attach.h"

#include "model/network/attach_slots.h"
#include "model/network/optimizer_layout.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace layerscope {

namespace {

using network::allows;
using network::AttachTarget;
using network::joinedPath;
using network::variableName;
using network::WeightSlot;

constexpr std::array allPairings{ Pairing::ByName, Pairing::ByContainer, Pairing::ByPosition,
    Pairing::ByOrder };

/// A layer of the weights' file, with its weights in order.
struct SourceLayer
{
    std::string name;
    std::string path; ///< names joined by '/'
    std::vector<WeightIndex> weights;
};

/// For each place of the architecture the weight that it gets.
using Pairs = std::vector<std::optional<WeightIndex>>;

std::string plain(std::string path)
{
    if (path.ends_with(":0"))
        path.resize(path.size() - 2);
    if (path.find('/') == std::string::npos)
        std::ranges::replace(path, '.', '/');
    return path;
}

/// Does its work for one pair of files; see attachArchitecture().
class Attaching
{
public:
    Attaching(const Network& weights, const Network& architecture)
        : m_source(weights)
        , m_architecture(architecture)
        , m_target(network::attachTarget(weights, architecture))
    {
        listLayers();
    }

    Attachment run(std::optional<Pairing> asked);

private:
    void listLayers();
    Pairs pair(Pairing pairing) const;
    Pairs byName() const;
    Pairs byContainer() const;
    Pairs byPosition() const;
    Pairs byOrder() const;
    bool pairLayers(const std::vector<SourceLayer>& layers, bool topLevel, Pairs& pairs) const;
    void pairLayer(
        const SourceLayer& layer, std::span<const std::size_t> slots, Pairs& pairs) const;
    bool fits(std::size_t slot, WeightIndex weight) const
    {
        return allows(m_target.slots[slot].expected, m_source.weights[weight].value.shape());
    }
    std::size_t countFitting(const Pairs& pairs) const;
    bool isComplete(const Pairs& pairs) const
    {
        return countFitting(pairs) == m_target.slots.size()
            && pairs.size() == m_source.weights.size();
    }
    std::vector<WeightMatch> table(const Pairs& pairs) const;
    std::string fault(const std::vector<WeightMatch>& matches) const;
    std::string layerCountFault() const;
    void fill(Attachment& attachment, const Pairs& pairs) const;
    void fillOptimizer(Attachment& attachment, const Pairs& pairs) const;

    const Network& m_source;
    const Network& m_architecture;
    AttachTarget m_target;
    std::vector<SourceLayer> m_topLayers;
    std::vector<SourceLayer> m_leaves;
};

void Attaching::listLayers()
{
    std::set<WeightIndex> seen;
    const auto collect = [&](const Layer& layer, SourceLayer& top) {
        visitLayers(layer, [&](const Layer& inner, const std::vector<std::string>& path) {
            const std::string below = joinedPath(path);
            SourceLayer leaf{ inner.name, layer.name + (below.empty() ? "" : "/" + below), {} };
            for (const WeightIndex index : inner.weights)
                if (seen.insert(index).second)
                    leaf.weights.push_back(index);
            top.weights.insert(top.weights.end(), leaf.weights.begin(), leaf.weights.end());
            if (!leaf.weights.empty())
                m_leaves.push_back(std::move(leaf));
        });
    };
    for (const Layer& layer : m_source.model.layers) {
        SourceLayer top{ layer.name, layer.name, {} };
        collect(layer, top);
        if (layer.isModel()) // as legacy files list it
            std::ranges::stable_partition(
                top.weights, [&](WeightIndex index) { return m_source.weights[index].trainable; });
        if (!top.weights.empty())
            m_topLayers.push_back(std::move(top));
    }
    SourceLayer rest;
    for (WeightIndex index = 0; index < m_source.weights.size(); ++index)
        if (!seen.contains(index))
            rest.weights.push_back(index);
    if (!rest.weights.empty()) {
        m_leaves.push_back(rest);
        m_topLayers.push_back(std::move(rest));
    }
}

Pairs Attaching::pair(Pairing pairing) const
{
    switch (pairing) {
    case Pairing::ByName:
        return byName();
    case Pairing::ByContainer:
        return byContainer();
    case Pairing::ByPosition:
        return byPosition();
    default:
        return byOrder();
    }
}

Pairs Attaching::byName() const
{
    std::unordered_map<std::string, std::vector<WeightIndex>> whole;
    std::unordered_map<std::string, std::vector<WeightIndex>> byLayer;
    for (WeightIndex index = 0; index < m_source.weights.size(); ++index)
        whole[plain(m_source.weights[index].path)].push_back(index);
    for (const SourceLayer& layer : m_leaves)
        for (const WeightIndex index : layer.weights)
            byLayer[layer.name + "/" + variableName(m_source.weights[index].path)].push_back(index);
    Pairs pairs(m_target.slots.size());
    std::set<WeightIndex> taken;
    const auto take = [&](std::size_t slot, const std::vector<WeightIndex>& found) {
        // A name that several arrays have says nothing.
        if (!pairs[slot] && found.size() == 1 && taken.insert(found.front()).second)
            pairs[slot] = found.front();
    };
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const WeightSlot& slot = m_target.slots[i];
        const std::string layer = slot.path.empty() ? std::string() : slot.path.back();
        take(i, whole[plain(m_target.network.weights[slot.weight].path)]);
        take(i, whole[joinedPath(slot.path) + "/" + slot.variable]);
        take(i, whole[layer + "/" + slot.variable]);
        take(i, byLayer[joinedPath(slot.path) + "/" + slot.variable]);
        take(i, byLayer[layer + "/" + slot.variable]);
    }
    return pairs;
}

/// The groups of a v3 file, which are called after classes: "dense_1" in "functional".
Pairs Attaching::byContainer() const
{
    std::unordered_map<std::string, const SourceLayer*> byPath;
    for (const SourceLayer& layer : m_leaves)
        byPath.emplace(layer.path, &layer);
    const auto pairUnder = [&](std::string WeightSlot::*container) {
        Pairs pairs(m_target.slots.size());
        std::map<std::size_t, std::vector<std::size_t>> slotsOfLeaf;
        for (std::size_t i = 0; i < pairs.size(); ++i)
            slotsOfLeaf[m_target.slots[i].leaf].push_back(i);
        for (const auto& [leaf, slots] : slotsOfLeaf)
            if (const auto found = byPath.find(m_target.slots[slots.front()].*container);
                found != byPath.end())
                pairLayer(*found->second, slots, pairs);
        return pairs;
    };
    Pairs usual = pairUnder(&WeightSlot::container);
    Pairs of212 = pairUnder(&WeightSlot::container212);
    return countFitting(of212) > countFitting(usual) ? of212 : usual;
}

/// Within a layer names decide where both sides have the same, since checkpoints list variables
/// otherwise than Keras; else the order does.
void Attaching::pairLayer(
    const SourceLayer& layer, std::span<const std::size_t> slots, Pairs& pairs) const
{
    std::multiset<std::string> wanted;
    std::multiset<std::string> found;
    for (const std::size_t slot : slots)
        wanted.insert(m_target.slots[slot].variable);
    for (const WeightIndex index : layer.weights)
        found.insert(variableName(m_source.weights[index].path));
    const bool distinct = std::ranges::adjacent_find(wanted) == wanted.end();
    for (std::size_t i = 0; i < slots.size() && i < layer.weights.size(); ++i) {
        pairs[slots[i]] = layer.weights[i];
        if (wanted != found || !distinct)
            continue;
        for (const WeightIndex index : layer.weights)
            if (variableName(m_source.weights[index].path) == m_target.slots[slots[i]].variable)
                pairs[slots[i]] = index;
    }
}

bool Attaching::pairLayers(
    const std::vector<SourceLayer>& layers, bool topLevel, Pairs& pairs) const
{
    std::vector<std::vector<std::size_t>> owners;
    std::optional<std::size_t> current;
    for (std::size_t i = 0; i < m_target.slots.size(); ++i) {
        const std::size_t owner = topLevel ? m_target.slots[i].topLayer : m_target.slots[i].leaf;
        if (current != owner)
            owners.emplace_back();
        current = owner;
        owners.back().push_back(i);
    }
    for (std::size_t i = 0; i < owners.size() && i < layers.size(); ++i)
        pairLayer(layers[i], owners[i], pairs);
    return owners.size() == layers.size();
}

Pairs Attaching::byPosition() const
{
    Pairs top(m_target.slots.size());
    Pairs leaf(m_target.slots.size());
    const bool topFits = pairLayers(m_topLayers, true, top);
    const bool leafFits = pairLayers(m_leaves, false, leaf);
    if (topFits && isComplete(top))
        return top;
    if (leafFits && isComplete(leaf))
        return leaf;
    return countFitting(leaf) > countFitting(top) ? leaf : top;
}

Pairs Attaching::byOrder() const
{
    Pairs pairs(m_target.slots.size());
    for (std::size_t i = 0; i < pairs.size(); ++i)
        if (m_target.slots[i].weight < m_source.weights.size())
            pairs[i] = m_target.slots[i].weight;
    return pairs;
}

std::size_t Attaching::countFitting(const Pairs& pairs) const
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i)
        count += pairs[i] && fits(i, *pairs[i]) ? 1 : 0;
    return count;
}

std::vector<WeightMatch> Attaching::table(const Pairs& pairs) const
{
    std::vector<WeightMatch> matches;
    std::set<WeightIndex> taken;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const WeightSlot& slot = m_target.slots[i];
        WeightMatch match{ MatchState::Missing, joinedPath(slot.path), slot.variable, slot.expected,
            {}, {} };
        if (pairs[i]) {
            const Weight& weight = m_source.weights[*pairs[i]];
            taken.insert(*pairs[i]);
            match.state = fits(i, *pairs[i]) ? MatchState::Matched : MatchState::ShapeDiffers;
            match.foundAs = weight.path;
            match.found = weight.value.shape();
        }
        matches.push_back(std::move(match));
    }
    for (const SourceLayer& layer : m_leaves)
        for (const WeightIndex index : layer.weights)
            if (!taken.contains(index))
                matches.push_back(
                    { MatchState::Extra, layer.name, variableName(m_source.weights[index].path), {},
                        m_source.weights[index].path, m_source.weights[index].value.shape() });
    return matches;
}

std::string counted(std::size_t count, const std::string& noun)
{
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// Keras's "Layer count mismatch", with the layer that is too many.
std::string Attaching::layerCountFault() const
{
    std::vector<std::string> owners;
    std::optional<std::size_t> current;
    for (const WeightSlot& slot : m_target.slots) {
        if (current != slot.topLayer)
            owners.push_back(slot.path.empty() ? "the model itself" : slot.path.front());
        current = slot.topLayer;
    }
    if (owners.size() == m_topLayers.size())
        return {};
    return "the architecture has " + counted(owners.size(), "layer")
        + " with weights, the file holds weights of " + std::to_string(m_topLayers.size());
}

std::string Attaching::fault(const std::vector<WeightMatch>& matches) const
{
    const auto first = [&](MatchState state) -> const WeightMatch* {
        const auto found = std::ranges::find(matches, state, &WeightMatch::state);
        return found != matches.end() ? &*found : nullptr;
    };
    const WeightMatch* differs = first(MatchState::ShapeDiffers);
    const WeightMatch* missing = first(MatchState::Missing);
    const WeightMatch* extra = first(MatchState::Extra);
    if (!differs && !missing && !extra)
        return {};
    std::string text = "the weights do not fit the architecture: ";
    if (const std::string counts = layerCountFault(); !counts.empty())
        text += counts + "; ";
    if (differs)
        text += "'" + differs->weight + "' of layer '" + differs->layer + "' should have shape "
            + toString(*differs->expected) + " and has " + toString(*differs->found);
    else if (missing)
        text += "'" + missing->weight + "' of layer '" + missing->layer + "' is not in the file";
    else
        text += "layer '" + extra->layer + "' of the file is extra";
    const bool alsoExtra = extra && (differs || missing);
    return text + (alsoExtra ? "; layer '" + extra->layer + "' of the file is extra" : "");
}

/// Names such as "kernel" come from the weights' file where it has real ones, not "vars/0".
bool hasRealName(const Weight& weight)
{
    const std::string name = variableName(weight.path);
    return !std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })
        && weight.path.find("layer_with_weights") == std::string::npos;
}

void Attaching::fillOptimizer(Attachment& attachment, const Pairs& pairs) const
{
    Network& network = attachment.network;
    network.optimizer.reset();
    if (!m_source.optimizer || m_source.optimizer->variables.empty()) {
        if (network.training)
            attachment.remarks.emplace_back(
                "The weights come without an optimizer state: training starts with a fresh one.");
        return;
    }
    OptimizerState state = *m_source.optimizer;
    const Json configured = network.training ? network.training->optimizer() : Json();
    if (state.className.empty() && configured.is_object() && configured.contains("class_name")
        && configured["class_name"].is_string()) {
        state.className = plainOptimizerName(configured["class_name"].get<std::string>());
        state.dialect = optimizerDialect(configured, network.generation);
        if (configured.contains("config"))
            state.config = configured["config"];
    }
    std::unordered_map<WeightIndex, WeightIndex> moved;
    for (std::size_t i = 0; i < pairs.size(); ++i)
        moved[*pairs[i]] = m_target.slots[i].weight;
    bool needsOrder = false;
    for (OptimizerVariable& variable : state.variables) {
        if (variable.weight && moved.contains(*variable.weight))
            variable.weight = moved[*variable.weight];
        needsOrder = needsOrder || variable.role == SlotRole::Unknown;
    }
    const std::size_t problemsBefore = network.problems.size();
    if (needsOrder)
        interpretOptimizer(network, state);
    const bool fits = network.problems.size() == problemsBefore;
    network.problems.resize(problemsBefore);
    if (!fits) {
        attachment.remarks.push_back("The optimizer state of the weights' file ("
            + counted(state.variables.size(), "variable")
            + ") does not fit this model and was left out: training starts with a fresh one.");
        return;
    }
    network.optimizer = std::move(state);
}

void Attaching::fill(Attachment& attachment, const Pairs& pairs) const
{
    Network& network = attachment.network;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const Weight& found = m_source.weights[*pairs[i]];
        Weight& weight = network.weights[m_target.slots[i].weight];
        weight.value = found.value;
        const bool takesName = !m_target.hadWeights && hasRealName(found)
            && attachment.pairing == Pairing::ByName
            && m_source.generation == m_architecture.generation;
        if (takesName) {
            weight.name = found.name;
            weight.path = found.path;
        }
    }
    FileFacts& file = network.file;
    const bool isHdf5 = file.format.starts_with("h5") && file.format != "h5-weights";
    file.path = m_source.file.path;
    file.bytes = m_source.file.bytes;
    file.weightsOnly = false;
    if (!isHdf5) // a name without a suffix must not mean the other file's folder format
        file.format.clear();
    if (file.kerasVersion.empty())
        file.kerasVersion = m_source.file.kerasVersion;
    network.history = m_source.history;
    if (!network.training)
        network.training = m_source.training;
    fillOptimizer(attachment, pairs);
}

Attachment Attaching::run(std::optional<Pairing> asked)
{
    Attachment attachment;
    Pairs best;
    std::size_t bestCount = 0;
    // Such a file calls its groups after classes, which may be the names of other layers.
    auto order = allPairings;
    if (m_source.file.format == "weights.h5-keras2")
        std::swap(order[0], order[1]);
    for (const Pairing pairing : order) {
        if (asked && *asked != pairing)
            continue;
        Pairs pairs = pair(pairing);
        const std::size_t count = countFitting(pairs) + (isComplete(pairs) ? 1 : 0);
        // A table by position says more than one of names that all differ.
        if (best.empty() || count > bestCount) {
            best = std::move(pairs);
            bestCount = count;
            attachment.pairing = pairing;
        }
        if (isComplete(best))
            break;
    }
    attachment.matches = table(best);
    attachment.fault = fault(attachment.matches);
    attachment.network = m_target.network;
    const bool looksLikeTorch = std::ranges::any_of(
        m_source.weights, [](const Weight& weight) { return weight.path.ends_with(".weight"); });
    if (looksLikeTorch && !attachment.isComplete())
        attachment.remarks.emplace_back(
            "The names look like PyTorch's, which keeps kernels transposed: Layerscope never "
            "guesses that. Convert them to Keras's names and shapes first.");
    if (attachment.isComplete())
        fill(attachment, best);
    return attachment;
}

} // namespace

Result<Attachment> attachArchitecture(
    const Network& weights, const Network& architecture, std::optional<Pairing> pairing)
{
    if (architecture.architecture.isEmpty() || architecture.model.layers.empty())
        return Error(ErrorKind::InvalidArgument,
            "it holds no architecture to attach; give a whole model, or the text that Keras's "
            "model.to_json() gives");
    if (weights.weights.empty())
        return Error(ErrorKind::InvalidArgument, "it holds no weights to attach");
    return Attaching(weights, architecture).run(pairing);
}

} // namespace layerscope
