#include "model/layers/activation_functions.h"
#include "model/layers/explanations.h"
#include "model/layers/image_layout.h"
#include "model/layers/layer_type.h"
#include "model/layers/shape_rules.h"

namespace layerscope::layers {

namespace {

using ops::Builder;
using ops::Value;

std::vector<Value> lowerActivation(LayerLowering& call)
{
    return { call.activate(call.floating(), "activation") };
}

std::vector<Value> lowerRelu(LayerLowering& call)
{
    const LayerConfig& config = call.config;
    return { generalRelu(call.builder, call.floating(), config.number("negative_slope", 0),
        numberOf(config.get("max_value")), config.number("threshold", 0)) };
}

std::vector<Value> lowerLeakyRelu(LayerLowering& call)
{
    // Keras 2 calls it alpha.
    const double slope = call.config.number("negative_slope", call.config.number("alpha", 0.3));
    return { leakyRelu(call.builder, call.floating(), slope) };
}

/// max(x, 0) + alpha · min(x, 0), alpha a weight for each element (or shared along axes).
std::vector<Value> lowerPrelu(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.floating();
    const Value below
        = b.multiply(b.relu(b.negate(x)), b.negate(call.weight(0, "alpha_regularizer")));
    return { b.add(b.relu(x), below) };
}

std::vector<Value> lowerElu(LayerLowering& call)
{
    return { elu(call.builder, call.floating(), call.config.number("alpha", 1)) };
}

std::vector<Value> lowerThresholdedRelu(LayerLowering& call)
{
    Builder& b = call.builder;
    const Value x = call.floating();
    const double threshold = call.config.number("theta", 1);
    const Value isAbove = b.binary(ops::Binary::Greater, x, b.scalar(threshold, b.dtype(x)));
    return { b.multiply(x, b.cast(isAbove, b.dtype(x))) };
}

std::vector<Value> lowerSoftmax(LayerLowering& call)
{
    Builder& b = call.builder;
    Value x = call.floating();
    std::vector<std::int64_t> axes = call.config.list("axis");
    if (axes.empty())
        axes = { -1 };
    const Value mask = call.mask();
    if (mask) // a masked element takes no part
        x = b.add(x,
            b.multiply(b.subtract(b.cast(mask, b.dtype(x)), 1),
                call.computeType == DType::Float16 ? 3e4 : 1e9));
    Value y = axes.size() == 1 ? b.softmax(x, axes[0])
                               : b.exp(b.subtract(x, b.logSumExp(x, axes, ops::KeepAxes::Yes)));
    if (mask && call.isKeras3())
        y = b.multiply(y, b.cast(mask, b.dtype(y)));
    else
        call.rememberLogits(y, x);
    return { y };
}

Clauses activationLayerWords(const ExplanationRequest& about)
{
    const std::string& name = about.layer.className;
    if (name == "Softmax")
        return withoutParameters(WORDS("layers", "Turns scores into shares that add up to 1"));
    if (name == "PReLU")
        return withParameters(about,
            WORDS("layers",
                "Keeps what is above 0 and scales what is below by a slope that it learns"));
    const std::string applied = name == "Activation" ? activationName(about.config) : name;
    if (applied.empty())
        return withoutParameters(WORDS("layers", "Hands on what it gets"));
    return withoutParameters({ WORDS("layers", "Applies %1 to each element"), applied });
}

constexpr LayerType activationTypes[] = {
    { .classNames = "Activation",
        .shape = sameShape,
        .lower = lowerActivation,
        .words = activationLayerWords,
        .masking = Masking::Pass },
    { .classNames = "ReLU",
        .shape = sameShape,
        .lower = lowerRelu,
        .words = activationLayerWords,
        .masking = Masking::Pass },
    { .classNames = "LeakyReLU",
        .shape = sameShape,
        .lower = lowerLeakyRelu,
        .words = activationLayerWords,
        .masking = Masking::Pass },
    { .classNames = "PReLU",
        .shape = sameShape,
        .lower = lowerPrelu,
        .words = activationLayerWords,
        .masking = Masking::Pass },
    { .classNames = "ELU",
        .shape = sameShape,
        .lower = lowerElu,
        .words = activationLayerWords,
        .masking = Masking::Pass },
    { .classNames = "ThresholdedReLU",
        .shape = sameShape,
        .lower = lowerThresholdedRelu,
        .words = activationLayerWords,
        .masking = Masking::Pass },
    { .classNames = "Softmax",
        .shape = sameShape,
        .lower = lowerSoftmax,
        .words = activationLayerWords,
        .masking = Masking::Pass },
};

} // namespace

extern constinit const LayerFamily activation_layers{ activationTypes };

} // namespace layerscope::layers
