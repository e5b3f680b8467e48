#pragma once

#include "model/network/network.h"

namespace layerscope {

/// Builds the typed layer tree over a model's configuration: {"class_name", "config", …} as it
/// stands in model_config of .h5, config.json of .keras, or keras_metadata.pb. Understands every
/// dialect of formats.md chapter 4: list-Sequential, "Model" and "Functional", nested-list and
/// {args, kwargs} nodes, the node-number trap of nested models, operations and TFOpLambda, dict
/// inputs, subclassed models.
///
/// What is odd (a reference to a layer that is not there, a cycle) becomes a Problem, not an error;
/// recursion is bounded.
/// Errors  Corrupt when there is no model in it at all
Result<Layer> parseArchitecture(const Json& modelConfig, std::vector<Problem>& problems);

/// One layer object as it stands inside a configuration: `layer`, `cell` or `cells[i]` of a
/// wrapper. Oddities are passed over.
Layer parseLayer(const Json& entry);

/// Which Keras a file speaks: by `keras_version` where there is one ("2.15.0", "2.2.4-tf"), else by
/// the style of the configuration (batch_shape, call nodes, Keras 1 names).
KerasGeneration kerasGeneration(const std::string& kerasVersion, const Json& modelConfig);

/// Weights as a legacy file groups them: one group for each top-level layer that has any, in file
/// order.
struct StoredGroup
{
    std::string layer; ///< name of the top-level layer
    std::vector<Weight> weights; ///< in the order of weight_names; `trainable` still unset
};

/// Gives every layer of `network.model` its weights out of `groups` and fills network.weights in
/// Keras's model.weights order, with `trainable` set. Pairs by position as Keras does
/// (formats.md 1.2, 1.4), so a group of a nested model is split among its layers by what
/// variableLayout() says they own. Without an architecture (weights-only file) makes one layer a
/// group. Mismatches become Problems; weights that no layer takes stay in network.weights, so that
/// nothing is lost.
void assignWeights(Network& network, std::vector<StoredGroup> groups);

} // namespace layerscope
