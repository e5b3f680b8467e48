#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

/// "glu" halves the last axis; every other activation keeps the shape.
OutputShapes activationShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    if (request.config.text("activation", "") == "glu" && !shape.empty()
        && shape.back() != openDimension) {
        if (shape.back() % 2 != 0)
            return std::nullopt;
        shape.back() /= 2;
    }
    return one(std::move(shape));
}

constexpr LayerType types[] = {
    { .classNames = "Activation", .shape = activationShape, .masking = Masking::Pass },
    { .classNames = "ReLU", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "LeakyReLU", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "PReLU", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "ELU", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "ThresholdedReLU", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "Softmax", .shape = sameShape, .masking = Masking::Pass },
};

} // namespace

extern constinit const LayerFamily activation_layers{ types };

} // namespace layerscope::layers
