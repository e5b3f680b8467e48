#include "model/ops/kernels/chain_plan.h"

#include "model/ops/kernels/strided.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace layerscope::ops {

namespace {

constexpr std::size_t mostSlots = 256;

bool isCostly(ElementOp op)
{
    return (op >= ElementOp::Exp && op <= ElementOp::Erf) || op == ElementOp::Softplus
        || op == ElementOp::Power || op == ElementOp::Modulo || op == ElementOp::RoundHalf;
}

template<class T>
void fill(const std::vector<Expansion::Axis>& axes, const T* from, std::int64_t start,
    std::int64_t n, float* to)
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
    const Expansion::Axis inner = axes[last];
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

} // namespace

Expansion::Expansion(const Chain::Load& load)
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

void Expansion::read(const void* from, std::int64_t start, std::int64_t n, float* to) const
{
    if (isBool)
        fill(axes, static_cast<const unsigned char*>(from), start, n, to);
    else
        fill(axes, static_cast<const float*>(from), start, n, to);
}

/// One period, then copies of what is there already, each twice as long.
void Expansion::readPeriodic(const void* from, std::int64_t n, float* to) const
{
    std::int64_t filled = std::min(period, n);
    read(from, 0, filled, to);
    while (filled < n) {
        const std::int64_t more = std::min(filled, n - filled);
        std::memcpy(to + filled, to, static_cast<std::size_t>(more) * sizeof(float));
        filled += more;
    }
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

} // namespace layerscope::ops
