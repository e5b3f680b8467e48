#include "model/ops/kernels/chain.h"

#include "model/ops/kernels/chain_plan.h"
#include "model/ops/kernels/thread_pool.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

void append(std::vector<std::int64_t>& code, const Shape& shape)
{
    code.push_back(static_cast<std::int64_t>(shape.size()));
    code.insert(code.end(), shape.begin(), shape.end());
}

Shape readShape(const std::vector<std::int64_t>& code, std::size_t& at)
{
    const auto rank = static_cast<std::ptrdiff_t>(code[at++]);
    const auto begin = code.begin() + static_cast<std::ptrdiff_t>(at);
    at += static_cast<std::size_t>(rank);
    return { begin, begin + rank };
}

} // namespace

bool isWhole(const Chain::Load& load)
{
    return countOf(load.from) == countOf(load.to);
}

Attributes Chain::encoded() const
{
    std::vector<std::int64_t> code{ count, static_cast<std::int64_t>(loads.size()) };
    for (const Load& load : loads) {
        code.insert(code.end(), { load.input, load.isBool ? 1 : 0 });
        append(code, load.from);
        append(code, load.to);
    }
    code.push_back(static_cast<std::int64_t>(instructions.size()));
    for (const Instruction& instruction : instructions) {
        code.push_back(static_cast<std::int64_t>(instruction.op));
        code.insert(code.end(), instruction.operands.begin(), instruction.operands.end());
    }
    for (const Store& store : stores)
        code.insert(code.end(), { store.operand, store.isBool ? 1 : 0 });
    return { { "code", std::move(code) } };
}

Chain Chain::decoded(const Attributes& attributes)
{
    const std::vector<std::int64_t>& code = attributes.integers("code");
    Chain chain;
    std::size_t at = 0;
    chain.count = code[at++];
    chain.loads.resize(static_cast<std::size_t>(code[at++]));
    for (Load& load : chain.loads) {
        load.input = code[at++];
        load.isBool = code[at++] != 0;
        load.from = readShape(code, at);
        load.to = readShape(code, at);
    }
    chain.instructions.resize(static_cast<std::size_t>(code[at++]));
    for (Instruction& instruction : chain.instructions) {
        instruction.op = static_cast<ElementOp>(code[at++]);
        for (std::int64_t& operand : instruction.operands)
            operand = code[at++];
    }
    for (; at < code.size(); at += 2)
        chain.stores.push_back({ code[at], code[at + 1] != 0 });
    return chain;
}

Kernel chainKernel(Chain chain, const KernelRequest& request)
{
    const std::int64_t count = chain.count;
    chain = contracted(std::move(chain));
    const ChainPlan plan(chain, request.sharedInputs);
    const std::int64_t blocks = (count + plan.step() - 1) / plan.step();
    const bool forks = request.threads > 1 && plan.nanoseconds() > worthForking;
    const std::int64_t slices = forks ? std::min<std::int64_t>(blocks, 2 * request.threads) : 1;
    const std::int64_t floats = plan.scratchFloats();
    *request.scratchBytes = static_cast<std::size_t>(floats * slices) * sizeof(float);
    return [=, threads = request.threads, outputs_ = chain.stores.size()](
               std::span<const void* const> inputs, std::span<void* const> outputs) {
        auto* scratch = static_cast<float*>(outputs[outputs_]);
        if (slices == 1)
            return plan.run(inputs, outputs, scratch, 0, count);
        forEachSlice(threads, slices, [&](std::int64_t slice) {
            plan.run(inputs, outputs, scratch + slice * floats,
                sliceBegin(blocks, slices, slice) * plan.step(),
                std::min(count, sliceBegin(blocks, slices, slice + 1) * plan.step()));
        });
    };
}

} // namespace layerscope::ops
