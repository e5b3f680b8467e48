#pragma once

#include <memory>
#include <string>
#include <vector>

namespace layerscope::formats {

/// What a SavedModel's reader keeps for its writer (Network::carried, as a shared pointer): the
/// keys under which the checkpoint holds each weight and each optimizer variable.
struct SavedModelSource
{
    std::vector<std::string> weightKeys; ///< for each Network::weights
    std::vector<std::string> variableKeys; ///< for each OptimizerState::variables
};

} // namespace layerscope::formats
