#pragma once

#include "model/training/optimizers/update_rule.h"

namespace layerscope::training {

/// A gradient as the optimizer is to see it: where it was made by looking rows up in a table and by
/// nothing else, the rows and their indices come with it.
WeightGradient sparseGradient(ops::Builder& builder, const ops::Graph& graph, ops::Value gradient);

} // namespace layerscope::training
