#include "model/ops/kernels/float_convolution.h"

#include "model/ops/kernels/thread_pool.h"

#include <algorithm>
#include <cstring>

namespace layerscope::ops {

namespace {

std::int64_t panelsOf(std::int64_t columns)
{
    return (columns + simd().panel - 1) / simd().panel;
}

/// Lengths that the windows reach over, margins included.
WindowGeometry::Triple reach(const WindowGeometry& g)
{
    WindowGeometry::Triple padded{};
    for (std::size_t i = 0; i < 3; ++i)
        padded[i] = (g.out[i] - 1) * g.strides[i] + (g.size[i] - 1) * g.dilations[i] + 1;
    return padded;
}

/// Whether windows reach outside the input.
bool needsMargins(const WindowGeometry& g)
{
    const WindowGeometry::Triple padded = reach(g);
    for (std::size_t i = 0; i < 3; ++i) {
        if (g.padBefore[i] > 0 || padded[i] > g.in[i])
            return true;
    }
    return false;
}

std::int64_t volume(const WindowGeometry::Triple& lengths, std::int64_t channels)
{
    return lengths[0] * lengths[1] * lengths[2] * channels;
}

/// The part of the input that lies within the margins: where it begins in either, how long it is.
struct Overlap
{
    std::int64_t inside;
    std::int64_t padded;
    std::int64_t length;
};

Overlap overlap(const WindowGeometry& g, const WindowGeometry::Triple& padded, std::size_t axis)
{
    const std::int64_t before = g.padBefore[axis];
    return { 0, before, std::max<std::int64_t>(std::min(g.in[axis], padded[axis] - before), 0) };
}

/// Calls f(offset in the image, offset in the padded image, count) for each row of pixels.
template<class F>
void forEachRow(const WindowGeometry& g, const WindowGeometry::Triple& padded, F&& f)
{
    const Overlap d = overlap(g, padded, 0);
    const Overlap h = overlap(g, padded, 1);
    const Overlap w = overlap(g, padded, 2);
    for (std::int64_t i = 0; i < d.length; ++i)
        for (std::int64_t j = 0; j < h.length; ++j)
            f((i * g.in[1] + j) * g.in[2] * g.channels,
                (((i + d.padded) * padded[1] + j + h.padded) * padded[2] + w.padded) * g.channels,
                w.length * g.channels);
}

void copyWithMargins(
    const WindowGeometry& g, const WindowGeometry::Triple& padded, const float* image, float* to)
{
    std::memset(to, 0, static_cast<std::size_t>(volume(padded, g.channels)) * sizeof(float));
    forEachRow(g, padded, [&](std::int64_t from, std::int64_t at, std::int64_t count) {
        std::memcpy(to + at, image + from, static_cast<std::size_t>(count) * sizeof(float));
    });
}

std::int64_t rounded(std::int64_t floats)
{
    return (floats + 15) / 16 * 16;
}

/// Threads that the work is worth.
int worthThreads(const WindowGeometry& g, int threads)
{
    const double flops = 2.0 * static_cast<double>(g.batch * g.outputPixels())
        * static_cast<double>(g.windowPixels()) * static_cast<double>(g.channels / g.groups)
        * static_cast<double>(g.filters);
    constexpr double flopsPerNanosecond = 40;
    return flops / flopsPerNanosecond > worthForking ? threads : 1;
}

} // namespace

bool suitsTiles(const WindowGeometry& g)
{
    return g.groups == 1 || (g.channels / g.groups >= 4 && g.filters / g.groups >= 4);
}

ConvolutionForward::ConvolutionForward(
    const WindowGeometry& g, int threads, Epilogue epilogue, bool flipped)
    : m_g(g)
    , m_padded(needsMargins(g) ? reach(g) : g.in)
    , m_pads(needsMargins(g))
    , m_flipped(flipped)
    , m_threads(worthThreads(g, threads))
    , m_epilogue(epilogue)
    , m_channels(g.channels / g.groups)
    , m_filters(g.filters / g.groups)
    , m_packedFloats(g.windowPixels() * m_channels * panelsOf(m_filters) * simd().panel)
    , m_imageFloats(m_pads ? rounded(volume(m_padded, g.channels)) : 0)
{
    // Neighbouring window positions along the last axis are one stretch of memory.
    const bool runs = g.dilations[2] == 1 && g.groups == 1;
    for (std::int64_t d = 0; d < g.size[0]; ++d)
        for (std::int64_t h = 0; h < g.size[1]; ++h)
            for (std::int64_t w = 0; w < (runs ? 1 : g.size[2]); ++w)
                m_segments.push_back(
                    { ((d * g.dilations[0] * m_padded[1] + h * g.dilations[1]) * m_padded[2]
                          + w * g.dilations[2])
                            * g.channels,
                        ((d * g.size[1] + h) * g.size[2] + w) * m_channels,
                        runs ? g.size[2] * m_channels : m_channels });
}

std::size_t ConvolutionForward::scratchBytes() const
{
    return static_cast<std::size_t>(
               m_packedFloats * m_g.groups + m_imageFloats * (m_pads ? m_g.batch : 0))
        * sizeof(float);
}

void ConvolutionForward::packKernel(const float* kernel, std::int64_t group, float* packed) const
{
    const std::int64_t positions = m_g.windowPixels();
    const std::int64_t rows = positions * m_channels;
    if (!m_flipped) {
        simd().packColumns(
            kernel + group * m_filters, m_g.filters, 1, rows, m_filters, 0, rows, packed);
        return;
    }
    // The kernel is [size, filters of a group, channels]: what comes out here went in there.
    for (std::int64_t position = 0; position < positions; ++position)
        simd().packColumns(
            kernel + (positions - 1 - position) * m_filters * m_g.channels + group * m_channels, 1,
            m_g.channels, m_channels, m_filters, position * m_channels, rows, packed);
}

void ConvolutionForward::runImage(
    const float* image, const float* packed, const float* bias, float* y) const
{
    const WindowGeometry& g = m_g;
    // Rows of pixels that follow each other at the same distance are one long row.
    const bool merges = g.out[2] * g.strides[2] == g.strides[1] * m_padded[2];
    const std::int64_t rows = merges ? 1 : g.out[1];
    GemmTask task{ .rows = merges ? g.out[1] * g.out[2] : g.out[2],
        .columns = m_filters,
        .a = nullptr,
        .aRow = g.strides[2] * g.channels,
        .aColumn = 1,
        .packed = nullptr,
        .packedRows = g.windowPixels() * m_channels,
        .segments = m_segments.data(),
        .segmentCount = static_cast<std::int64_t>(m_segments.size()),
        .c = nullptr,
        .cRow = g.filters,
        .cColumn = 1,
        .accumulate = false,
        .epilogue = m_epilogue,
        .bias = nullptr };
    for (std::int64_t group = 0; group < g.groups; ++group) {
        task.packed = packed + group * m_packedFloats;
        task.bias = bias == nullptr ? nullptr : bias + group * m_filters;
        for (std::int64_t d = 0; d < g.out[0]; ++d)
            for (std::int64_t h = 0; h < rows; ++h) {
                task.a = image
                    + (d * g.strides[0] * m_padded[1] + h * g.strides[1]) * m_padded[2] * g.channels
                    + group * m_channels;
                task.c = y + (d * g.out[1] + h) * g.out[2] * g.filters + group * m_filters;
                simd().gemm(task);
            }
    }
}

void ConvolutionForward::run(
    const float* x, const float* kernel, const float* bias, float* y, float* scratch) const
{
    float* packed = scratch;
    float* images = scratch + m_packedFloats * m_g.groups;
    for (std::int64_t group = 0; group < m_g.groups; ++group)
        packKernel(kernel, group, packed + group * m_packedFloats);
    forEachSlice(m_threads, m_g.batch, [&](std::int64_t n) {
        const float* image = x + n * m_g.inputPixels() * m_g.channels;
        if (m_pads) {
            float* margined = images + n * m_imageFloats;
            copyWithMargins(m_g, m_padded, image, margined);
            image = margined;
        }
        runImage(image, packed, bias, y + n * m_g.outputPixels() * m_g.filters);
    });
}

ConvolutionScatter::ConvolutionScatter(const WindowGeometry& g, int threads)
    : m_g(g)
    , m_padded(reach(g))
    , m_threads(worthThreads(g, threads))
    , m_packedFloats(g.filters / g.groups * panelsOf(g.channels / g.groups) * simd().panel)
    , m_imageFloats(rounded(volume(m_padded, g.channels)))
{
}

std::size_t ConvolutionScatter::scratchBytes() const
{
    return static_cast<std::size_t>(
               m_packedFloats * m_g.groups * m_g.windowPixels() + m_imageFloats * m_g.batch)
        * sizeof(float);
}

void ConvolutionScatter::runImage(const float* y, const float* packed, float* image) const
{
    const WindowGeometry& g = m_g;
    const std::int64_t channels = g.channels / g.groups;
    const std::int64_t filters = g.filters / g.groups;
    const GemmSegment segment{ 0, 0, filters };
    GemmTask task{ .rows = g.out[2],
        .columns = channels,
        .a = nullptr,
        .aRow = g.filters,
        .aColumn = 1,
        .packed = nullptr,
        .packedRows = filters,
        .segments = &segment,
        .segmentCount = 1,
        .c = nullptr,
        .cRow = g.strides[2] * g.channels,
        .cColumn = 1,
        .accumulate = true,
        .epilogue = Epilogue::None,
        .bias = nullptr };
    std::memset(image, 0, static_cast<std::size_t>(m_imageFloats) * sizeof(float));
    WindowGeometry::Triple k{};
    std::int64_t position = 0;
    for (k[0] = 0; k[0] < g.size[0]; ++k[0])
        for (k[1] = 0; k[1] < g.size[1]; ++k[1])
            for (k[2] = 0; k[2] < g.size[2]; ++k[2], ++position)
                for (std::int64_t row = 0; row < g.groups * g.out[0] * g.out[1]; ++row) {
                    const std::int64_t group = row / (g.out[0] * g.out[1]);
                    const std::int64_t d = row / g.out[1] % g.out[0];
                    const std::int64_t h = row % g.out[1];
                    task.a = y + (d * g.out[1] + h) * g.out[2] * g.filters + group * filters;
                    task.packed = packed + (position * g.groups + group) * m_packedFloats;
                    const std::int64_t toD = d * g.strides[0] + k[0] * g.dilations[0];
                    const std::int64_t toH = h * g.strides[1] + k[1] * g.dilations[1];
                    task.c = image
                        + ((toD * m_padded[1] + toH) * m_padded[2] + k[2] * g.dilations[2])
                            * g.channels
                        + group * channels;
                    simd().gemm(task);
                }
}

void ConvolutionScatter::run(const float* y, const float* kernel, float* x, float* scratch) const
{
    const std::int64_t channels = m_g.channels / m_g.groups;
    const std::int64_t filters = m_g.filters / m_g.groups;
    for (std::int64_t i = 0; i < m_g.windowPixels() * m_g.groups; ++i) {
        const std::int64_t position = i / m_g.groups;
        const std::int64_t group = i % m_g.groups;
        simd().packColumns(kernel + position * channels * m_g.filters + group * filters, 1,
            m_g.filters, filters, channels, 0, filters, scratch + i * m_packedFloats);
    }
    float* images = scratch + m_packedFloats * m_g.groups * m_g.windowPixels();
    forEachSlice(m_threads, m_g.batch, [&](std::int64_t n) {
        float* margined = images + n * m_imageFloats;
        float* image = x + n * m_g.inputPixels() * m_g.channels;
        runImage(y + n * m_g.outputPixels() * m_g.filters, scratch, margined);
        std::memset(
            image, 0, static_cast<std::size_t>(m_g.inputPixels() * m_g.channels) * sizeof(float));
        forEachRow(m_g, m_padded, [&](std::int64_t to, std::int64_t from, std::int64_t count) {
            std::memcpy(
                image + to, margined + from, static_cast<std::size_t>(count) * sizeof(float));
        });
    });
}

ConvolutionToKernel::ConvolutionToKernel(const WindowGeometry& g, int threads)
    : m_g(g)
    , m_padded(needsMargins(g) ? reach(g) : g.in)
    , m_pads(needsMargins(g))
    , m_threads(worthThreads(g, threads))
    , m_slices(1)
    , m_packedFloats(g.outputPixels() * panelsOf(g.filters / g.groups) * simd().panel)
    , m_imageFloats(m_pads ? rounded(volume(m_padded, g.channels)) : 0)
{
    const std::int64_t channels = g.channels / g.groups;
    const bool runs = g.dilations[2] == 1 && g.groups == 1;
    const std::int64_t rows = runs ? g.size[2] * channels : channels;
    // Parts of at most so many rows, to be shared out among threads.
    const std::int64_t most = m_threads > 1 ? 4 * simd().tileRows : rows;
    for (std::int64_t group = 0; group < g.groups; ++group)
        for (std::int64_t d = 0; d < g.size[0]; ++d)
            for (std::int64_t h = 0; h < g.size[1]; ++h)
                for (std::int64_t w = 0; w < (runs ? 1 : g.size[2]); ++w)
                    for (std::int64_t row = 0; row < rows; row += most)
                        m_parts.push_back({ (d * g.size[1] + h) * g.size[2] + w, group,
                            ((d * g.dilations[0] * m_padded[1] + h * g.dilations[1]) * m_padded[2]
                                + w * g.dilations[2])
                                    * g.channels
                                + group * channels,
                            row, std::min(most, rows - row) });
    for (std::int64_t d = 0; d < g.out[0]; ++d)
        for (std::int64_t h = 0; h < g.out[1]; ++h)
            m_segments.push_back(
                { (d * g.strides[0] * m_padded[1] + h * g.strides[1]) * m_padded[2] * g.channels,
                    (d * g.out[1] + h) * g.out[2], g.out[2] });
    if (m_threads > 1)
        m_slices = std::min<std::int64_t>(m_threads, static_cast<std::int64_t>(m_parts.size()));
}

std::size_t ConvolutionToKernel::scratchBytes() const
{
    return static_cast<std::size_t>(m_slices * (m_packedFloats * m_g.groups + m_imageFloats))
        * sizeof(float);
}

void ConvolutionToKernel::addImage(
    const float* image, const float* packed, const Part& part, bool first, float* kernel) const
{
    const std::int64_t channels = m_g.channels / m_g.groups;
    const std::int64_t filters = m_g.filters / m_g.groups;
    const GemmTask task{ .rows = part.rows,
        .columns = filters,
        .a = image + part.offset + part.row,
        .aRow = 1,
        .aColumn = m_g.strides[2] * m_g.channels,
        .packed = packed + part.group * m_packedFloats,
        .packedRows = m_g.outputPixels(),
        .segments = m_segments.data(),
        .segmentCount = static_cast<std::int64_t>(m_segments.size()),
        .c = kernel + (part.window * channels + part.row) * m_g.filters + part.group * filters,
        .cRow = m_g.filters,
        .cColumn = 1,
        .accumulate = !first,
        .epilogue = Epilogue::None,
        .bias = nullptr };
    simd().gemm(task);
}

void ConvolutionToKernel::run(const float* x, const float* y, float* kernel, float* scratch) const
{
    const std::int64_t filters = m_g.filters / m_g.groups;
    const auto parts = static_cast<std::int64_t>(m_parts.size());
    if (m_g.batch == 0) {
        std::memset(kernel, 0,
            static_cast<std::size_t>(m_g.windowPixels() * m_g.channels / m_g.groups * m_g.filters)
                * sizeof(float));
        return;
    }
    // Each slice goes through all images for its own part of the kernel, so the sums are always
    // taken in the same order.
    forEachSlice(m_threads, m_slices, [&](std::int64_t slice) {
        float* packed = scratch + slice * (m_packedFloats * m_g.groups + m_imageFloats);
        float* margined = packed + m_packedFloats * m_g.groups;
        const std::int64_t begin = sliceBegin(parts, m_slices, slice);
        const std::int64_t end = sliceBegin(parts, m_slices, slice + 1);
        for (std::int64_t n = 0; n < m_g.batch; ++n) {
            const float* image = x + n * m_g.inputPixels() * m_g.channels;
            if (m_pads) {
                copyWithMargins(m_g, m_padded, image, margined);
                image = margined;
            }
            for (std::int64_t group = 0; group < m_g.groups; ++group)
                simd().packColumns(y + n * m_g.outputPixels() * m_g.filters + group * filters,
                    m_g.filters, 1, m_g.outputPixels(), filters, 0, m_g.outputPixels(),
                    packed + group * m_packedFloats);
            for (std::int64_t i = begin; i < end; ++i)
                addImage(image, packed, m_parts[static_cast<std::size_t>(i)], n == 0, kernel);
        }
    });
}

} // namespace layerscope::ops
