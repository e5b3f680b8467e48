#include "model/ops/kernels/simd/simd.h"
#include "model/ops/kernels/strided.h"
#include "model/ops/kernels/thread_pool.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <algorithm>
#include <limits>

namespace layerscope::ops {

namespace {

bool isLogical(Reduction kind)
{
    return kind == Reduction::Any || kind == Reduction::All;
}

/// The axes attribute is normalized by Builder::reduce.
Shape keptShape(const Shape& shape, const std::vector<std::int64_t>& axes)
{
    Shape kept = shape;
    for (const std::int64_t axis : axes)
        kept[static_cast<std::size_t>(axis)] = 1;
    return kept;
}

Infos inferReduce(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("reduce", inputs, 1));
    const auto kind = enumeration<Reduction>(attributes, "kind");
    if (isLogical(kind) != (inputs[0].dtype == DType::Bool))
        return shapeMismatch("reduce: logic wants bool and arithmetic numbers, not "
            + std::string(name(inputs[0].dtype)));
    const std::vector<std::int64_t>& axes = attributes.integers("axes");
    Shape shape;
    for (std::size_t i = 0; i < inputs[0].shape.size(); ++i) {
        if (!std::binary_search(axes.begin(), axes.end(), static_cast<std::int64_t>(i)))
            shape.push_back(inputs[0].shape[i]);
        else if (attributes.integer("keep") != 0)
            shape.push_back(1);
    }
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

/// d product / d element without dividing by zero: where one element is zero, only it has a
/// gradient.
Value productGradient(Builder& b, Value x, const std::vector<std::int64_t>& axes, Value g)
{
    const Value zero = b.scalar(0, b.dtype(x));
    const Value isZero = b.binary(Binary::Equal, x, zero);
    const Value nonZero = b.select(isZero, b.scalar(1, b.dtype(x)), x);
    const Value rest = b.reduce(Reduction::Prod, nonZero, axes, KeepAxes::Yes);
    const Value zeros = b.sum(b.cast(isZero, b.dtype(x)), axes, KeepAxes::Yes);
    const Value one = b.scalar(1, b.dtype(x));
    const Value atZero = b.select(b.binary(Binary::Equal, zeros, one), rest, zero);
    const Value elsewhere = b.select(b.binary(Binary::Equal, zeros, zero), rest, zero);
    return b.multiply(g, b.select(isZero, atZero, b.divide(elsewhere, nonZero)));
}

std::vector<Value> gradientReduce(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value x = request.inputs[0];
    const auto kind = enumeration<Reduction>(request.attributes, "kind");
    const std::vector<std::int64_t>& axes = request.attributes.integers("axes");
    const Shape shape = b.shape(x);
    const Shape kept = keptShape(shape, axes);
    const Value g = b.reshape(request.upstream[0], kept);
    switch (kind) {
    case Reduction::Sum:
        return { b.broadcastTo(g, shape) };
    case Reduction::Mean: {
        const std::int64_t summed = countOf(shape) / std::max<std::int64_t>(countOf(kept), 1);
        return { b.broadcastTo(b.divide(g, static_cast<double>(summed)), shape) };
    }
    case Reduction::Max:
    case Reduction::Min: {
        // Equal ones share the gradient, as in TensorFlow.
        const Value extreme = b.binary(Binary::Equal, x, b.reshape(request.outputs[0], kept));
        const Value chosen = b.cast(extreme, b.dtype(x));
        return { b.multiply(b.divide(chosen, b.sum(chosen, axes, KeepAxes::Yes)), g) };
    }
    case Reduction::Prod:
        return { productGradient(b, x, axes, g) };
    default:
        return { Value{} };
    }
}

template<class T> T start(Reduction kind)
{
    using Limits = std::numeric_limits<T>;
    switch (kind) {
    case Reduction::Prod:
    case Reduction::All:
        return T{ 1 };
    case Reduction::Max:
        return Limits::has_infinity ? static_cast<T>(-Limits::infinity()) : Limits::lowest();
    case Reduction::Min:
        return Limits::has_infinity ? Limits::infinity() : Limits::max();
    default:
        return T{ 0 };
    }
}

template<class T> T combine(Reduction kind, T a, T b)
{
    switch (kind) {
    case Reduction::Prod:
        return static_cast<T>(a * b);
    case Reduction::Max:
        return b > a || b != b ? b : a;
    case Reduction::Min:
        return b < a || b != b ? b : a;
    case Reduction::Any:
        return a != T{ 0 } || b != T{ 0 } ? T{ 1 } : T{ 0 };
    case Reduction::All:
        return a != T{ 0 } && b != T{ 0 } ? T{ 1 } : T{ 0 };
    default:
        return static_cast<T>(a + b);
    }
}

/// One pass: x [outer, length, inner] is folded along its middle axis.
struct Pass
{
    std::int64_t outer = 1;
    std::int64_t length = 1;
    std::int64_t inner = 1;
    std::int64_t results() const { return outer * inner; }
};

/// The passes that reduce `axes` of `shape`, the innermost axes first; neighbouring axes go at
/// once.
std::vector<Pass> passesOf(Shape shape, const std::vector<std::int64_t>& axes)
{
    std::vector<Pass> passes;
    for (std::size_t end = axes.size(); end > 0;) {
        std::size_t begin = end - 1;
        while (begin > 0 && axes[begin - 1] + 1 == axes[begin])
            --begin;
        Pass pass;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            const auto axis = static_cast<std::int64_t>(i);
            (axis < axes[begin]            ? pass.outer
                    : axis > axes[end - 1] ? pass.inner
                                           : pass.length)
                *= shape[i];
        }
        for (std::size_t i = begin; i < end; ++i)
            shape[static_cast<std::size_t>(axes[i])] = 1;
        if (pass.length != 1)
            passes.push_back(pass);
        end = begin;
    }
    if (passes.empty())
        passes.push_back({ countOf(shape), 1, 1 });
    return passes;
}

Kernel floatReduce(Reduction kind, const KernelRequest& request)
{
    const std::vector<Pass> passes
        = passesOf(request.inputs[0].shape, request.attributes.integers("axes"));
    const FoldKind fold = kind == Reduction::Max ? FoldKind::Max
        : kind == Reduction::Min                 ? FoldKind::Min
        : kind == Reduction::Prod                ? FoldKind::Prod
                                                 : FoldKind::Sum;
    std::int64_t between = 0; // results of all passes but the last
    double count = 1;
    double nanoseconds = 0;
    for (const Pass& pass : passes) {
        between += (pass.results() + 15) / 16 * 16;
        count *= static_cast<double>(pass.length);
        nanoseconds += static_cast<double>(pass.results() * pass.length) * 0.15;
    }
    *request.scratchBytes = static_cast<std::size_t>(between) * sizeof(float);
    const float scale = kind == Reduction::Mean ? static_cast<float>(count) : 1.0F;
    const int threads = nanoseconds > worthForking ? request.threads : 1;
    return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
        const float* x = input<float>(inputs, 0);
        float* scratch = output<float>(outputs, 1);
        for (std::size_t i = 0; i < passes.size(); ++i) {
            const Pass& pass = passes[i];
            float* y = i + 1 == passes.size() ? output<float>(outputs, 0) : scratch;
            forEachSlice(threads, pass.outer == 1 ? 1 : std::min<std::int64_t>(pass.outer, 8),
                [&](std::int64_t slice) {
                    const std::int64_t slices
                        = pass.outer == 1 ? 1 : std::min<std::int64_t>(pass.outer, 8);
                    const std::int64_t begin = sliceBegin(pass.outer, slices, slice);
                    const std::int64_t end = sliceBegin(pass.outer, slices, slice + 1);
                    simd().fold(fold, x + begin * pass.length * pass.inner, y + begin * pass.inner,
                        end - begin, pass.length, pass.inner);
                });
            x = y;
            scratch += (pass.results() + 15) / 16 * 16;
        }
        if (scale != 1.0F) {
            float* y = output<float>(outputs, 0);
            for (std::int64_t i = 0; i < passes.back().results(); ++i)
                y[i] /= scale;
        }
    };
}

Result<Kernel> prepareReduce(const KernelRequest& request)
{
    const auto kind = enumeration<Reduction>(request.attributes, "kind");
    if (carriedType(request.inputs[0].dtype) == DType::Float32)
        return floatReduce(kind, request);
    const Shape& shape = request.inputs[0].shape;
    const Shape kept = keptShape(shape, request.attributes.integers("axes"));
    const std::vector<std::int64_t> strides = stridesOf(shape);
    // Outer walk over what is kept, inner over what is reduced.
    Shape reduced(shape.size(), 1);
    for (std::size_t i = 0; i < shape.size(); ++i)
        reduced[i] = kept[i] == shape[i] ? 1 : shape[i];
    const StridedWalk<1> outer(kept, { strides });
    const StridedWalk<1> inner(reduced, { strides });
    const double count = static_cast<double>(countOf(reduced));
    const auto build = [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            const T* x = input<T>(inputs, 0);
            T* y = output<T>(outputs, 0);
            outer.forEachRun([&](const std::array<std::int64_t, 1>& at) {
                for (std::int64_t i = 0; i < outer.runLength; ++i) {
                    const T* from = x + at[0] + i * outer.runStrides[0];
                    T result = start<T>(kind);
                    inner.forEachRun([&](const std::array<std::int64_t, 1>& offset) {
                        const T* run = from + offset[0];
                        for (std::int64_t j = 0; j < inner.runLength; ++j)
                            result = combine(kind, result, run[j * inner.runStrides[0]]);
                    });
                    if (kind == Reduction::Mean)
                        result = static_cast<T>(static_cast<double>(result) / count);
                    *y++ = result;
                }
            });
        };
    };
    if (isLogical(kind))
        return build(bool{});
    return withArithmeticType("reduce", request.inputs[0].dtype, build);
}

} // namespace

const OpType reduce_op{ .name = "reduce",
    .infer = inferReduce,
    .gradient = gradientReduce,
    .prepare = prepareReduce,
    .words = "brings the elements along some axes together to one" };

Value Builder::reduce(Reduction kind, Value x, std::vector<std::int64_t> axes, KeepAxes keep)
{
    if (m_error)
        return {};
    const auto normalized = normalizedAxes("reduce", axes, shape(x).size());
    if (!normalized) {
        fail(normalized.error().kind(), normalized.error().message());
        return {};
    }
    return make(reduce_op, { x },
        { { "kind", static_cast<std::int64_t>(kind) }, { "axes", *normalized },
            { "keep", std::int64_t{ keep == KeepAxes::Yes } } });
}

} // namespace layerscope::ops
