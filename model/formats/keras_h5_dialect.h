#pragma once

#include "model/formats/keras_h5_file.h"

namespace layerscope::formats {

/// What a file of some dialect shall say about training.
struct H5Target
{
    std::string format;
    std::optional<TrainingSetup> training;
    std::optional<OptimizerState> optimizer; ///< absent where it is dropped
    std::string kerasVersion; ///< to write; empty to leave what is there
    std::vector<std::string> remarks; ///< what changes on the way, in words
};

/// The training set-up and the optimizer of `network`, which is in the dialect of `format` already
/// (model/crossing), as .h5 files hold them: variables that have no name get the one that Keras
/// would give them (formats.md 1.9).
Result<H5Target> targetFor(
    const Network& network, const std::string& format, OptimizerInFile optimizer);

} // namespace layerscope::formats
