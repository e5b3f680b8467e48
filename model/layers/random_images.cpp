#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

using ops::Value;

OutputShapes randomSizeShape(const ShapeRequest& request)
{
    PartialShape shape = request.input();
    if (shape.size() < 3)
        return std::nullopt;
    shape[shape.size() - (request.layer.className == "RandomHeight" ? 3 : 2)] = openDimension;
    return one(std::move(shape));
}

/// Random changes are for training; otherwise images pass unchanged.
std::vector<Value> lowerRandom(LayerLowering& call)
{
    if (call.hasNoise())
        call.fail("its random changes cannot be computed here", ErrorKind::Unsupported);
    return { call.floating() };
}

Clauses randomWords(const ExplanationRequest& about)
{
    return withoutParameters(
        { WORDS("layers",
              "Changes images at random while training (%1), so that the model meets more variety"),
            about.layer.className });
}

constexpr LayerType randomImagesTypes[] = {
    { .classNames = "RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast "
                    "RandomBrightness RandomColorDegeneration RandomColorJitter RandomErasing "
                    "RandomElasticTransform RandomGaussianBlur RandomGrayscale RandomHue "
                    "RandomInvert RandomPerspective RandomPosterization RandomSaturation "
                    "RandomSharpness RandomShear RandAugment AugMix CutMix MixUp",
        .shape = sameShape,
        .lower = lowerRandom,
        .words = randomWords },
    { .classNames = "AutoContrast ContrastLimitedAdaptiveHistogramEqualization Equalization "
                    "Solarization",
        .shape = sameShape },
    { .classNames = "RandomHeight RandomWidth",
        .shape = randomSizeShape,
        .lower = lowerRandom,
        .words = randomWords },
};

} // namespace

extern constinit const LayerFamily random_images_layers{ randomImagesTypes };

} // namespace layerscope::layers
