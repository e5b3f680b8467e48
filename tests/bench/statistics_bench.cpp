// How fast statistics stream: bench_statistics [millions of values] [threads] [bins]
// Prints the CPU and wall time of computeStatistics over normally distributed float32 values.
// bench_statistics FILE [threads] [bins] takes every weight of a saved model instead, once.

#include "model/analysis/statistics.h"
#include "model/formats/format.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace layerscope;

namespace {

/// Values with the shape of a trained kernel: a sum of four uniform ones is close to normal.
Tensor kernelOf(std::int64_t count)
{
    auto tensor = Tensor::zeros(DType::Float32, { count });
    if (!tensor)
        return {};
    std::uint64_t state = 1;
    for (float& value : tensor->mutableValuesAs<float>()) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        float sum = 0;
        for (unsigned part = 0; part < 4; ++part)
            sum += static_cast<float>((state >> (16U * part)) & 0xFFFFU) / 65536.0F - 0.5F;
        value = 0.02F * sum;
    }
    return *std::move(tensor);
}

double cpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void measure(const char* label, const Tensor& tensor, const analysis::StatisticsOptions& options)
{
    double cpu = INFINITY;
    double wall = INFINITY;
    double check = 0;
    for (int repeat = 0; repeat < 5; ++repeat) {
        const auto wallStart = std::chrono::steady_clock::now();
        const double cpuStart = cpuSeconds();
        const auto statistics = analysis::computeStatistics(tensor, options);
        cpu = std::min(cpu, cpuSeconds() - cpuStart);
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - wallStart;
        wall = std::min(wall, elapsed.count());
        check = statistics ? statistics->std : NAN;
    }
    const double gigabytes = static_cast<double>(tensor.bytes().size()) * 1e-9;
    std::printf("%-24s cpu %7.1f ms   wall %7.1f ms   %5.2f GB/s of CPU   (std %.6g)\n", label,
        cpu * 1e3, wall * 1e3, gigabytes / cpu, check);
}

int measureFile(const char* path, const analysis::StatisticsOptions& options)
{
    const auto network = formats::openNetwork(path);
    if (!network) {
        std::fprintf(stderr, "bench_statistics: %s\n", network.error().sentence().c_str());
        return 1;
    }
    std::int64_t count = 0;
    for (const Weight& weight : network->weights) {
        const auto tensor = weight.value.load();
        const Result<analysis::Statistics> statistics
            = tensor ? analysis::computeStatistics(*tensor, options) : tensor.error();
        if (!statistics) {
            std::fprintf(stderr, "bench_statistics: %s\n", statistics.error().sentence().c_str());
            return 1;
        }
        count += statistics->count;
    }
    std::printf(
        "%zu weights, %lld values\n", network->weights.size(), static_cast<long long>(count));
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const std::int64_t millions = argc > 1 ? std::atoll(argv[1]) : 138;
    const int threads = argc > 2 ? std::atoi(argv[2]) : 1;
    const int bins = argc > 3 ? std::atoi(argv[3]) : 100;
    if (argc > 1 && millions == 0)
        return measureFile(argv[1], { .bins = bins, .threads = threads });
    const Tensor tensor = kernelOf(millions * 1'000'000);
    measure("moments", tensor, { .bins = 0, .threads = threads });
    measure("moments and histogram", tensor, { .bins = bins, .threads = threads });
    measure(
        "higher moments too", tensor, { .bins = bins, .threads = threads, .higherMoments = true });
    measure("and SHA-256", tensor, { .bins = bins, .threads = threads, .hash = true });
    const auto half = tensor.converted(DType::Float16);
    if (half)
        measure("float16", *half, { .bins = bins, .threads = threads });
}
