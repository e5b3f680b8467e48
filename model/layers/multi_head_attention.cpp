#include "model/layers/attention_scores.h"
#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Transposed;
using ops::Value;

bool isGrouped(const Layer& layer)
{
    return layer.className != "MultiHeadAttention";
}

OutputShapes multiHeadShape(const ShapeRequest& request)
{
    const auto query = request.call.tensor(0, "query");
    const auto value = request.call.tensor(1, "value");
    if (!query || !value || *query >= request.inputs.size() || *value >= request.inputs.size())
        return std::nullopt;
    PartialShape shape = request.inputs[*query];
    const PartialShape& source = request.inputs[*value];
    const auto heads
        = request.config.integer(isGrouped(request.layer) ? "num_query_heads" : "num_heads", 0);
    if (shape.size() < 3 || heads <= 0)
        return std::nullopt;
    std::vector<PartialShape> result{ shape };
    const auto given = request.config.list("output_shape");
    if (!given.empty()) {
        result[0].pop_back();
        for (const std::int64_t length : given) {
            if (length <= 0)
                return std::nullopt;
            result[0].push_back(length);
        }
    }
    const BoundArgument* scores = request.call.keyword("return_attention_scores");
    if (scores && scores->literal == true && shape.size() == 3 && source.size() == 3)
        result.push_back({ shape[0], heads, shape[1], source[1] });
    return result;
}

/// The axes that attention runs over, flattened to one: [batch…, T, features] as [B, T, features].
struct Flattened
{
    Value value;
    Shape moved; ///< the shape after the attended axes were moved behind the others
    std::vector<std::int64_t> order; ///< by which they were moved
    std::size_t batchAxes = 1;
};

Flattened flattened(LayerLowering& call, Value x)
{
    Builder& b = call.builder;
    const Shape shape = b.shape(x);
    std::vector<std::int64_t> attended = call.config.list("attention_axes");
    if (attended.empty()) {
        attended.resize(shape.size() < 2 ? 0 : shape.size() - 2);
        std::iota(attended.begin(), attended.end(), 1);
    }
    Flattened result;
    for (std::int64_t& axis : attended)
        if (const auto found = axisOf(axis, shape.size()))
            axis = static_cast<std::int64_t>(*found);
    for (std::int64_t axis = 0; axis + 1 < static_cast<std::int64_t>(shape.size()); ++axis)
        if (std::find(attended.begin(), attended.end(), axis) == attended.end())
            result.order.push_back(axis);
    result.batchAxes = result.order.size();
    result.order.insert(result.order.end(), attended.begin(), attended.end());
    result.order.push_back(static_cast<std::int64_t>(shape.size()) - 1);
    if (shape.size() < 3 || result.order.size() != shape.size()) {
        call.fail("its input has shape " + toString(shape));
        return {};
    }
    for (const std::int64_t axis : result.order)
        result.moved.push_back(shape[static_cast<std::size_t>(axis)]);
    Shape flat{ 1, 1, shape.back() };
    for (std::size_t i = 0; i + 1 < shape.size(); ++i)
        flat[i < result.batchAxes ? 0 : 1] *= result.moved[i];
    result.value = b.reshape(b.transpose(x, result.order), flat);
    return result;
}

Value unflattened(Builder& b, Value y, const Flattened& like, const Shape& features)
{
    Shape moved(like.moved.begin(), like.moved.end() - 1);
    moved.push_back(elementCount(features).value_or(0));
    std::vector<std::int64_t> back(like.order.size());
    for (std::size_t i = 0; i < back.size(); ++i)
        back[static_cast<std::size_t>(like.order[i])] = static_cast<std::int64_t>(i);
    y = b.transpose(b.reshape(y, moved), back);
    if (b.error())
        return {};
    Shape shape(b.shape(y).begin(), b.shape(y).end() - 1);
    shape.insert(shape.end(), features.begin(), features.end());
    return b.reshape(y, shape);
}

/// The projections' weights, in order: query, key, perhaps a gate, value, output, each a kernel and
/// perhaps a bias.
class Projections
{
public:
    explicit Projections(LayerLowering& call)
        : m_call(call)
        , m_hasBias(call.config.flag("use_bias", true))
    {
    }

    /// x [B, T, c] · kernel [c, heads, width] -> [B, heads, T, width].
    Value toHeads(Value x)
    {
        Builder& b = m_call.builder;
        const Value kernel = next("kernel_regularizer");
        const Shape shape = b.shape(kernel);
        if (shape.size() != 3 || b.error()) {
            m_call.fail("a projection's kernel has shape " + toString(shape));
            return {};
        }
        Value y = b.matmul(x, b.reshape(kernel, { shape[0], shape[1] * shape[2] }));
        if (m_hasBias)
            y = b.add(y, b.reshape(next("bias_regularizer"), { shape[1] * shape[2] }));
        const Shape flat = b.shape(y);
        if (flat.size() != 3)
            return {};
        return b.transpose(b.reshape(y, { flat[0], flat[1], shape[1], shape[2] }), { 0, 2, 1, 3 });
    }

    /// y [B, heads, T, width] · kernel [heads, width, features…] -> [B, T, features] and their
    /// shape.
    std::pair<Value, Shape> fromHeads(Value y)
    {
        Builder& b = m_call.builder;
        const Value kernel = next("kernel_regularizer");
        const Shape shape = b.shape(kernel);
        const Shape heads = b.shape(y);
        if (shape.size() < 3 || heads.size() != 4 || b.error()) {
            m_call.fail("its output kernel has shape " + toString(shape));
            return {};
        }
        const Shape features(shape.begin() + 2, shape.end());
        const std::int64_t count = elementCount(features).value_or(0);
        const Value joined = b.reshape(
            b.transpose(y, { 0, 2, 1, 3 }), { heads[0], heads[2], heads[1] * heads[3] });
        Value result = b.matmul(joined, b.reshape(kernel, { shape[0] * shape[1], count }));
        if (m_hasBias)
            result = b.add(result, b.reshape(next("bias_regularizer"), { count }));
        return { result, features };
    }

private:
    Value next(const char* regularizer) { return m_call.weight(m_next++, regularizer); }

    LayerLowering& m_call;
    bool m_hasBias;
    std::size_t m_next = 0;
};

/// Which queries may look at which keys, Bool [B or 1, T, S], from all masks there are.
Value attentionMask(LayerLowering& call, std::int64_t queries, std::int64_t keys)
{
    Builder& b = call.builder;
    const auto keyNumber = call.call.tensor(2, "key");
    const auto named = [&](const char* keyword, std::optional<std::size_t> number) {
        const Value given = callTensor(call, keyword);
        return given ? given : number ? call.mask(*number) : Value{};
    };
    Value mask;
    if (const Value query = named("query_mask", call.call.tensor(0, "query")))
        mask = b.expandDims(query, 2);
    if (const Value value = named("value_mask", call.call.tensor(1, "value")))
        mask = bothMasks(b, mask, b.expandDims(value, 1));
    if (const Value key = named("key_mask", keyNumber))
        mask = bothMasks(b, mask, b.expandDims(key, 1));
    if (callFlag(call, "use_causal_mask"))
        mask = bothMasks(b, mask, causalMask(b, queries, keys));
    if (const auto width = call.config.integer("sliding_window", 0); width > 0)
        mask = bothMasks(b, mask, windowMask(b, queries, keys, width));
    if (Value given = callTensor(call, "attention_mask")) {
        if (!call.isKeras3() && !mask)
            return given; // as the number that it is
        if (b.dtype(given) != DType::Bool)
            given = b.binary(ops::Binary::NotEqual, given, b.scalar(0, b.dtype(given)));
        mask = bothMasks(b, given, mask);
    }
    return mask;
}

/// Softmax over the keys that a query may look at.
Value sharesOf(LayerLowering& call, Value scores, Value mask, bool zeroesMasked)
{
    Builder& b = call.builder;
    if (!mask)
        return b.softmax(scores);
    if (b.rank(mask) == 3)
        mask = b.expandDims(mask, 1); // for all heads
    if (!call.isKeras3()) {
        const double large = call.computeType == DType::Float16 ? 65504.0 : 1e9;
        const Value hidden = b.subtract(b.cast(mask, b.dtype(scores)), 1);
        return b.softmax(b.add(scores, b.multiply(hidden, large)));
    }
    const double large = call.computeType == DType::Float16 ? -4.5e4 : -2.3e38;
    const Value shares = b.softmax(b.select(mask, scores, b.scalar(large, b.dtype(scores))));
    return zeroesMasked ? b.multiply(shares, b.cast(mask, b.dtype(shares))) : shares;
}

/// Key and value heads that several query heads share, once for each of these.
Value repeatedHeads(LayerLowering& call, Value x, std::int64_t heads)
{
    const std::int64_t own = call.length(x, 1);
    if (own == heads || own <= 0)
        return x;
    if (heads % own != 0) {
        call.fail(std::to_string(heads) + " query heads cannot share " + std::to_string(own));
        return {};
    }
    return call.builder.repeat(x, heads / own, 1);
}

std::vector<Value> lowerMultiHead(LayerLowering& call)
{
    Builder& b = call.builder;
    const auto queryNumber = call.call.tensor(0, "query");
    const auto valueNumber = call.call.tensor(1, "value");
    if (!queryNumber || !valueNumber) {
        call.fail("needs a query and a value");
        return {};
    }
    const auto keyNumber = call.call.tensor(2, "key").value_or(*valueNumber);
    const Flattened query = flattened(call, call.floating(*queryNumber));
    const Flattened value = flattened(call, call.floating(*valueNumber));
    const Flattened key = flattened(call, call.floating(keyNumber));
    if (b.error())
        return {};
    Projections projections(call);
    const Value q = projections.toHeads(query.value);
    const std::int64_t heads = call.length(q, 1);
    const Value k = repeatedHeads(call, projections.toHeads(key.value), heads);
    const bool hasGate = call.config.flag("use_gate", false);
    const Value gate = hasGate ? b.sigmoid(projections.toHeads(query.value)) : Value{};
    const Value v = repeatedHeads(call, projections.toHeads(value.value), heads);
    const double width = static_cast<double>(std::max<std::int64_t>(call.length(q, -1), 1));
    const Value scores
        = b.matmul(b.multiply(q, 1 / std::sqrt(width)), k, Transposed::No, Transposed::Yes);
    const Value mask = b.rank(call.input(*queryNumber)) == 3
        ? attentionMask(call, call.length(q, 2), call.length(k, 2))
        : callTensor(call, "attention_mask");
    const bool givesScores = callFlag(call, "return_attention_scores");
    const Value shares
        = sharesOf(call, scores, mask, givesScores || call.config.number("dropout", 0) > 0);
    Value collected = b.matmul(droppedWeights(call, shares), v);
    if (hasGate)
        collected = b.multiply(collected, gate);
    const auto [y, features] = projections.fromHeads(collected);
    if (b.error())
        return {};
    call.maskOutput(0, call.mask(*queryNumber));
    std::vector<Value> result{ unflattened(b, y, query, features) };
    if (givesScores)
        result.push_back(shares);
    return result;
}

Clauses multiHeadWords(const ExplanationRequest& about)
{
    const bool grouped = isGrouped(about.layer);
    return withParameters(about,
        { WORDS("layers", "Lets every position look at every other with %1 heads of %2 numbers"),
            about.config.integer(grouped ? "num_query_heads" : "num_heads", 0),
            about.config.integer(grouped ? "head_dim" : "key_dim", 0) });
}

constexpr LayerType multiHeadAttentionTypes[] = {
    { .classNames = "MultiHeadAttention GroupQueryAttention GroupedQueryAttention",
        .shape = multiHeadShape,
        .lower = lowerMultiHead,
        .words = multiHeadWords,
        .masking = Masking::Own },
};

} // namespace

extern constinit const LayerFamily multi_head_attention_layers{ multiHeadAttentionTypes };

} // namespace layerscope::layers
