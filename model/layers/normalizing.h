#pragma once

#include "model/ops/builder.h"

namespace layerscope::layers {

/// Mean and biased variance, with the reduced axes kept as ones.
struct Moments
{
    ops::Value mean;
    ops::Value variance;
};
Moments moments(ops::Builder& builder, ops::Value x, const std::vector<std::int64_t>& axes);

/// (x - mean) / sqrt(variance + epsilon) over the given axes.
ops::Value standardized(
    ops::Builder& builder, ops::Value x, const std::vector<std::int64_t>& axes, double epsilon);

} // namespace layerscope::layers
