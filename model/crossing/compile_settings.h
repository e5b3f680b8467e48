#pragma once

#include "model/crossing/dialect.h"

#include <map>

namespace layerscope::crossing {

/// Loss, metrics and the rest of `compile` in the target's form, with `optimizer` (an object, or
/// null) in its place. `renamed` tells names of outputs that are others now, `outputs` the old
/// names.
///
/// Nothing comes back, with a remark, where the target has not such a loss.
/// Source  crossing.md 5
std::optional<TrainingSetup> crossTraining(const TrainingSetup& training, const Json& optimizer,
    const std::map<std::string, std::string>& renamed, const std::vector<std::string>& outputs,
    Journey& journey);

} // namespace layerscope::crossing
