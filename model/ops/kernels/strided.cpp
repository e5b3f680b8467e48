#include "model/ops/kernels/strided.h"

#include "model/ops/kernels/typed.h"

#include <cstring>

namespace layerscope::ops {

std::vector<std::int64_t> broadcastStrides(const Shape& from, const Shape& to)
{
    const std::vector<std::int64_t> own = stridesOf(from);
    std::vector<std::int64_t> strides(to.size(), 0);
    const std::size_t added = to.size() - from.size();
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (from[i] != 1)
            strides[added + i] = own[i];
    }
    return strides;
}

namespace {

template<class T>
void copyRun(
    const T* from, std::int64_t fromStride, T* to, std::int64_t toStride, std::int64_t length)
{
    if (fromStride == 1 && toStride == 1) {
        std::memcpy(to, from, static_cast<std::size_t>(length) * sizeof(T));
    } else if (fromStride == 0 && toStride == 1) {
        const T value = *from;
        for (std::int64_t i = 0; i < length; ++i)
            to[i] = value;
    } else {
        for (std::int64_t i = 0; i < length; ++i)
            to[i * toStride] = from[i * fromStride];
    }
}

} // namespace

Kernel copyKernel(DType type, const StridedCopy& copy)
{
    const StridedWalk<2> walk(copy.shape, { copy.sourceStrides, copy.targetStrides });
    return withSizeOf(type, [&]<class T>(T) -> Kernel {
        return [walk, sourceOffset = copy.sourceOffset, targetOffset = copy.targetOffset](
                   std::span<const void* const> inputs, std::span<void* const> outputs) {
            const T* from = input<T>(inputs, 0) + sourceOffset;
            T* to = output<T>(outputs, 0) + targetOffset;
            walk.forEachRun([&](const std::array<std::int64_t, 2>& offsets) {
                copyRun(from + offsets[0], walk.runStrides[0], to + offsets[1], walk.runStrides[1],
                    walk.runLength);
            });
        };
    });
}

} // namespace layerscope::ops
