#pragma once

#include <cstdint>
#include <type_traits>

namespace layerscope::ops {

/// The program's one pool of threads for kernels. Workers sleep between calls; the calling thread
/// works too.

/// Work below this many nanoseconds is not worth waking anybody.
inline constexpr double worthForking = 200e3;

/// Calls work(context, slice) for every slice in [0, slices), on up to `threads` threads. Slices
/// are handed out as threads become free, so a slice's result must not depend on who does it.
/// Allocates nothing after the first call with as many threads.
void runSlices(int threads, std::int64_t slices, void (*work)(void* context, std::int64_t slice),
    void* context);

template<class F> void forEachSlice(int threads, std::int64_t slices, F&& f)
{
    if (threads <= 1 || slices <= 1) {
        for (std::int64_t slice = 0; slice < slices; ++slice)
            f(slice);
        return;
    }
    runSlices(
        threads, slices,
        [](void* context, std::int64_t slice) {
            (*static_cast<std::remove_reference_t<F>*>(context))(slice);
        },
        const_cast<void*>(static_cast<const void*>(&f)));
}

/// The bounds of slice `slice` when `count` things are cut into `slices` almost equal parts.
inline std::int64_t sliceBegin(std::int64_t count, std::int64_t slices, std::int64_t slice)
{
    return count / slices * slice + (count % slices) * slice / slices;
}

} // namespace layerscope::ops
