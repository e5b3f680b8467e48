#include "model/ops/builder.h"
#include "model/serving/translation.h"

#include <algorithm>
#include <limits>
#include <numeric>

// Convolution and pooling. TensorFlow has them for two and three spatial axes: one axis becomes
// two, the first of length 1. Padding that is neither "SAME" nor none is made by an op of its own.

namespace layerscope::serving {

namespace {

/// A sliding window over the spatial axes of an op's input, as TensorFlow is to see it.
class Sliding
{
public:
    /// `sizes` of the window; `lengths` of the spatial axes that it slides over.
    Sliding(const Operation& o, std::vector<std::int64_t> sizes, Lengths lengths, std::string x,
        DType type)
        : m_o(o)
        , m_x(std::move(x))
        , m_type(type)
    {
        const auto& attributes = o.node.attributes;
        m_window = { .size = std::move(sizes),
            .strides = attributes.integers("strides"),
            .dilations = attributes.integers("dilations"),
            .padBefore = attributes.integers("padBefore"),
            .padAfter = attributes.integers("padAfter") };
        for (const Length& length : lengths) {
            m_isStatic = m_isStatic && length.isFixed();
            m_lengths.push_back(length.fixed);
        }
        m_isLifted = m_lengths.size() == 1;
        if (!m_isLifted)
            return;
        m_lengths.insert(m_lengths.begin(), 1);
        for (auto* list : { &m_window.size, &m_window.strides, &m_window.dilations })
            list->insert(list->begin(), 1);
        for (auto* list : { &m_window.padBefore, &m_window.padAfter })
            list->insert(list->begin(), 0);
    }

    bool isStatic() const { return m_isStatic; }
    bool isLifted() const { return m_isLifted; }
    std::size_t axes() const { return m_lengths.size(); }
    const ops::Window& window() const { return m_window; }
    const std::vector<std::int64_t>& lengths() const { return m_lengths; }
    bool isDilated() const
    {
        return std::ranges::any_of(m_window.dilations, [](std::int64_t d) { return d != 1; });
    }

    bool isPadded() const
    {
        const auto isZero = [](std::int64_t length) { return length == 0; };
        return !std::ranges::all_of(m_window.padBefore, isZero)
            || !std::ranges::all_of(m_window.padAfter, isZero);
    }

    /// Whether TensorFlow's "SAME" pads as this window does.
    bool isSame() const
    {
        ops::Window same = m_window;
        ops::setSamePadding(same, m_lengths);
        return same.padBefore == m_window.padBefore && same.padAfter == m_window.padAfter;
    }
    std::string padding() const { return isPadded() && isSame() ? "SAME" : "VALID"; }

    /// The input with a second spatial axis where it has one only.
    std::string lifted() const { return m_isLifted ? expanded(m_x, 1) : m_x; }

    /// The input, padded with `value` where "SAME" and "VALID" do not say how.
    std::string padded(double value) const
    {
        return isPadded() && !isSame() ? paddedByOp(value) : lifted();
    }

    /// The input with the padding made by an op, whatever it is.
    std::string paddedByOp(double value) const
    {
        const std::string x = lifted();
        if (!isPadded())
            return x;
        std::vector<std::int32_t> pairs{ 0, 0 };
        for (std::size_t i = 0; i < axes(); ++i) {
            pairs.push_back(static_cast<std::int32_t>(m_window.padBefore[i]));
            pairs.push_back(static_cast<std::int32_t>(m_window.padAfter[i]));
        }
        pairs.insert(pairs.end(), { 0, 0 });
        const std::string paddings = m_o.writer.constant(
            Tensor::of<std::int32_t>({ static_cast<std::int64_t>(axes()) + 2, 2 }, pairs));
        const auto filling = Tensor::scalar(value).converted(m_type);
        return m_o.writer.add("PadV2",
            { x, paddings, m_o.writer.constant(filling ? *filling : Tensor::scalar(value)) },
            { { "T", m_type }, { "Tpaddings", DType::Int32 } }, "output");
    }

    std::string expanded(const std::string& x, std::int32_t axis) const
    {
        return m_o.writer.add("ExpandDims", { x, m_o.writer.number(axis) },
            { { "T", m_type }, { "Tdim", DType::Int32 } }, "output");
    }

    /// Back to one spatial axis.
    std::string lowered(const std::string& y) const
    {
        return m_isLifted
            ? m_o.writer.add("Squeeze", { y },
                { { "T", m_type }, { "squeeze_dims", std::vector<std::int64_t>{ 1 } } }, "output")
            : y;
    }

    /// For batch, spatial axes and channels.
    static std::vector<std::int64_t> framed(std::vector<std::int64_t> spatial)
    {
        spatial.insert(spatial.begin(), 1);
        spatial.push_back(1);
        return spatial;
    }

private:
    const Operation& m_o;
    std::string m_x;
    DType m_type;
    ops::Window m_window;
    std::vector<std::int64_t> m_lengths;
    bool m_isStatic = true;
    bool m_isLifted = false;
};

Lengths spatialOf(const Lengths& whole)
{
    return Lengths(whole.begin() + 1, whole.end() - 1);
}

std::vector<std::int64_t> kernelSizes(const Operation& o)
{
    const Shape& kernel = o.input(1).shape;
    return { kernel.begin(), kernel.end() - 2 };
}

std::string convolve(const Operation& o, const Sliding& sliding, const std::string& x,
    const std::string& kernel, const char* padding)
{
    return o.writer.add(sliding.axes() == 3 ? "Conv3D" : "Conv2D", { x, kernel },
        { { "T", o.type() }, { "strides", Sliding::framed(sliding.window().strides) },
            { "padding", std::string(padding) },
            { "dilations", Sliding::framed(sliding.window().dilations) } },
        "output");
}

/// `x` in `count` equal parts along `axis`.
std::vector<std::string> split(
    const Operation& o, const std::string& x, std::int64_t axis, std::int64_t count)
{
    const std::string first
        = o.writer.add("Split", { o.writer.number(static_cast<std::int32_t>(axis)), x },
            { { "T", o.type() }, { "num_split", count } }, "output");
    std::vector<std::string> parts;
    for (std::int64_t i = 0; i < count; ++i)
        parts.push_back(first.substr(0, first.rfind(':') + 1) + std::to_string(i));
    return parts;
}

std::string reshaped(
    const Operation& o, const std::string& x, const std::vector<std::int64_t>& shape)
{
    return o.writer.add("Reshape", { x, o.writer.numbers(shape) },
        { { "T", o.type() }, { "Tshape", DType::Int32 } }, "output");
}

/// Every channel with kernels of its own, where TensorFlow's op for it does not run on a CPU
/// (dilations, unequal strides): the sum over the kernel's elements of what each sees.
Translated depthwiseByElements(
    const Operation& o, const Sliding& sliding, const std::string& kernel, std::int64_t channels)
{
    constexpr std::int64_t mostElements = 128;
    const ops::Window& window = sliding.window();
    const Shape& output = o.output().shape;
    const std::int64_t elements = window.size[0] * window.size[1];
    if (sliding.axes() != 2 || elements > mostElements)
        return {};
    const std::int64_t multiplier = output.back() / channels;
    const std::int64_t rows = sliding.isLifted() ? 1 : output[1];
    const std::int64_t columns = output[output.size() - 2];
    const std::string x = sliding.paddedByOp(0);
    const std::string weights = reshaped(o, kernel, { elements, channels, multiplier });
    const Attributes type{ { "T", o.type() } };
    std::string sum;
    for (std::int64_t k = 0; k < elements; ++k) {
        const std::int64_t top = k / window.size[1] * window.dilations[0];
        const std::int64_t left = k % window.size[1] * window.dilations[1];
        const std::vector<std::int64_t> end{ 0, top + (rows - 1) * window.strides[0] + 1,
            left + (columns - 1) * window.strides[1] + 1, 0 };
        const std::string seen = o.writer.add("StridedSlice",
            { x, o.writer.numbers({ 0, top, left, 0 }), o.writer.numbers(end),
                o.writer.numbers({ 1, window.strides[0], window.strides[1], 1 }) },
            { { "T", o.type() }, { "Index", DType::Int32 }, { "begin_mask", std::int64_t{ 9 } },
                { "end_mask", std::int64_t{ 9 } } },
            "output");
        const std::string weight = o.writer.add("GatherV2",
            { weights, o.writer.number(static_cast<std::int32_t>(k)), o.writer.number(0) },
            { { "Tparams", o.type() }, { "Tindices", DType::Int32 }, { "Taxis", DType::Int32 },
                { "batch_dims", std::int64_t{ 0 } } },
            "output");
        const std::string term = o.writer.add(
            "Mul", { reshaped(o, seen, { -1, rows, columns, channels, 1 }), weight }, type, "z");
        sum = sum.empty() ? term : o.writer.add("AddV2", { sum, term }, type, "z");
    }
    return { sliding.lowered(reshaped(o, sum, { -1, rows, columns, channels * multiplier })) };
}

} // namespace

Translated translateConvolution(const Operation& o)
{
    const Sliding sliding(o, kernelSizes(o), spatialOf(o.inputLengths(0)), o.inputs[0], o.type());
    const std::int64_t groups = o.node.attributes.integer("groups");
    const std::int64_t channels = o.input(0).shape.back();
    if (!sliding.isStatic() || (sliding.axes() == 3 && (sliding.isDilated() || groups > 1)))
        return {};
    const std::string kernel = sliding.isLifted() ? sliding.expanded(o.inputs[1], 0) : o.inputs[1];
    const std::string padding = sliding.padding();
    if (groups == 1)
        return { sliding.lowered(
            convolve(o, sliding, sliding.padded(0), kernel, padding.c_str())) };
    const ops::Window& window = sliding.window();
    const std::int64_t filters = o.output().shape.back();
    if (groups == channels) {
        // Along an axis of one element with a kernel of one, any stride is as good.
        std::vector<std::int64_t> strides = window.strides;
        if (sliding.isLifted())
            strides[0] = strides[1];
        if (sliding.isDilated() || strides[0] != strides[1])
            return depthwiseByElements(o, sliding, kernel, channels);
        const std::string filter
            = reshaped(o, kernel, { window.size[0], window.size[1], channels, filters / channels });
        return { sliding.lowered(o.writer.add("DepthwiseConv2dNative",
            { sliding.padded(0), filter },
            { { "T", o.type() }, { "strides", Sliding::framed(strides) }, { "padding", padding } },
            "output")) };
    }
    constexpr std::int64_t mostGroups = 256;
    if (groups > mostGroups)
        return {};
    const auto inputs = split(o, sliding.padded(0), 3, groups);
    const auto kernels = split(o, kernel, 3, groups);
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < inputs.size(); ++i)
        parts.push_back(convolve(o, sliding, inputs[i], kernels[i], padding.c_str()));
    parts.push_back(o.writer.number(3));
    return { sliding.lowered(o.writer.add("ConcatV2", std::move(parts),
        { { "N", groups }, { "T", o.type() }, { "Tidx", DType::Int32 } }, "output")) };
}

Translated translateConvolutionToInput(const Operation& o)
{
    const Lengths spatial = spatialOf(o.outputLengths());
    const Sliding sliding(o, kernelSizes(o), spatial, o.inputs[0], o.type());
    if (!sliding.isStatic() || sliding.isDilated() || o.node.attributes.integer("groups") != 1)
        return {};
    const ops::Window& window = sliding.window();
    const bool isSame = sliding.padding() == "SAME";
    Lengths sizes{ o.outputLengths().front() };
    std::vector<std::int64_t> begin{ 0 };
    std::vector<std::int64_t> end{ 0 };
    for (std::size_t i = 0; i < sliding.axes(); ++i) {
        const std::int64_t length = sliding.lengths()[i];
        sizes.push_back({ isSame ? length : length + window.padBefore[i] + window.padAfter[i], 0 });
        begin.push_back(window.padBefore[i]);
        end.push_back(window.padBefore[i] + length);
    }
    sizes.push_back(o.outputLengths().back());
    begin.push_back(0);
    end.push_back(0);
    const auto inputSizes = o.writer.shape(sizes, FunctionWriter::Inference::No);
    if (!inputSizes)
        return {};
    const bool is3d = sliding.axes() == 3;
    const std::string kernel = sliding.isLifted() ? sliding.expanded(o.inputs[1], 0) : o.inputs[1];
    Attributes attributes{ { "T", o.type() }, { "strides", Sliding::framed(window.strides) },
        { "padding", sliding.padding() } };
    if (is3d)
        attributes.push_back({ "Tshape", DType::Int32 });
    std::string y = o.writer.add(is3d ? "Conv3DBackpropInputV2" : "Conv2DBackpropInput",
        { *inputSizes, kernel, sliding.lifted() }, std::move(attributes), "output");
    if (sliding.isPadded() && !isSame) {
        const std::int64_t mask = std::int64_t{ 1 } | (std::int64_t{ 1 } << (sliding.axes() + 1));
        y = o.writer.add("StridedSlice",
            { y, o.writer.numbers(begin), o.writer.numbers(end),
                o.writer.numbers(std::vector<std::int64_t>(begin.size(), 1)) },
            { { "T", o.type() }, { "Index", DType::Int32 }, { "begin_mask", mask },
                { "end_mask", mask } },
            "output");
    }
    return { sliding.lowered(y) };
}

namespace {

Translated pool(
    const Operation& o, const char* two, const char* three, double filling, const Sliding& sliding)
{
    if (!sliding.isStatic() || sliding.isDilated())
        return {};
    return { o.writer.add(sliding.axes() == 3 ? three : two, { sliding.padded(filling) },
        { { "T", o.type() }, { "ksize", Sliding::framed(sliding.window().size) },
            { "strides", Sliding::framed(sliding.window().strides) },
            { "padding", sliding.padding() } },
        "output") };
}

Sliding poolWindow(const Operation& o)
{
    return { o, o.node.attributes.integers("size"), spatialOf(o.inputLengths(0)), o.inputs[0],
        o.type() };
}

/// For each place of the output the size of the window over the elements of the input in it.
Tensor shares(const Sliding& sliding, const Shape& output)
{
    const ops::Window& window = sliding.window();
    Shape shape(output.begin() + 1, output.end() - 1);
    if (sliding.isLifted())
        shape.insert(shape.begin(), 1);
    const auto count = static_cast<std::size_t>(elementCount(shape).value_or(0));
    std::vector<float> values(count, 1.0F);
    std::vector<std::int64_t> at(shape.size(), 0);
    for (float& value : values) {
        for (std::size_t i = 0; i < shape.size(); ++i) {
            const std::int64_t from = at[i] * window.strides[i] - window.padBefore[i];
            const std::int64_t inside = std::min(from + window.size[i], sliding.lengths()[i])
                - std::max<std::int64_t>(from, 0);
            value *= static_cast<float>(window.size[i])
                / static_cast<float>(std::max<std::int64_t>(inside, 1));
        }
        for (std::size_t i = shape.size(); i-- > 0 && ++at[i] == shape[i];)
            at[i] = 0;
    }
    shape.insert(shape.begin(), 1);
    shape.push_back(1);
    return Tensor::of<float>(shape, values);
}

} // namespace

Translated translateMaxPool(const Operation& o)
{
    const Sliding sliding = poolWindow(o);
    // Integers have no infinity: a padding that decides nothing needs their own lowest.
    if (!isFloating(o.type()) && sliding.isPadded() && !sliding.isSame())
        return {};
    Translated y
        = pool(o, "MaxPool", "MaxPool3D", -std::numeric_limits<double>::infinity(), sliding);
    if (!y.empty())
        y[0] = sliding.lowered(y[0]);
    return y;
}

Translated translateAveragePool(const Operation& o)
{
    const Sliding sliding = poolWindow(o);
    Translated y = pool(o, "AvgPool", "AvgPool3D", 0, sliding);
    if (y.empty())
        return y;
    if (sliding.isPadded() && !sliding.isSame()) { // zeros of our own count in TensorFlow's mean
        const auto share = shares(sliding, o.output().shape).converted(o.type());
        if (!share)
            return {};
        y[0] = o.writer.add("Mul", { y[0], o.writer.constant(*share) }, { { "T", o.type() } }, "z");
    }
    y[0] = sliding.lowered(y[0]);
    return y;
}

} // namespace layerscope::serving
