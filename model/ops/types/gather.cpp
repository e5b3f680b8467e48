#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cstring>
#include <numeric>

namespace layerscope::ops {

namespace {

/// Along axis 0 of the table; Builder::gather brings another axis there and back.
Infos inferGather(std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes&)
{
    TRY_DO(requireCount("gather", inputs, 2));
    TRY_DO(requireInteger("gather", inputs[1]));
    if (inputs[0].shape.empty())
        return shapeMismatch("gather: from a scalar");
    Shape shape = inputs[1].shape;
    shape.insert(shape.end(), inputs[0].shape.begin() + 1, inputs[0].shape.end());
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientGather(const GradientRequest& request)
{
    Builder& b = request.builder;
    std::vector<Value> result(2);
    result[0] = b.scatterAdd(request.inputs[1], request.upstream[0], b.shape(request.inputs[0]));
    return result;
}

Result<Kernel> prepareGather(const KernelRequest& request)
{
    const std::int64_t rows = request.inputs[0].shape.front();
    const std::int64_t count = countOf(request.inputs[1].shape);
    const std::size_t bytes
        = rows == 0 ? 0 : carriedBytes(request.inputs[0]) / static_cast<std::size_t>(rows);
    return withType(request.inputs[1].dtype, [&]<class I>(I) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            const I* indices = input<I>(inputs, 1);
            std::byte* to = output<std::byte>(outputs, 0);
            for (std::int64_t i = 0; i < count; ++i, to += bytes) {
                const auto row = static_cast<std::int64_t>(indices[i]);
                if (row >= 0 && row < rows)
                    std::memcpy(to,
                        input<std::byte>(inputs, 0) + static_cast<std::size_t>(row) * bytes, bytes);
                else
                    std::memset(to, 0, bytes);
            }
        };
    });
}

} // namespace

const OpType gather_op{ .name = "gather",
    .infer = inferGather,
    .gradient = gradientGather,
    .prepare = prepareGather,
    .words = "looks rows of a table up by their numbers" };

Value Builder::gather(Value table, Value indices, std::int64_t axis)
{
    const auto at = normalizedAxis("gather", axis, shape(table).size());
    if (!at) {
        fail(at.error().kind(), at.error().message());
        return {};
    }
    if (*at == 0)
        return make(gather_op, { table, indices });
    // Axis `at` to the front; then the axes of the indices back behind those before it.
    std::vector<std::int64_t> front(shape(table).size());
    std::iota(front.begin(), front.end(), 0);
    front.erase(front.begin() + *at);
    front.insert(front.begin(), *at);
    const Value rows = make(gather_op, { transpose(table, front), indices });
    const std::int64_t indexAxes = rank(indices);
    std::vector<std::int64_t> back;
    for (std::int64_t i = 0; i < *at; ++i)
        back.push_back(indexAxes + i);
    for (std::int64_t i = 0; i < indexAxes; ++i)
        back.push_back(i);
    for (std::int64_t i = *at + indexAxes; i < rank(rows); ++i)
        back.push_back(i);
    return transpose(rows, back);
}

} // namespace layerscope::ops
