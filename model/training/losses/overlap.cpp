// How far two sets, given as memberships between 0 and 1, are from covering each other.
#include "model/training/losses/loss.h"

namespace layerscope::training {
namespace {

using ops::Value;

std::vector<std::int64_t> axes(const LossCall& call)
{
    std::vector<std::int64_t> result;
    for (const double axis : call.settings.numbers("axis"))
        result.push_back(static_cast<std::int64_t>(axis));
    return result; // none: all
}

Value dice(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const auto total = [&](Value x) { return builder.sum(x, axes(call)); };
    const Value both = total(builder.multiply(call.target, call.prediction));
    const Value each = builder.add(total(call.target), total(call.prediction));
    const Value share = builder.divide(builder.multiply(both, 2), builder.add(each, kerasEpsilon));
    return builder.subtract(call.number(1), share);
}

Value tversky(LossCall& call)
{
    ops::Builder& builder = call.builder;
    const auto total = [&](Value x) { return builder.sum(x, axes(call)); };
    const auto without = [&](Value x) { return builder.subtract(call.number(1), x); };
    const Value both = total(builder.multiply(call.target, call.prediction));
    const Value missed = total(builder.multiply(without(call.prediction), call.target));
    const Value wrong = total(builder.multiply(call.prediction, without(call.target)));
    const Value weighed = builder.add(builder.multiply(missed, call.settings.number("alpha", 0.5)),
        builder.multiply(wrong, call.settings.number("beta", 0.5)));
    const Value share = builder.divide(both, builder.add(builder.add(both, weighed), kerasEpsilon));
    return builder.subtract(call.number(1), share);
}

} // namespace

extern const LossFamily overlap_losses;
const LossFamily overlap_losses{ {
    { { "dice" }, dice },
    { { "tversky" }, tversky },
} };

} // namespace layerscope::training
