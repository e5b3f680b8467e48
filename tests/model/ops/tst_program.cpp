#include "model/ops/gradient.h"
#include "model/ops/program.h"

#include <QtTest>

using namespace layerscope;
using namespace layerscope::ops;

class tst_Program : public QObject
{
    Q_OBJECT

private slots:
    void assignsAfterEveryReader()
    {
        Graph graph;
        Builder b(graph);
        const Value u = b.variable("u", { DType::Float32, { 2 } });
        const Value v = b.variable("v", { DType::Float32, { 2 } });
        b.assign(u, v); // they swap
        b.assign(v, u);
        b.output(b.add(u, v));
        auto program = Program::compile(graph);
        QVERIFY(program);
        std::vector<float> a{ 1, 2 };
        std::vector<float> c{ 30, 40 };
        std::vector<float> sum(2);
        const std::array<void*, 2> variables{ a.data(), c.data() };
        const std::array<void*, 1> outputs{ sum.data() };
        QVERIFY(program->run({}, variables, outputs));
        QCOMPARE(a, (std::vector<float>{ 30, 40 }));
        QCOMPARE(c, (std::vector<float>{ 1, 2 }));
        QCOMPARE(sum, (std::vector<float>{ 31, 42 }));
    }

    void keepsProbes()
    {
        Graph graph;
        Builder b(graph);
        const Value x = b.input("x", { DType::Float32, { 3 } });
        const Value y = b.relu(x);
        b.output(b.sum(b.exp(y)));
        auto program = Program::compile(graph, { .threads = 1, .probes = { y, x } });
        QVERIFY(program);
        const std::vector<float> in{ -1, 0, 2 };
        float sum = 0;
        const std::array<const void*, 1> inputs{ in.data() };
        const std::array<void*, 1> outputs{ &sum };
        QVERIFY(program->run(inputs, {}, outputs));
        const auto* kept = reinterpret_cast<const float*>(program->probe(0).data());
        QCOMPARE(program->probe(0).size(), std::size_t{ 12 });
        QCOMPARE(std::vector<float>(kept, kept + 3), (std::vector<float>{ 0, 0, 2 }));
        const auto* input = reinterpret_cast<const float*>(program->probe(1).data());
        QCOMPARE(std::vector<float>(input, input + 3), in);
        QVERIFY(program->probe(2).empty());
    }

    void roundsHalvesAfterEachOp()
    {
        Graph graph;
        Builder b(graph);
        const Value x = b.input("x", { DType::Float16, { 1 } });
        b.output(b.subtract(b.add(x, 2048), 2048)); // 2049 is no half
        const auto result = evaluate(
            graph, std::vector{ *Tensor::of<float>({ 1 }, { 1 }).converted(DType::Float16) });
        QVERIFY(result);
        QCOMPARE((*result)[0].dtype(), DType::Float16);
        QCOMPARE((*result)[0].valuesAs<std::uint16_t>()[0], std::uint16_t{ 0 });
    }

    void leavesVariablesAloneWhenStopped()
    {
        Graph graph;
        Builder b(graph);
        const Value v = b.variable("v", { DType::Float32, { 1 } });
        b.assign(v, b.add(v, 1));
        auto program = Program::compile(graph);
        QVERIFY(program);
        float value = 5;
        const std::array<void*, 1> variables{ &value };
        std::stop_source stop;
        stop.request_stop();
        const auto result = program->run({}, variables, {}, JobContext(stop.get_token(), {}));
        QVERIFY(!result);
        QCOMPARE(result.error().kind(), ErrorKind::Stopped);
        QCOMPARE(value, 5.0F);
    }

    void refusesTooFewPointers()
    {
        Graph graph;
        Builder b(graph);
        b.output(b.input("x", { DType::Float32, { 1 } }));
        auto program = Program::compile(graph);
        QVERIFY(program);
        QVERIFY(!program->run({}, {}, {}));
    }

    void refusesMoreMemoryThanThereIs()
    {
        Graph graph;
        Builder b(graph);
        const Value x = b.input("x", { DType::Float32, { 1, 1 } });
        const std::int64_t huge = std::int64_t{ 1 } << 28;
        b.output(b.sum(b.exp(b.broadcastTo(x, { huge, huge }))));
        const auto program
            = Program::compile(graph, { .threads = 1, .probes = {}, .optimize = false });
        QVERIFY(!program);
        QCOMPARE(program.error().kind(), ErrorKind::OutOfMemory);
    }
};

QTEST_GUILESS_MAIN(tst_Program)
#include "tst_program.moc"
