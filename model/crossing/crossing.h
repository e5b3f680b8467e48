#pragma once

#include "model/network/network.h"

#include <string_view>

namespace layerscope::crossing {

/// A place of a configuration that differs between the file and what is written for another Keras.
struct Change
{
    std::string where; ///< "conv2d_3/config/batch_input_shape", "optimizer/config/lr"
    Json before; ///< null where there was nothing
    Json after; ///< null where nothing is left
};

/// A network as another Keras has it.
struct Crossed
{
    Network network;
    std::vector<Change> changes;
    std::vector<std::string> remarks; ///< what is lost, renamed or will differ, one sentence each
};

/// Of a network that is in the target's dialect already, but for words of tf_keras, which the other
/// Keras 2 versions refuse.
enum class OwnWords {
    Translate,
    Keep, ///< saved again as it was
};

/// `network` in the dialect of `format` (a FORMAT name of the command line): configuration, calls,
/// training set-up, optimizer and its variables, weights where their meaning differs. What is in
/// that dialect already comes back as it is. Source: crossing.md.
///
/// Errors  Unsupported, naming the layer, function or setting that the other Keras does not have
Result<Crossed> cross(
    const Network& network, std::string_view format, OwnWords words = OwnWords::Translate);

} // namespace layerscope::crossing
