#pragma once

#include "model/core/result.h"

#include <cstddef>
#include <map>
#include <memory>

namespace layerscope::ops {

/// Decides where in one piece of memory values live, given when each is made and last used. Sizes
/// and offsets are multiples of 64 bytes, the alignment that vector kernels like best.
class ArenaPlanner
{
public:
    static constexpr std::size_t alignment = 64;

    /// The offset of a new block; nothing if the sum exceeds what any machine has.
    std::size_t take(std::size_t bytes);
    void giveBack(std::size_t offset, std::size_t bytes);
    std::size_t total() const { return m_total; }

private:
    static std::size_t rounded(std::size_t bytes);

    std::map<std::size_t, std::size_t> m_free; ///< offset to length, neighbours merged
    std::size_t m_total = 0;
};

struct FreeAligned
{
    void operator()(std::byte* memory) const;
};
using ArenaMemory = std::unique_ptr<std::byte[], FreeAligned>;

/// Memory aligned for the arena; OutOfMemory if there is not as much.
Result<ArenaMemory> allocateArena(std::size_t bytes);

} // namespace layerscope::ops
