#pragma once

#include <string>
#include <string_view>

namespace layerscope::formats {

/// Keras 3's name ("velocity") of the slot that an optimizer of optimizers.legacy calls `legacy`
/// ("rms"); `legacy` itself where none is known.
std::string slotOfLegacy(std::string_view optimizer, std::string_view legacy);

/// The other way round.
std::string legacySlotName(std::string_view optimizer, std::string_view slot);

} // namespace layerscope::formats
