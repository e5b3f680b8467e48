#pragma once

#include "model/core/sentence.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace layerscope::formats {

/// A file of another program, told by its contents.
struct Stranger
{
    std::string_view rule; ///< a short name that does not change: "onnx"
    Sentence what; ///< "This is an ONNX model …."

    std::string clause() const; ///< the same as the message of an Error: "this is …"
};

/// Models, checkpoints and logs of other frameworks, and HDF5 files of other programs. Reads the
/// first bytes and the last ones.
std::optional<Stranger> identifyStranger(const std::filesystem::path& path);

} // namespace layerscope::formats
