#include "model/layers/attention_scores.h"
#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

/// Attention and AdditiveAttention: [query, value(, key)].
OutputShapes attentionShape(const ShapeRequest& request)
{
    if (request.inputs.size() < 2)
        return std::nullopt;
    PartialShape shape = request.inputs[0];
    const PartialShape& value = request.inputs[1];
    if (shape.size() < 2 || value.size() != shape.size())
        return std::nullopt;
    std::vector<PartialShape> result;
    PartialShape scores = shape;
    scores.back() = value[value.size() - 2];
    shape.back() = value.back();
    result.push_back(std::move(shape));
    const BoundArgument* wanted = request.call.keyword("return_attention_scores");
    if (wanted && wanted->literal == true)
        result.push_back(std::move(scores));
    return result;
}

/// [query mask, value mask]: given as a list, or come along with the inputs.
std::pair<Value, Value> masksOf(LayerLowering& call)
{
    const auto numbers = call.call.positionalTensors();
    std::pair<Value, Value> masks{ call.mask(numbers[0]), call.mask(numbers[1]) };
    const BoundArgument* given = call.call.keyword("mask");
    if (given && given->kind == BoundArgument::Kind::List)
        for (std::size_t i = 0; i < given->items.size() && i < 2; ++i)
            if (given->items[i].kind == BoundArgument::Kind::Tensor)
                (i == 0 ? masks.first : masks.second) = call.input(given->items[i].tensor);
    return masks;
}

/// tanh(query + key), one pair at a time: [batch, T, S, features].
Value pairs(Builder& b, Value query, Value key)
{
    return b.add(b.expandDims(query, b.rank(query) - 1), b.expandDims(key, b.rank(key) - 2));
}

Value scoresOf(LayerLowering& call, Value query, Value key)
{
    Builder& b = call.builder;
    const bool scaled = call.config.flag("use_scale", call.layer.className == "AdditiveAttention");
    if (call.layer.className == "AdditiveAttention") {
        Value parts = b.tanh(pairs(b, query, key));
        if (scaled)
            parts = b.multiply(parts, call.weight(0));
        return b.sum(parts, { -1 });
    }
    if (call.config.text("score_mode", "dot") == "concat") {
        Value inner = pairs(b, query, key);
        if (scaled)
            inner = b.multiply(inner, b.reshape(call.weight(0), {}));
        return b.multiply(b.sum(b.tanh(inner), { -1 }), b.reshape(call.weight(scaled ? 1 : 0), {}));
    }
    const Value scores = b.matmul(query, key, ops::Transposed::No, ops::Transposed::Yes);
    return scaled ? b.multiply(scores, b.reshape(call.weight(0), {})) : scores;
}

std::vector<Value> lowerAttention(LayerLowering& call)
{
    Builder& b = call.builder;
    const auto numbers = call.call.positionalTensors();
    if (numbers.size() < 2) {
        call.fail("needs a query and a value");
        return {};
    }
    const Value query = call.floating(numbers[0]);
    const Value value = call.floating(numbers[1]);
    const Value key = numbers.size() > 2 ? call.floating(numbers[2]) : value;
    if (b.rank(query) < 2 || b.rank(key) != b.rank(query)) {
        call.fail("its inputs have shapes " + toString(b.shape(query)) + " and "
            + toString(b.shape(key)));
        return {};
    }
    const auto [queryMask, valueMask] = masksOf(call);
    Value scores = scoresOf(call, query, key);
    Value mask = valueMask ? b.expandDims(valueMask, b.rank(valueMask) - 1) : Value{};
    if (callFlag(call, "use_causal_mask") || call.config.flag("causal", false))
        mask = bothMasks(b, mask, causalMask(b, call.length(scores, -2), call.length(scores, -1)));
    if (mask) {
        const double large = call.computeType == DType::Float16 ? 65504.0 : 1e9;
        const Value hidden = b.subtract(b.cast(mask, b.dtype(scores)), 1);
        scores = b.add(scores, b.multiply(hidden, large));
    }
    const Value shares = b.softmax(scores);
    Value result = b.matmul(droppedWeights(call, shares), value);
    if (queryMask) {
        result = b.multiply(
            result, b.expandDims(b.cast(queryMask, b.dtype(result)), b.rank(queryMask)));
        call.maskOutput(0, queryMask);
    }
    if (callFlag(call, "return_attention_scores"))
        return { result, shares };
    return { result };
}

Clauses attentionWords(const ExplanationRequest& about)
{
    return withParameters(about,
        about.layer.className == "Attention"
            ? WORDS("layers",
                "Lets each query collect what it finds in the values, by dot products with the "
                "keys")
            : WORDS("layers",
                "Lets each query collect what it finds in the values, by learnt sums with the "
                "keys"));
}

constexpr LayerType attentionTypes[] = {
    { .classNames = "Attention AdditiveAttention",
        .shape = attentionShape,
        .lower = lowerAttention,
        .words = attentionWords,
        .masking = Masking::Own },
};

} // namespace

extern constinit const LayerFamily attention_layers{ attentionTypes };

} // namespace layerscope::layers
