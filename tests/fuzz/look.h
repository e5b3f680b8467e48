#pragma once

#include "model/network/network.h"

#include <filesystem>

namespace layerscope::fuzz {

/// Opens whatever lies at `path` and loads every array in it.
void openAndLook(const std::filesystem::path& path);

/// The same for what was opened already.
void look(const Network& network);

/// All that the program says about a network before its user asks for more: the document of
/// `inspect`, the summary, a sentence about each layer.
void describe(const Network& network);

} // namespace layerscope::fuzz
