#include "model/ops/types/types.h"
#include "model/serving/translation.h"

#include <array>
#include <limits>
#include <map>
#include <numeric>

// Names of ops, their attributes and outputs: TensorFlow's op registry (tensorflow/core/ops).

namespace layerscope::serving {

using ops::Binary;
using ops::Unary;

Lengths lengthsOf(const std::vector<std::int64_t>& one, const std::vector<std::int64_t>& other,
    std::int64_t batch, std::int64_t otherBatch)
{
    Lengths lengths;
    for (std::size_t i = 0; i < one.size() && i < other.size(); ++i) {
        const std::int64_t perExample = (other[i] - one[i]) / (otherBatch - batch);
        lengths.push_back({ one[i] - perExample * batch, perExample });
    }
    return lengths;
}

Lengths Operation::inputLengths(std::size_t index) const
{
    return lengthsOf(
        input(index).shape, twinGraph.info(twin.inputs[index]).shape, batch, twinBatch);
}

Lengths Operation::outputLengths() const
{
    return lengthsOf(output().shape, twinGraph.info(twin.outputs[0]).shape, batch, twinBatch);
}

Lengths Operation::attributeLengths(std::string_view name) const
{
    return lengthsOf(
        node.attributes.integers(name), twin.attributes.integers(name), batch, twinBatch);
}

std::int64_t Operation::axis() const
{
    const std::int64_t axis = node.attributes.integer("axis");
    return axis < 0 ? axis + static_cast<std::int64_t>(rank()) : axis;
}

namespace {

struct Named
{
    const char* op;
    const char* output;
};

/// Of an op with one attribute T.
Translated typed(const Operation& o, const Named& named)
{
    return { o.writer.add(named.op, o.inputs, { { "T", o.type() } }, named.output) };
}

Translated unary(const Operation& o)
{
    static const std::map<Unary, Named> names{ { Unary::Negate, { "Neg", "y" } },
        { Unary::Abs, { "Abs", "y" } }, { Unary::Sign, { "Sign", "y" } },
        { Unary::Square, { "Square", "y" } }, { Unary::Sqrt, { "Sqrt", "y" } },
        { Unary::Rsqrt, { "Rsqrt", "y" } }, { Unary::Reciprocal, { "Reciprocal", "y" } },
        { Unary::Exp, { "Exp", "y" } }, { Unary::Expm1, { "Expm1", "y" } },
        { Unary::Log, { "Log", "y" } }, { Unary::Log1p, { "Log1p", "y" } },
        { Unary::Sin, { "Sin", "y" } }, { Unary::Cos, { "Cos", "y" } },
        { Unary::Tan, { "Tan", "y" } }, { Unary::Tanh, { "Tanh", "y" } },
        { Unary::Sigmoid, { "Sigmoid", "y" } }, { Unary::Erf, { "Erf", "y" } },
        { Unary::Floor, { "Floor", "y" } }, { Unary::Ceil, { "Ceil", "y" } },
        { Unary::Round, { "Round", "y" } }, { Unary::Relu, { "Relu", "activations" } },
        { Unary::Softplus, { "Softplus", "activations" } },
        { Unary::IsFinite, { "IsFinite", "y" } }, { Unary::IsNan, { "IsNan", "y" } } };
    const auto function = ops::enumeration<Unary>(o.node.attributes, "function");
    if (function == Unary::LogicalNot)
        return { o.writer.add("LogicalNot", o.inputs, {}, "y") };
    const auto found = names.find(function);
    return found == names.end() ? Translated() : typed(o, found->second);
}

Translated binary(const Operation& o)
{
    static const std::map<Binary, const char*> names{ { Binary::Add, "AddV2" },
        { Binary::Subtract, "Sub" }, { Binary::Multiply, "Mul" }, { Binary::Power, "Pow" },
        { Binary::Maximum, "Maximum" }, { Binary::Minimum, "Minimum" },
        { Binary::FloorDivide, "FloorDiv" }, { Binary::Modulo, "FloorMod" },
        { Binary::SquaredDifference, "SquaredDifference" }, { Binary::Equal, "Equal" },
        { Binary::NotEqual, "NotEqual" }, { Binary::Less, "Less" },
        { Binary::LessEqual, "LessEqual" }, { Binary::Greater, "Greater" },
        { Binary::GreaterEqual, "GreaterEqual" } };
    const auto function = ops::enumeration<Binary>(o.node.attributes, "function");
    if (function == Binary::LogicalAnd || function == Binary::LogicalOr)
        return { o.writer.add(
            function == Binary::LogicalAnd ? "LogicalAnd" : "LogicalOr", o.inputs, {}, "z") };
    if (function == Binary::Divide)
        return typed(o, { isFloating(o.type()) ? "RealDiv" : "FloorDiv", "z" });
    const auto found = names.find(function);
    return found == names.end() ? Translated() : typed(o, { found->second, "z" });
}

Translated select(const Operation& o)
{
    return { o.writer.add("SelectV2", o.inputs, { { "T", o.input(1).dtype } }, "output") };
}

Translated cast(const Operation& o)
{
    return { o.writer.add(
        "Cast", o.inputs, { { "SrcT", o.type() }, { "DstT", o.output().dtype } }, "y") };
}

/// A constant of `type` that holds one number.
std::string scalar(const Operation& o, double value, DType type)
{
    const auto tensor = Tensor::scalar(value).converted(type);
    return o.writer.constant(tensor ? *tensor : Tensor::scalar(value));
}

Translated clip(const Operation& o)
{
    const Attributes type{ { "T", o.type() } };
    const std::string low = o.writer.add("Maximum",
        { o.inputs[0], scalar(o, o.node.attributes.number("low"), o.type()) }, type, "z");
    return { o.writer.add(
        "Minimum", { low, scalar(o, o.node.attributes.number("high"), o.type()) }, type, "z") };
}

Translated stopGradient(const Operation& o)
{
    return typed(o, { "StopGradient", "output" });
}

Translated matmul(const Operation& o)
{
    const bool a = o.node.attributes.integer("transposeA") != 0;
    const bool b = o.node.attributes.integer("transposeB") != 0;
    if (o.rank() == 2 && o.input(1).shape.size() == 2)
        return { o.writer.add("MatMul", o.inputs,
            { { "T", o.type() }, { "transpose_a", a }, { "transpose_b", b } }, "product") };
    return { o.writer.add("BatchMatMulV2", o.inputs,
        { { "T", o.type() }, { "adj_x", a }, { "adj_y", b } }, "output") };
}

Translated reduce(const Operation& o)
{
    static constexpr std::array names{ "Sum", "Mean", "Max", "Min", "Prod", "Any", "All" };
    const auto kind = static_cast<std::size_t>(o.node.attributes.integer("kind"));
    Attributes attributes{ { "Tidx", DType::Int32 },
        { "keep_dims", o.node.attributes.integer("keep") != 0 } };
    if (o.type() != DType::Bool)
        attributes.push_back({ "T", o.type() });
    return { o.writer.add(names.at(kind),
        { o.inputs[0], o.writer.numbers(o.node.attributes.integers("axes")) },
        std::move(attributes), "output") };
}

Translated argReduce(const Operation& o)
{
    const bool max = o.node.attributes.integer("max") != 0;
    return { o.writer.add(max ? "ArgMax" : "ArgMin",
        { o.inputs[0], o.writer.number(static_cast<std::int32_t>(o.axis())) },
        { { "T", o.type() }, { "Tidx", DType::Int32 }, { "output_type", DType::Int64 } },
        "output") };
}

Translated cumulativeSum(const Operation& o)
{
    return { o.writer.add("Cumsum",
        { o.inputs[0], o.writer.number(static_cast<std::int32_t>(o.axis())) },
        { { "T", o.type() }, { "Tidx", DType::Int32 }, { "exclusive", false },
            { "reverse", false } },
        "out") };
}

Translated topK(const Operation& o)
{
    const std::string values = o.writer.add("TopKV2",
        { o.inputs[0], o.writer.number(static_cast<std::int32_t>(o.node.attributes.integer("k"))) },
        { { "T", o.type() }, { "sorted", true } }, "values");
    const std::string name = values.substr(0, values.find(':'));
    const std::string indices = o.writer.add("Cast", { name + ":indices:0" },
        { { "SrcT", DType::Int32 }, { "DstT", DType::Int64 } }, "y");
    return { values, indices };
}

std::string transposed(
    const Operation& o, const std::string& x, const std::vector<std::int64_t>& permutation)
{
    return o.writer.add("Transpose", { x, o.writer.numbers(permutation) },
        { { "T", o.type() }, { "Tperm", DType::Int32 } }, "y");
}

/// TensorFlow's softmax runs along the last axis: another one changes places with it.
Translated alongLast(const Operation& o, const Named& named)
{
    std::vector<std::int64_t> swap(o.rank());
    std::iota(swap.begin(), swap.end(), 0);
    std::swap(swap[static_cast<std::size_t>(o.axis())], swap.back());
    const bool isLast = o.axis() + 1 == static_cast<std::int64_t>(o.rank());
    const std::string x = isLast ? o.inputs[0] : transposed(o, o.inputs[0], swap);
    const std::string y = o.writer.add(named.op, { x }, { { "T", o.type() } }, named.output);
    return { isLast ? y : transposed(o, y, swap) };
}

Translated softmax(const Operation& o)
{
    return alongLast(o, { "Softmax", "softmax" });
}

Translated logSoftmax(const Operation& o)
{
    return alongLast(o, { "LogSoftmax", "logsoftmax" });
}

/// log(sum(exp(x - m))) + m with the largest element as m: along the last axis.
Translated logSumExp(const Operation& o)
{
    const Attributes type{ { "T", o.type() } };
    const std::string last = o.writer.numbers({ static_cast<std::int64_t>(o.rank()) - 1 });
    const auto along = [&](const char* op, const std::string& x) {
        return o.writer.add(op, { x, last },
            { { "T", o.type() }, { "Tidx", DType::Int32 }, { "keep_dims", true } }, "output");
    };
    const std::string largest = along("Max", o.inputs[0]);
    const std::string exponent = o.writer.add(
        "Exp", { o.writer.add("Sub", { o.inputs[0], largest }, type, "z") }, type, "y");
    const std::string sum = o.writer.add("AddV2",
        { o.writer.add("Log", { along("Sum", exponent) }, type, "y"), largest }, type, "z");
    const auto shape = o.writer.shape(o.outputLengths(), FunctionWriter::Inference::Yes);
    if (!shape)
        return {};
    return { o.writer.add(
        "Reshape", { sum, *shape }, { { "T", o.type() }, { "Tshape", DType::Int32 } }, "output") };
}

Translated reshape(const Operation& o)
{
    const auto shape = o.writer.shape(o.attributeLengths("shape"), FunctionWriter::Inference::Yes);
    if (!shape)
        return {};
    return { o.writer.add("Reshape", { o.inputs[0], *shape },
        { { "T", o.type() }, { "Tshape", DType::Int32 } }, "output") };
}

Translated transpose(const Operation& o)
{
    return { transposed(o, o.inputs[0], o.node.attributes.integers("permutation")) };
}

Translated broadcastTo(const Operation& o)
{
    const auto shape = o.writer.shape(o.attributeLengths("shape"), FunctionWriter::Inference::No);
    if (!shape)
        return {};
    return { o.writer.add("BroadcastTo", { o.inputs[0], *shape },
        { { "T", o.type() }, { "Tidx", DType::Int32 } }, "output") };
}

Translated slice(const Operation& o)
{
    const Lengths begin = o.attributeLengths("begin");
    const Lengths end = o.attributeLengths("end");
    const Lengths from = o.inputLengths(0);
    const auto& strides = o.node.attributes.integers("strides");
    std::vector<std::int64_t> first;
    std::vector<std::int64_t> last;
    std::int64_t endMask = 0;
    std::int64_t beginMask = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const bool backwards = strides[i] < 0;
        // "To the end" and "from the last on" do not need to know the length.
        const bool toEnd = backwards ? end[i] == Length{ -1, 0 } : end[i] == from[i];
        const bool fromLast
            = backwards && begin[i] == Length{ from[i].fixed - 1, from[i].perExample };
        if ((!toEnd && !end[i].isFixed()) || (!fromLast && !begin[i].isFixed()))
            return {};
        if (toEnd)
            endMask |= std::int64_t{ 1 } << i;
        if (fromLast)
            beginMask |= std::int64_t{ 1 } << i;
        first.push_back(fromLast ? 0 : begin[i].fixed);
        last.push_back(toEnd ? 0 : end[i].fixed);
    }
    return { o.writer.add("StridedSlice",
        { o.inputs[0], o.writer.numbers(first), o.writer.numbers(last), o.writer.numbers(strides) },
        { { "T", o.type() }, { "Index", DType::Int32 }, { "begin_mask", beginMask },
            { "end_mask", endMask } },
        "output") };
}

Translated pad(const Operation& o)
{
    const auto& before = o.node.attributes.integers("before");
    const auto& after = o.node.attributes.integers("after");
    if (before != o.twin.attributes.integers("before")
        || after != o.twin.attributes.integers("after"))
        return {};
    std::vector<std::int32_t> pairs;
    for (std::size_t i = 0; i < before.size(); ++i) {
        pairs.push_back(static_cast<std::int32_t>(before[i]));
        pairs.push_back(static_cast<std::int32_t>(after[i]));
    }
    const std::string paddings = o.writer.constant(
        Tensor::of<std::int32_t>({ static_cast<std::int64_t>(before.size()), 2 }, pairs));
    return { o.writer.add("PadV2",
        { o.inputs[0], paddings, scalar(o, o.node.attributes.number("value"), o.type()) },
        { { "T", o.type() }, { "Tpaddings", DType::Int32 } }, "output") };
}

Translated concat(const Operation& o)
{
    std::vector<std::string> inputs = o.inputs;
    inputs.push_back(o.writer.number(static_cast<std::int32_t>(o.axis())));
    return { o.writer.add("ConcatV2", std::move(inputs),
        { { "N", static_cast<std::int64_t>(o.inputs.size()) }, { "T", o.type() },
            { "Tidx", DType::Int32 } },
        "output") };
}

/// TensorFlow knows indices of two types.
std::string indexOf(const Operation& o, std::size_t input)
{
    const DType type = o.input(input).dtype;
    if (type == DType::Int32 || type == DType::Int64)
        return o.inputs[input];
    return o.writer.add(
        "Cast", { o.inputs[input] }, { { "SrcT", type }, { "DstT", DType::Int64 } }, "y");
}

DType indexType(const Operation& o, std::size_t input)
{
    return o.input(input).dtype == DType::Int32 ? DType::Int32 : DType::Int64;
}

Translated gather(const Operation& o)
{
    return { o.writer.add("GatherV2", { o.inputs[0], indexOf(o, 1), o.writer.number(0) },
        { { "Tparams", o.type() }, { "Tindices", indexType(o, 1) }, { "Taxis", DType::Int32 },
            { "batch_dims", std::int64_t{ 0 } } },
        "output") };
}

Translated scatterAdd(const Operation& o)
{
    const Lengths table = o.attributeLengths("shape");
    if (table.empty() || !table.front().isFixed())
        return {};
    return { o.writer.add("UnsortedSegmentSum",
        { o.inputs[1], indexOf(o, 0),
            o.writer.number(static_cast<std::int32_t>(table.front().fixed)) },
        { { "T", o.input(1).dtype }, { "Tindices", indexType(o, 0) },
            { "Tnumsegments", DType::Int32 } },
        "output") };
}

Translated oneHot(const Operation& o)
{
    const DType type = o.output().dtype;
    return { o.writer.add("OneHot",
        { indexOf(o, 0),
            o.writer.number(static_cast<std::int32_t>(o.node.attributes.integer("depth"))),
            scalar(o, 1, type), scalar(o, 0, type) },
        { { "T", type }, { "TI", indexType(o, 0) }, { "axis", std::int64_t{ -1 } } }, "output") };
}

Translated reverse(const Operation& o)
{
    return { o.writer.add("ReverseV2",
        { o.inputs[0], o.writer.numbers(o.node.attributes.integers("axes")) },
        { { "T", o.type() }, { "Tidx", DType::Int32 } }, "output") };
}

} // namespace

Translate translationOf(const ops::OpType& type)
{
    static const std::map<const ops::OpType*, Translate> table{ { &ops::unary_op, unary },
        { &ops::binary_op, binary }, { &ops::select_op, select }, { &ops::cast_op, cast },
        { &ops::clip_op, clip }, { &ops::stop_gradient_op, stopGradient },
        { &ops::matmul_op, matmul }, { &ops::convolution_op, translateConvolution },
        { &ops::convolution_to_input_op, translateConvolutionToInput },
        { &ops::max_pool_op, translateMaxPool }, { &ops::average_pool_op, translateAveragePool },
        { &ops::reduce_op, reduce }, { &ops::arg_reduce_op, argReduce },
        { &ops::cumulative_sum_op, cumulativeSum }, { &ops::top_k_op, topK },
        { &ops::softmax_op, softmax }, { &ops::log_softmax_op, logSoftmax },
        { &ops::log_sum_exp_op, logSumExp }, { &ops::reshape_op, reshape },
        { &ops::transpose_op, transpose }, { &ops::broadcast_to_op, broadcastTo },
        { &ops::slice_op, slice }, { &ops::pad_op, pad }, { &ops::concat_op, concat },
        { &ops::gather_op, gather }, { &ops::scatter_add_op, scatterAdd },
        { &ops::one_hot_op, oneHot }, { &ops::reverse_op, reverse } };
    const auto found = table.find(&type);
    return found == table.end() ? nullptr : found->second;
}

} // namespace layerscope::serving
