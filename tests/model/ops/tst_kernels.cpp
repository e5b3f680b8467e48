#include "model/ops/gradient.h"
#include "model/ops/kernels/simd/simd.h"
#include "model/ops/program.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <random>

using namespace layerscope;
using namespace layerscope::ops;

namespace {

using Build = std::function<Value(Builder&, const std::vector<Value>&)>;

std::vector<double> randomNumbers(std::int64_t count, unsigned seed, double low, double high)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> numbers(low, high);
    std::vector<double> values(static_cast<std::size_t>(count));
    for (double& value : values)
        value = static_cast<double>(static_cast<float>(numbers(random)));
    return values;
}

/// The result of `build` and its gradients to all inputs, computed in `type`.
std::vector<std::vector<double>> compute(const std::vector<Shape>& shapes, const Build& build,
    DType type, int threads, double low, double high)
{
    Graph graph;
    Builder b(graph);
    std::vector<Value> x;
    std::vector<Tensor> tensors;
    for (const Shape& shape : shapes) {
        x.push_back(b.input("x", { type, shape }));
        const auto seed = static_cast<unsigned>(x.size());
        tensors.push_back(
            *Tensor::of<double>(shape, randomNumbers(*elementCount(shape), seed, low, high))
                 .converted(type));
    }
    const Value y = build(b, x);
    b.output(y);
    const Shape shape = b.shape(y);
    if (isFloating(b.dtype(y))) {
        const Value upstream
            = b.constant(*Tensor::of<double>(shape, randomNumbers(*elementCount(shape), 99, -1, 1))
                              .converted(type));
        const std::array<Value, 1> targets{ y };
        const std::array<Value, 1> upstreams{ upstream };
        for (const Value g : gradients(b, targets, upstreams, x)) {
            if (g)
                b.output(g);
        }
    }
    if (b.error())
        qWarning("%s", b.error()->sentence().c_str());
    auto program = Program::compile(graph, { .threads = threads, .probes = {} });
    if (!program)
        qWarning("%s", program.error().sentence().c_str());
    std::vector<const void*> in;
    for (const Tensor& tensor : tensors)
        in.push_back(tensor.bytes().data());
    std::vector<Tensor> results;
    std::vector<void*> out;
    for (const Value output : graph.outputs)
        results.push_back(*Tensor::zeros(graph.info(output).dtype, graph.info(output).shape));
    for (Tensor& result : results)
        out.push_back(result.mutableBytes().data());
    if (!program->run(in, {}, out))
        qWarning("run failed");
    std::vector<std::vector<double>> numbers;
    for (const Tensor& result : results) {
        const Tensor wide = *result.converted(DType::Float64);
        const auto values = wide.valuesAs<double>();
        numbers.emplace_back(values.begin(), values.end());
    }
    return numbers;
}

/// float32 against the plain loops in double; the tolerance is relative to the largest number.
QString difference(const std::vector<std::vector<double>>& found,
    const std::vector<std::vector<double>>& expected, double tolerance)
{
    for (std::size_t i = 0; i < expected.size(); ++i) {
        double largest = 1e-30;
        for (const double value : expected[i])
            largest = std::max(largest, std::isfinite(value) ? std::fabs(value) : 0.0);
        for (std::size_t j = 0; j < expected[i].size(); ++j) {
            const double a = found[i][j];
            const double b = expected[i][j];
            const bool same = a == b || (std::isnan(a) && std::isnan(b))
                || std::fabs(a - b) <= tolerance * largest;
            if (!same)
                return QString("output %1, element %2: %3 is to be %4").arg(i).arg(j).arg(a).arg(b);
        }
    }
    return {};
}

QString check(const std::vector<Shape>& shapes, const Build& build, double tolerance = 2e-6,
    double low = -1, double high = 1)
{
    const auto expected = compute(shapes, build, DType::Float64, 1, low, high);
    for (const int threads : { 1, 2, 3 }) {
        const auto found = compute(shapes, build, DType::Float32, threads, low, high);
        const QString problem = difference(found, expected, tolerance);
        if (!problem.isEmpty())
            return QString("%1 threads: %2").arg(threads).arg(problem);
    }
    return {};
}

Window window(Shape size, Shape strides, Shape dilations, Shape before, Shape after)
{
    return { std::move(size), std::move(strides), std::move(dilations), std::move(before),
        std::move(after) };
}

struct ConvolutionCase
{
    const char* name;
    Shape x;
    Shape kernel;
    Window window;
    std::int64_t groups = 1;
};

std::vector<ConvolutionCase> convolutionCases()
{
    const Window plain = window({}, { 1, 1 }, { 1, 1 }, { 0, 0 }, { 0, 0 });
    const Window same = window({}, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 });
    return { { "one channel", { 3, 9, 11, 1 }, { 3, 3, 1, 5 }, plain },
        { "many channels", { 2, 12, 13, 19 }, { 3, 3, 19, 37 }, plain },
        { "same padding", { 2, 10, 7, 8 }, { 3, 3, 8, 16 }, same },
        { "large enough for threads", { 4, 24, 26, 32 }, { 3, 3, 32, 40 }, same },
        { "pointwise", { 2, 9, 8, 12 }, { 1, 1, 12, 33 }, plain },
        { "pointwise, strided", { 2, 9, 8, 12 }, { 1, 1, 12, 6 },
            window({}, { 2, 2 }, { 1, 1 }, { 0, 0 }, { 0, 0 }) },
        { "strided, uneven padding", { 2, 11, 14, 6 }, { 3, 5, 6, 10 },
            window({}, { 2, 3 }, { 1, 1 }, { 0, 1 }, { 1, 3 }) },
        { "dilated", { 2, 15, 13, 5 }, { 3, 2, 5, 7 },
            window({}, { 1, 1 }, { 3, 4 }, { 2, 1 }, { 3, 0 }) },
        { "dilated and strided", { 1, 15, 13, 5 }, { 3, 2, 5, 7 },
            window({}, { 2, 2 }, { 3, 4 }, { 2, 1 }, { 3, 0 }) },
        { "more padding than window", { 1, 5, 5, 3 }, { 2, 2, 3, 4 },
            window({}, { 1, 1 }, { 1, 1 }, { 3, 4 }, { 2, 3 }) },
        { "groups", { 2, 8, 9, 16 }, { 3, 3, 8, 12 }, same, 2 },
        { "thin groups", { 2, 8, 9, 6 }, { 3, 3, 2, 9 }, same, 3 },
        { "depthwise", { 2, 8, 9, 21 }, { 3, 3, 1, 21 }, same, 21 },
        { "depthwise, strided", { 2, 9, 9, 21 }, { 3, 3, 1, 21 },
            window({}, { 2, 2 }, { 1, 1 }, { 0, 1 }, { 1, 1 }), 21 },
        { "depthwise, two of each", { 2, 8, 9, 5 }, { 3, 3, 1, 10 }, same, 5 },
        { "one axis", { 3, 50, 9 }, { 5, 9, 20 }, window({}, { 1 }, { 1 }, { 4 }, { 0 }) },
        { "one axis, strided", { 3, 50, 9 }, { 5, 9, 20 }, window({}, { 3 }, { 1 }, { 1 }, { 2 }) },
        { "three axes", { 2, 5, 6, 7, 3 }, { 2, 3, 2, 3, 8 },
            window({}, { 1, 2, 1 }, { 1, 1, 2 }, { 0, 1, 1 }, { 1, 1, 1 }) },
        { "window as large as the input", { 2, 6, 6, 8 }, { 6, 6, 8, 10 }, plain } };
}

struct Case
{
    const char* name;
    std::vector<Shape> shapes;
    Build build;
};

Build unaryOf(Unary function)
{
    return [=](Builder& b, const std::vector<Value>& x) { return b.unary(function, x[0]); };
}

Build binaryOf(Binary function)
{
    return [=](Builder& b, const std::vector<Value>& x) { return b.binary(function, x[0], x[1]); };
}

Build reduceOf(Reduction kind, std::vector<std::int64_t> axes)
{
    return [=](Builder& b, const std::vector<Value>& x) { return b.reduce(kind, x[0], axes); };
}

std::vector<Case> elementCases()
{
    std::vector<Case> cases;
    for (const Unary function : { Unary::Negate, Unary::Abs, Unary::Sign, Unary::Square, Unary::Exp,
             Unary::Expm1, Unary::Sin, Unary::Cos, Unary::Tanh, Unary::Sigmoid, Unary::Erf,
             Unary::Floor, Unary::Ceil, Unary::Round, Unary::Relu, Unary::Softplus })
        cases.push_back({ "a function", { { 7, 83 } }, unaryOf(function) });
    const std::vector<std::pair<Shape, Shape>> shapes{ { { 5, 7, 11 }, { 5, 7, 11 } },
        { { 5, 7, 11 }, { 11 } }, { { 7, 1 }, { 5, 7, 11 } }, { { 5, 1, 11 }, { 7, 1 } },
        { { 3, 700 }, { 700 } }, { { 300, 5 }, { 300, 1 } }, { {}, { 600 } },
        { { 2, 3, 1, 5 }, { 3, 4, 5 } } };
    for (const auto& [a, b] : shapes) {
        for (const Binary function : { Binary::Add, Binary::Multiply, Binary::Maximum,
                 Binary::SquaredDifference, Binary::Subtract })
            cases.push_back({ "two sides", { a, b }, binaryOf(function) });
        cases.push_back({ "choice", { a, b }, [](Builder& m, const std::vector<Value>& x) {
                             return m.select(
                                 m.binary(Binary::Less, x[0], x[1]), x[0], m.multiply(x[1], 2));
                         } });
    }
    cases.push_back({ "large enough for threads", { { 700, 1000 }, { 1000 } },
        [](Builder& b, const std::vector<Value>& x) {
            return b.tanh(b.multiply(b.exp(x[0]), b.add(x[1], 1)));
        } });
    return cases;
}

std::vector<Case> reductionCases()
{
    std::vector<Case> cases;
    for (const Reduction kind :
        { Reduction::Sum, Reduction::Mean, Reduction::Max, Reduction::Min }) {
        cases.push_back({ "all axes", { { 3, 5, 70 } }, reduceOf(kind, {}) });
        cases.push_back({ "last axis", { { 9, 67 } }, reduceOf(kind, { 1 }) });
        cases.push_back({ "first axis", { { 130, 45 } }, reduceOf(kind, { 0 }) });
        cases.push_back({ "middle axis", { { 3, 65, 7 } }, reduceOf(kind, { 1 }) });
        cases.push_back({ "two apart", { { 5, 6, 7, 8 } }, reduceOf(kind, { 0, 2 }) });
        cases.push_back({ "all but channels", { { 4, 9, 10, 33 } }, reduceOf(kind, { 0, 1, 2 }) });
        cases.push_back({ "axis of length 1", { { 4, 1, 5 } }, reduceOf(kind, { 1 }) });
    }
    cases.push_back(
        { "large enough for threads", { { 40, 100, 500 } }, reduceOf(Reduction::Sum, { 1 }) });
    cases.push_back({ "product", { { 3, 11 } }, reduceOf(Reduction::Prod, { 1 }) });
    for (const std::int64_t axis : { 0, 1, 2 }) {
        for (const std::int64_t length : { 1, 5, 8, 37 }) {
            const Shape shape{ length, 3, length };
            cases.push_back({ "softmax", { shape }, [=](Builder& b, const std::vector<Value>& x) {
                                 return b.softmax(b.multiply(x[0], 5), axis);
                             } });
            cases.push_back(
                { "log softmax", { shape }, [=](Builder& b, const std::vector<Value>& x) {
                     return b.logSoftmax(b.multiply(x[0], 5), axis);
                 } });
            cases.push_back(
                { "log sum exp", { shape }, [=](Builder& b, const std::vector<Value>& x) {
                     return b.logSumExp(b.multiply(x[0], 5), { axis });
                 } });
        }
    }
    return cases;
}

std::vector<Case> windowCases()
{
    std::vector<Case> cases;
    const std::vector<std::pair<Shape, Window>> windows{
        { { 2, 12, 13, 19 }, window({ 2, 2 }, { 2, 2 }, { 1, 1 }, { 0, 0 }, { 0, 1 }) },
        { { 2, 9, 8, 5 }, window({ 3, 3 }, { 1, 2 }, { 1, 1 }, { 1, 1 }, { 1, 1 }) },
        { { 3, 20, 6 }, window({ 4 }, { 3 }, { 2 }, { 2 }, { 3 }) },
        { { 1, 4, 5, 6, 3 },
            window({ 2, 2, 2 }, { 2, 1, 2 }, { 1, 1, 1 }, { 0, 0, 0 }, { 0, 1, 0 }) },
        { { 8, 40, 40, 40 }, window({ 3, 3 }, { 2, 2 }, { 1, 1 }, { 1, 1 }, { 1, 1 }) }
    };
    for (const auto& [shape, w] : windows) {
        cases.push_back({ "max pool", { shape },
            [w = w](Builder& b, const std::vector<Value>& x) { return b.maxPool(x[0], w); } });
        cases.push_back({ "average pool", { shape },
            [w = w](Builder& b, const std::vector<Value>& x) { return b.averagePool(x[0], w); } });
    }
    return cases;
}

std::vector<Case> moveCases()
{
    return { { "transpose", { { 33, 47 } },
                 [](Builder& b, const std::vector<Value>& x) {
                     return b.transpose(x[0], { 1, 0 });
                 } },
        { "swap inner axes", { { 3, 17, 4, 9 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.transpose(x[0], { 0, 2, 1, 3 });
            } },
        { "turn all axes", { { 5, 6, 7 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.transpose(x[0], { 2, 1, 0 });
            } },
        { "large transpose", { { 900, 700 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.transpose(x[0], { 1, 0 });
            } },
        { "slices", { { 9, 40 } },
            [](Builder& b, const std::vector<Value>& x) {
                const auto parts = b.split(x[0], 1, { 10, 10, 10, 10 });
                return b.add(b.multiply(b.sigmoid(parts[0]), b.tanh(parts[2])),
                    b.multiply(parts[1], b.sigmoid(parts[3])));
            } },
        { "slice with steps", { { 9, 40, 3 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.exp(b.slice(x[0], { 8, 1, 0 }, { -1, 40, 3 }, { -2, 3, 1 }));
            } },
        { "pad and concat", { { 3, 4 }, { 3, 6 } },
            [](Builder& b, const std::vector<Value>& x) {
                const std::array<Value, 3> parts{ x[1], x[0], x[1] };
                return b.pad(b.concat(parts, 1), { 1, 0 }, { 2, 3 }, 0.5);
            } },
        { "reverse, repeat, tile", { { 3, 4, 5 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.tile(b.repeat(b.reverse(x[0], { 1, 2 }), 2, 1), { 1, 1, 2 });
            } },
        { "gather and scatter", { { 50, 33 } },
            [](Builder& b, const std::vector<Value>& x) {
                std::vector<std::int32_t> rows(400);
                for (std::size_t i = 0; i < rows.size(); ++i)
                    rows[i] = static_cast<std::int32_t>(i * 7 % 53);
                return b.gather(x[0], b.constant(Tensor::of<std::int32_t>({ 20, 20 }, rows)));
            } },
        { "cumulative sum and top k", { { 6, 30 } }, [](Builder& b, const std::vector<Value>& x) {
             return b.topK(b.cumulativeSum(x[0], 1), 4).first;
         } } };
}

std::vector<Case> allCases()
{
    std::vector<Case> cases = elementCases();
    for (const auto& more : { reductionCases(), windowCases(), moveCases() })
        cases.insert(cases.end(), more.begin(), more.end());
    return cases;
}

} // namespace

class tst_Kernels : public QObject
{
    Q_OBJECT

private slots:
    void multiplyMatricesOfEverySize()
    {
        const std::array<std::array<std::int64_t, 3>, 14> sizes{ { { 1, 1, 1 }, { 2, 3, 1 },
            { 32, 8, 1 }, { 1, 700, 9 }, { 7, 5, 16 }, { 13, 33, 17 }, { 32, 2, 8 }, { 6, 1, 32 },
            { 32, 784, 100 }, { 200, 40, 5 }, { 250, 321, 64 }, { 5, 1000, 33 }, { 65, 66, 67 },
            { 300, 300, 300 } } };
        for (const auto& [m, k, n] : sizes) {
            for (int turned = 0; turned < 4; ++turned) {
                const Shape a = (turned & 1) != 0 ? Shape{ k, m } : Shape{ m, k };
                const Shape b = (turned & 2) != 0 ? Shape{ n, k } : Shape{ k, n };
                const QString problem
                    = check({ a, b }, [=](Builder& builder, const std::vector<Value>& x) {
                          return builder.matmul(x[0], x[1],
                              (turned & 1) != 0 ? Transposed::Yes : Transposed::No,
                              (turned & 2) != 0 ? Transposed::Yes : Transposed::No);
                      });
                QVERIFY2(problem.isEmpty(),
                    qPrintable(
                        QString("%1 %2 %3, %4: ").arg(m).arg(k).arg(n).arg(turned) + problem));
            }
        }
    }

    void multiplyBatchesOfMatrices()
    {
        const QString problem = check({ { 3, 1, 5, 7 }, { 2, 7, 9 } },
            [](Builder& b, const std::vector<Value>& x) { return b.matmul(x[0], x[1]); });
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }

    void convolve_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const ConvolutionCase& c : convolutionCases())
            QTest::newRow(c.name) << index++;
    }
    void convolve()
    {
        QFETCH(int, index);
        const ConvolutionCase c = convolutionCases()[static_cast<std::size_t>(index)];
        const QString problem
            = check({ c.x, c.kernel }, [&](Builder& b, const std::vector<Value>& x) {
                  return b.convolution(x[0], x[1], c.window, c.groups);
              });
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }

    void followPlainLoops_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Case& c : allCases()) {
            QTest::newRow(qPrintable(QString("%1: %2").arg(index).arg(c.name))) << index;
            ++index;
        }
    }
    void followPlainLoops()
    {
        QFETCH(int, index);
        const Case c = allCases()[static_cast<std::size_t>(index)];
        const QString problem = check(c.shapes, c.build, 4e-6);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }

    void giveTheSameBitsForAnyThreads()
    {
        // Large enough that every kernel here shares its work out.
        const Build build = [](Builder& b, const std::vector<Value>& x) {
            const Window same = window({}, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 });
            const Window pool = window({ 2, 2 }, { 2, 2 }, { 1, 1 }, { 0, 0 }, { 0, 0 });
            const Value y = b.tanh(b.convolution(x[0], x[1], same));
            const Value rows = b.reshape(b.maxPool(y, pool), { 8, -1 });
            return b.softmax(b.matmul(rows, x[2]));
        };
        const std::vector<Shape> shapes{ { 8, 40, 40, 16 }, { 3, 3, 16, 32 }, { 12800, 130 } };
        const auto once = compute(shapes, build, DType::Float32, 1, -1, 1);
        for (const int threads : { 2, 3, 7 })
            QVERIFY(compute(shapes, build, DType::Float32, threads, -1, 1) == once);
    }
};

QTEST_GUILESS_MAIN(tst_Kernels)
#include "tst_kernels.moc"
