#include "model/ops/builder.h"
#include "model/ops/op_type.h"

#include <QtTest>

using namespace layerscope;
using namespace layerscope::ops;

namespace {

/// A graph with some float32 inputs to try rules on.
struct Bench
{
    Graph graph;
    Builder b{ graph };

    Value of(Shape shape, DType type = DType::Float32)
    {
        return b.input("x", { type, std::move(shape) });
    }
    Value integers(Shape shape) { return of(std::move(shape), DType::Int32); }
    bool refuses(ErrorKind kind = ErrorKind::ShapeMismatch) const
    {
        return b.error() && b.error()->kind() == kind;
    }
};

Window window2d(Shape size, Shape strides = { 1, 1 })
{
    Window window{ .size = std::move(size),
        .strides = std::move(strides),
        .dilations = {},
        .padBefore = {},
        .padAfter = {} };
    setValidPadding(window);
    return window;
}

} // namespace

class tst_ShapeRules : public QObject
{
    Q_OBJECT

private slots:
    void everyOpIsDescribedAndCanBeComputed()
    {
        QVERIFY(allOps().size() > 30);
        for (const OpType* op : allOps()) {
            QVERIFY(!op->name.empty());
            QVERIFY(!op->words.empty());
            QVERIFY(op->infer != nullptr);
            QVERIFY2(op->prepare != nullptr, std::string(op->name).c_str());
        }
    }

    void broadcastsAsNumPy()
    {
        Bench t;
        QCOMPARE(t.b.shape(t.b.add(t.of({ 4, 1, 3 }), t.of({ 5, 1 }))), (Shape{ 4, 5, 3 }));
        QCOMPARE(t.b.shape(t.b.add(t.of({ 2, 3 }), 1.0)), (Shape{ 2, 3 }));
        QCOMPARE(t.b.dtype(t.b.binary(Binary::Less, t.of({ 2 }), t.of({ 2 }))), DType::Bool);
        QVERIFY(!t.b.error());
    }

    void refusesShapesThatDoNotBroadcast()
    {
        Bench t;
        const Builder::Scope outer(t.b, "model");
        const Builder::Scope inner(t.b, "dense");
        QVERIFY(!t.b.add(t.of({ 2, 3 }), t.of({ 2, 4 })));
        QVERIFY(t.refuses());
        QCOMPARE(t.b.error()->places(), std::vector<std::string>{ "model/dense" });
    }

    void nothingIsBuiltAfterAnError()
    {
        Bench t;
        const Value x = t.of({ 2, 3 });
        t.b.matmul(x, x);
        const std::size_t nodes = t.graph.nodes.size();
        QVERIFY(t.refuses());
        QVERIFY(!t.b.relu(x));
        QVERIFY(!t.b.scalar(1));
        t.b.output(x);
        QCOMPARE(t.graph.nodes.size(), nodes);
        QVERIFY(t.graph.outputs.empty());
    }

    void refusesMixedDtypes()
    {
        Bench t;
        t.b.add(t.of({ 2 }), t.integers({ 2 }));
        QVERIFY(t.refuses());
    }

    void refusesAbsentValues()
    {
        Bench t;
        t.b.relu({});
        QVERIFY(t.refuses(ErrorKind::InvalidArgument));
    }

    void multipliesMatrices()
    {
        Bench t;
        QCOMPARE(t.b.shape(t.b.matmul(t.of({ 5, 2, 3 }), t.of({ 3, 4 }))), (Shape{ 5, 2, 4 }));
        QCOMPARE(t.b.shape(t.b.matmul(
                     t.of({ 7, 1, 2, 3 }), t.of({ 6, 4, 3 }), Transposed::No, Transposed::Yes)),
            (Shape{ 7, 6, 2, 4 }));
        QVERIFY(!t.b.error());
        t.b.matmul(t.of({ 2, 3 }), t.of({ 2, 3 }));
        QVERIFY(t.refuses());
    }

    void readsEinsumEquations()
    {
        Bench t;
        QCOMPARE(t.b.shape(t.b.einsum("abc,cd->abd", t.of({ 2, 3, 4 }), t.of({ 4, 5 }))),
            (Shape{ 2, 3, 5 }));
        QCOMPARE(
            t.b.shape(t.b.einsum("aecd,abcd->acbe", t.of({ 2, 3, 4, 5 }), t.of({ 2, 6, 4, 5 }))),
            (Shape{ 2, 4, 6, 3 }));
        QCOMPARE(t.b.shape(t.b.einsum("...x,xy->...y", t.of({ 2, 3, 4 }), t.of({ 4, 5 }))),
            (Shape{ 2, 3, 5 }));
        QCOMPARE(t.b.shape(t.b.einsum("ab,cd->", t.of({ 2, 3 }), t.of({ 4, 5 }))), Shape{});
        QVERIFY(!t.b.error());
    }

    void refusesEinsumEquations_data()
    {
        QTest::addColumn<QString>("equation");
        QTest::newRow("no arrow") << "ab,bc";
        QTest::newRow("repeated letter") << "aa,ab->b";
        QTest::newRow("too few letters") << "a,bc->ac";
        QTest::newRow("unknown letter in the result") << "ab,bc->ad";
        QTest::newRow("not a letter") << "a1,bc->ac";
        QTest::newRow("lengths differ") << "ab,ca->bc";
    }
    void refusesEinsumEquations()
    {
        QFETCH(QString, equation);
        Bench t;
        t.b.einsum(equation.toStdString(), t.of({ 2, 3 }), t.of({ 3, 4 }));
        QVERIFY(t.b.error());
    }

    void convolves()
    {
        Bench t;
        Window same = window2d({ 3, 3 }, { 2, 2 });
        const std::vector<std::int64_t> lengths{ 28, 27 };
        setSamePadding(same, lengths);
        const Value y = t.b.convolution(t.of({ 8, 28, 27, 4 }), t.of({ 3, 3, 2, 6 }), same, 2);
        QCOMPARE(t.b.shape(y), (Shape{ 8, 14, 14, 6 }));
        QCOMPARE(same.padBefore, (std::vector<std::int64_t>{ 0, 1 }));
        QCOMPARE(same.padAfter, (std::vector<std::int64_t>{ 1, 1 }));
        QCOMPARE(t.b.shape(t.b.convolutionToInput(y, t.of({ 3, 3, 2, 6 }), same, { 28, 27 }, 2)),
            (Shape{ 8, 28, 27, 4 }));
        QCOMPARE(t.b.shape(t.b.depthwiseConvolution(
                     t.of({ 1, 9, 9, 4 }), t.of({ 3, 3, 4, 2 }), window2d({ 3, 3 }))),
            (Shape{ 1, 7, 7, 8 }));
        QVERIFY2(!t.b.error(), t.b.error() ? t.b.error()->message().c_str() : "");
    }

    void refusesConvolutionsThatDoNotFit()
    {
        for (int wrong = 0; wrong < 5; ++wrong) {
            Bench t;
            const Window window = window2d({ 3, 3 }, { wrong == 0 ? 0 : 1, 1 });
            const Value x = t.of({ 1, wrong == 1 ? 2 : 8, 8, 4 });
            const Value kernel = t.of({ 3, 3, wrong == 2 ? 3 : 4, 6 });
            if (wrong == 4)
                t.b.convolutionToInput(x, kernel, window, { 8, 8 });
            else
                t.b.convolution(x, kernel, window, wrong == 3 ? 4 : 1);
            QVERIFY(t.refuses());
        }
    }

    void refusesSizesBeyondMemory()
    {
        Bench t;
        const std::int64_t huge = std::int64_t{ 1 } << 40;
        t.b.broadcastTo(t.of({ 1, 1 }), { huge, huge });
        QVERIFY(t.refuses(ErrorKind::OutOfMemory));
    }

    void reducesAxes()
    {
        Bench t;
        const Value x = t.of({ 2, 3, 4 });
        QCOMPARE(t.b.shape(t.b.sum(x)), Shape{});
        QCOMPARE(t.b.shape(t.b.mean(x, { -1, 0 })), (Shape{ 3 }));
        QCOMPARE(t.b.shape(t.b.sum(x, { 1 }, KeepAxes::Yes)), (Shape{ 2, 1, 4 }));
        QCOMPARE(t.b.shape(t.b.logSumExp(x, { 1 })), (Shape{ 2, 4 }));
        QCOMPARE(t.b.shape(t.b.argMax(x, -1)), (Shape{ 2, 3 }));
        QVERIFY(!t.b.error());
        t.b.sum(x, { 3 });
        QVERIFY(t.refuses());
    }

    void movesAxesAndParts()
    {
        Bench t;
        const Value x = t.of({ 2, 3, 4 });
        QCOMPARE(t.b.shape(t.b.reshape(x, { -1, 6 })), (Shape{ 4, 6 }));
        QCOMPARE(t.b.shape(t.b.transpose(x, { 2, 0, 1 })), (Shape{ 4, 2, 3 }));
        QCOMPARE(
            t.b.shape(t.b.slice(x, { 0, 2, 0 }, { 2, -1, 4 }, { 1, -2, 3 })), (Shape{ 2, 2, 2 }));
        QCOMPARE(t.b.shape(t.b.pad(x, { 0, 1, 2 }, { 1, 0, 0 })), (Shape{ 3, 4, 6 }));
        QCOMPARE(t.b.shape(t.b.gather(x, t.integers({ 5, 6 }), 1)), (Shape{ 2, 5, 6, 4 }));
        QCOMPARE(t.b.shape(t.b.tile(x, { 1, 2, 3 })), (Shape{ 2, 6, 12 }));
        QCOMPARE(t.b.shape(t.b.repeat(x, 2, 1)), (Shape{ 2, 6, 4 }));
        QCOMPARE(t.b.shape(t.b.oneHot(t.integers({ 3 }), 7)), (Shape{ 3, 7 }));
        QCOMPARE(t.b.shape(t.b.topK(x, 2).first), (Shape{ 2, 3, 2 }));
        QCOMPARE(t.b.split(x, 2, { 1, 3 }).size(), std::size_t{ 2 });
        QVERIFY2(!t.b.error(), t.b.error() ? t.b.error()->message().c_str() : "");
    }

    void refusesImpossibleMoves_data()
    {
        QTest::addColumn<int>("what");
        const char* names[] = { "reshape to another count", "reshape with no fitting -1",
            "transpose with an axis twice", "slice beyond the end", "slice with stride 0",
            "negative padding", "concat of other lengths", "gather by floats",
            "squeeze of length 3", "split that does not add up", "top k of too many",
            "tile without all counts", "broadcast to a smaller shape", "clip with crossed bounds",
            "repeat a negative count" };
        for (int i = 0; i < 15; ++i)
            QTest::newRow(names[i]) << i;
    }
    void refusesImpossibleMoves()
    {
        QFETCH(int, what);
        Bench t;
        const Value x = t.of({ 2, 3 });
        const std::array<Value, 2> parts{ x, t.of({ 3, 2 }) };
        const std::array<std::function<void()>, 15> moves{ [&] { t.b.reshape(x, { 7 }); },
            [&] {
                t.b.reshape(x, { -1, 4 });
            },
            [&] {
                t.b.transpose(x, { 0, 0 });
            },
            [&] {
                t.b.slice(x, { 0, 0 }, { 2, 4 });
            },
            [&] {
                t.b.slice(x, { 0, 0 }, { 2, 3 }, { 1, 0 });
            },
            [&] {
                t.b.pad(x, { -1, 0 }, { 0, 0 });
            },
            [&] { t.b.concat(parts, 0); }, [&] { t.b.gather(x, x); }, [&] { t.b.squeeze(x, 1); },
            [&] {
                t.b.split(x, 1, { 1, 1 });
            },
            [&] { t.b.topK(x, 4); }, [&] { t.b.tile(x, { 2 }); },
            [&] { t.b.broadcastTo(x, { 3 }); }, [&] { t.b.clip(x, 1, 0); },
            [&] { t.b.repeat(x, -1, 0); } };
        moves[static_cast<std::size_t>(what)]();
        QVERIFY(t.b.error());
    }

    void refusesAssignmentsThatDoNotFit()
    {
        Bench t;
        const Value w = t.b.variable("w", { DType::Float32, { 2 } });
        t.b.assign(w, t.of({ 3 }));
        QVERIFY(t.refuses());
        Bench other;
        const Value x = other.of({ 2 });
        other.b.assign(x, x);
        QVERIFY(other.refuses(ErrorKind::InvalidArgument));
    }
};

QTEST_GUILESS_MAIN(tst_ShapeRules)
#include "tst_shape_rules.moc"
