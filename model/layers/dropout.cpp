#include "model/layers/explanations.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

#include <cmath>

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

/// The shape in which elements are dropped together: noise_shape, its nulls taken from the input.
Shape noiseShape(LayerLowering& call, Value x)
{
    Shape shape = call.builder.shape(x);
    const Json& given = call.config.get("noise_shape");
    if (given.is_array() && given.size() == shape.size())
        for (std::size_t i = 0; i < shape.size(); ++i)
            shape[i] = integerOf(given[i]).value_or(shape[i]) == 1 ? 1 : shape[i];
    return shape;
}

double rateOf(LayerLowering& call)
{
    return call.config.number("rate", 0.5);
}

/// 1 where an element stays, 0 where it is dropped.
Value kept(LayerLowering& call, const Shape& shape, double rate)
{
    Builder& b = call.builder;
    const Value isKept = b.binary(
        ops::Binary::GreaterEqual, call.uniform(shape), b.scalar(rate, call.computeType));
    return b.cast(isKept, call.computeType);
}

std::vector<Value> dropped(LayerLowering& call, Value x, const Shape& shape)
{
    const double rate = rateOf(call);
    if (!call.hasNoise() || !(rate > 0))
        return { x };
    if (rate >= 1)
        return { call.builder.multiply(x, 0) };
    return { call.builder.multiply(
        call.builder.multiply(x, 1 / (1 - rate)), kept(call, shape, rate)) };
}

std::vector<Value> lowerDropout(LayerLowering& call)
{
    const Value x = call.floating();
    return dropped(call, x, noiseShape(call, x));
}

/// Whole channels at a time.
std::vector<Value> lowerSpatialDropout(LayerLowering& call)
{
    const Value x = call.floating();
    Shape shape = call.builder.shape(x);
    const bool channelsFirst = isChannelsFirst(call.config);
    for (std::size_t i = 1; i < shape.size(); ++i)
        if (i != (channelsFirst ? 1 : shape.size() - 1))
            shape[i] = 1;
    return dropped(call, x, shape);
}

std::vector<Value> lowerGaussianNoise(LayerLowering& call)
{
    const Value x = call.floating();
    const double deviation = call.config.number("stddev", 0);
    if (!call.hasNoise() || !(deviation > 0))
        return { x };
    return { call.builder.add(
        x, call.builder.multiply(call.normal(call.builder.shape(x)), deviation)) };
}

/// Multiplies by 1 + noise.
std::vector<Value> lowerGaussianDropout(LayerLowering& call)
{
    const Value x = call.floating();
    const double rate = rateOf(call);
    if (!call.hasNoise() || !(rate > 0) || rate >= 1)
        return { x };
    const Value noise
        = call.builder.multiply(call.normal(call.builder.shape(x)), std::sqrt(rate / (1 - rate)));
    return { call.builder.multiply(x, call.builder.add(noise, 1)) };
}

/// Drops to the value that SELU saturates at, and keeps mean and variance (Klambauer et al. 2017).
std::vector<Value> lowerAlphaDropout(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.floating();
    const double rate = rateOf(call);
    if (!call.hasNoise() || !(rate > 0) || rate >= 1)
        return { x };
    constexpr double saturation
        = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946;
    const double scale = 1 / std::sqrt((1 - rate) * (1 + rate * saturation * saturation));
    const Value stays = kept(call, noiseShape(call, x), rate);
    const Value filler = b.multiply(b.subtract(stays, 1), -saturation);
    return { b.add(
        b.multiply(b.add(b.multiply(x, stays), filler), scale), -scale * saturation * rate) };
}

Clauses dropoutWords(const ExplanationRequest& about)
{
    const std::string& name = about.layer.className;
    const auto percent = std::llround(about.config.number("rate", 0) * 100);
    if (name == "GaussianNoise")
        return withoutParameters(
            { WORDS("layers", "Adds noise of standard deviation %1 while training"),
                about.config.number("stddev", 0) });
    if (name == "GaussianDropout")
        return withoutParameters(
            { WORDS("layers",
                  "Multiplies by noise around 1 while training, as strong as a dropout of %1 %"),
                percent });
    return withoutParameters({ name.rfind("Spatial", 0) == 0
            ? WORDS("layers", "Drops %1 % of the channels at random while training")
            : WORDS("layers", "Drops %1 % of its inputs at random while training"),
        percent });
}

constexpr LayerType dropoutTypes[] = {
    { .classNames = "Dropout",
        .shape = sameShape,
        .lower = lowerDropout,
        .words = dropoutWords,
        .masking = Masking::Pass },
    { .classNames = "SpatialDropout1D SpatialDropout2D SpatialDropout3D",
        .shape = sameShape,
        .lower = lowerSpatialDropout,
        .words = dropoutWords,
        .masking = Masking::Pass },
    { .classNames = "GaussianNoise",
        .shape = sameShape,
        .lower = lowerGaussianNoise,
        .words = dropoutWords,
        .masking = Masking::Pass },
    { .classNames = "GaussianDropout",
        .shape = sameShape,
        .lower = lowerGaussianDropout,
        .words = dropoutWords,
        .masking = Masking::Pass },
    { .classNames = "AlphaDropout",
        .shape = sameShape,
        .lower = lowerAlphaDropout,
        .words = dropoutWords,
        .masking = Masking::Pass },
};

} // namespace

extern constinit const LayerFamily dropout_layers{ dropoutTypes };

} // namespace layerscope::layers
