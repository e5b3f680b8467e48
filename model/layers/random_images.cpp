#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

OutputShapes randomSizeShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    if (shape.size() < 3)
        return std::nullopt;
    shape[shape.size() - (request.layer.className == "RandomHeight" ? 3 : 2)] = openDimension;
    return one(std::move(shape));
}

constexpr LayerType types[] = {
    { .classNames = "RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast "
                    "RandomBrightness RandomColorDegeneration RandomColorJitter RandomErasing "
                    "RandomElasticTransform RandomGaussianBlur RandomGrayscale RandomHue "
                    "RandomInvert RandomPerspective RandomPosterization RandomSaturation "
                    "RandomSharpness RandomShear RandAugment AugMix CutMix MixUp",
        .shape = sameShape },
    { .classNames = "AutoContrast ContrastLimitedAdaptiveHistogramEqualization Equalization "
                    "Solarization",
        .shape = sameShape },
    { .classNames = "RandomHeight RandomWidth", .shape = randomSizeShape },
};

} // namespace

extern constinit const LayerFamily random_images_layers{ types };

} // namespace layerscope::layers
