#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

bool returnsScores(const BoundCall& call)
{
    const BoundArgument* wanted = call.keyword("return_attention_scores");
    return wanted && wanted->literal == true;
}

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
    if (returnsScores(request.call))
        result.push_back(std::move(scores));
    return result;
}

OutputShapes multiHeadShape(const ShapeRequest& request)
{
    const auto query = request.call.tensor(0, "query");
    const auto value = request.call.tensor(1, "value");
    if (!query || !value || *query >= request.inputs.size() || *value >= request.inputs.size())
        return std::nullopt;
    PartialShape shape = request.inputs[*query];
    const PartialShape& source = request.inputs[*value];
    if (shape.size() < 3)
        return std::nullopt;
    const auto heads = request.config.integer(
        request.layer.className == "MultiHeadAttention" ? "num_heads" : "num_query_heads", 0);
    if (heads <= 0)
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
    if (returnsScores(request.call) && shape.size() == 3 && source.size() == 3)
        result.push_back({ shape[0], heads, shape[1], source[1] });
    return result;
}

constexpr LayerType types[] = {
    { .classNames = "Attention", .shape = attentionShape, .masking = Masking::Own },
    { .classNames = "AdditiveAttention", .shape = attentionShape, .masking = Masking::Own },
    { .classNames = "MultiHeadAttention", .shape = multiHeadShape, .masking = Masking::Own },
    { .classNames = "GroupQueryAttention GroupedQueryAttention",
        .shape = multiHeadShape,
        .masking = Masking::Own },
};

} // namespace

extern constinit const LayerFamily attention_layers{ types };

} // namespace layerscope::layers
