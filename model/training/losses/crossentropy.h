#pragma once

#include "model/training/losses/loss.h"

namespace layerscope::training {

/// What stands for logits: the input of the last softmax or sigmoid, or the prediction itself where
/// the loss says `from_logits`; absent if the prediction is a probability.
ops::Value logitsOf(const LossCall& call);

/// −y·log p − (1−y)·log(1−p) for each element.
ops::Value elementwiseBinaryCrossentropy(LossCall& call, ops::Value target);

} // namespace layerscope::training
