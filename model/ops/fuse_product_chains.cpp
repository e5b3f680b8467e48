#include "model/ops/kernels/chain.h"
#include "model/ops/kernels/product.h"
#include "model/ops/passes.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

/// A product smaller than this stays in the cache anyway.
constexpr std::int64_t fewestElements = 32768;

bool isLargeProduct(const Graph& graph, const Node& node)
{
    if (node.type != &matmul_op || node.attributes.has("epilogue"))
        return false;
    const ValueInfo& result = graph.info(node.outputs[0]);
    const Shape& a = graph.info(node.inputs[0]).shape;
    const Shape& b = graph.info(node.inputs[1]).shape;
    const std::int64_t inner = node.attributes.integer("transposeA") != 0 ? a.front() : a.back();
    return result.dtype == DType::Float32 && a.size() == 2 && b.size() == 2
        && countOf(result.shape) >= fewestElements && RowProduct::suits(inner);
}

/// Every input is read one element for each of the result, or is a single number.
bool readsEvenly(const Chain& chain)
{
    return std::all_of(chain.loads.begin(), chain.loads.end(), [&](const Chain::Load& load) {
        return countOf(load.from) == 1 || countOf(load.from) == chain.count;
    });
}

} // namespace

void fuseProductChains(Graph& graph, std::span<const Value> kept)
{
    const std::vector<char> needed = keptValues(graph, kept);
    const std::vector<int> uses = useCounts(graph);
    const std::vector<std::int32_t> makers = makersOf(graph);
    std::vector<char> gone(graph.nodes.size(), 0);
    for (Node& node : graph.nodes) {
        if (node.type != &chain_op || node.inputs.size() > mostProductChainInputs
            || !readsEvenly(Chain::decoded(node.attributes)))
            continue;
        for (std::size_t i = 0; i < node.inputs.size(); ++i) {
            const Value input = node.inputs[i];
            const std::int32_t maker = makers[idOf(input)];
            if (maker < 0 || uses[idOf(input)] != 1 || needed[idOf(input)] != 0)
                continue;
            const Node& product = graph.nodes[static_cast<std::size_t>(maker)];
            if (!isLargeProduct(graph, product))
                continue;
            gone[static_cast<std::size_t>(maker)] = 1;
            std::vector<Value> inputs = product.inputs;
            for (std::size_t other = 0; other < node.inputs.size(); ++other) {
                if (other != i)
                    inputs.push_back(node.inputs[other]);
            }
            node.attributes.set("productInput", static_cast<std::int64_t>(i));
            for (const char* name : { "transposeA", "transposeB" })
                node.attributes.set(name, product.attributes.integer(name));
            node.inputs = std::move(inputs);
            node.type = &product_chain_op;
            break;
        }
    }
    std::size_t i = 0;
    std::erase_if(graph.nodes, [&](const Node&) { return gone[i++] != 0; });
}

} // namespace layerscope::ops
