#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

using ops::Value;

/// A Lambda runs Python code that is never run here; what it says about its output can be read.
OutputShapes lambdaShape(const ShapeRequest& request)
{
    const auto given = shapeOf(request.config.get("output_shape"));
    if (!given || request.input().empty())
        return std::nullopt;
    PartialShape shape{ request.input()[0] };
    shape.insert(shape.end(), given->begin(), given->end());
    return one(std::move(shape));
}

std::vector<Value> lowerIdentity(LayerLowering& call)
{
    return { call.input() };
}

/// Only adds to the loss.
std::vector<Value> lowerActivityRegularization(LayerLowering& call)
{
    const Value x = call.floating();
    Json regularizer = Json::object({ { "class_name", "L1L2" } });
    regularizer["config"] = Json::object(
        { { "l1", call.config.number("l1", 0) }, { "l2", call.config.number("l2", 0) } });
    call.penalizeActivity(regularizer, x);
    return { x };
}

Clauses inputWords(const ExplanationRequest& about)
{
    const auto* key = about.config.has("batch_shape") ? "batch_shape" : "batch_input_shape";
    const auto shape = shapeOf(about.config.get(key));
    if (!shape)
        return { WORDS("layers", "Takes in the data") };
    return { { WORDS("layers", "Takes in arrays of shape %1"), toString(*shape) } };
}

Clauses identityWords(const ExplanationRequest&)
{
    return withoutParameters(WORDS("layers", "Hands on what it gets"));
}

Clauses penaltyWords(const ExplanationRequest& about)
{
    return withoutParameters(
        { WORDS("layers",
              "Adds to the loss what comes through: %1 times its absolute values, %2 times its "
              "squares"),
            about.config.number("l1", 0), about.config.number("l2", 0) });
}

Clauses lambdaWords(const ExplanationRequest&)
{
    return { WORDS("layers",
        "Runs Python code that the file holds in compiled form; Layerscope does not run it") };
}

constexpr LayerType coreTypes[] = {
    { .classNames = "InputLayer", .shape = sameShape, .lower = lowerIdentity, .words = inputWords },
    { .classNames = "Identity",
        .shape = sameShape,
        .lower = lowerIdentity,
        .words = identityWords,
        .masking = Masking::PassInKeras3 },
    { .classNames = "ActivityRegularization",
        .shape = sameShape,
        .lower = lowerActivityRegularization,
        .words = penaltyWords,
        .masking = Masking::Pass },
    { .classNames = "Lambda", .shape = lambdaShape, .words = lambdaWords },
};

} // namespace

extern constinit const LayerFamily core_layers{ coreTypes };

} // namespace layerscope::layers
