#include "model/ops/gradient_sum.h"

#include "model/ops/types/types.h"

#include <algorithm>
#include <map>

namespace layerscope::ops {

namespace {

/// Fewer parts are not worth another form.
constexpr std::size_t fewestSlices = 2;
constexpr std::size_t fewestProducts = 3;

/// The one axis along which a slice takes less than everything, if it takes neighbours in order.
std::optional<std::size_t> slicedAxis(const Node& node, const Shape& whole)
{
    const auto& begin = node.attributes.integers("begin");
    const auto& end = node.attributes.integers("end");
    const auto& strides = node.attributes.integers("strides");
    std::optional<std::size_t> axis;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (strides[i] != 1 || begin[i] < 0 || end[i] > whole[i] || begin[i] >= end[i])
            return std::nullopt;
        if (begin[i] == 0 && end[i] == whole[i])
            continue;
        if (axis)
            return std::nullopt;
        axis = i;
    }
    return axis;
}

/// a transposed times b, with few enough rows that laying them end to end costs less than adding
/// up the products.
bool isSharedProduct(const Graph& graph, const Node& node)
{
    if (node.type != &matmul_op || node.attributes.integer("transposeA") == 0
        || node.attributes.integer("transposeB") != 0)
        return false;
    const Shape& a = graph.info(node.inputs[0]).shape;
    const Shape& b = graph.info(node.inputs[1]).shape;
    if (a.size() != 2 || b.size() != 2 || a[0] == 0)
        return false;
    const auto real = [](std::int64_t x) { return static_cast<double>(x); };
    return real(a[0]) * (real(a[1]) + real(b[1])) <= 4 * real(a[1]) * real(b[1]);
}

} // namespace

const Node* GradientSum::makerOf(Value value)
{
    const Graph& graph = m_builder.graph();
    m_makers.resize(graph.values.size(), -1);
    for (; m_nodesSeen < graph.nodes.size(); ++m_nodesSeen) {
        for (const Value output : graph.nodes[m_nodesSeen].outputs)
            m_makers[static_cast<std::size_t>(output.id)] = static_cast<std::int32_t>(m_nodesSeen);
    }
    const std::int32_t maker = m_makers[static_cast<std::size_t>(value.id)];
    return maker < 0 ? nullptr : &graph.nodes[static_cast<std::size_t>(maker)];
}

Value GradientSum::of(std::vector<Value> parts)
{
    if (parts.size() > 1 && !m_builder.error()) {
        joinSlices(parts);
        joinProducts(parts);
    }
    Value sum = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i)
        sum = m_builder.add(sum, parts[i]);
    return sum;
}

/// Slices side by side, with zeros between them.
Value GradientSum::placed(
    const std::vector<Slice>& slices, std::size_t axis, const ValueInfo& whole)
{
    std::vector<Value> pieces;
    std::int64_t at = 0;
    const auto fillUpTo = [&](std::int64_t end) {
        Shape gap = whole.shape;
        gap[axis] = end - at;
        if (gap[axis] > 0)
            pieces.push_back(m_builder.filled(0, gap, whole.dtype));
    };
    for (const Slice& slice : slices) {
        fillUpTo(slice.begin);
        pieces.push_back(of(slice.parts));
        at = slice.end;
    }
    fillUpTo(whole.shape[axis]);
    return m_builder.concat(pieces, static_cast<std::int64_t>(axis));
}

void GradientSum::joinSlices(std::vector<Value>& parts)
{
    const ValueInfo whole = m_builder.info(parts.front());
    for (std::size_t axis = 0; axis < whole.shape.size(); ++axis) {
        std::map<std::pair<std::int64_t, std::int64_t>, Slice> byRange;
        std::vector<Value> others;
        std::size_t count = 0;
        for (const Value part : parts) {
            const Node* const node = makerOf(part);
            if (node == nullptr || node->type != &slice_gradient_op
                || slicedAxis(*node, whole.shape) != axis) {
                others.push_back(part);
                continue;
            }
            const std::int64_t begin = node->attributes.integers("begin")[axis];
            const std::int64_t end = node->attributes.integers("end")[axis];
            Slice& slice
                = byRange.try_emplace({ begin, end }, Slice{ begin, end, {} }).first->second;
            slice.parts.push_back(node->inputs[0]);
            ++count;
        }
        std::vector<Slice> slices;
        bool overlap = false; // rare enough to be added up
        for (auto& [range, slice] : byRange) {
            overlap = overlap || (!slices.empty() && slice.begin < slices.back().end);
            slices.push_back(std::move(slice));
        }
        if (count < fewestSlices || overlap)
            continue;
        others.push_back(placed(slices, axis, whole));
        parts = std::move(others);
    }
}

void GradientSum::joinProducts(std::vector<Value>& parts)
{
    std::vector<Value> left;
    std::vector<Value> right;
    std::vector<Value> others;
    for (const Value part : parts) {
        const Node* const node = makerOf(part);
        if (node == nullptr || !isSharedProduct(m_builder.graph(), *node)) {
            others.push_back(part);
            continue;
        }
        left.push_back(node->inputs[0]);
        right.push_back(node->inputs[1]);
    }
    if (left.size() < fewestProducts)
        return;
    others.push_back(m_builder.matmul(
        m_builder.concat(left, 0), m_builder.concat(right, 0), Transposed::Yes, Transposed::No));
    parts = std::move(others);
}

} // namespace layerscope::ops
