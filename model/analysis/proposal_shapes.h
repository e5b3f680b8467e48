#pragma once

#include "model/analysis/propose_architecture.h"

#include <functional>

namespace layerscope::analysis {

/// A weight of a layer as its shape and name show it.
struct NamedShape
{
    WeightIndex index = 0;
    std::string name; ///< "kernel", "bias", "0" where the file has numbers only
    Shape shape;
};

/// Every class that the weights of a layer called `name` can belong to, the likeliest first.
std::vector<ProposedClass> classesFor(
    const std::string& name, const std::vector<NamedShape>& weights);

/// Axes that go into a layer of this class: its own input's last one, and how many before it.
struct Flow
{
    std::optional<std::int64_t> channelsIn; ///< nothing: any (normalizations keep what they get)
    std::optional<std::int64_t> channelsOut; ///< nothing: as many as came in
    std::optional<std::size_t> spatialAxes; ///< of a convolution; 1 for sequences
};
Flow flowOf(const ProposedClass& choice, const std::vector<NamedShape>& weights);

/// Puts layers whose order the file does not tell into one in which each takes what the one before
/// gives; those of one class keep their order. False, and nothing changed, where there is none.
using FlowLookup = std::function<Flow(const ProposedClass&)>;
bool orderByFlow(std::vector<ProposedLayer>& layers, const FlowLookup& flow);

} // namespace layerscope::analysis
