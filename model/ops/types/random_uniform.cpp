#include "model/ops/kernels/philox.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

Infos inferRandomUniform(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("random uniform", inputs, 1));
    if (inputs[0] != ValueInfo{ DType::Int64, { 2 } })
        return shapeMismatch("random uniform: the seed is not int64 [2]");
    const ValueInfo result{ enumeration<DType>(attributes, "dtype"), attributes.integers("shape") };
    TRY_DO(requireFloating("random uniform", result));
    return std::vector{ result };
}

/// 24 bits, so that float32 holds them exactly and 1 is never reached.
std::array<float, 4> uniforms(const std::array<std::uint32_t, 4>& words)
{
    std::array<float, 4> numbers{};
    for (std::size_t i = 0; i < 4; ++i)
        numbers[i] = static_cast<float>(words[i] >> 8U) * 0x1p-24F;
    return numbers;
}

Result<Kernel> prepareRandomUniform(const KernelRequest& request)
{
    const std::int64_t count = countOf(request.outputs[0].shape);
    const std::int64_t stream = request.attributes.integer("stream");
    return withFloatingType("random uniform", request.outputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            const std::int64_t* seed = input<std::int64_t>(inputs, 0);
            T* y = output<T>(outputs, 0);
            for (std::int64_t block = 0; block * 4 < count; ++block) {
                const auto numbers = uniforms(philoxBlock(seed, stream, block));
                const std::int64_t n = std::min<std::int64_t>(4, count - block * 4);
                for (std::int64_t i = 0; i < n; ++i)
                    y[block * 4 + i] = static_cast<T>(numbers[static_cast<std::size_t>(i)]);
            }
        };
    });
}

} // namespace

const OpType random_uniform_op{ .name = "random uniform",
    .infer = inferRandomUniform,
    .prepare = prepareRandomUniform,
    .words = "draws numbers evenly from 0 to 1",
    .blocksGradient = true };

Value Builder::randomUniform(Shape shape, Value seed, std::int64_t stream, DType type)
{
    return make(random_uniform_op, { seed },
        { { "shape", std::move(shape) }, { "stream", stream },
            { "dtype", static_cast<std::int64_t>(type) } });
}

} // namespace layerscope::ops
