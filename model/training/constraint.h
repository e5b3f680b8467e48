#pragma once

#include "model/core/json.h"
#include "model/network/network.h"
#include "model/ops/builder.h"

#include <vector>

namespace layerscope::training {

/// The constraint of each weight as its layer's configuration tells it ({"class_name", "config"});
/// null where there is none.
std::vector<Json> weightConstraints(const Network& network);

/// `weight` made to obey a constraint of Keras (MaxNorm, NonNeg, UnitNorm, MinMaxNorm); unchanged
/// for null. Unsupported, in the builder, for others.
ops::Value constrained(ops::Builder& builder, const Json& constraint, ops::Value weight);

} // namespace layerscope::training
