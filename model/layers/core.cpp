#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

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

constexpr LayerType types[] = {
    { .classNames = "InputLayer", .shape = sameShape },
    { .classNames = "Identity", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "ActivityRegularization", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "Lambda", .shape = lambdaShape },
};

} // namespace

extern constinit const LayerFamily core_layers{ types };

} // namespace layerscope::layers
