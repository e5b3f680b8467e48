#pragma once

#include "model/ops/graph.h"
#include "model/ops/rules.h"

namespace layerscope::ops {

/// Rewrites of a graph on its way to a Program. All keep the nodes in a valid order, and the
/// numbers of values that stay: outputs, assignments and probes (`kept`) find theirs afterwards.

/// Drops the nodes that no output, assignment or probe depends on.
void removeDeadNodes(Graph& graph, std::span<const Value> kept);

/// Computes small nodes whose inputs are all constants.
Result<void> foldConstants(Graph& graph);

/// One node for several that compute the same, one constant for equal ones; x · 1 is x.
void shareEqualNodes(Graph& graph, std::span<const Value> kept);

/// A bias that is added to a product or convolution, and a ReLU after it, join the product.
void fuseEpilogues(Graph& graph, std::span<const Value> kept);

/// Element-wise nodes of as many elements that feed each other become one chain.
void fuseChains(Graph& graph, std::span<const Value> kept);

/// A chain that is the only one to read a large product takes it up row by row: the gradient of a
/// weight then never goes to memory.
void fuseProductChains(Graph& graph, std::span<const Value> kept);

/// The kernel of a node; `sharedInputs` and `scratchBytes` as in KernelRequest.
Result<Kernel> prepareNode(const Graph& graph, const Node& node, int threads,
    std::size_t& scratchBytes, std::span<const std::int64_t> sharedInputs = {});

/// A new value, a new constant in a graph that is being rewritten.
Value addValue(Graph& graph, ValueInfo info);
Value addConstant(Graph& graph, Tensor tensor);

/// For each value whether somebody outside the nodes needs it.
std::vector<char> keptValues(const Graph& graph, std::span<const Value> kept);
/// For each value how often nodes read it.
std::vector<int> useCounts(const Graph& graph);
/// For each value the number of the node that makes it, or -1.
std::vector<std::int32_t> makersOf(const Graph& graph);

inline std::size_t idOf(Value value)
{
    return static_cast<std::size_t>(value.id);
}

} // namespace layerscope::ops
