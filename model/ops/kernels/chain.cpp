#include "model/ops/kernels/chain.h"

#include "model/ops/kernels/strided.h"
#include "model/ops/kernels/thread_pool.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace layerscope::ops {

namespace {

/// Elements that go through all steps at a time: 2 KiB for each value in between.
constexpr std::int64_t blockLength = 512;

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

/// Reads an input element by element as if it had the chain's shape: axes that are walked evenly
/// are merged, the innermost last.
struct Expansion
{
    struct Axis
    {
        std::int64_t length;
        std::int64_t stride;
    };
    std::int64_t input = 0;
    bool isBool = false;
    std::vector<Axis> axes;
    std::int64_t registerIndex = 0;
    /// Elements after which the pattern repeats, if a block holds a whole number of repetitions.
    std::int64_t period = 0;

    explicit Expansion(const Chain::Load& load)
        : input(load.input)
        , isBool(load.isBool)
    {
        const std::vector<std::int64_t> strides = broadcastStrides(load.from, load.to);
        for (std::size_t i = 0; i < load.to.size(); ++i) {
            if (load.to[i] == 1)
                continue;
            const Axis axis{ load.to[i], strides[i] };
            if (!axes.empty() && axes.back().stride == axis.stride * axis.length)
                axes.back() = { axes.back().length * axis.length, axis.stride };
            else
                axes.push_back(axis);
        }
        if (axes.size() == 2 && axes[0].stride == 0 && axes[1].stride == 1
            && axes[1].length <= blockLength)
            period = axes[1].length;
    }

    template<class T> void fill(const T* from, std::int64_t start, std::int64_t n, float* to) const
    {
        std::array<std::int64_t, mostAxes> index{};
        std::int64_t offset = 0;
        std::int64_t rest = start;
        for (std::size_t i = axes.size(); i-- > 0;) {
            index[i] = rest % axes[i].length;
            rest /= axes[i].length;
            offset += index[i] * axes[i].stride;
        }
        const std::size_t last = axes.size() - 1;
        const Axis inner = axes[last];
        while (n > 0) {
            const std::int64_t run = std::min(n, inner.length - index[last]);
            for (std::int64_t i = 0; i < run; ++i)
                to[i] = static_cast<float>(from[offset + i * inner.stride]);
            to += run;
            n -= run;
            index[last] += run;
            offset += run * inner.stride;
            for (std::size_t i = last; i > 0 && index[i] == axes[i].length; --i) {
                offset += axes[i - 1].stride - axes[i].length * axes[i].stride;
                index[i] = 0;
                ++index[i - 1];
            }
        }
    }

    void read(const void* from, std::int64_t start, std::int64_t n, float* to) const
    {
        if (isBool)
            fill(static_cast<const unsigned char*>(from), start, n, to);
        else
            fill(static_cast<const float*>(from), start, n, to);
    }

    /// One period, then copies of what is there already, each twice as long.
    void readPeriodic(const void* from, std::int64_t n, float* to) const
    {
        std::int64_t filled = std::min(period, n);
        read(from, 0, filled, to);
        while (filled < n) {
            const std::int64_t more = std::min(filled, n - filled);
            std::memcpy(to + filled, to, static_cast<std::size_t>(more) * sizeof(float));
            filled += more;
        }
    }
};

/// Where an operand's elements are during a run.
struct Slot
{
    enum class Kind { Input, Output, Register };
    Kind kind = Kind::Register;
    std::int64_t index = 0;
    std::int64_t step = 0; ///< bytes an element; 0: always the same place
};

struct Call
{
    ElementLoop loop = nullptr;
    std::array<std::uint16_t, 4> slots{}; ///< result, operands
};

/// The chain made ready: operands have places and instructions have loops.
class ChainPlan
{
public:
    ChainPlan(const Chain& chain, std::span<const std::int64_t> sharedInputs);

    std::int64_t registers() const { return m_registers; }
    std::int64_t step() const { return m_step; } ///< elements of a block
    double nanoseconds() const { return m_nanoseconds; }
    void run(std::span<const void* const> inputs, std::span<void* const> outputs, float* scratch,
        std::int64_t begin, std::int64_t end) const;

private:
    std::uint16_t addSlot(Slot slot);
    std::int64_t takeRegister();
    void placeLoads(const Chain& chain);
    void placeResults(const Chain& chain, std::span<const std::int64_t> sharedInputs);
    void addCall(const Chain& chain, std::size_t instruction);
    bool mayWriteDirectly(
        const Chain& chain, std::span<const std::int64_t> sharedInputs, std::size_t output) const;

    std::vector<Slot> m_slots;
    std::vector<Expansion> m_expansions; ///< filled for each block
    std::vector<Expansion> m_periodic; ///< filled once
    std::vector<Call> m_first; ///< once a run: truths that are single numbers
    std::vector<Call> m_calls; ///< for each block
    std::vector<std::uint16_t> m_operandSlots; ///< by operand
    std::vector<char> m_isSingle; ///< by operand: the same number for all elements
    std::vector<std::int64_t> m_freeRegisters;
    std::vector<std::size_t> m_lastUse; ///< by operand: instruction
    std::int64_t m_registers = 0;
    std::int64_t m_step = blockLength;
    double m_nanoseconds = 0;
};

constexpr std::size_t mostSlots = 256;

bool isCostly(ElementOp op)
{
    return (op >= ElementOp::Exp && op <= ElementOp::Erf) || op == ElementOp::Softplus
        || op == ElementOp::Power || op == ElementOp::Modulo || op == ElementOp::RoundHalf;
}

ChainPlan::ChainPlan(const Chain& chain, std::span<const std::int64_t> sharedInputs)
{
    const std::size_t loads = chain.loads.size();
    m_lastUse.assign(loads + chain.instructions.size(), 0);
    for (std::size_t i = 0; i < chain.instructions.size(); ++i) {
        for (const std::int64_t operand : chain.instructions[i].operands) {
            if (operand >= 0)
                m_lastUse[static_cast<std::size_t>(operand)] = i;
        }
        m_nanoseconds
            += static_cast<double>(chain.count) * (isCostly(chain.instructions[i].op) ? 1.0 : 0.1);
    }
    for (const Chain::Store& store : chain.stores)
        m_lastUse[static_cast<std::size_t>(store.operand)] = chain.instructions.size();
    placeLoads(chain);
    placeResults(chain, sharedInputs);
}

std::uint16_t ChainPlan::addSlot(Slot slot)
{
    m_slots.push_back(slot);
    return static_cast<std::uint16_t>(m_slots.size() - 1);
}

std::int64_t ChainPlan::takeRegister()
{
    if (!m_freeRegisters.empty()) {
        const std::int64_t free = m_freeRegisters.back();
        m_freeRegisters.pop_back();
        return free;
    }
    return m_registers++;
}

void ChainPlan::placeLoads(const Chain& chain)
{
    for (const Chain::Load& load : chain.loads) {
        const bool single = countOf(load.from) == 1;
        m_isSingle.push_back(single ? 1 : 0);
        const std::int64_t bytes = load.isBool ? 1 : static_cast<std::int64_t>(sizeof(float));
        const Slot own{ Slot::Kind::Input, load.input, single ? 0 : bytes };
        if (!load.isBool && (single || isWhole(load))) {
            m_operandSlots.push_back(addSlot(own));
            continue;
        }
        // Through a register of its own, which is never given back: it may hold for all blocks.
        const std::int64_t index = m_registers++;
        const std::uint16_t slot = addSlot({ Slot::Kind::Register, index, 0 });
        m_operandSlots.push_back(slot);
        if (single || isWhole(load)) {
            const ElementLoop loop
                = simd().elements[static_cast<std::size_t>(ElementOp::LoadBool)][0];
            const std::uint16_t from = addSlot(own);
            (single ? m_first : m_calls).push_back({ loop, { slot, from, from, from } });
            continue;
        }
        Expansion expansion(load);
        expansion.registerIndex = index;
        (expansion.period > 0 ? m_periodic : m_expansions).push_back(std::move(expansion));
    }
    // A block holds whole periods of every repeating pattern, or the pattern is read each time.
    std::int64_t step = 1;
    for (Expansion& expansion : m_periodic) {
        const std::int64_t common = std::lcm(step, expansion.period);
        if (common > blockLength)
            m_expansions.push_back(expansion);
        else
            step = common;
    }
    std::erase_if(m_periodic, [&](const Expansion& e) { return step % e.period != 0; });
    m_step = blockLength / step * step;
    for (const Expansion& expansion : m_periodic) {
        std::erase_if(m_expansions,
            [&](const Expansion& e) { return e.registerIndex == expansion.registerIndex; });
    }
}

/// An output may be written by the instruction that makes it, unless its memory is that of an input
/// which is still to be read.
bool ChainPlan::mayWriteDirectly(
    const Chain& chain, std::span<const std::int64_t> sharedInputs, std::size_t output) const
{
    const Chain::Store& store = chain.stores[output];
    const std::size_t loads = chain.loads.size();
    if (store.isBool || store.operand < static_cast<std::int64_t>(loads))
        return false;
    const std::size_t maker = static_cast<std::size_t>(store.operand) - loads;
    const std::int64_t shared = output < sharedInputs.size() ? sharedInputs[output] : -1;
    for (std::size_t i = 0; i < loads; ++i) {
        if (chain.loads[i].input == shared && m_lastUse[i] > maker)
            return false;
    }
    return true;
}

void ChainPlan::placeResults(const Chain& chain, std::span<const std::int64_t> sharedInputs)
{
    const std::size_t loads = chain.loads.size();
    std::vector<std::int64_t> direct(chain.instructions.size(), -1);
    std::vector<char> written(chain.stores.size(), 0);
    for (std::size_t o = 0; o < chain.stores.size(); ++o) {
        if (!mayWriteDirectly(chain, sharedInputs, o))
            continue;
        const auto maker = static_cast<std::size_t>(chain.stores[o].operand) - loads;
        if (direct[maker] < 0) {
            direct[maker] = static_cast<std::int64_t>(o);
            written[o] = 1;
        }
    }
    for (std::size_t i = 0; i < chain.instructions.size(); ++i) {
        // Operands read for the last time give their register to the result.
        for (const std::int64_t operand : chain.instructions[i].operands) {
            const auto at = static_cast<std::size_t>(operand);
            if (operand < static_cast<std::int64_t>(loads) || m_lastUse[at] != i)
                continue;
            const Slot slot = m_slots[m_operandSlots[at]];
            m_lastUse[at] = SIZE_MAX; // once only, should it occur twice
            if (slot.kind == Slot::Kind::Register)
                m_freeRegisters.push_back(slot.index);
        }
        m_isSingle.push_back(0);
        m_operandSlots.push_back(direct[i] >= 0
                ? addSlot({ Slot::Kind::Output, direct[i], sizeof(float) })
                : addSlot({ Slot::Kind::Register, takeRegister(), 0 }));
        addCall(chain, i);
    }
    for (std::size_t o = 0; o < chain.stores.size(); ++o) {
        if (written[o] != 0)
            continue;
        const Chain::Store& store = chain.stores[o];
        const auto operand = static_cast<std::size_t>(store.operand);
        const ElementOp op = store.isBool ? ElementOp::StoreBool : ElementOp::Copy;
        const std::uint16_t from = m_operandSlots[operand];
        const std::uint16_t to = addSlot({ Slot::Kind::Output, static_cast<std::int64_t>(o),
            store.isBool ? 1 : static_cast<std::int64_t>(sizeof(float)) });
        const std::size_t mode = m_isSingle[operand] != 0 && !store.isBool ? 1 : 0;
        m_calls.push_back(
            { simd().elements[static_cast<std::size_t>(op)][mode], { to, from, from, from } });
    }
}

void ChainPlan::addCall(const Chain& chain, std::size_t instruction)
{
    const Chain::Instruction& code = chain.instructions[instruction];
    std::size_t mode = 0;
    Call call{ nullptr, { m_operandSlots.back(), 0, 0, 0 } };
    for (std::size_t n = 0; n < 3; ++n) {
        if (code.operands[n] < 0)
            continue;
        const auto operand = static_cast<std::size_t>(code.operands[n]);
        call.slots[n + 1] = m_operandSlots[operand];
        if (m_isSingle[operand] != 0)
            mode |= std::size_t{ 1 } << n;
    }
    call.loop = simd().elements[static_cast<std::size_t>(code.op)][mode];
    if (call.loop == nullptr) {
        // An op that is never asked for a single number: spread that out first.
        m_calls.push_back(
            { simd().elements[static_cast<std::size_t>(ElementOp::Copy)][mode], call.slots });
        call = { simd().elements[static_cast<std::size_t>(code.op)][0],
            { call.slots[0], call.slots[0], call.slots[0], call.slots[0] } };
    }
    m_calls.push_back(call);
}

void ChainPlan::run(std::span<const void* const> inputs, std::span<void* const> outputs,
    float* scratch, std::int64_t begin, std::int64_t end) const
{
    std::array<std::byte*, mostSlots> places; // NOLINT: every one that is used is set below
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        const Slot& slot = m_slots[i];
        const auto index = static_cast<std::size_t>(slot.index);
        if (slot.kind == Slot::Kind::Register)
            places[i] = reinterpret_cast<std::byte*>(scratch + slot.index * blockLength);
        else
            places[i] = static_cast<std::byte*>(slot.kind == Slot::Kind::Output
                                ? outputs[index]
                                : const_cast<void*>(inputs[index]))
                + begin * slot.step;
    }
    const auto floats = [&](std::uint16_t slot) { return reinterpret_cast<float*>(places[slot]); };
    for (const Call& call : m_first)
        call.loop(floats(call.slots[0]), floats(call.slots[1]), nullptr, nullptr, 1);
    for (const Expansion& expansion : m_periodic)
        expansion.readPeriodic(inputs[static_cast<std::size_t>(expansion.input)],
            std::min(m_step, end - begin), scratch + expansion.registerIndex * blockLength);
    for (std::int64_t at = begin; at < end; at += m_step) {
        const std::int64_t n = std::min(m_step, end - at);
        for (const Expansion& expansion : m_expansions)
            expansion.read(inputs[static_cast<std::size_t>(expansion.input)], at, n,
                scratch + expansion.registerIndex * blockLength);
        for (const Call& call : m_calls)
            call.loop(floats(call.slots[0]), floats(call.slots[1]), floats(call.slots[2]),
                floats(call.slots[3]), n);
        for (std::size_t i = 0; i < m_slots.size(); ++i)
            places[i] += m_slots[i].step * n;
    }
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
    const std::int64_t floats = std::max<std::int64_t>(plan.registers(), 1) * blockLength;
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
