// Opens a model, changes every weight and optimizer slot in memory, and saves it: bench_saving
// MODEL OUT [FORMAT] Prints a JSON line with the seconds of the second save alone, the certificate
// included.

#include "model/formats/format.h"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>

using namespace layerscope;

namespace {

double cpuSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Every float32 value a little larger, as after a step of training.
Result<void> change(StoredTensor& value)
{
    if (value.dtype() != DType::Float32)
        return {};
    TRY(const Tensor old, value.load());
    TRY(Tensor changed, Tensor::fromBytes(old.dtype(), old.shape(), old.bytes()));
    for (float& number : changed.mutableValuesAs<float>())
        number = number * 1.001F + 1e-4F;
    value = StoredTensor(std::move(changed));
    return {};
}

Result<void> measure(const std::string& from, const std::string& to, const std::string& format)
{
    TRY(Network network, formats::openNetwork(from));
    for (Weight& weight : network.weights)
        TRY_DO(change(weight.value));
    if (network.optimizer) {
        for (OptimizerVariable& variable : network.optimizer->variables)
            TRY_DO(change(variable.value));
    }
    // Once before the clock starts: on a virtual machine the first touch of memory that was not in
    // use costs more than the save, and `cp` in the same run gets the pages that the copy before it
    // left. The file is removed, so that both write into free pages.
    TRY_DO(formats::saveNetwork(network, to, { .format = format }));
    std::filesystem::remove_all(to);
    const double cpu = cpuSeconds();
    const auto wall = std::chrono::steady_clock::now();
    TRY(const formats::SaveReport report, formats::saveNetwork(network, to, { .format = format }));
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - wall;
    std::printf("{\"wall_s\": %.3f, \"cpu_s\": %.3f, \"bytes\": %llu, \"compared\": %zu}\n",
        elapsed.count(), cpuSeconds() - cpu, static_cast<unsigned long long>(report.bytes),
        report.tensorsCompared);
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: bench_saving MODEL OUT [FORMAT]\n");
        return 2;
    }
    if (const auto done = measure(argv[1], argv[2], argc > 3 ? argv[3] : ""); !done) {
        std::fprintf(stderr, "bench_saving: %s\n", done.error().sentence().c_str());
        return 1;
    }
    return 0;
}
