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

/// The training set-up and the optimizer of `network` as `format` has them: unchanged in its own
/// dialect, otherwise with configuration keys, variable order and names of the other one
/// (formats.md 1.7 and 1.9, crossing.md 6).
/// Errors  Unsupported, naming what the dialect cannot express
Result<H5Target> targetFor(
    const Network& network, const std::string& format, OptimizerInFile optimizer);

} // namespace layerscope::formats
