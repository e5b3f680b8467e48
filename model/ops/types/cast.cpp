#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

#include <cmath>
#include <limits>

namespace layerscope::ops {

namespace {

Infos inferCast(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("cast", inputs, 1));
    return std::vector{ ValueInfo{ enumeration<DType>(attributes, "dtype"), inputs[0].shape } };
}

std::vector<Value> gradientCast(const GradientRequest& request)
{
    const DType from = request.builder.dtype(request.inputs[0]);
    const DType to = request.builder.dtype(request.outputs[0]);
    if (!isFloating(from) || !isFloating(to))
        return { Value{} };
    return { request.builder.cast(request.upstream[0], from) };
}

/// As C++ converts; out of range, where C++ leaves it open, the nearest there is, and 0 for NaN.
template<class To, class From> To convert(From value)
{
    if constexpr (std::is_same_v<To, bool>) {
        return value != From{ 0 };
    } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
        if (std::isnan(value))
            return 0;
        // The limits' neighbours in From: exact powers of two.
        const From above = std::ldexp(From{ 1 }, std::numeric_limits<To>::digits);
        if (value >= above)
            return std::numeric_limits<To>::max();
        if (value <= (std::is_signed_v<To> ? -above : From{ 0 }))
            return std::numeric_limits<To>::min();
        return static_cast<To>(value);
    } else {
        return static_cast<To>(value);
    }
}

Result<Kernel> prepareCast(const KernelRequest& request)
{
    const std::int64_t count = countOf(request.outputs[0].shape);
    return withType(request.inputs[0].dtype, [&]<class From>(From) -> Kernel {
        return withType(request.outputs[0].dtype, [&]<class To>(To) -> Kernel {
            return [count](std::span<const void* const> inputs, std::span<void* const> outputs) {
                const From* from = input<From>(inputs, 0);
                To* to = output<To>(outputs, 0);
                for (std::int64_t i = 0; i < count; ++i)
                    to[i] = convert<To>(from[i]);
            };
        });
    });
}

} // namespace

const OpType cast_op{ .name = "cast",
    .infer = inferCast,
    .gradient = gradientCast,
    .prepare = prepareCast,
    .words = "converts each element to another type" };

Value Builder::cast(Value x, DType type)
{
    if (byteSize(type) == 0 || type == DType::Complex64 || type == DType::Complex128) {
        fail(ErrorKind::Unsupported, "cast: to " + std::string(layerscope::name(type)));
        return {};
    }
    if (x && dtype(x) == type)
        return x;
    return make(cast_op, { x }, { { "dtype", static_cast<std::int64_t>(type) } });
}

} // namespace layerscope::ops
