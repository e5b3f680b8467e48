// Compiled with -march=x86-64-v4.
#define LAYERSCOPE_KERNELS statisticsKernelsV4
#define LAYERSCOPE_VECTOR_BYTES 64
#include "model/analysis/statistics_kernels.inc"
