#include "model/ops/kernels/chain.h"

#include <algorithm>

namespace layerscope::ops {

namespace {

/// Looks for steps that feed nobody but the next one.
class Contraction
{
public:
    explicit Contraction(Chain& chain)
        : m_chain(chain)
        , m_loads(static_cast<std::int64_t>(chain.loads.size()))
        , m_uses(chain.loads.size() + chain.instructions.size(), 0)
        , m_gone(chain.instructions.size(), 0)
    {
        for (const Chain::Instruction& instruction : chain.instructions) {
            for (const std::int64_t operand : instruction.operands) {
                if (operand >= 0)
                    ++m_uses[static_cast<std::size_t>(operand)];
            }
        }
        for (const Chain::Store& store : chain.stores)
            m_uses[static_cast<std::size_t>(store.operand)] += 2;
    }

    void run()
    {
        for (Chain::Instruction& instruction : m_chain.instructions) {
            if (instruction.op == ElementOp::Add)
                joinSum(instruction);
            else if (instruction.op == ElementOp::Subtract)
                joinDifference(instruction);
            if (instruction.op == ElementOp::MultiplyAdd)
                joinMove(instruction);
        }
        dropUnused();
        closeGaps();
    }

private:
    /// Steps whose result was wanted by one that has been replaced.
    void dropUnused()
    {
        std::fill(m_uses.begin(), m_uses.end(), 0);
        for (const Chain::Store& store : m_chain.stores)
            m_uses[static_cast<std::size_t>(store.operand)] = 1;
        for (std::size_t i = m_chain.instructions.size(); i-- > 0;) {
            if (m_gone[i] != 0)
                continue;
            m_gone[i] = m_uses[m_chain.loads.size() + i] == 0 ? 1 : 0;
            for (const std::int64_t operand : m_chain.instructions[i].operands) {
                if (operand >= 0 && m_gone[i] == 0)
                    m_uses[static_cast<std::size_t>(operand)] = 1;
            }
        }
    }

    /// The step that makes `operand`, if it is of this kind and nobody else wants it.
    const Chain::Instruction* only(std::int64_t operand, ElementOp op) const
    {
        if (operand < m_loads || m_uses[static_cast<std::size_t>(operand)] != 1)
            return nullptr;
        const auto& maker = m_chain.instructions[static_cast<std::size_t>(operand - m_loads)];
        return maker.op == op ? &maker : nullptr;
    }

    void drop(std::int64_t operand) { m_gone[static_cast<std::size_t>(operand - m_loads)] = 1; }

    bool isSingle(std::int64_t operand) const
    {
        return operand < m_loads
            && countOf(m_chain.loads[static_cast<std::size_t>(operand)].from) == 1;
    }

    void joinSum(Chain::Instruction& sum)
    {
        for (std::size_t side = 0; side < 2; ++side) {
            const std::int64_t operand = sum.operands[side];
            const std::int64_t other = sum.operands[1 - side];
            if (const auto* product = only(operand, ElementOp::Multiply)) {
                drop(operand);
                sum = { ElementOp::MultiplyAdd,
                    { product->operands[0], product->operands[1], other } };
                return;
            }
            if (const auto* root = only(operand, ElementOp::Sqrt)) {
                drop(operand);
                sum = { ElementOp::RootPlus, { root->operands[0], other, -1 } };
                return;
            }
        }
    }

    void joinDifference(Chain::Instruction& difference)
    {
        const std::int64_t operand = difference.operands[1];
        if (const auto* quotient = only(operand, ElementOp::Divide)) {
            drop(operand);
            difference = { ElementOp::MinusQuotient,
                { difference.operands[0], quotient->operands[0], quotient->operands[1] } };
        }
    }

    /// (b - a) · c + a
    void joinMove(Chain::Instruction& sum)
    {
        for (std::size_t side = 0; side < 2; ++side) {
            const std::int64_t operand = sum.operands[side];
            const std::int64_t rate = sum.operands[1 - side];
            const auto* way = only(operand, ElementOp::Subtract);
            if (way == nullptr || way->operands[1] != sum.operands[2] || !isSingle(rate))
                continue;
            const std::int64_t goal = way->operands[0];
            drop(operand);
            if (const auto* square = only(goal, ElementOp::Square)) {
                drop(goal);
                sum = { ElementOp::MovedToSquare, { sum.operands[2], square->operands[0], rate } };
            } else {
                sum = { ElementOp::Moved, { sum.operands[2], goal, rate } };
            }
            return;
        }
    }

    void closeGaps()
    {
        std::vector<std::int64_t> renumbered(m_uses.size());
        std::vector<Chain::Instruction> kept;
        for (std::size_t i = 0; i < m_chain.loads.size(); ++i)
            renumbered[i] = static_cast<std::int64_t>(i);
        for (std::size_t i = 0; i < m_chain.instructions.size(); ++i) {
            if (m_gone[i] != 0)
                continue;
            for (std::int64_t& operand : m_chain.instructions[i].operands)
                operand = operand < 0 ? -1 : renumbered[static_cast<std::size_t>(operand)];
            renumbered[m_chain.loads.size() + i] = m_loads + static_cast<std::int64_t>(kept.size());
            kept.push_back(m_chain.instructions[i]);
        }
        for (Chain::Store& store : m_chain.stores)
            store.operand = renumbered[static_cast<std::size_t>(store.operand)];
        m_chain.instructions = std::move(kept);
    }

    Chain& m_chain;
    std::int64_t m_loads;
    std::vector<int> m_uses; ///< by operand; what is stored counts as wanted by others
    std::vector<char> m_gone; ///< by instruction
};

} // namespace

Chain contracted(Chain chain)
{
    Contraction(chain).run();
    return chain;
}

} // namespace layerscope::ops
