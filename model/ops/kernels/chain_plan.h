#pragma once

#include "model/ops/kernels/chain.h"

#include <algorithm>

namespace layerscope::ops {

/// Elements that go through all steps at a time: 2 KiB for each value in between.
inline constexpr std::int64_t blockLength = 512;

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

    explicit Expansion(const Chain::Load& load);

    /// Elements start to start + n.
    void read(const void* from, std::int64_t start, std::int64_t n, float* to) const;
    /// The first n elements of a repeating pattern.
    void readPeriodic(const void* from, std::int64_t n, float* to) const;
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

    std::int64_t step() const { return m_step; } ///< elements of a block
    double nanoseconds() const { return m_nanoseconds; }
    std::int64_t scratchFloats() const
    {
        return std::max<std::int64_t>(m_registers, 1) * blockLength;
    }
    /// Elements begin to end; begin is a multiple of step() unless nothing is expanded.
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

} // namespace layerscope::ops
