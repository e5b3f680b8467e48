// Compiled with -march=x86-64-v3.
#define LAYERSCOPE_KERNELS statisticsKernelsV3
#define LAYERSCOPE_VECTOR_BYTES 32
#include "model/analysis/statistics_kernels.inc"
