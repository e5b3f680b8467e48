// Crossentropies that give less weight to what is already predicted well.
#include "model/training/losses/crossentropy.h"

namespace layerscope::training {
namespace {

using ops::Binary;
using ops::Value;

Value lifted(LossCall& call, Value x)
{
    const double gamma = call.settings.number("gamma", 2);
    if (gamma == 2)
        return call.builder.square(x);
    return call.builder.binary(Binary::Power, x, call.number(gamma));
}

/// y·a + (1−y)·b
Value mixed(LossCall& call, Value target, Value a, Value b)
{
    ops::Builder& builder = call.builder;
    return builder.add(
        builder.multiply(target, a), builder.multiply(builder.subtract(call.number(1), target), b));
}

Value binaryFocal(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const double smoothing = call.settings.number("label_smoothing", 0);
    const Value target = smoothedTarget(call, 0.5 * smoothing);
    Value p = call.prediction;
    Value crossentropy;
    if (call.settings.isKeras3() && call.settings.flag("from_logits", false)) {
        // Keras 3 takes the sigmoid first and its crossentropy then finds the logits again.
        p = builder.sigmoid(p);
        const Settings plain(Json::object(), KerasGeneration::Keras3);
        LossCall inner{ builder, target, p, call.prediction, plain };
        crossentropy = elementwiseBinaryCrossentropy(inner, target);
    } else {
        if (call.settings.flag("from_logits", false))
            p = builder.sigmoid(p);
        crossentropy = elementwiseBinaryCrossentropy(call, target);
    }
    const Value truth = mixed(call, target, p, builder.subtract(call.number(1), p));
    Value values
        = builder.multiply(lifted(call, builder.subtract(call.number(1), truth)), crossentropy);
    if (call.settings.flag("apply_class_balancing", false)) {
        const double alpha = call.settings.number("alpha", 0.25);
        values = builder.multiply(
            mixed(call, target, call.number(alpha), call.number(1 - alpha)), values);
    }
    return builder.mean(values, { call.axis() });
}

Value categoricalFocal(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const std::int64_t axis = call.axis();
    const auto classes = static_cast<double>(builder.shape(call.prediction).back());
    const double smoothing = call.settings.number("label_smoothing", 0);
    const Value target = smoothedTarget(call, smoothing / classes);
    Value p = call.prediction;
    if (call.settings.isKeras3()) {
        if (call.settings.flag("from_logits", false))
            p = builder.softmax(p, axis);
    } else if (const Value logits = logitsOf(call)) {
        p = builder.softmax(logits, axis);
    }
    p = builder.divide(p, builder.sum(p, { axis }, ops::KeepAxes::Yes));
    p = builder.clip(p, kerasEpsilon, 1 - kerasEpsilon);
    const Value crossentropy = builder.negate(builder.multiply(target, builder.log(p)));
    const Value weight = builder.multiply(
        lifted(call, builder.subtract(call.number(1), p)), call.settings.number("alpha", 0.25));
    return builder.sum(builder.multiply(weight, crossentropy), { axis });
}

} // namespace

extern const LossFamily focal_losses;
const LossFamily focal_losses{ {
    { { "binary_focal_crossentropy" }, binaryFocal },
    { { "categorical_focal_crossentropy" }, categoricalFocal },
} };

} // namespace layerscope::training
