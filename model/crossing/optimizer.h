#pragma once

#include "model/crossing/dialect.h"
#include "model/crossing/weights.h"

namespace layerscope::crossing {

/// An optimizer as another Keras has it.
struct CrossedOptimizer
{
    Json object; ///< {"class_name", "config", …} for the training set-up
    std::optional<OptimizerState> state;
};

/// The configuration of an optimizer between generations: `object` as `from` writes it, as the
/// journey's target writes it. `state` gives the values that only its variables have.
///
/// Nothing comes back, with a remark, where the target has no such optimizer.
/// Source  crossing.md 6.1
std::optional<Json> crossOptimizerConfig(
    const Json& object, KerasGeneration from, const OptimizerState* state, Journey& journey);

/// The optimizer of `source` for `target`, whose weights stand already: configuration, and
/// variables in the target's order. Those that the source does not have start as Keras starts them.
///
/// Nothing comes back, with a remark, where the target has no such optimizer.
/// Source  crossing.md 6.2; formats.md 1.9
Result<std::optional<CrossedOptimizer>> crossOptimizer(
    const Network& source, const Network& target, const MovedWeights& moved, Journey& journey);

} // namespace layerscope::crossing
