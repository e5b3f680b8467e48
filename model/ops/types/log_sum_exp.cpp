#include "model/ops/kernels/lanes.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace layerscope::ops {

namespace {

/// Over the last axis, which goes; Builder::logSumExp brings other axes there.
Infos inferLogSumExp(std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes&)
{
    TRY_DO(requireCount("log sum exp", inputs, 1));
    TRY_DO(requireFloating("log sum exp", inputs[0]));
    Shape shape = inputs[0].shape;
    if (shape.empty())
        return shapeMismatch("log sum exp: a scalar has no axis");
    shape.pop_back();
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientLogSumExp(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value y = b.expandDims(request.outputs[0], -1);
    const Value g = b.expandDims(request.upstream[0], -1);
    return { b.multiply(g, b.exp(b.subtract(request.inputs[0], y))) };
}

template<class T> T logSumExpOf(const T* x, std::int64_t length)
{
    T largest = -std::numeric_limits<T>::infinity();
    for (std::int64_t i = 0; i < length; ++i)
        largest = x[i] > largest || x[i] != x[i] ? x[i] : largest;
    if (!std::isfinite(largest)) // nothing but -infinity, or an infinity or NaN that wins
        return largest;
    T sum = 0;
    for (std::int64_t i = 0; i < length; ++i)
        sum += std::exp(x[i] - largest);
    return largest + std::log(sum);
}

Result<Kernel> prepareLogSumExp(const KernelRequest& request)
{
    const std::int64_t length = request.inputs[0].shape.back();
    const std::int64_t rows = countOf(request.outputs[0].shape);
    return withFloatingType("log sum exp", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            for (std::int64_t row = 0; row < rows; ++row)
                output<T>(outputs, 0)[row]
                    = logSumExpOf(input<T>(inputs, 0) + row * length, length);
        };
    });
}

} // namespace

const OpType log_sum_exp_op{ .name = "log sum exp",
    .infer = inferLogSumExp,
    .gradient = gradientLogSumExp,
    .prepare = prepareLogSumExp,
    .words = "the logarithm of a sum of exponentials, without overflow" };

Value Builder::logSumExp(Value x, std::vector<std::int64_t> axes, KeepAxes keep)
{
    if (m_error)
        return {};
    const Shape from = shape(x);
    const auto normalized = normalizedAxes("log sum exp", axes, from.size());
    if (!normalized) {
        fail(normalized.error().kind(), normalized.error().message());
        return {};
    }
    std::vector<std::int64_t> permutation;
    Shape result;
    Shape lanes;
    std::int64_t length = 1;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto axis = static_cast<std::int64_t>(i);
        if (std::binary_search(normalized->begin(), normalized->end(), axis)) {
            length *= from[i];
            if (keep == KeepAxes::Yes)
                result.push_back(1);
        } else {
            permutation.push_back(axis);
            lanes.push_back(from[i]);
            result.push_back(from[i]);
        }
    }
    permutation.insert(permutation.end(), normalized->begin(), normalized->end());
    lanes.push_back(length);
    const Value rows = reshape(transpose(x, permutation), lanes);
    return reshape(make(log_sum_exp_op, { rows }), result);
}

} // namespace layerscope::ops
