#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

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

/// Rows of a table by number. mask_zero masks the steps whose number is 0.
std::vector<Value> lowerEmbedding(LayerLowering& call)
{
    Builder& b = call.builder;
    Value indices = call.input();
    if (!isInteger(b.dtype(indices)))
        indices = b.cast(indices, DType::Int32);
    if (call.config.flag("mask_zero", false))
        call.maskOutput(0, b.binary(ops::Binary::NotEqual, indices, b.scalar(0, b.dtype(indices))));
    return { b.gather(call.weight(0, "embeddings_regularizer"), indices) };
}

std::vector<Value> lowerReversibleEmbedding(LayerLowering& call)
{
    Builder& b = call.builder;
    const BoundArgument* reverse = call.call.keyword("reverse");
    if (!reverse || reverse->literal != true)
        return lowerEmbedding(call);
    const Value x = call.floating();
    Value logits = call.config.flag("tie_weights", true)
        ? b.matmul(x, call.weight(0), ops::Transposed::No, ops::Transposed::Yes)
        : b.matmul(x, call.weight(1));
    if (const double cap = call.config.number("logit_soft_cap", 0); cap > 0)
        logits = b.multiply(b.tanh(b.divide(logits, cap)), cap);
    return { logits };
}

/// Zeros the time steps at which every feature has the mask value, and masks them.
std::vector<Value> lowerMasking(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.floating();
    const Value differs = b.binary(
        ops::Binary::NotEqual, x, b.scalar(call.config.number("mask_value", 0), b.dtype(x)));
    const Value mask = b.reduce(ops::Reduction::Any, differs, { -1 });
    call.maskOutput(0, mask);
    return { b.multiply(x, b.cast(b.expandDims(mask, b.rank(mask)), b.dtype(x))) };
}

Clauses embeddingWords(const ExplanationRequest& about)
{
    Clauses clauses{
        { WORDS("layers", "Looks up a vector of %1 numbers for each of %2 possible inputs"),
            about.config.integer("output_dim", 0), about.config.integer("input_dim", 0) }
    };
    if (about.config.flag("mask_zero", false))
        clauses.emplace_back(WORDS("layers", ", 0 meaning no input"));
    addParameters(clauses, about);
    return clauses;
}

Clauses maskingWords(const ExplanationRequest& about)
{
    return withoutParameters(
        { WORDS(
              "layers", "Makes the layers behind it skip the time steps at which everything is %1"),
            about.config.number("mask_value", 0) });
}

constexpr LayerType embeddingTypes[] = {
    { .classNames = "Embedding",
        .shape = embeddingShape,
        .lower = lowerEmbedding,
        .words = embeddingWords,
        .masking = Masking::Own,
        .castsInputs = false },
    { .classNames = "ReversibleEmbedding",
        .shape = reversibleEmbeddingShape,
        .lower = lowerReversibleEmbedding,
        .words = embeddingWords,
        .masking = Masking::Own,
        .castsInputs = false },
    { .classNames = "Masking",
        .shape = sameShape,
        .lower = lowerMasking,
        .words = maskingWords,
        .masking = Masking::Own },
};

} // namespace

extern constinit const LayerFamily embedding_layers{ embeddingTypes };

} // namespace layerscope::layers
