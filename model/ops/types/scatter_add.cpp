#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cstring>

namespace layerscope::ops {

namespace {

Infos inferScatterAdd(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("scatter add", inputs, 2));
    TRY_DO(requireInteger("scatter add", inputs[0]));
    const Shape& table = attributes.integers("shape");
    Shape expected = inputs[0].shape;
    if (!table.empty())
        expected.insert(expected.end(), table.begin() + 1, table.end());
    if (table.empty() || inputs[1].shape != expected || inputs[1].dtype == DType::Bool)
        return shapeMismatch("scatter add: " + toString(inputs[1].shape) + " with indices "
            + toString(inputs[0].shape) + " into " + toString(table));
    return std::vector{ ValueInfo{ inputs[1].dtype, table } };
}

std::vector<Value> gradientScatterAdd(const GradientRequest& request)
{
    std::vector<Value> result(2);
    result[1] = request.builder.gather(request.upstream[0], request.inputs[0]);
    return result;
}

Result<Kernel> prepareScatterAdd(const KernelRequest& request)
{
    const std::int64_t rows = request.outputs[0].shape.front();
    const std::int64_t total = countOf(request.outputs[0].shape);
    const std::int64_t length = rows == 0 ? 0 : total / rows;
    const std::int64_t count = countOf(request.inputs[0].shape);
    return withArithmeticType("scatter add", request.inputs[1].dtype, [&]<class T>(T) -> Kernel {
        return withType(request.inputs[0].dtype, [&]<class I>(I) -> Kernel {
            return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
                const I* indices = input<I>(inputs, 0);
                const T* from = input<T>(inputs, 1);
                T* table = output<T>(outputs, 0);
                std::fill_n(table, total, T{ 0 });
                for (std::int64_t i = 0; i < count; ++i, from += length) {
                    const auto row = static_cast<std::int64_t>(indices[i]);
                    if (row < 0 || row >= rows)
                        continue;
                    T* to = table + row * length;
                    for (std::int64_t j = 0; j < length; ++j)
                        to[j] = static_cast<T>(to[j] + from[j]);
                }
            };
        });
    });
}

} // namespace

const OpType scatter_add_op{ .name = "scatter add",
    .infer = inferScatterAdd,
    .gradient = gradientScatterAdd,
    .prepare = prepareScatterAdd,
    .words = "adds rows to a table of zeros at the places their numbers tell" };

Value Builder::scatterAdd(Value indices, Value updates, Shape tableShape)
{
    return make(scatter_add_op, { indices, updates }, { { "shape", std::move(tableShape) } });
}

} // namespace layerscope::ops
