#include "model/ops/kernels/simd/simd.h"
#include "model/ops/passes.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

/// Convolutions in groups have kernels of their own kinds, without an epilogue.
bool takesEpilogue(const Node& node)
{
    return node.type == &matmul_op
        || (node.type == &convolution_op && node.attributes.integer("groups") == 1);
}

/// The state of the rewrite.
struct Epilogues
{
    Graph& graph;
    std::vector<char> kept;
    std::vector<int> uses;
    std::vector<std::int32_t> makers;
    std::vector<char> gone; ///< by node

    /// The only reader's view: a value that nobody else needs, and who made it.
    Node* soleMaker(Value value)
    {
        const std::int32_t maker = value ? makers[idOf(value)] : -1;
        if (maker < 0 || uses[idOf(value)] != 1 || kept[idOf(value)] != 0
            || gone[static_cast<std::size_t>(maker)] != 0)
            return nullptr;
        return &graph.nodes[static_cast<std::size_t>(maker)];
    }

    bool isMatmul2d(const Node& node) const
    {
        return node.type != &matmul_op || graph.info(node.outputs[0]).shape.size() == 2;
    }

    /// The product behind `value`, through a reshape that keeps the last axis, and that reshape.
    Node* productBehind(Value value, Node*& between)
    {
        between = nullptr;
        Node* maker = soleMaker(value);
        if (maker != nullptr && maker->type == &reshape_op) {
            const Shape& from = graph.info(maker->inputs[0]).shape;
            const Shape& to = graph.info(maker->outputs[0]).shape;
            if (from.empty() || to.empty() || from.back() != to.back())
                return nullptr;
            between = maker;
            maker = soleMaker(maker->inputs[0]);
        }
        const bool fits = maker != nullptr && takesEpilogue(*maker) && isMatmul2d(*maker)
            && graph.info(maker->outputs[0]).dtype == DType::Float32;
        return fits ? maker : nullptr;
    }

    /// Whether `bias` adds one number to each column of the last axis, and is known in time.
    bool isBias(Value bias, const Shape& sum, const Node& product) const
    {
        const Shape& shape = graph.info(bias).shape;
        const std::int64_t columns = graph.info(product.outputs[0]).shape.back();
        const auto node = static_cast<std::int32_t>(&product - graph.nodes.data());
        return countOf(shape) == columns && !shape.empty() && shape.back() == columns
            && shape.size() <= sum.size() && makers[idOf(bias)] < node;
    }

    /// The product now makes what `last` made, through the reshape if there was one.
    void replace(Node& product, Node* between, Node& last)
    {
        if (between == nullptr) {
            product.outputs = last.outputs;
        } else {
            // The reshape moves behind everything: it stays where `last` was.
            Node reshape = *between;
            reshape.outputs = last.outputs;
            gone[static_cast<std::size_t>(between - graph.nodes.data())] = 1;
            last = std::move(reshape);
            makers[idOf(last.outputs[0])] = static_cast<std::int32_t>(&last - graph.nodes.data());
            return;
        }
        gone[static_cast<std::size_t>(&last - graph.nodes.data())] = 1;
        makers[idOf(product.outputs[0])] = static_cast<std::int32_t>(&product - graph.nodes.data());
    }

    bool hasEpilogue(const Node& node, Epilogue which) const
    {
        const bool has = node.attributes.has("epilogue");
        return which == Epilogue::None
            ? !has
            : has && enumeration<Epilogue>(node.attributes, "epilogue") == which;
    }

    void joinBias(Node& sum)
    {
        if (enumeration<Binary>(sum.attributes, "function") != Binary::Add)
            return;
        for (std::size_t side = 0; side < 2; ++side) {
            Node* between = nullptr;
            Node* product = productBehind(sum.inputs[side], between);
            const Value bias = sum.inputs[1 - side];
            const Shape& shape = graph.info(sum.outputs[0]).shape;
            if (product == nullptr || !hasEpilogue(*product, Epilogue::None)
                || graph.info(sum.inputs[side]).shape != shape || !isBias(bias, shape, *product))
                continue;
            product->inputs.push_back(bias);
            product->attributes.set("epilogue", static_cast<std::int64_t>(Epilogue::Bias));
            replace(*product, between, sum);
            return;
        }
    }

    void joinRelu(Node& relu)
    {
        if (enumeration<Unary>(relu.attributes, "function") != Unary::Relu)
            return;
        Node* between = nullptr;
        Node* product = productBehind(relu.inputs[0], between);
        if (product == nullptr)
            return;
        if (hasEpilogue(*product, Epilogue::Bias))
            product->attributes.set("epilogue", static_cast<std::int64_t>(Epilogue::BiasRelu));
        else if (hasEpilogue(*product, Epilogue::None))
            product->attributes.set("epilogue", static_cast<std::int64_t>(Epilogue::Relu));
        else
            return;
        replace(*product, between, relu);
    }
};

} // namespace

void fuseEpilogues(Graph& graph, std::span<const Value> kept)
{
    Epilogues state{ graph, keptValues(graph, kept), useCounts(graph), makersOf(graph),
        std::vector<char>(graph.nodes.size(), 0) };
    for (Node& node : graph.nodes) {
        if (node.type == &binary_op)
            state.joinBias(node);
        else if (node.type == &unary_op)
            state.joinRelu(node);
    }
    std::size_t i = 0;
    std::erase_if(graph.nodes, [&](const Node&) { return state.gone[i++] != 0; });
}

} // namespace layerscope::ops
