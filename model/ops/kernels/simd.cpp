#include "model/ops/kernels/simd/simd.h"

#include "model/core/dtype.h"
#include "model/ops/kernels/simd/tables.h"

namespace layerscope::ops {

namespace {

/// Rare, so written once for every machine.
void roundHalf(float* y, const float* a, const float*, const float*, std::int64_t n)
{
    for (std::int64_t i = 0; i < n; ++i)
        y[i] = floatFromHalf(halfFromFloat(a[i]));
}

template<class F> SimdTable filled(const char* name, F fill)
{
    SimdTable table{};
    table.name = name;
    fill(table);
    table.elements[static_cast<std::size_t>(ElementOp::RoundHalf)][0] = roundHalf;
    return table;
}

bool runs(InstructionSet set)
{
    __builtin_cpu_init();
    switch (set) {
    case InstructionSet::V2:
        return __builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("popcnt") != 0;
    case InstructionSet::V3:
        return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0
            && __builtin_cpu_supports("bmi2") != 0;
    case InstructionSet::V4:
        return runs(InstructionSet::V3) && __builtin_cpu_supports("avx512f") != 0
            && __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512cd") != 0
            && __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
    }
    return false;
}

/// Filled only for a machine that runs it: the filling itself is compiled for that set.
const SimdTable& tableOf(InstructionSet set)
{
    if (set == InstructionSet::V4) {
        static const SimdTable table = filled("x86-64-v4", [](SimdTable& fourth) {
            v4::fillElements(fourth);
            v4::fillFolds(fourth);
            v4::fillGemm(fourth);
        });
        return table;
    }
    if (set == InstructionSet::V3) {
        static const SimdTable table = filled("x86-64-v3", [](SimdTable& third) {
            v3::fillElements(third);
            v3::fillFolds(third);
            v3::fillGemm(third);
        });
        return table;
    }
    static const SimdTable table = filled("x86-64-v2", [](SimdTable& second) {
        v2::fillElements(second);
        v2::fillFolds(second);
        v2::fillGemm(second);
    });
    return table;
}

} // namespace

const SimdTable* simdFor(InstructionSet set)
{
    return runs(set) ? &tableOf(set) : nullptr;
}

const SimdTable& simd()
{
    static const SimdTable& best = tableOf(runs(InstructionSet::V4) ? InstructionSet::V4
            : runs(InstructionSet::V3)                              ? InstructionSet::V3
                                                                    : InstructionSet::V2);
    return best;
}

} // namespace layerscope::ops
