#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cstring>

namespace layerscope::ops {

namespace {

Infos inferOneHot(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("one hot", inputs, 1));
    TRY_DO(requireInteger("one hot", inputs[0]));
    Shape shape = inputs[0].shape;
    shape.push_back(attributes.integer("depth"));
    return std::vector{ ValueInfo{ enumeration<DType>(attributes, "dtype"), std::move(shape) } };
}

Result<Kernel> prepareOneHot(const KernelRequest& request)
{
    const std::int64_t depth = request.attributes.integer("depth");
    const std::int64_t count = countOf(request.inputs[0].shape);
    const std::size_t bytes = carriedBytes(request.outputs[0]);
    return withType(request.inputs[0].dtype, [&]<class I>(I) -> Kernel {
        return withType(request.outputs[0].dtype, [&]<class T>(T) -> Kernel {
            return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
                std::memset(outputs[0], 0, bytes);
                for (std::int64_t i = 0; i < count; ++i) {
                    const auto at = static_cast<std::int64_t>(input<I>(inputs, 0)[i]);
                    if (at >= 0 && at < depth)
                        output<T>(outputs, 0)[i * depth + at] = T{ 1 };
                }
            };
        });
    });
}

} // namespace

const OpType one_hot_op{ .name = "one hot",
    .infer = inferOneHot,
    .prepare = prepareOneHot,
    .words = "a row of zeros with a one where the number says",
    .blocksGradient = true };

Value Builder::oneHot(Value indices, std::int64_t depth, DType type)
{
    return make(one_hot_op, { indices },
        { { "depth", depth }, { "dtype", static_cast<std::int64_t>(type) } });
}

Value Builder::iota(std::int64_t count, DType type)
{
    if (m_error)
        return {};
    if (count < 0 || count > (std::int64_t{ 1 } << 30)) {
        fail(ErrorKind::OutOfMemory, "iota: " + std::to_string(count) + " numbers");
        return {};
    }
    std::vector<double> numbers(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i] = static_cast<double>(i);
    const auto tensor = Tensor::of<double>({ count }, numbers).converted(type);
    if (!tensor) {
        fail(tensor.error().kind(), tensor.error().message());
        return {};
    }
    return constant(*tensor);
}

} // namespace layerscope::ops
