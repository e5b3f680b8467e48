#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

Infos inferTopK(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("top k", inputs, 1));
    Shape shape = inputs[0].shape;
    const std::int64_t k = attributes.integer("k");
    if (shape.empty() || k < 1 || k > shape.back())
        return shapeMismatch(
            "top k: the " + std::to_string(k) + " largest of a value of shape " + toString(shape));
    shape.back() = k;
    return std::vector{ ValueInfo{ inputs[0].dtype, shape }, ValueInfo{ DType::Int64, shape } };
}

std::vector<Value> gradientTopK(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value g = request.upstream[0];
    if (!g)
        return { Value{} };
    const Value chosen = b.oneHot(
        request.outputs[1], b.shape(request.inputs[0]).back(), b.dtype(request.inputs[0]));
    return { b.sum(b.multiply(b.expandDims(g, -1), chosen), { -2 }) };
}

/// Insertion into the k best so far: k is small wherever this is used, and nothing is allocated.
template<class T>
void choose(const T* x, std::int64_t length, std::int64_t k, T* values, std::int64_t* indices)
{
    std::int64_t filled = 0;
    for (std::int64_t i = 0; i < length; ++i) {
        if (filled == k && !(x[i] > values[k - 1]))
            continue;
        std::int64_t at = filled < k ? filled++ : k - 1;
        for (; at > 0 && x[i] > values[at - 1]; --at) {
            values[at] = values[at - 1];
            indices[at] = indices[at - 1];
        }
        values[at] = x[i];
        indices[at] = i;
    }
}

Result<Kernel> prepareTopK(const KernelRequest& request)
{
    const std::int64_t length = request.inputs[0].shape.back();
    const std::int64_t k = request.attributes.integer("k");
    const std::int64_t rows = countOf(request.outputs[0].shape) / k;
    return withType(request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            for (std::int64_t row = 0; row < rows; ++row)
                choose(input<T>(inputs, 0) + row * length, length, k,
                    output<T>(outputs, 0) + row * k, output<std::int64_t>(outputs, 1) + row * k);
        };
    });
}

} // namespace

const OpType top_k_op{ .name = "top k",
    .infer = inferTopK,
    .gradient = gradientTopK,
    .prepare = prepareTopK,
    .words = "finds the largest elements of each row" };

std::pair<Value, Value> Builder::topK(Value x, std::int64_t k)
{
    const std::vector<Value> results = makeAll(top_k_op, { x }, { { "k", k } });
    return results.empty() ? std::pair<Value, Value>{} : std::pair{ results[0], results[1] };
}

} // namespace layerscope::ops
