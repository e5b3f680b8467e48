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
};

QTEST_GUILESS_MAIN(tst_Kernels)
#include "tst_kernels.moc"
