#include "model/ops/kernels/typed.h"
#include "model/ops/types/types.h"

namespace layerscope::ops {

namespace {

Infos inferClip(
    std::span<const ValueInfo> inputs, std::span<const bool>, const Attributes& attributes)
{
    TRY_DO(requireCount("clip", inputs, 1));
    if (inputs[0].dtype == DType::Bool)
        return shapeMismatch("clip: no arithmetic with bool");
    if (!(attributes.number("low") <= attributes.number("high")))
        return Error(ErrorKind::InvalidArgument, "clip: the lower bound is above the upper");
    return std::vector{ inputs[0] };
}

std::vector<Value> gradientClip(const GradientRequest& request)
{
    Builder& b = request.builder;
    const Value x = request.inputs[0];
    const Value g = request.upstream[0];
    const auto bound
        = [&](const char* which) { return b.scalar(request.attributes.number(which), b.dtype(x)); };
    const Value inside
        = b.binary(Binary::LogicalAnd, b.binary(Binary::GreaterEqual, x, bound("low")),
            b.binary(Binary::LessEqual, x, bound("high")));
    return { b.select(inside, g, b.scalar(0, b.dtype(g))) };
}

Result<Kernel> prepareClip(const KernelRequest& request)
{
    const std::int64_t count = countOf(request.outputs[0].shape);
    const double low = request.attributes.number("low");
    const double high = request.attributes.number("high");
    return withArithmeticType("clip", request.inputs[0].dtype, [&]<class T>(T) -> Kernel {
        return [=](std::span<const void* const> inputs, std::span<void* const> outputs) {
            const T* x = input<T>(inputs, 0);
            T* y = output<T>(outputs, 0);
            for (std::int64_t i = 0; i < count; ++i) {
                const auto value = static_cast<double>(x[i]);
                y[i] = value < low ? static_cast<T>(low)
                    : value > high ? static_cast<T>(high)
                                   : x[i];
            }
        };
    });
}

} // namespace

const OpType clip_op{ .name = "clip",
    .infer = inferClip,
    .gradient = gradientClip,
    .prepare = prepareClip,
    .words = "keeps each element between two bounds" };

Value Builder::clip(Value x, double low, double high)
{
    return make(clip_op, { x }, { { "low", low }, { "high", high } });
}

} // namespace layerscope::ops
