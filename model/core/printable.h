#pragma once

#include <string>
#include <string_view>

namespace layerscope {

enum class LineBreaks { Escape, Keep }; ///< what becomes of line feeds and tabs

/// `text` as a terminal may be given it, whatever a file has put into its names: control characters
/// (those of Unicode as well, and marks that turn the direction of writing) as "\x1b" or "\u202e",
/// bytes that are not UTF-8 as "\xff". All else stays as it is.
std::string printable(std::string_view text, LineBreaks breaks = LineBreaks::Escape);

} // namespace layerscope
