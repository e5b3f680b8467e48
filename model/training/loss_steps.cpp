#include "model/training/losses/loss.h"

namespace layerscope::training {

const LossType* findLoss(std::string_view name)
{
    const std::string wanted = comparableName(name);
    for (const LossFamily* family : lossFamilies()) {
        for (const LossType& type : family->types) {
            for (const std::string_view candidate : type.names) {
                if (comparableName(candidate) == wanted)
                    return &type;
            }
        }
    }
    return nullptr;
}

std::vector<std::string> lossNames()
{
    std::vector<std::string> names;
    for (const LossFamily* family : lossFamilies()) {
        for (const LossType& type : family->types)
            names.emplace_back(type.names.front());
    }
    return names;
}

ops::Value smoothedTarget(LossCall& call, double share)
{
    const double smoothing = call.settings.number("label_smoothing", 0);
    if (smoothing == 0)
        return call.target;
    return call.builder.add(call.builder.multiply(call.target, 1 - smoothing), share);
}

ops::Value clippedProbability(LossCall& call)
{
    return call.builder.clip(call.prediction, kerasEpsilon, 1 - kerasEpsilon);
}

ops::Value l2Normalized(ops::Builder& builder, ops::Value x, std::int64_t axis, bool keras3)
{
    const DType type = builder.dtype(x);
    const ops::Value squares = builder.sum(builder.square(x), { axis }, ops::KeepAxes::Yes);
    if (keras3) {
        const ops::Value inverse = builder.minimum(
            builder.unary(ops::Unary::Rsqrt, squares), builder.scalar(1 / kerasEpsilon, type));
        return builder.multiply(x, inverse);
    }
    const ops::Value bounded = builder.maximum(squares, builder.scalar(1e-12, type));
    return builder.multiply(x, builder.unary(ops::Unary::Rsqrt, bounded));
}

void matchRanks(ops::Builder& builder, ops::Value& target, ops::Value& prediction,
    ops::Value& logits, bool keras3)
{
    const std::int64_t targetRank = builder.rank(target);
    const std::int64_t predictionRank = builder.rank(prediction);
    if (predictionRank == targetRank + 1 && builder.shape(prediction).back() == 1) {
        if (targetRank == 1) {
            target = builder.expandDims(target, -1);
        } else {
            prediction = builder.squeeze(prediction, -1);
            logits = {};
        }
    } else if (targetRank == predictionRank + 1 && builder.shape(target).back() == 1) {
        if (predictionRank == 1 && keras3)
            prediction = builder.expandDims(prediction, -1);
        else
            target = builder.squeeze(target, -1);
    }
}

} // namespace layerscope::training
