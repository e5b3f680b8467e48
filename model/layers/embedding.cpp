#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

OutputShapes embeddingShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    const auto width = request.config.integer("output_dim", 0);
    if (width <= 0)
        return std::nullopt;
    // Keras 2's input_length fixes axes that the input left open.
    const auto lengths = request.config.list("input_length");
    if (lengths.size() + 1 == shape.size())
        for (std::size_t i = 0; i < lengths.size(); ++i)
            if (shape[i + 1] == openDimension && lengths[i] > 0)
                shape[i + 1] = lengths[i];
    shape.push_back(width);
    return one(std::move(shape));
}

OutputShapes reversibleEmbeddingShape(const ShapeRequest& request)
{
    const BoundArgument* reverse = request.call.keyword("reverse");
    if (!reverse || reverse->literal != true)
        return embeddingShape(request);
    PartialShape shape = request.input();
    const auto count = request.config.integer("input_dim", 0);
    if (shape.empty() || count <= 0)
        return std::nullopt;
    shape.back() = count;
    return one(std::move(shape));
}

constexpr LayerType types[] = {
    { .classNames = "Embedding",
        .shape = embeddingShape,
        .masking = Masking::Own,
        .castsInputs = false },
    { .classNames = "ReversibleEmbedding",
        .shape = reversibleEmbeddingShape,
        .masking = Masking::Own,
        .castsInputs = false },
    { .classNames = "Masking", .shape = sameShape, .masking = Masking::Own },
};

} // namespace

extern constinit const LayerFamily embedding_layers{ types };

} // namespace layerscope::layers
