#include "model/layers/time_loop.h"

namespace layerscope::layers {

using ops::Builder;
using ops::Value;

namespace {

/// Element t of the time axis, without that axis.
Value at(Builder& b, Value sequence, std::int64_t t)
{
    const Shape shape = b.shape(sequence);
    std::vector<std::int64_t> begin(shape.size(), 0);
    std::vector<std::int64_t> end(shape.begin(), shape.end());
    begin[1] = t;
    end[1] = t + 1;
    return b.squeeze(b.slice(sequence, begin, end), 1);
}

/// A mask of one step, [batch], with as many axes as what it chooses between.
Value spread(Builder& b, Value mask, Value like)
{
    Shape shape(b.shape(like).size(), 1);
    shape[0] = b.shape(like)[0];
    return b.reshape(mask, shape);
}

} // namespace

std::vector<Value> runTimeLoop(LayerLowering& call, const TimeLoop& loop, const TimeStep& step)
{
    Builder& b = call.builder;
    const std::int64_t steps = call.length(loop.sequence, 1);
    // Each step is a part of the graph: beyond this nobody waits for it.
    constexpr std::int64_t mostSteps = 20'000;
    if (steps <= 0 || steps > mostSteps)
        call.fail("cannot run over " + std::to_string(steps) + " time steps");
    std::vector<Value> states = loop.states;
    std::vector<Value> outputs;
    Value previous;
    for (std::int64_t i = 0; i < steps && call.mayGrow(); ++i) {
        const std::int64_t t = loop.backwards ? steps - 1 - i : i;
        std::vector<Value> next = step(at(b, loop.sequence, t), states);
        if (next.size() < states.size() || loop.outputState >= next.size() || b.error())
            return {};
        Value output = next[loop.outputState];
        if (loop.mask) {
            const Value mask = at(b, loop.mask, t);
            for (std::size_t k = 0; k < states.size(); ++k)
                next[k] = b.select(spread(b, mask, next[k]), next[k], states[k]);
            const bool repeats = previous && !loop.zeroOutputForMask;
            output = b.select(
                spread(b, mask, output), output, repeats ? previous : b.scalar(0, b.dtype(output)));
        }
        states = std::move(next);
        previous = output;
        if (loop.returnsSequence)
            outputs.push_back(output);
    }
    std::vector<Value> result{ loop.returnsSequence ? b.stack(outputs, 1) : previous };
    result.insert(result.end(), states.begin(), states.end());
    return result;
}

} // namespace layerscope::layers
