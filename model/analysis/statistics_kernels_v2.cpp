// Compiled with -march=x86-64-v2.
#define LAYERSCOPE_KERNELS statisticsKernelsV2
#define LAYERSCOPE_VECTOR_BYTES 16
#include "model/analysis/statistics_kernels.inc"
