// Trains a saved model epoch by epoch: bench_training MODEL DATA.npz BATCH THREADS
// For each line on standard input one epoch in the order of the rows; its answer is a JSON line
// with the microseconds a step took and the epoch's loss. The other side of a comparison can so
// take turns.

#include "model/formats/format.h"
#include "model/training/trainer.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>

using namespace layerscope;

namespace {

double cpuSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Result<training::Trainer> trainerOf(char** arguments)
{
    TRY(const Network network, formats::openNetwork(arguments[1]));
    TRY(training::DataSet data, training::loadDataSet({ .source = arguments[2] }));
    training::TrainingOptions options;
    options.batchSize = std::atoll(arguments[3]);
    options.threads = std::atoi(arguments[4]);
    options.shuffle = false;
    return training::Trainer::create(network, std::move(data), options);
}

Result<void> trainEpoch(training::Trainer& trainer)
{
    const double cpu = cpuSeconds();
    const auto wall = std::chrono::steady_clock::now();
    training::StepReport report;
    do {
        TRY_DO(trainer.step(report));
    } while (!report.endsEpoch);
    TRY(const training::EpochReport epoch, trainer.finishEpoch());
    const double steps = static_cast<double>(report.stepsPerEpoch);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - wall;
    std::printf("{\"cpu_us\": %.3f, \"wall_us\": %.3f, \"loss\": %.9g}\n",
        1e6 * (cpuSeconds() - cpu) / steps, 1e6 * elapsed.count() / steps,
        epoch.metrics.front().second);
    std::fflush(stdout);
    return {};
}

int fail(const Error& error)
{
    std::fprintf(stderr, "bench_training: %s\n", error.sentence().c_str());
    return 1;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5) {
        std::fprintf(stderr, "usage: bench_training MODEL DATA.npz BATCH THREADS\n");
        return 2;
    }
    auto trainer = trainerOf(argv);
    if (!trainer)
        return fail(trainer.error());
    std::string line;
    while (std::getline(std::cin, line)) {
        if (const auto done = trainEpoch(*trainer); !done)
            return fail(done.error());
    }
    return 0;
}
