#pragma once

#include "model/network/network.h"

#include <vector>

namespace layerscope::layers {

/// One use of one layer of a model.
struct CallStep
{
    std::size_t layer = 0;
    std::size_t call = 0;
    bool operator==(const CallStep&) const = default;
};

/// The calls of a Functional model that its outputs depend on, in the order in which Keras runs
/// them (by depth, deepest first; Source: keras.src.models.functional.map_graph). Input layers are
/// left out. A reference to a layer or call that is not there is skipped, as is a call that depends
/// on itself, with all that needs it.
std::vector<CallStep> executionOrder(const Layer& model);

/// The same, followed by the calls that no output depends on (for looking at shapes).
std::vector<CallStep> executionOrderOfAll(const Layer& model);

/// Whether a layer of a model only hands in an input (it has no call of its own).
bool isInput(const Layer& model, std::size_t layer);

} // namespace layerscope::layers
