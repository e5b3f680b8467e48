#include "model/ops/gradient.h"
#include "model/ops/program.h"

#include <QtTest>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <new>
#include <random>

using namespace layerscope;
using namespace layerscope::ops;

namespace {

std::atomic<std::size_t> allocations = 0;

} // namespace

// Counts what the whole test program allocates; run() is to add nothing.
void* operator new(std::size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace {

/// A graph with random inputs and variables, and what running it gave.
struct Machine
{
    Graph graph;
    Builder b{ graph };
    std::mt19937 random{ 3 };
    std::vector<std::vector<float>> inputs;
    std::vector<std::vector<float>> variables;
    std::vector<std::vector<float>> outputs;

    std::vector<float> numbers(const Shape& shape)
    {
        std::uniform_real_distribution<float> any(-1, 1);
        std::vector<float> values(static_cast<std::size_t>(*elementCount(shape)));
        for (float& value : values)
            value = any(random);
        return values;
    }
    Value input(const Shape& shape)
    {
        inputs.push_back(numbers(shape));
        return b.input("x", { DType::Float32, shape });
    }
    Value variable(const Shape& shape)
    {
        variables.push_back(numbers(shape));
        return b.variable("w", { DType::Float32, shape });
    }
    Value zeroVariable(const Shape& shape)
    {
        const Value value = variable(shape);
        std::fill(variables.back().begin(), variables.back().end(), 0.0F);
        return value;
    }

    /// Runs `times` and leaves outputs and variables changed; the number of steps, 0 on failure.
    std::size_t run(const CompileOptions& options, int times = 1)
    {
        if (b.error())
            qWarning("%s", b.error()->sentence().c_str());
        auto program = Program::compile(graph, options);
        if (!program) {
            qWarning("%s", program.error().sentence().c_str());
            return 0;
        }
        std::vector<const void*> in;
        std::vector<void*> held;
        std::vector<void*> out;
        outputs.clear();
        for (const Value output : graph.outputs)
            outputs.emplace_back(static_cast<std::size_t>(*elementCount(b.shape(output))));
        for (const auto& values : inputs)
            in.push_back(values.data());
        for (auto& values : variables)
            held.push_back(values.data());
        for (auto& values : outputs)
            out.push_back(values.data());
        for (int i = 0; i < times; ++i) {
            if (!program->run(in, held, out))
                return 0;
        }
        return program->stepCount();
    }
};

/// A small convolutional net with normalization, and Adam: one training step.
void buildTraining(Machine& m)
{
    Builder& b = m.b;
    const Value x = m.input({ 4, 9, 10, 3 });
    const Value target = m.input({ 4, 5 });
    std::vector<Value> weights{ m.variable({ 3, 3, 3, 8 }), m.variable({ 8 }), m.variable({ 8 }),
        m.variable({ 8 }), m.variable({ 7 * 8 * 8, 5 }), m.variable({ 5 }) };
    const Window window{ {}, { 1, 1 }, { 1, 1 }, { 0, 0 }, { 0, 0 } };
    const Value y = b.relu(b.add(b.convolution(x, weights[0], window), weights[1]));
    const Value mean = b.mean(y, { 0, 1, 2 }, KeepAxes::Yes);
    const Value centred = b.subtract(y, mean);
    const Value variance = b.mean(b.square(centred), { 0, 1, 2 }, KeepAxes::Yes);
    const Value normal = b.multiply(centred, b.unary(Unary::Rsqrt, b.add(variance, 1e-3)));
    const Value scaled = b.tanh(b.add(b.multiply(normal, weights[2]), weights[3]));
    const Value logits = b.add(b.matmul(b.reshape(scaled, { 4, -1 }), weights[4]), weights[5]);
    const Value loss = b.negate(b.mean(b.multiply(b.logSoftmax(logits), b.softmax(target))));
    b.output(loss);
    b.output(scaled);
    const std::array<Value, 1> targets{ loss };
    const auto slopes = gradients(b, targets, {}, weights);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Value velocity = m.zeroVariable(b.shape(weights[i]));
        const Value square = m.zeroVariable(b.shape(weights[i]));
        const Value v = b.add(b.multiply(velocity, 0.9), b.multiply(slopes[i], 0.1));
        const Value s = b.add(b.multiply(square, 0.99), b.multiply(b.square(slopes[i]), 0.01));
        b.assign(velocity, v);
        b.assign(square, s);
        b.assign(weights[i],
            b.subtract(weights[i], b.divide(b.multiply(v, 0.01), b.add(b.sqrt(s), 1e-3))));
    }
}

QString difference(const std::vector<std::vector<float>>& a,
    const std::vector<std::vector<float>>& b, float tolerance)
{
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < a[i].size(); ++j) {
            if (!(std::fabs(a[i][j] - b[i][j]) <= tolerance * std::max(1.0F, std::fabs(b[i][j]))))
                return QString("array %1, element %2: %3 and %4")
                    .arg(i)
                    .arg(j)
                    .arg(static_cast<double>(a[i][j]))
                    .arg(static_cast<double>(b[i][j]));
        }
    }
    return {};
}

const CompileOptions plain{ .threads = 1, .probes = {}, .optimize = false };
const CompileOptions planned{ .threads = 1, .probes = {} };

/// Random element-wise graphs: any function of values that are there already, of four shapes that
/// broadcast to each other.
void buildRandom(Machine& m, unsigned seed)
{
    m.random.seed(seed);
    Builder& b = m.b;
    std::vector<Value> values{ m.input({ 6, 5, 7 }), m.input({ 7 }), m.input({ 6, 1, 1 }),
        m.input({ 5, 1 }), m.variable({ 6, 5, 7 }), b.scalar(0.5) };
    const Value variable = values[4];
    const auto any = [&] { return values[m.random() % values.size()]; };
    constexpr std::array unaries{ Unary::Negate, Unary::Tanh, Unary::Square, Unary::Relu,
        Unary::Sigmoid, Unary::Abs, Unary::Sin };
    constexpr std::array binaries{ Binary::Add, Binary::Multiply, Binary::Subtract, Binary::Maximum,
        Binary::SquaredDifference };
    for (int i = 0; i < 30; ++i) {
        switch (m.random() % 8) {
        case 0:
        case 1:
            values.push_back(b.unary(unaries[m.random() % unaries.size()], any()));
            break;
        case 2: {
            const Value condition = b.binary(Binary::Greater, any(), any());
            values.push_back(b.select(condition, any(), any()));
            if (m.random() % 2 == 0)
                values.push_back(b.cast(condition, DType::Float32));
            break;
        }
        case 3: {
            const Value x = any();
            const Shape shape = b.shape(x);
            values.push_back(b.reshape(b.clip(b.reshape(x, { -1 }), -0.5, 0.75), shape));
            break;
        }
        case 4:
            if (const Value x = any(); b.rank(x) > 0)
                values.push_back(b.mean(x, { -1 }, KeepAxes::Yes));
            break;
        default:
            values.push_back(b.binary(binaries[m.random() % binaries.size()], any(), any()));
        }
        if (b.rank(values.back()) == 3 && m.random() % 6 == 0)
            b.output(values.back());
    }
    b.output(values.back());
    for (std::size_t i = values.size(); i-- > 6;) {
        if (b.shape(values[i]) == b.shape(variable)) {
            b.assign(variable, values[i]);
            break;
        }
    }
}

} // namespace

class tst_Planning : public QObject
{
    Q_OBJECT

private slots:
    void changesNoTraining()
    {
        Machine a;
        Machine b;
        buildTraining(a);
        buildTraining(b);
        const std::size_t steps = a.run(planned, 10);
        const std::size_t nodes = b.run(plain, 10);
        QVERIFY(steps > 0 && steps * 2 < nodes);
        // Other exponentials and orders of addition: a few units in the last place a step.
        QVERIFY2(difference(a.outputs, b.outputs, 2e-5F).isEmpty(),
            qPrintable(difference(a.outputs, b.outputs, 2e-5F)));
        QVERIFY2(difference(a.variables, b.variables, 2e-5F).isEmpty(),
            qPrintable(difference(a.variables, b.variables, 2e-5F)));
    }

    void changesNoRandomGraph()
    {
        for (unsigned seed = 1; seed <= 300; ++seed) {
            Machine a;
            Machine b;
            buildRandom(a, seed);
            buildRandom(b, seed);
            QVERIFY(a.run(planned, 2) > 0);
            QVERIFY(b.run(plain, 2) > 0);
            const QString problem = difference(a.outputs, b.outputs, 1e-4F)
                + difference(a.variables, b.variables, 1e-4F);
            QVERIFY2(problem.isEmpty(), qPrintable(QString("seed %1: ").arg(seed) + problem));
        }
    }

    void givesTheSameBitsForAnyThreads()
    {
        std::vector<std::vector<float>> variables;
        for (const int threads : { 1, 2, 3, 2 }) {
            Machine m;
            buildTraining(m);
            QVERIFY(m.run({ .threads = threads, .probes = {} }, 5) > 0);
            if (!variables.empty())
                QVERIFY(m.variables == variables);
            variables = m.variables;
        }
    }

    void allocatesNothingInRun()
    {
        Machine m;
        buildTraining(m);
        for (const int threads : { 1, 2 }) {
            auto program = Program::compile(m.graph, { .threads = threads, .probes = {} });
            QVERIFY(program);
            std::vector<const void*> in;
            std::vector<void*> held;
            for (const auto& values : m.inputs)
                in.push_back(values.data());
            for (auto& values : m.variables)
                held.push_back(values.data());
            float loss = 0;
            std::vector<float> scaled(4 * 7 * 8 * 8);
            const std::array<void*, 2> out{ &loss, scaled.data() };
            QVERIFY(program->run(in, held, out)); // the pool may start its threads
            const std::size_t before = allocations;
            for (int i = 0; i < 5; ++i) {
                const bool ran = program->run(in, held, out).hasValue();
                QVERIFY(ran);
            }
            QCOMPARE(allocations.load(), before);
        }
    }

    void updatesVariablesInTheirOwnMemory()
    {
        Graph graph;
        Builder b(graph);
        const Value w = b.variable("w", { DType::Float32, { 1000 } });
        const Value g = b.input("g", { DType::Float32, { 1000 } });
        b.assign(w, b.subtract(w, b.multiply(g, 0.5)));
        const auto program = Program::compile(graph);
        QVERIFY(program);
        QCOMPARE(program->stepCount(), std::size_t{ 1 });
        QVERIFY(program->arenaBytes() < 4000); // scratch for a block, no copy of w
    }

    void keepsOldValuesForLaterReaders()
    {
        // w is read after its new value is known, by the output and through a view.
        Machine m;
        Builder& b = m.b;
        const Value w = m.variable({ 4, 3 });
        const std::vector<float> old = m.variables[0];
        const Value next = b.multiply(w, 2);
        b.assign(w, next);
        b.output(b.add(b.sum(next), b.sum(b.reshape(w, { 12 }))));
        b.output(w);
        QVERIFY(m.run(planned) > 0);
        float sum = 0;
        for (std::size_t i = 0; i < old.size(); ++i) {
            sum += 3 * old[i];
            QCOMPARE(m.variables[0][i], 2 * old[i]);
            QCOMPARE(m.outputs[1][i], old[i]);
        }
        QVERIFY(std::fabs(m.outputs[0][0] - sum) < 1e-5F);
    }

    void sharesEqualPartsAndDropsDeadOnes()
    {
        Machine m;
        Builder& b = m.b;
        const Value x = m.input({ 8, 8 });
        const Value first = b.matmul(x, x);
        const Value second = b.matmul(x, x);
        b.exp(b.matmul(first, second)); // nobody asks for it
        b.output(b.add(first, second));
        QCOMPARE(m.run(planned), std::size_t{ 2 });
    }

    void foldsConstants()
    {
        Machine m;
        Builder& b = m.b;
        const Value x = m.input({ 2 });
        b.output(b.multiply(x, b.exp(b.scalar(0)))); // x times 1
        QVERIFY(Program::compile(m.graph)->stepCount() == 0);
    }

    void addsBiasAndReluInTheProduct()
    {
        Machine m;
        Builder& b = m.b;
        const Value x = m.input({ 5, 2, 8 });
        b.output(b.relu(b.add(b.matmul(x, m.variable({ 8, 6 })), m.variable({ 6 }))));
        QCOMPARE(m.run(planned), std::size_t{ 1 });
        const auto fused = m.outputs;
        QVERIFY(m.run(plain) > 1);
        QCOMPARE(fused, m.outputs);
    }

    void keepsAProbeOfWhatIsFused()
    {
        Graph graph;
        Builder b(graph);
        const Value x = b.input("x", { DType::Float32, { 2, 2 } });
        const Value w = b.variable("w", { DType::Float32, { 2, 2 } });
        const Value product = b.matmul(x, w);
        const Value sum = b.add(product, b.variable("b", { DType::Float32, { 2 } }));
        b.output(b.sum(b.relu(sum)));
        auto program = Program::compile(graph, { .threads = 1, .probes = { sum, product, w } });
        QVERIFY(program);
        const std::vector<float> one{ 1, 0, 0, 1 };
        std::vector<float> weights{ 1, -2, 3, -4 };
        std::vector<float> bias{ 10, 1 };
        float out = 0;
        const std::array<const void*, 1> inputs{ one.data() };
        const std::array<void*, 2> variables{ weights.data(), bias.data() };
        const std::array<void*, 1> outputs{ &out };
        QVERIFY(program->run(inputs, variables, outputs));
        const auto probe = [&](std::size_t i) {
            const auto* kept = reinterpret_cast<const float*>(program->probe(i).data());
            return std::vector<float>(kept, kept + 4);
        };
        QCOMPARE(probe(0), (std::vector<float>{ 11, -1, 13, -3 }));
        QCOMPARE(probe(1), weights);
        QCOMPARE(probe(2), weights);
        QCOMPARE(out, 24.0F);
    }
};

QTEST_GUILESS_MAIN(tst_Planning)
#include "tst_planning.moc"
