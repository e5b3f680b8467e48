#pragma once

#include "model/layers/layer_type.h"

#include <string>

namespace layerscope::layers {

/// Pieces of the sentences that explain layers.

/// "3×3" of [3, 3].
std::string times(const std::vector<std::int64_t>& lengths);

/// The activation that the configuration names; empty where there is none that does something.
std::string activationName(const LayerConfig& config);

/// Adds ", then applies relu" where the configuration has an activation that does something.
void addActivation(Clauses& clauses, const LayerConfig& config);

/// Adds "; 18,496 parameters = 3·3·32·64 + 64" from the shapes of the weights, "; no parameters"
/// where the layer has no weights, nothing where their shapes are not known.
void addParameters(Clauses& clauses, const ExplanationRequest& about);

/// `main` with the layer's parameters.
Clauses withParameters(const ExplanationRequest& about, Sentence main);

/// `main` and "; no parameters".
Clauses withoutParameters(Sentence main);

} // namespace layerscope::layers
