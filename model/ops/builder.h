#pragma once

#include "model/ops/graph.h"

#include <optional>
#include <span>

namespace layerscope::ops {

enum class Unary {
    Negate,
    Abs,
    Sign,
    Square,
    Sqrt,
    Rsqrt,
    Reciprocal,
    Exp,
    Expm1,
    Log,
    Log1p,
    Sin,
    Cos,
    Tan,
    Tanh,
    Sigmoid,
    Erf,
    Floor,
    Ceil,
    Round,
    Relu,
    Softplus,
    LogicalNot,
    IsFinite,
    IsNan,
};
enum class Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Maximum,
    Minimum,
    FloorDivide,
    Modulo,
    SquaredDifference,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    LogicalAnd,
    LogicalOr,
};
enum class Reduction { Sum, Mean, Max, Min, Prod, Any, All };
enum class Transposed { No, Yes };
enum class KeepAxes { No, Yes };

/// Sliding window of convolutions and poolings over n spatial axes. Tensors are channels-last:
/// [batch, spatial…, channels].
struct Window
{
    std::vector<std::int64_t>
        size; ///< of the kernel; ignored by convolutions, which take it from the kernel
    std::vector<std::int64_t> strides;
    std::vector<std::int64_t> dilations;
    std::vector<std::int64_t> padBefore; ///< explicit zeros; see samePadding()
    std::vector<std::int64_t> padAfter;
};

/// Makes nodes. Each function runs the op's shape rule at once. The first impossible request is
/// remembered with its scope; from then on functions return absent values and change nothing, so
/// that lowering code reads straight on and asks once at the end: `if (builder.error()) …`.
///
/// Element-wise functions broadcast as NumPy does; both sides must have one dtype (use cast()).
/// Comparisons give Bool. Negative axes count from the end.
class Builder
{
public:
    explicit Builder(Graph& graph);

    const std::optional<Error>& error() const { return m_error; }
    /// Records an error as if an op had failed (for callers with rules of their own).
    void fail(ErrorKind kind, std::string message);

    /// Nodes built while a Scope lives carry its name ("model/dense_1").
    class Scope
    {
    public:
        Scope(Builder& builder, std::string name);
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        Builder& m_builder;
        std::string m_outer;
    };

    const Graph& graph() const { return m_graph; }
    const ValueInfo& info(Value value) const; ///< of an absent value: a float32 scalar
    const Shape& shape(Value value) const { return info(value).shape; }
    DType dtype(Value value) const { return info(value).dtype; }
    std::int64_t rank(Value value) const { return static_cast<std::int64_t>(shape(value).size()); }

    // Sources.
    Value input(std::string name, ValueInfo info);
    Value variable(std::string name, ValueInfo info);
    Value constant(Tensor tensor);
    Value scalar(double number, DType type = DType::Float32); ///< a constant of shape []
    Value filled(double number, Shape shape, DType type = DType::Float32);
    void assign(Value variable, Value newValue); ///< equal dtype and shape
    void output(Value value); ///< appended to Graph::outputs

    // Element by element.
    Value unary(Unary function, Value x);
    Value binary(Binary function, Value a, Value b);
    Value add(Value a, Value b) { return binary(Binary::Add, a, b); }
    Value subtract(Value a, Value b) { return binary(Binary::Subtract, a, b); }
    Value multiply(Value a, Value b) { return binary(Binary::Multiply, a, b); }
    Value divide(Value a, Value b) { return binary(Binary::Divide, a, b); }
    Value add(Value a, double b) { return add(a, scalar(b, dtype(a))); }
    Value subtract(Value a, double b) { return subtract(a, scalar(b, dtype(a))); }
    Value multiply(Value a, double b) { return multiply(a, scalar(b, dtype(a))); }
    Value divide(Value a, double b) { return divide(a, scalar(b, dtype(a))); }
    Value maximum(Value a, Value b) { return binary(Binary::Maximum, a, b); }
    Value minimum(Value a, Value b) { return binary(Binary::Minimum, a, b); }
    Value negate(Value x) { return unary(Unary::Negate, x); }
    Value square(Value x) { return unary(Unary::Square, x); }
    Value sqrt(Value x) { return unary(Unary::Sqrt, x); }
    Value exp(Value x) { return unary(Unary::Exp, x); }
    Value log(Value x) { return unary(Unary::Log, x); }
    Value tanh(Value x) { return unary(Unary::Tanh, x); }
    Value sigmoid(Value x) { return unary(Unary::Sigmoid, x); }
    Value relu(Value x) { return unary(Unary::Relu, x); }
    Value clip(Value x, double low, double high); ///< gradient 1 inside [low, high], 0 outside
    Value select(Value condition, Value whenTrue, Value whenFalse); ///< all three broadcast
    Value cast(Value x, DType type);
    Value stopGradient(Value x);

    // Products.
    /// a [..., m, k] · b [..., k, n] -> [..., m, n]; leading axes broadcast; a or b may be 2-D.
    Value matmul(Value a, Value b, Transposed a_ = Transposed::No, Transposed b_ = Transposed::No);
    Value einsum(std::string equation, Value a,
        Value b); ///< no repeated letter within one operand; "..." allowed

    // Convolution and pooling (1 to 3 spatial axes).
    /// x [n, s…, c], kernel [k…, c/groups, f] -> [n, o…, f].
    Value convolution(Value x, Value kernel, const Window& window, std::int64_t groups = 1);
    /// The gradient of convolution to its input, which is Keras's transposed convolution:
    /// y [n, o…, f], kernel [k…, c/groups, f] -> [n, s…, c] with the spatial lengths `spatial`.
    Value convolutionToInput(
        Value y, Value kernel, const Window& window, Shape spatial, std::int64_t groups = 1);
    /// x [n, s…, c], kernel [k…, c, m] -> [n, o…, c·m].
    Value depthwiseConvolution(Value x, Value kernel, const Window& window);
    Value maxPool(Value x, const Window& window); ///< padding counts as -infinity
    Value averagePool(Value x, const Window& window); ///< padding does not count in the mean

    // Reductions; no axes means all.
    Value reduce(
        Reduction kind, Value x, std::vector<std::int64_t> axes = {}, KeepAxes keep = KeepAxes::No);
    Value sum(Value x, std::vector<std::int64_t> axes = {}, KeepAxes keep = KeepAxes::No)
    {
        return reduce(Reduction::Sum, x, std::move(axes), keep);
    }
    Value mean(Value x, std::vector<std::int64_t> axes = {}, KeepAxes keep = KeepAxes::No)
    {
        return reduce(Reduction::Mean, x, std::move(axes), keep);
    }
    Value argMax(Value x, std::int64_t axis); ///< int64, the first of equals
    Value argMin(Value x, std::int64_t axis);
    Value cumulativeSum(Value x, std::int64_t axis);
    /// Values and int64 indices of the k largest along the last axis, descending; the lower index
    /// first among equals.
    std::pair<Value, Value> topK(Value x, std::int64_t k);
    Value softmax(Value x, std::int64_t axis = -1);
    Value logSoftmax(Value x, std::int64_t axis = -1);
    Value logSumExp(Value x, std::vector<std::int64_t> axes, KeepAxes keep = KeepAxes::No);

    // Shape and order.
    Value reshape(Value x, Shape shape); ///< one -1 allowed
    Value transpose(Value x, std::vector<std::int64_t> permutation);
    Value broadcastTo(Value x, Shape shape);
    Value expandDims(Value x, std::int64_t axis);
    Value squeeze(Value x, std::int64_t axis);
    /// Elements begin, begin+stride, … before end for each axis; begin and end are already within
    /// bounds, strides ≠ 0.
    Value slice(Value x, std::vector<std::int64_t> begin, std::vector<std::int64_t> end,
        std::vector<std::int64_t> strides = {});
    Value pad(Value x, std::vector<std::int64_t> before, std::vector<std::int64_t> after,
        double value = 0);
    Value concat(std::span<const Value> parts, std::int64_t axis);
    std::vector<Value> split(Value x, std::int64_t axis, std::vector<std::int64_t> lengths);
    Value stack(std::span<const Value> parts, std::int64_t axis);
    Value gather(Value table, Value indices,
        std::int64_t axis = 0); ///< indices: integers; out of range gives zeros
    Value scatterAdd(
        Value indices, Value updates, Shape tableShape); ///< the gradient of gather along axis 0
    Value oneHot(Value indices, std::int64_t depth, DType type = DType::Float32);
    Value reverse(Value x, std::vector<std::int64_t> axes);
    Value repeat(Value x, std::int64_t count,
        std::int64_t axis); ///< each element `count` times (upsampling)
    Value tile(Value x, std::vector<std::int64_t> counts);
    Value iota(std::int64_t count, DType type);

    // Randomness: Philox 4x32-10, counter based; `seed` is an int64 value of shape [2] (key, step),
    // so that a run gives the same numbers for the same seed and step, whatever the threads.
    Value randomUniform(
        Shape shape, Value seed, std::int64_t stream, DType type = DType::Float32); ///< [0, 1)
    Value randomNormal(Shape shape, Value seed, std::int64_t stream, DType type = DType::Float32);

    /// Any other op by its type: what the functions above are made of, and how an op file adds
    /// itself.
    Value make(const OpType& type, std::vector<Value> inputs, Attributes attributes = {});
    std::vector<Value> makeAll(
        const OpType& type, std::vector<Value> inputs, Attributes attributes = {});

private:
    Value source(SourceKind kind, std::string name, ValueInfo info, Tensor constant);

    Graph& m_graph;
    std::optional<Error> m_error;
    std::string m_scope;
};

/// Keras's "same": padding so that output = ceil(input / stride); the odd one goes behind.
/// `lengths` are the spatial lengths, `window.size` the kernel's.
void setSamePadding(Window& window, std::span<const std::int64_t> lengths);
/// Keras's "valid": none.
void setValidPadding(Window& window);

} // namespace layerscope::ops
