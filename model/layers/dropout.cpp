#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

constexpr LayerType types[] = {
    { .classNames = "Dropout", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "SpatialDropout1D SpatialDropout2D SpatialDropout3D",
        .shape = sameShape,
        .masking = Masking::Pass },
    { .classNames = "GaussianNoise", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "GaussianDropout", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "AlphaDropout", .shape = sameShape, .masking = Masking::Pass },
};

} // namespace

extern constinit const LayerFamily dropout_layers{ types };

} // namespace layerscope::layers
