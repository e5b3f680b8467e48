#pragma once

#include "model/ops/builder.h"
#include "model/training/settings.h"

#include <span>
#include <string_view>
#include <vector>

namespace layerscope::training {

/// What a loss or metric function is given, and what it says beside its values.
struct LossCall
{
    ops::Builder& builder;
    ops::Value target; ///< ranks matched; class numbers are int64, else of the prediction's dtype
    ops::Value prediction;
    ops::Value
        logits; ///< what went into the softmax or sigmoid that made the prediction, or absent
    const Settings& settings;
    bool rowsSumToOne = false; ///< the targets are known to be distributions
    ops::Value mask = {}; ///< out: where the values count (Bool, their shape); absent: everywhere

    DType dtype() const { return builder.dtype(prediction); }
    ops::Value number(double value) const { return builder.scalar(value, dtype()); }
    std::int64_t axis() const { return settings.integer("axis", -1); }
};

/// The values that the reduction then adds up: the function's result for each sample (and each
/// position), as Keras's function of that name returns it.
using LossFunction = ops::Value (*)(LossCall& call);

enum class TargetKind {
    Values, ///< numbers of the prediction's shape
    ClassNumbers, ///< integers, one for each row of predictions
};

struct LossType
{
    std::vector<std::string_view> names; ///< the function's name, the class's, aliases
    LossFunction function = nullptr;
    TargetKind target = TargetKind::Values;
};

/// One file of model/training/losses defines the losses of one kind.
struct LossFamily
{
    std::vector<LossType> types;
};

std::span<const LossFamily* const> lossFamilies();

/// By function name, class name or alias; case and underscores do not count. Null if unknown.
const LossType* findLoss(std::string_view name);
/// The function names of all losses.
std::vector<std::string> lossNames();

/// Keras's backend.epsilon().
inline constexpr double kerasEpsilon = 1e-7;

// Common steps of loss functions.
ops::Value smoothedTarget(LossCall& call, double share); ///< y·(1−s) + share, s = label_smoothing
ops::Value clippedProbability(LossCall& call); ///< within [ε, 1−ε]
ops::Value l2Normalized(ops::Builder& builder, ops::Value x, std::int64_t axis, bool keras3);

/// Gives target and prediction one rank where one of them has a last axis of length 1 too many.
/// The logits are lost when the prediction is squeezed, as in Keras.
void matchRanks(ops::Builder& builder, ops::Value& target, ops::Value& prediction,
    ops::Value& logits, bool keras3);

} // namespace layerscope::training
