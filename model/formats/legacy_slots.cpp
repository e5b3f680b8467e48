#include "model/formats/legacy_slots.h"

#include <array>

namespace layerscope::formats {

namespace {

struct LegacySlot
{
    std::string_view optimizer; ///< empty: any
    std::string_view legacy;
    std::string_view slot;
};

/// Entries of one optimizer stand before those of any.
constexpr std::array<LegacySlot, 16> legacySlots{ {
    { "SGD", "momentum", "momentum" },
    { "RMSprop", "momentum", "momentum" },
    { "RMSprop", "rms", "velocity" },
    { "RMSprop", "mg", "average_gradient" },
    { "Adamax", "v", "norm" },
    { "", "m", "momentum" },
    { "", "v", "velocity" },
    { "", "vhat", "velocity_hat" },
    { "", "momentum", "momentum" },
    { "", "accumulator", "accumulator" },
    { "", "linear", "linear" },
    { "", "accum_grad", "accumulated_grad" },
    { "", "accum_var", "accumulated_delta_var" },
    { "", "rms", "velocity" },
    { "", "u", "norm" },
    { "", "average", "average" },
} };

} // namespace

std::string slotOfLegacy(std::string_view optimizer, std::string_view legacy)
{
    for (const LegacySlot& entry : legacySlots)
        if (entry.legacy == legacy && (entry.optimizer.empty() || entry.optimizer == optimizer))
            return std::string(entry.slot);
    return std::string(legacy);
}

std::string legacySlotName(std::string_view optimizer, std::string_view slot)
{
    for (const LegacySlot& entry : legacySlots)
        if (entry.slot == slot && (entry.optimizer.empty() || entry.optimizer == optimizer))
            return std::string(entry.legacy);
    return std::string(slot);
}

} // namespace layerscope::formats
