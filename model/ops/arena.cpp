#include "model/ops/arena.h"

#include <cstdlib>
#include <string>
#include <sys/mman.h>

namespace layerscope::ops {

std::size_t ArenaPlanner::rounded(std::size_t bytes)
{
    return bytes == 0 ? alignment : (bytes + alignment - 1) / alignment * alignment;
}

std::size_t ArenaPlanner::take(std::size_t bytes)
{
    const std::size_t length = rounded(bytes);
    auto best = m_free.end();
    for (auto i = m_free.begin(); i != m_free.end(); ++i) {
        if (i->second >= length && (best == m_free.end() || i->second < best->second))
            best = i;
    }
    if (best != m_free.end()) {
        const std::size_t offset = best->first;
        const std::size_t rest = best->second - length;
        m_free.erase(best);
        if (rest > 0)
            m_free.emplace(offset + length, rest);
        return offset;
    }
    // Nothing fits: grow, beginning with a free block at the very end.
    std::size_t offset = m_total;
    if (!m_free.empty()) {
        const auto last = std::prev(m_free.end());
        if (last->first + last->second == m_total) {
            offset = last->first;
            m_free.erase(last);
        }
    }
    m_total = offset + length;
    return offset;
}

void ArenaPlanner::giveBack(std::size_t offset, std::size_t bytes)
{
    std::size_t begin = offset;
    std::size_t end = offset + rounded(bytes);
    const auto next = m_free.find(end);
    if (next != m_free.end()) {
        end += next->second;
        m_free.erase(next);
    }
    const auto after = m_free.lower_bound(begin);
    if (after != m_free.begin()) {
        const auto previous = std::prev(after);
        if (previous->first + previous->second == begin) {
            begin = previous->first;
            m_free.erase(previous);
        }
    }
    m_free.emplace(begin, end - begin);
}

void FreeAligned::operator()(std::byte* memory) const
{
    std::free(memory);
}

Result<ArenaMemory> allocateArena(std::size_t bytes)
{
    constexpr std::size_t hugePage = std::size_t{ 2 } << 20U;
    constexpr std::size_t most = std::size_t{ 1 } << 46U;
    const bool large = bytes >= 2 * hugePage;
    const std::size_t alignment = large ? hugePage : ArenaPlanner::alignment;
    const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
    auto* memory = bytes > most
        ? nullptr
        : static_cast<std::byte*>(std::aligned_alloc(alignment, std::max(rounded, alignment)));
    if (memory == nullptr)
        return Error(ErrorKind::OutOfMemory,
            "the computation needs " + std::to_string(bytes >> 20U) + " MiB of memory");
    // Large pages where the system has them: fewer misses when looking addresses up.
    if (large)
        madvise(memory, rounded, MADV_HUGEPAGE);
    return ArenaMemory(memory);
}

} // namespace layerscope::ops
