// Microseconds for each training step of three nets built directly on ops: a JSON line a net.
// usage: bench_engine [THREADS [NET…]], nets: a b c
#include "model/ops/gradient.h"
#include "model/ops/kernels/simd/simd.h"
#include "model/ops/program.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <random>
#include <string>

using namespace layerscope;
using namespace layerscope::ops;

namespace {

/// A training step as one graph, with memory for its variables.
struct Net
{
    Graph graph;
    Builder b{ graph };
    std::vector<Value> weights;
    std::vector<std::vector<float>> variables;
    std::mt19937 random{ 1 };

    Value variable(const Shape& shape, double scale)
    {
        const Value value = b.variable("w", { DType::Float32, shape });
        std::normal_distribution<float> numbers(0.0F, 1.0F);
        std::vector<float> values(static_cast<std::size_t>(*elementCount(shape)));
        for (float& number : values)
            number = static_cast<float>(scale) * numbers(random);
        variables.push_back(std::move(values));
        return value;
    }
    Value weight(const Shape& shape, std::int64_t fanIn)
    {
        weights.push_back(variable(shape, std::sqrt(2.0 / static_cast<double>(fanIn))));
        return weights.back();
    }
    Value bias(std::int64_t n)
    {
        weights.push_back(variable({ n }, 0));
        return weights.back();
    }
    Value dense(Value x, std::int64_t units)
    {
        const std::int64_t in = b.shape(x).back();
        const Value product = b.matmul(x, weight({ in, units }, in));
        return b.add(product, bias(units));
    }
    Value convolution(Value x, std::int64_t filters)
    {
        const std::int64_t channels = b.shape(x).back();
        Window window{
            .size = { 3, 3 }, .strides = {}, .dilations = {}, .padBefore = {}, .padAfter = {}
        };
        setValidPadding(window);
        const Value y = b.convolution(x, weight({ 3, 3, channels, filters }, 9 * channels), window);
        return b.add(y, bias(filters));
    }

    /// Adam as Keras 3 writes it; the iteration is a variable too.
    void train(Value loss)
    {
        b.output(loss);
        const std::array<Value, 1> targets{ loss };
        const std::vector<Value> slopes = gradients(b, targets, {}, weights);
        const Value iteration = variable({}, 0);
        const Value step = b.add(iteration, 1);
        b.assign(iteration, step);
        const auto decay = [&](double beta) {
            return b.subtract(b.scalar(1), b.binary(Binary::Power, b.scalar(beta), step));
        };
        const Value rate = b.divide(b.multiply(b.sqrt(decay(0.999)), 0.001), decay(0.9));
        for (std::size_t i = 0; i < slopes.size(); ++i) {
            const Shape shape = b.shape(weights[i]);
            const Value m = variable(shape, 0);
            const Value v = variable(shape, 0);
            const Value g = slopes[i];
            const Value newM = b.add(m, b.multiply(b.subtract(g, m), 0.1));
            const Value newV = b.add(v, b.multiply(b.subtract(b.square(g), v), 0.001));
            b.assign(m, newM);
            b.assign(v, newV);
            b.assign(weights[i],
                b.subtract(
                    weights[i], b.divide(b.multiply(newM, rate), b.add(b.sqrt(newV), 1e-7))));
        }
    }
};

Value sparseCrossEntropy(Builder& b, Value logits, Value labels)
{
    const Value chosen = b.oneHot(labels, b.shape(logits).back());
    return b.negate(b.mean(b.sum(b.multiply(chosen, b.logSoftmax(logits)), { -1 })));
}

void buildToy(Net& net, std::int64_t batch)
{
    Builder& b = net.b;
    const Value x = b.input("x", { DType::Float32, { batch, 2 } });
    const Value y = b.input("y", { DType::Float32, { batch, 1 } });
    const Value hidden = b.relu(net.dense(b.relu(net.dense(x, 8)), 8));
    net.train(b.mean(b.square(b.subtract(net.dense(hidden, 1), y))));
}

void buildMlp(Net& net, std::int64_t batch)
{
    Builder& b = net.b;
    const Value x = b.input("x", { DType::Float32, { batch, 784 } });
    const Value y = b.input("y", { DType::Int32, { batch } });
    const Value hidden = b.relu(net.dense(b.relu(net.dense(x, 512)), 512));
    net.train(sparseCrossEntropy(b, net.dense(hidden, 10), y));
}

void buildCnn(Net& net, std::int64_t batch)
{
    Builder& b = net.b;
    const Value x = b.input("x", { DType::Float32, { batch, 28, 28, 1 } });
    const Value y = b.input("y", { DType::Int32, { batch } });
    Window pool{
        .size = { 2, 2 }, .strides = { 2, 2 }, .dilations = {}, .padBefore = {}, .padAfter = {}
    };
    setValidPadding(pool);
    const Value first = b.relu(net.convolution(x, 32));
    const Value second = b.maxPool(b.relu(net.convolution(first, 64)), pool);
    const Value flat = b.reshape(second, { batch, -1 });
    net.train(sparseCrossEntropy(b, net.dense(b.relu(net.dense(flat, 128)), 10), y));
}

double cpuSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

int measure(const char* name, void (*build)(Net&, std::int64_t), std::int64_t batch, int threads)
{
    Net net;
    build(net, batch);
    if (net.b.error()) {
        std::fprintf(stderr, "%s\n", net.b.error()->sentence().c_str());
        return 1;
    }
    const auto compileStart = std::chrono::steady_clock::now();
    auto program = Program::compile(net.graph, { .threads = threads, .probes = {} });
    const std::chrono::duration<double, std::milli> compiled
        = std::chrono::steady_clock::now() - compileStart;
    if (!program) {
        std::fprintf(stderr, "%s\n", program.error().sentence().c_str());
        return 1;
    }
    if (std::getenv("DESCRIBE") != nullptr)
        std::fprintf(stderr, "%s", program->describe().c_str());
    std::vector<std::vector<std::byte>> inputs;
    for (const Source& source : net.graph.sources) {
        if (source.kind != SourceKind::Input)
            continue;
        const ValueInfo& info = net.graph.info(source.value);
        const auto count = static_cast<std::size_t>(*elementCount(info.shape));
        inputs.emplace_back(count * 4);
        std::normal_distribution<float> numbers(0.0F, 1.0F);
        for (std::size_t i = 0; i < count; ++i) {
            const float number = numbers(net.random);
            const auto label = static_cast<std::int32_t>(net.random() % 10);
            std::memcpy(inputs.back().data() + 4 * i,
                info.dtype == DType::Float32 ? static_cast<const void*>(&number) : &label, 4);
        }
    }
    std::vector<const void*> in;
    std::vector<void*> variables;
    for (const auto& bytes : inputs)
        in.push_back(bytes.data());
    for (auto& values : net.variables)
        variables.push_back(values.data());
    float loss = 0;
    const std::array<void*, 1> out{ &loss };
    const auto run = [&](std::int64_t steps) {
        for (std::int64_t i = 0; i < steps; ++i) {
            if (!program->run(in, variables, out))
                std::abort();
        }
    };
    run(3);
    const float early = loss;
    const double once = cpuSeconds();
    run(5);
    const double perStep = (cpuSeconds() - once) / 5;
    const auto steps = static_cast<std::int64_t>(std::clamp(0.05 / perStep, 1.0, 20000.0));
    double bestCpu = 1e9;
    double bestWall = 1e9;
    for (int chunk = 0; chunk < 30; ++chunk) {
        const double cpu = cpuSeconds();
        const auto wall = std::chrono::steady_clock::now();
        run(steps);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - wall;
        bestCpu = std::min(bestCpu, (cpuSeconds() - cpu) / static_cast<double>(steps));
        bestWall = std::min(bestWall, took.count() / static_cast<double>(steps));
    }
    std::printf("{\"net\": \"%s\", \"batch\": %lld, \"threads\": %d, \"isa\": \"%s\", "
                "\"cpu_us\": %.2f, \"wall_us\": %.2f, \"compile_ms\": %.2f, \"steps\": %zu, "
                "\"arena_kib\": %zu, \"loss_after_3\": %.7g, \"loss\": %.7g}\n",
        name, static_cast<long long>(batch), threads, simd().name, bestCpu * 1e6, bestWall * 1e6,
        compiled.count(), program->stepCount(), program->arenaBytes() / 1024,
        static_cast<double>(early), static_cast<double>(loss));
    std::fflush(stdout);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
    const auto wanted = [&](const char* name) {
        return argc <= 2 || std::any_of(argv + 2, argv + argc, [&](const char* argument) {
            return std::strcmp(argument, name) == 0;
        });
    };
    int failures = 0;
    for (const std::int64_t batch : { 32, 128 }) {
        if (wanted("a"))
            failures += measure("a 2-8-8-1", buildToy, batch, threads);
        if (wanted("b"))
            failures += measure("b 784-512-512-10", buildMlp, batch, threads);
        if (wanted("c"))
            failures += measure("c CNN 28x28", buildCnn, batch, threads);
    }
    return failures;
}
