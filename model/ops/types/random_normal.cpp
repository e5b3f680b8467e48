#include "model/ops/kernels/philox.h"
#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace layerscope::ops {

namespace {

Infos inferRandomNormal(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("random normal", inputs, 1));
    if (inputs[0] != ValueInfo{ DType::Int64, { 2 } })
        return shapeMismatch("random normal: the seed is not int64 [2]");
    const ValueInfo result{ enumeration<DType>(attributes, "dtype"), attributes.integers("shape") };
    TRY_DO(requireFloating("random normal", result));
    return std::vector{ result };
}

/// Box and Muller's: two normal numbers from two uniform ones, in double, so that the tails are
/// right and every machine gives the same.
std::array<double, 4> normals(const std::array<std::uint32_t, 4>& words)
{
    std::array<double, 4> numbers{};
    for (std::size_t i = 0; i < 4; i += 2) {
        const double u = (static_cast<double>(words[i]) + 1) * 0x1p-32; // never 0
        const double angle = 2 * std::numbers::pi * static_cast<double>(words[i + 1]) * 0x1p-32;
        const double radius = std::sqrt(-2 * std::log(u));
        numbers[i] = radius * std::cos(angle);
        numbers[i + 1] = radius * std::sin(angle);
    }
    return numbers;
}

Result<Kernel> prepareRandomNormal(const KernelRequest& request)
{
    const std::int64_t count = countOf(request.outputs[0].shape);
    const std::int64_t stream = request.attributes.integer("stream");
    return withFloatingType("random normal", request.outputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            const std::int64_t* seed = input<std::int64_t>(inputs, 0);
            T* y = output<T>(outputs, 0);
            for (std::int64_t block = 0; block * 4 < count; ++block) {
                const auto numbers = normals(philoxBlock(seed, stream, block));
                const std::int64_t n = std::min<std::int64_t>(4, count - block * 4);
                for (std::int64_t i = 0; i < n; ++i)
                    y[block * 4 + i] = static_cast<T>(numbers[static_cast<std::size_t>(i)]);
            }
        };
    });
}

} // namespace

const OpType random_normal_op{ .name = "random normal",
    .infer = inferRandomNormal,
    .prepare = prepareRandomNormal,
    .words = "draws numbers from the normal distribution",
    .blocksGradient = true };

Value Builder::randomNormal(Shape shape, Value seed, std::int64_t stream, DType type)
{
    return make(random_normal_op, { seed },
        { { "shape", std::move(shape) }, { "stream", stream },
            { "dtype", static_cast<std::int64_t>(type) } });
}

} // namespace layerscope::ops
