#pragma once

#include "model/ops/rules.h"

#include <array>

namespace layerscope::ops {

/// A walk over the elements of a shape, in row-major order, through N arrays with strides of their
/// own (0: broadcast; negative: backwards). Axes that all arrays walk evenly are merged, so that
/// the innermost run is as long as can be.
template<std::size_t N> struct StridedWalk
{
    std::int64_t runLength = 1;
    std::array<std::int64_t, N> runStrides{};
    std::size_t outerAxes = 0;
    std::array<std::int64_t, mostAxes> lengths{};
    std::array<std::array<std::int64_t, N>, mostAxes> strides{};
    bool empty = false;

    StridedWalk(const Shape& shape, const std::array<std::vector<std::int64_t>, N>& of)
    {
        struct Axis
        {
            std::int64_t length;
            std::array<std::int64_t, N> strides;
        };
        std::vector<Axis> axes;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            empty = empty || shape[i] == 0;
            if (shape[i] == 1)
                continue;
            Axis axis{ shape[i], {} };
            for (std::size_t n = 0; n < N; ++n)
                axis.strides[n] = of[n][i];
            bool merges = !axes.empty();
            for (std::size_t n = 0; merges && n < N; ++n)
                merges = axes.back().strides[n] == axis.strides[n] * axis.length;
            if (merges)
                axis.length *= axes.back().length, axes.back() = axis;
            else
                axes.push_back(axis);
        }
        if (axes.empty())
            return;
        runLength = axes.back().length;
        runStrides = axes.back().strides;
        axes.pop_back();
        outerAxes = axes.size();
        for (std::size_t i = 0; i < axes.size(); ++i) {
            lengths[i] = axes[i].length;
            strides[i] = axes[i].strides;
        }
    }

    /// Calls f(offsets) for each run; the run's elements are at offsets[n] + i * runStrides[n].
    template<class F> void forEachRun(F&& f) const
    {
        if (empty)
            return;
        std::array<std::int64_t, N> offsets{};
        std::array<std::int64_t, mostAxes> index{};
        while (true) {
            f(offsets);
            std::size_t axis = outerAxes;
            while (axis > 0) {
                --axis;
                if (++index[axis] < lengths[axis]) {
                    for (std::size_t n = 0; n < N; ++n)
                        offsets[n] += strides[axis][n];
                    break;
                }
                index[axis] = 0;
                for (std::size_t n = 0; n < N; ++n)
                    offsets[n] -= strides[axis][n] * (lengths[axis] - 1);
                if (axis == 0)
                    return;
            }
            if (outerAxes == 0)
                return;
        }
    }
};

/// Strides that walk an array of shape `from` as if it had the shape `to`.
std::vector<std::int64_t> broadcastStrides(const Shape& from, const Shape& to);

/// A kernel that copies elements from input 0, walked by `sourceStrides` from `sourceOffset`, to
/// output 0, walked by `targetStrides` from `targetOffset`. All counted in elements of `type`.
struct StridedCopy
{
    Shape shape;
    std::vector<std::int64_t> sourceStrides;
    std::int64_t sourceOffset = 0;
    std::vector<std::int64_t> targetStrides;
    std::int64_t targetOffset = 0;
};
Kernel copyKernel(DType type, const StridedCopy& copy);

} // namespace layerscope::ops
