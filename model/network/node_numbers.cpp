#include "model/network/node_dialects.h"

#include <algorithm>
#include <deque>
#include <limits>

namespace layerscope::network {

namespace {

/// The node numbers by which one layer is referred to.
struct NumberRange
{
    std::size_t lowest = std::numeric_limits<std::size_t>::max();
    std::size_t highest = 0;

    void add(std::size_t number)
    {
        lowest = std::min(lowest, number);
        highest = std::max(highest, number);
    }
    bool isEmpty() const { return lowest > highest; }
};

template<class Visitor> void visitReferences(Argument& argument, const Visitor& visitor)
{
    if (std::holds_alternative<TensorReference>(argument.content)) {
        visitor(argument);
    } else if (auto* list = std::get_if<Argument::List>(&argument.content)) {
        for (Argument& item : *list)
            visitReferences(item, visitor);
    } else if (auto* mapping = std::get_if<Argument::Mapping>(&argument.content)) {
        for (auto& [key, item] : *mapping)
            visitReferences(item, visitor);
    }
}

template<class Visitor> void visitReferences(Layer& model, const Visitor& visitor)
{
    for (Layer& layer : model.layers) {
        for (Call& call : layer.calls) {
            for (Argument& argument : call.arguments)
                visitReferences(argument, visitor);
            for (auto& [key, argument] : call.keywords)
                visitReferences(argument, visitor);
        }
    }
}

/// Calls that may be referred to. An input has none in the file and counts as called once.
std::size_t callCount(const Layer& layer)
{
    return layer.className == "InputLayer" ? 1 : layer.calls.size();
}

/// What to subtract from the node numbers in `range` to get call numbers.
std::size_t firstNumber(const Layer& layer, const NumberRange& range, bool usuallyOne)
{
    if (range.isEmpty() || range.lowest == 0)
        return 0;
    // Where the numbers run up to the count of calls, the construction is counted, even if nothing
    // refers to the first call (the output is the last of several).
    if (usuallyOne && range.highest <= callCount(layer))
        return 1;
    if (range.highest >= callCount(layer))
        return range.highest - range.lowest < callCount(layer) ? range.lowest : 0;
    return 0;
}

std::vector<NumberRange> rangesOf(const std::vector<TensorReference>& references, std::size_t count)
{
    std::vector<NumberRange> ranges(count);
    for (const TensorReference& reference : references)
        ranges[reference.layer].add(reference.call);
    return ranges;
}

/// Layer calls in an order in which each comes after what it uses; shorter than the number of calls
/// when there is a cycle.
std::size_t reachableCalls(const Layer& model)
{
    std::vector<std::size_t> firstCall(model.layers.size() + 1, 0);
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        firstCall[i + 1] = firstCall[i] + std::max<std::size_t>(1, model.layers[i].calls.size());
    std::vector<std::size_t> waiting(firstCall.back(), 0);
    std::vector<std::vector<std::size_t>> users(firstCall.back());
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const auto& calls = model.layers[i].calls;
        for (std::size_t k = 0; k < calls.size(); ++k) {
            for (const TensorReference& used : calls[k].tensors()) {
                users[firstCall[used.layer] + used.call].push_back(firstCall[i] + k);
                ++waiting[firstCall[i] + k];
            }
        }
    }
    std::deque<std::size_t> ready;
    for (std::size_t node = 0; node < waiting.size(); ++node)
        if (waiting[node] == 0)
            ready.push_back(node);
    std::size_t done = 0;
    for (; !ready.empty(); ready.pop_front(), ++done)
        for (const std::size_t user : users[ready.front()])
            if (--waiting[user] == 0)
                ready.push_back(user);
    return waiting.size() - done;
}

void reportDangling(const Layer& model, std::size_t dangling, const std::string& where,
    std::vector<Problem>& problems)
{
    if (dangling > 0)
        problems.push_back({ Severity::Warning, where,
            std::to_string(dangling) + " references in the graph of '" + model.name
                + "' point to layer calls that do not exist.",
            "The graph cannot be run; layers and weights can be looked at and saved." });
}

} // namespace

void resolveNodeNumbers(
    Layer& model, bool keras3Nodes, const std::string& where, std::vector<Problem>& problems)
{
    std::vector<TensorReference> inside;
    visitReferences(model, [&](const Argument& argument) {
        inside.push_back(std::get<TensorReference>(argument.content));
    });
    std::vector<TensorReference> ends = model.inputs;
    ends.insert(ends.end(), model.outputs.begin(), model.outputs.end());

    // Keras 2 has one numbering. Keras 3 counts from 0 inside nodes, while outputs keep the number
    // that counts the construction of a nested Functional (crossing.md 4.1).
    if (!keras3Nodes) {
        inside.insert(inside.end(), ends.begin(), ends.end());
        ends = inside;
    }
    const std::size_t count = model.layers.size();
    const auto insideRanges = rangesOf(inside, count);
    const auto endRanges = rangesOf(ends, count);
    const auto shifted
        = [&](TensorReference reference, bool end) -> std::optional<TensorReference> {
        const Layer& layer = model.layers[reference.layer];
        const bool usuallyOne
            = keras3Nodes ? end && layer.kind == LayerKind::Functional : layer.isModel();
        const auto& range = end ? endRanges[reference.layer] : insideRanges[reference.layer];
        reference.call -= std::min(reference.call, firstNumber(layer, range, usuallyOne));
        if (reference.call >= callCount(layer))
            return std::nullopt;
        return reference;
    };

    std::size_t dangling = 0;
    visitReferences(model, [&](Argument& argument) {
        if (const auto found = shifted(std::get<TensorReference>(argument.content), false))
            argument.content = *found;
        else
            argument.content = Json();
        dangling += std::holds_alternative<Json>(argument.content) ? 1 : 0;
    });
    for (auto* list : { &model.inputs, &model.outputs }) {
        std::vector<TensorReference> sound;
        for (const TensorReference& reference : *list) {
            if (const auto found = shifted(reference, true))
                sound.push_back(*found);
            else
                ++dangling;
        }
        *list = std::move(sound);
    }
    reportDangling(model, dangling, where, problems);
    if (reachableCalls(model) > 0)
        problems.push_back(
            { Severity::Warning, where, "The graph of '" + model.name + "' runs in a circle.",
                "It cannot be run; layers and weights can be looked at and saved." });
}

} // namespace layerscope::network
