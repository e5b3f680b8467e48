#pragma once

#include "model/ops/kernels/simd/simd.h"
#include "model/ops/kernels/window.h"

#include <vector>

namespace layerscope::ops {

/// Convolutions in float32 on the tiles of the matrix product, without unfolding the input: the
/// rows of a tile are neighbouring output pixels, whose windows lie a fixed distance apart in
/// memory, and the inner axis runs along stretches of the window. Images are handed to threads one
/// by one; no result depends on their number.

/// y [n, out, f] from x [n, in, c].
class ConvolutionForward
{
public:
    /// `flipped`: the kernel is read backwards with its channels swapped, which makes this the
    /// gradient to the input of a convolution with strides of 1; `g` describes what is computed.
    ConvolutionForward(const WindowGeometry& g, int threads, Epilogue epilogue, bool flipped);
    std::size_t scratchBytes() const;
    void run(
        const float* x, const float* kernel, const float* bias, float* y, float* scratch) const;

private:
    void packKernel(const float* kernel, std::int64_t group, float* packed) const;
    void runImage(const float* image, const float* packed, const float* bias, float* y) const;

    WindowGeometry m_g;
    WindowGeometry::Triple m_padded; ///< lengths of the input with its margins
    bool m_pads;
    bool m_flipped;
    int m_threads;
    Epilogue m_epilogue;
    std::int64_t m_channels; ///< of a group
    std::int64_t m_filters; ///< of a group
    std::int64_t m_packedFloats; ///< of a group
    std::int64_t m_imageFloats;
    std::vector<GemmSegment> m_segments;
};

/// x [n, in, c] from y [n, out, f], for any strides: every position of the window in turn adds its
/// share to the pixels it saw.
class ConvolutionScatter
{
public:
    ConvolutionScatter(const WindowGeometry& g, int threads);
    std::size_t scratchBytes() const;
    void run(const float* y, const float* kernel, float* x, float* scratch) const;

private:
    void runImage(const float* y, const float* packed, float* image) const;

    WindowGeometry m_g;
    WindowGeometry::Triple m_padded;
    int m_threads;
    std::int64_t m_packedFloats; ///< of one position and group
    std::int64_t m_imageFloats;
};

/// kernel [size, c / groups, f] from x and y.
class ConvolutionToKernel
{
public:
    ConvolutionToKernel(const WindowGeometry& g, int threads);
    std::size_t scratchBytes() const;
    void run(const float* x, const float* y, float* kernel, float* scratch) const;

private:
    struct Part
    {
        std::int64_t window; ///< first position of the window
        std::int64_t group;
        std::int64_t offset; ///< of that position in the image
        std::int64_t row; ///< first of its rows (window position by channel)
        std::int64_t rows;
    };
    void addImage(
        const float* image, const float* packed, const Part& part, bool first, float* kernel) const;

    WindowGeometry m_g;
    WindowGeometry::Triple m_padded;
    bool m_pads;
    int m_threads;
    std::int64_t m_slices;
    std::int64_t m_packedFloats; ///< of a group of one image
    std::int64_t m_imageFloats;
    std::vector<Part> m_parts;
    std::vector<GemmSegment> m_segments; ///< one for each row of output pixels
};

/// Whether the classes above are right for these groups; very thin groups go channel by channel.
bool suitsTiles(const WindowGeometry& g);

} // namespace layerscope::ops
