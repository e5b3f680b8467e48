#include "model/ops/kernels/strided.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferPad(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("pad", inputs, 1));
    const auto& before = attributes.integers("before");
    const auto& after = attributes.integers("after");
    Shape shape = inputs[0].shape;
    if (before.size() != shape.size() || after.size() != shape.size())
        return shapeMismatch("pad: of " + toString(shape) + " with amounts for "
            + std::to_string(before.size()) + " axes");
    constexpr std::int64_t most = std::int64_t{ 1 } << 60;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (before[i] < 0 || after[i] < 0 || before[i] > most || after[i] > most)
            return shapeMismatch(
                "pad: impossible amounts " + toString(before) + " and " + toString(after));
        shape[i] += before[i] + after[i];
    }
    return std::vector{ ValueInfo{ inputs[0].dtype, std::move(shape) } };
}

std::vector<Value> gradientPad(const GradientRequest& request)
{
    const std::vector<std::int64_t> begin = request.attributes.integers("before");
    std::vector<std::int64_t> end = begin;
    const Shape& shape = request.builder.shape(request.inputs[0]);
    for (std::size_t i = 0; i < end.size(); ++i)
        end[i] += shape[i];
    return { request.builder.slice(request.upstream[0], begin, end) };
}

Result<Kernel> preparePad(const KernelRequest& request)
{
    const auto& before = request.attributes.integers("before");
    const Shape& part = request.inputs[0].shape;
    const std::vector<std::int64_t> strides = stridesOf(request.outputs[0].shape);
    std::int64_t offset = 0;
    for (std::size_t i = 0; i < strides.size(); ++i)
        offset += before[i] * strides[i];
    const Kernel place = copyKernel(request.inputs[0].dtype,
        { .shape = part,
            .sourceStrides = stridesOf(part),
            .targetStrides = strides,
            .targetOffset = countOf(part) > 0 ? offset : 0 });
    const double value = request.attributes.number("value");
    const std::int64_t count = countOf(request.outputs[0].shape);
    return withType(request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        const T filling = static_cast<T>(value);
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            std::fill_n(output<T>(outputs, 0), count, filling);
            place(inputs, outputs);
        };
    });
}

} // namespace

const OpType pad_op{ .name = "pad",
    .infer = inferPad,
    .gradient = gradientPad,
    .prepare = preparePad,
    .words = "adds a margin" };

Value Builder::pad(
    Value x, std::vector<std::int64_t> before, std::vector<std::int64_t> after, double value)
{
    return make(pad_op, { x },
        { { "before", std::move(before) }, { "after", std::move(after) }, { "value", value } });
}

} // namespace layerscope::ops
