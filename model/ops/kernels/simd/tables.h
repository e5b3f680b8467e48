// What the files that are compiled three times define, each in the namespace of its instruction
// set.
#pragma once

#include "model/ops/kernels/simd/simd.h"

namespace layerscope::ops {

#define SIMD_DECLARE(set)                                                                          \
    namespace set {                                                                                \
    void fillElements(SimdTable& table);                                                           \
    void fillFolds(SimdTable& table);                                                              \
    void fillGemm(SimdTable& table);                                                               \
    }

SIMD_DECLARE(v2)
SIMD_DECLARE(v3)
SIMD_DECLARE(v4)

#undef SIMD_DECLARE

} // namespace layerscope::ops
