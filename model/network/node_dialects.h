#pragma once

#include "model/network/network.h"

#include <string_view>
#include <unordered_map>

namespace layerscope::network {

/// Names of the layers that one model holds, with their positions.
using LayerPositions = std::unordered_map<std::string_view, std::size_t>;

/// True for Keras 3's {"args": […], "kwargs": {…}}.
bool isKeras3Node(const Json& node);

/// One entry of `inbound_nodes` as a call. References keep the node number of the file
/// (resolveNodeNumbers() turns it into a call number); names that no layer has stay literals and
/// are added to `unknown`.
///
/// Source  formats.md 4.3 and 4.4
Call parseKeras2Node(
    const Json& node, const LayerPositions& layers, std::vector<std::string>& unknown);
Call parseKeras3Node(
    const Json& node, const LayerPositions& layers, std::vector<std::string>& unknown);

/// Keras 2 lists the initial state and the constants of a recurrent layer after its input, Keras 3
/// gives them as keywords. Turns the former into the latter.
void separateInitialState(const Layer& layer, Call& call);

/// True for [name, node, tensor] and [name, node, tensor, keywords].
bool isReference(const Json& value);

/// The reference that `value`, for which isReference() holds, stands for; nothing if no layer has
/// the name or a number is impossible.
std::optional<TensorReference> readReference(const Json& value, const LayerPositions& layers);

/// A list or mapping as an argument, item by item through `read`. It stays a literal when that adds
/// nothing to `found`, the count of references seen so far.
template<class Read>
Argument structuredArgument(const Json& value, const std::size_t& found, const Read& read)
{
    const std::size_t before = found;
    Argument result;
    if (value.is_array()) {
        Argument::List items;
        for (const Json& item : value)
            items.push_back(read(item));
        result.content = std::move(items);
    } else {
        Argument::Mapping items;
        for (const auto& [key, item] : value.items())
            items.emplace_back(key, read(item));
        result.content = std::move(items);
    }
    if (found == before)
        result.content = value;
    return result;
}

/// Turns the node numbers that the calls, inputs and outputs of `model` came with into call
/// numbers: the calls of a nested model count from 1 where its own construction is node 0.
/// References beyond the calls there are become literals; a Problem says so, and so does a cycle.
void resolveNodeNumbers(
    Layer& model, bool keras3Nodes, const std::string& where, std::vector<Problem>& problems);

} // namespace layerscope::network
