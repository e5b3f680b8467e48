#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

constexpr LayerType types[] = {
    { .classNames = "BatchNormalization SyncBatchNormalization BatchNormalizationV1 "
                    "BatchNormalizationV2",
        .shape = sameShape,
        .masking = Masking::Pass },
    { .classNames = "LayerNormalization", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "GroupNormalization", .shape = sameShape, .masking = Masking::Pass },
    { .classNames = "RMSNormalization", .shape = sameShape },
    { .classNames = "UnitNormalization", .shape = sameShape, .masking = Masking::Pass },
};

} // namespace

extern constinit const LayerFamily normalization_layers{ types };

} // namespace layerscope::layers
