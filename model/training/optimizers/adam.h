#pragma once

#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {

/// Adam's step for one weight, which Muon takes for some of its weights too.
struct AdamStep
{
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-7;
    bool amsgrad = false;

    /// η·sqrt(1−β2^t)/(1−β1^t), in the arithmetic of `type`.
    double alpha(double learningRate, std::int64_t step, DType type) const;

    /// m += (g−m)(1−β1); v += (g²−v)(1−β2); θ −= α·m / (sqrt(v)+ε), with v̂ = max(v̂, v) for
    /// amsgrad. Number `alphaIndex` of the step is α.
    void apply(WeightUpdate& weight, std::size_t alphaIndex) const;
};

} // namespace layerscope::training
