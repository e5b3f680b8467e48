#include "model/ops/gradient.h"
#include "model/ops/program.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <random>

using namespace layerscope;
using namespace layerscope::ops;

namespace {

using Build = std::function<Value(Builder&, const std::vector<Value>&)>;

/// A differentiable computation: shapes of its float64 inputs, and how it is built.
struct Case
{
    const char* name;
    std::vector<Shape> shapes;
    Build build;
    double low = -2;
    double high = 2;
};

Window window(Shape size, Shape strides, Shape dilations, Shape before, Shape after)
{
    return { std::move(size), std::move(strides), std::move(dilations), std::move(before),
        std::move(after) };
}

const Window plain2d = window({ 3, 2 }, { 1, 1 }, { 1, 1 }, { 0, 0 }, { 0, 0 });
const Window strided2d = window({ 3, 2 }, { 2, 3 }, { 1, 1 }, { 1, 0 }, { 2, 1 });
const Window dilated2d = window({ 3, 2 }, { 1, 2 }, { 2, 3 }, { 2, 1 }, { 1, 2 });
const Window strided1d = window({ 3 }, { 2 }, { 1 }, { 1 }, { 1 });
const Window plain3d = window({ 2, 2, 2 }, { 1, 2, 1 }, { 1, 1, 2 }, { 0, 1, 1 }, { 1, 0, 1 });

Case unaryCase(const char* name, Unary function, double low = -2, double high = 2)
{
    return { name, { { 3, 4 } },
        [function](Builder& b, const std::vector<Value>& x) { return b.unary(function, x[0]); },
        low, high };
}

Case binaryCase(const char* name, Binary function, double low = -2, double high = 2)
{
    return { name, { { 3, 1, 4 }, { 2, 1 } },
        [function](
            Builder& b, const std::vector<Value>& x) { return b.binary(function, x[0], x[1]); },
        low, high };
}

Case matmulCase(const char* name, Shape a, Shape b, Transposed ta, Transposed tb)
{
    return { name, { std::move(a), std::move(b) },
        [=](Builder& m, const std::vector<Value>& x) { return m.matmul(x[0], x[1], ta, tb); } };
}

Case reduceCase(const char* name, Reduction kind)
{
    return { name, { { 2, 3, 4 } }, [kind](Builder& b, const std::vector<Value>& x) {
                return b.reduce(kind, x[0], { 0, -1 });
            } };
}

Case convolutionCase(
    const char* name, Shape x, Shape kernel, const Window& window, std::int64_t groups)
{
    return { name, { std::move(x), std::move(kernel) },
        [=](Builder& b, const std::vector<Value>& v) {
            return b.convolution(v[0], v[1], window, groups);
        } };
}

std::vector<Case> elementCases()
{
    return { unaryCase("negate", Unary::Negate), unaryCase("abs", Unary::Abs),
        unaryCase("sign", Unary::Sign), unaryCase("square", Unary::Square),
        unaryCase("sqrt", Unary::Sqrt, 0.5, 2), unaryCase("rsqrt", Unary::Rsqrt, 0.5, 2),
        unaryCase("reciprocal", Unary::Reciprocal, 0.5, 2), unaryCase("exp", Unary::Exp),
        unaryCase("expm1", Unary::Expm1), unaryCase("log", Unary::Log, 0.5, 2),
        unaryCase("log1p", Unary::Log1p, -0.5, 2), unaryCase("sin", Unary::Sin),
        unaryCase("cos", Unary::Cos), unaryCase("tan", Unary::Tan, -1, 1),
        unaryCase("tanh", Unary::Tanh), unaryCase("sigmoid", Unary::Sigmoid),
        unaryCase("erf", Unary::Erf), unaryCase("floor", Unary::Floor),
        unaryCase("relu", Unary::Relu), unaryCase("softplus", Unary::Softplus),
        binaryCase("add", Binary::Add), binaryCase("subtract", Binary::Subtract),
        binaryCase("multiply", Binary::Multiply), binaryCase("divide", Binary::Divide, 0.5, 2),
        binaryCase("power", Binary::Power, 0.5, 2), binaryCase("maximum", Binary::Maximum),
        binaryCase("minimum", Binary::Minimum), binaryCase("modulo", Binary::Modulo, 0.6, 2.5),
        binaryCase("squared difference", Binary::SquaredDifference),
        { "clip", { { 3, 4 } },
            [](Builder& b, const std::vector<Value>& x) { return b.clip(x[0], -0.7, 0.9); } },
        { "select", { { 2, 3 }, { 3 }, { 2, 1 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.select(b.binary(Binary::Less, x[0], x[1]), x[1], x[2]);
            } },
        { "power of a negative base", { { 5 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.binary(Binary::Power, x[0], b.scalar(3, DType::Float64));
            } },
        { "stopped", { { 3 } }, [](Builder& b, const std::vector<Value>& x) {
             return b.add(b.square(x[0]), b.multiply(b.stopGradient(x[0]), 0));
         } } };
}

std::vector<Case> productCases()
{
    const auto no = Transposed::No;
    const auto yes = Transposed::Yes;
    return { matmulCase("matmul", { 3, 4 }, { 4, 5 }, no, no),
        matmulCase("matmul, first transposed", { 4, 3 }, { 4, 5 }, yes, no),
        matmulCase("matmul, second transposed", { 3, 4 }, { 5, 4 }, no, yes),
        matmulCase("matmul, both transposed", { 4, 3 }, { 5, 4 }, yes, yes),
        matmulCase("matmul, broadcast leading axes", { 2, 1, 3, 4 }, { 3, 4, 2 }, no, no),
        matmulCase("matmul, batch by matrix", { 2, 3, 4 }, { 4, 2 }, no, no),
        matmulCase("matmul, batch by transposed matrix", { 2, 3, 4 }, { 2, 4 }, no, yes),
        { "einsum", { { 2, 3, 4, 2 }, { 2, 5, 4, 2 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.einsum("aecd,abcd->acbe", x[0], x[1]);
            } },
        { "einsum with lone letters", { { 2, 3 }, { 3, 4, 2 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.einsum("ab,bcd->ca", x[0], x[1]);
            } },
        convolutionCase("convolution 1-D", { 2, 7, 3 }, { 3, 3, 4 }, strided1d, 1),
        convolutionCase("convolution 2-D", { 2, 5, 6, 3 }, { 3, 2, 3, 4 }, plain2d, 1),
        convolutionCase("convolution, strided", { 2, 6, 7, 2 }, { 3, 2, 2, 3 }, strided2d, 1),
        convolutionCase("convolution, dilated", { 1, 7, 8, 2 }, { 3, 2, 2, 3 }, dilated2d, 1),
        convolutionCase("convolution, groups", { 1, 5, 6, 4 }, { 3, 2, 2, 6 }, strided2d, 2),
        convolutionCase("convolution 3-D", { 1, 3, 4, 5, 2 }, { 2, 2, 2, 2, 3 }, plain3d, 1),
        { "depthwise convolution", { { 2, 5, 6, 3 }, { 3, 2, 3, 2 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.depthwiseConvolution(x[0], x[1], strided2d);
            } },
        { "convolution to input", { { 2, 4, 3, 3 }, { 3, 2, 2, 3 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.convolutionToInput(x[0], x[1], strided2d, { 6, 7 });
            } },
        { "max pool", { { 2, 6, 7, 2 } },
            [](Builder& b, const std::vector<Value>& x) { return b.maxPool(x[0], strided2d); } },
        { "average pool", { { 2, 6, 7, 2 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.averagePool(x[0], strided2d);
            } },
        { "second order", { { 2, 5, 2 }, { 3, 2, 2 } },
            [](Builder& b, const std::vector<Value>& x) {
                const Value y = b.square(b.convolution(x[0], x[1], strided1d));
                const std::array<Value, 1> targets{ y };
                const std::array<Value, 2> sources{ x[0], x[1] };
                const auto first = gradients(b, targets, {}, sources);
                return b.add(b.sum(b.square(first[0])), b.sum(b.square(first[1])));
            } } };
}

std::vector<Case> reductionCases()
{
    return { reduceCase("sum", Reduction::Sum), reduceCase("mean", Reduction::Mean),
        reduceCase("max", Reduction::Max), reduceCase("min", Reduction::Min),
        reduceCase("product", Reduction::Prod),
        { "product around zeros", { { 3, 2 } },
            [](Builder& b, const std::vector<Value>& x) {
                const Value mask = b.constant(Tensor::of<double>({ 3, 1 }, { 1, 0, 1 }));
                return b.reduce(Reduction::Prod, b.multiply(x[0], mask), { 0 });
            } },
        { "cumulative sum", { { 2, 3, 4 } },
            [](Builder& b, const std::vector<Value>& x) { return b.cumulativeSum(x[0], 1); } },
        { "top k", { { 2, 3, 5 } },
            [](Builder& b, const std::vector<Value>& x) { return b.topK(x[0], 2).first; } },
        { "softmax", { { 2, 3, 4 } },
            [](Builder& b, const std::vector<Value>& x) { return b.softmax(x[0], 1); } },
        { "log softmax", { { 2, 3, 4 } },
            [](Builder& b, const std::vector<Value>& x) { return b.logSoftmax(x[0]); } },
        { "log sum exp", { { 2, 3, 4 } }, [](Builder& b, const std::vector<Value>& x) {
             return b.logSumExp(x[0], { 0, 2 }, KeepAxes::Yes);
         } } };
}

std::vector<Case> moveCases()
{
    return { { "reshape", { { 2, 6 } },
                 [](Builder& b, const std::vector<Value>& x) {
                     return b.square(b.reshape(x[0], { 3, -1 }));
                 } },
        { "transpose", { { 2, 3, 4 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.transpose(x[0], { 2, 0, 1 });
            } },
        { "broadcast", { { 3, 1 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.broadcastTo(x[0], { 2, 3, 4 });
            } },
        { "slice", { { 5, 6 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.slice(x[0], { 0, 5 }, { 5, -1 }, { 2, -2 });
            } },
        { "pad", { { 2, 3 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.pad(x[0], { 1, 0 }, { 0, 2 }, 3);
            } },
        { "concat", { { 2, 3 }, { 2, 1 } },
            [](Builder& b, const std::vector<Value>& x) { return b.concat(x, -1); } },
        { "stack", { { 2, 3 }, { 2, 3 } },
            [](Builder& b, const std::vector<Value>& x) { return b.stack(x, 1); } },
        { "split", { { 2, 5 } },
            [](Builder& b, const std::vector<Value>& x) {
                const auto parts = b.split(x[0], 1, { 2, 3 });
                return b.multiply(b.sum(parts[0]), parts[1]);
            } },
        { "gather", { { 4, 3 } },
            [](Builder& b, const std::vector<Value>& x) {
                const Value rows = b.constant(Tensor::of<std::int64_t>({ 2, 2 }, { 3, 0, 3, 9 }));
                return b.gather(x[0], rows);
            } },
        { "gather along another axis", { { 2, 4, 3 } },
            [](Builder& b, const std::vector<Value>& x) {
                const Value rows = b.constant(Tensor::of<std::int32_t>({ 3 }, { 3, 0, 3 }));
                return b.gather(x[0], rows, 1);
            } },
        { "scatter add", { { 3, 2 } },
            [](Builder& b, const std::vector<Value>& x) {
                const Value rows = b.constant(Tensor::of<std::int32_t>({ 3 }, { 1, 0, 1 }));
                return b.scatterAdd(rows, x[0], { 4, 2 });
            } },
        { "reverse", { { 2, 3 } },
            [](Builder& b, const std::vector<Value>& x) { return b.reverse(x[0], { 1 }); } },
        { "repeat", { { 2, 3 } },
            [](Builder& b, const std::vector<Value>& x) { return b.repeat(x[0], 3, 0); } },
        { "tile", { { 2, 3 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.tile(x[0], { 2, 2 });
            } },
        { "used twice", { { 2, 3 } }, [](Builder& b, const std::vector<Value>& x) {
             return b.multiply(b.tanh(x[0]), b.add(x[0], b.exp(x[0])));
         } } };
}

/// x[:, begin : end], squared so that what comes back differs from slice to slice.
Value squaredColumns(Builder& b, Value x, std::int64_t begin, std::int64_t end)
{
    return b.square(b.slice(x, { 0, begin }, { b.shape(x)[0], end }));
}

/// A recurrent net's steps over x [2, steps, 3] with one weight [3, 3].
Value sharedSteps(Builder& b, Value x, Value weight, std::int64_t steps)
{
    Value state = b.filled(0.5, { 2, 3 }, DType::Float64);
    for (std::int64_t t = 0; t < steps; ++t)
        state = b.tanh(
            b.add(b.squeeze(b.slice(x, { 0, t, 0 }, { 2, t + 1, 3 }), 1), b.matmul(state, weight)));
    return state;
}

/// Where several parts come back to one value (gradient_sum.h).
std::vector<Case> sharedCases()
{
    return { { "slices with gaps", { { 3, 7 } },
                 [](Builder& b, const std::vector<Value>& x) {
                     return b.concat(
                         std::array{ squaredColumns(b, x[0], 4, 6), squaredColumns(b, x[0], 1, 2) },
                         1);
                 } },
        { "the same slice twice, and all", { { 3, 5 } },
            [](Builder& b, const std::vector<Value>& x) {
                const Value once = squaredColumns(b, x[0], 2, 4);
                const Value again = b.exp(b.slice(x[0], { 0, 2 }, { 3, 4 }));
                return b.concat(std::array{ once, again, b.unary(Unary::Sin, x[0]),
                                    squaredColumns(b, x[0], 0, 2) },
                    1);
            } },
        { "slices that overlap", { { 3, 5 } },
            [](Builder& b, const std::vector<Value>& x) {
                return b.multiply(squaredColumns(b, x[0], 0, 3), squaredColumns(b, x[0], 2, 5));
            } },
        { "slices along two axes", { { 4, 5 } },
            [](Builder& b, const std::vector<Value>& x) {
                const Value rows = b.square(b.slice(x[0], { 1, 0 }, { 3, 5 }));
                return b.concat(
                    std::array{ b.slice(rows, { 0, 0 }, { 2, 2 }),
                        b.slice(rows, { 0, 2 }, { 2, 5 }), b.exp(b.slice(x[0], { 2, 0 }, { 4, 5 })),
                        b.slice(x[0], { 0, 1 }, { 2, 2 }) },
                    1);
            } },
        { "steps that share a weight", { { 2, 5, 3 }, { 3, 3 } },
            [](Builder& b, const std::vector<Value>& x) { return sharedSteps(b, x[0], x[1], 5); } },
        { "steps that share parts of a weight", { { 2, 4, 3 }, { 3, 6 } },
            [](Builder& b, const std::vector<Value>& x) {
                Value state = b.filled(0.5, { 2, 3 }, DType::Float64);
                for (std::int64_t t = 0; t < 4; ++t) {
                    const Value gate
                        = b.sigmoid(b.matmul(state, b.slice(x[1], { 0, 0 }, { 3, 3 })));
                    const Value inner = b.matmul(state, b.slice(x[1], { 0, 3 }, { 3, 6 }));
                    const Value input = b.squeeze(b.slice(x[0], { 0, t, 0 }, { 2, t + 1, 3 }), 1);
                    state = b.tanh(b.add(input, b.multiply(gate, inner)));
                }
                return state;
            } } };
}

std::vector<Case> allCases()
{
    std::vector<Case> cases = elementCases();
    for (const auto& more : { productCases(), reductionCases(), moveCases(), sharedCases() })
        cases.insert(cases.end(), more.begin(), more.end());
    return cases;
}

/// The case as a program: output 0 is the sum of the result times fixed weights, the others its
/// gradients.
struct Compiled
{
    Graph graph;
    std::vector<std::vector<double>> inputs;
    std::vector<std::vector<double>> gradients;
    std::optional<Program> program;
    std::string problem;

    explicit Compiled(const Case& c)
    {
        std::mt19937 random(7);
        std::uniform_real_distribution<double> numbers(c.low, c.high);
        Builder b(graph);
        std::vector<Value> x;
        for (const Shape& shape : c.shapes) {
            x.push_back(b.input("x", { DType::Float64, shape }));
            inputs.emplace_back(static_cast<std::size_t>(*elementCount(shape)));
            for (double& value : inputs.back())
                value = numbers(random);
        }
        const Value y = c.build(b, x);
        std::vector<double> weights(static_cast<std::size_t>(elementCount(b.shape(y)).value()));
        for (double& weight : weights)
            weight = numbers(random);
        const Value upstream = b.constant(Tensor::of<double>(b.shape(y), weights));
        b.output(b.sum(b.multiply(y, upstream)));
        const std::array<Value, 1> targets{ y };
        const std::array<Value, 1> upstreams{ upstream };
        const auto found = ops::gradients(b, targets, upstreams, x);
        for (std::size_t i = 0; i < x.size(); ++i) {
            b.output(found[i] ? found[i] : b.filled(0, c.shapes[i], DType::Float64));
            gradients.emplace_back(inputs[i].size());
        }
        if (b.error()) {
            problem = b.error()->sentence();
            return;
        }
        auto compiled = Program::compile(graph);
        if (compiled)
            program = *std::move(compiled);
        else
            problem = compiled.error().sentence();
    }

    double run()
    {
        double value = 0;
        std::vector<const void*> in;
        std::vector<void*> out{ &value };
        for (const auto& x : inputs)
            in.push_back(x.data());
        for (auto& g : gradients)
            out.push_back(g.data());
        if (!program->run(in, {}, out))
            problem = "run failed";
        return value;
    }
};

} // namespace

class tst_Gradients : public QObject
{
    Q_OBJECT

private slots:
    void followCentralDifferences_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Case& c : allCases())
            QTest::newRow(c.name) << index++;
    }
    void followCentralDifferences()
    {
        QFETCH(int, index);
        Compiled compiled(allCases()[static_cast<std::size_t>(index)]);
        QVERIFY2(compiled.problem.empty(), compiled.problem.c_str());
        compiled.run();
        const auto analytic = compiled.gradients;
        // A central difference in double is good to about step^2 ~ 1e-10.
        constexpr double step = 1e-5;
        for (std::size_t i = 0; i < compiled.inputs.size(); ++i) {
            for (std::size_t j = 0; j < compiled.inputs[i].size(); ++j) {
                const double at = compiled.inputs[i][j];
                compiled.inputs[i][j] = at + step;
                const double above = compiled.run();
                compiled.inputs[i][j] = at - step;
                const double below = compiled.run();
                compiled.inputs[i][j] = at;
                const double numeric = (above - below) / (2 * step);
                const double tolerance = 1e-7 * std::max(1.0, std::fabs(numeric));
                QVERIFY2(std::fabs(numeric - analytic[i][j]) < tolerance,
                    qPrintable(QString("input %1, element %2: %3 is to be %4")
                                   .arg(i)
                                   .arg(j)
                                   .arg(analytic[i][j])
                                   .arg(numeric)));
            }
        }
    }

    void breakTiesAsTensorFlow()
    {
        Graph graph;
        Builder b(graph);
        const Value x = b.input("x", { DType::Float32, { 1, 4, 1 } });
        const Window pairs = window({ 2 }, { 2 }, { 1 }, { 0 }, { 0 });
        const std::array<Value, 4> targets{ b.relu(x), b.maximum(x, b.multiply(x, 1)),
            b.maxPool(x, pairs), b.unary(Unary::Abs, x) };
        const std::array<Value, 1> sources{ x };
        for (std::size_t i = 0; i < targets.size(); ++i)
            b.output(gradients(b, std::span(targets).subspan(i, 1), {}, sources)[0]);
        const auto results
            = evaluate(graph, std::vector{ Tensor::of<float>({ 1, 4, 1 }, { 0, 0, 2, 2 }) });
        QVERIFY(results);
        const auto values = [&](std::size_t i) {
            const auto v = (*results)[i].valuesAs<float>();
            return std::vector<float>(v.begin(), v.end());
        };
        QCOMPARE(values(0), (std::vector<float>{ 0, 0, 1, 1 }));
        QCOMPARE(values(1), (std::vector<float>{ 1, 1, 1, 1 }));
        QCOMPARE(values(2), (std::vector<float>{ 1, 0, 1, 0 }));
        QCOMPARE(values(3), (std::vector<float>{ 0, 0, 1, 1 }));
    }

    void ofRepeatedStepsAreOneProduct()
    {
        Graph graph;
        Builder b(graph);
        const Value x = b.input("x", { DType::Float64, { 2, 5, 3 } });
        const Value weight = b.input("weight", { DType::Float64, { 3, 3 } });
        const std::array<Value, 1> targets{ sharedSteps(b, x, weight, 5) };
        const std::array<Value, 2> sources{ x, weight };
        for (const Value gradient : gradients(b, targets, {}, sources))
            b.output(gradient);
        auto program = Program::compile(graph);
        QVERIFY(program);
        const QString text = QString::fromStdString(program->describe());
        QVERIFY2(!text.contains("slice gradient"), qPrintable(text));
        // Five steps forward, four back, and the weight's gradient.
        QCOMPARE(text.count("matmul"), 5 + 4 + 1);
    }

    void areAbsentWhereNothingDepends()
    {
        Graph graph;
        Builder b(graph);
        const Value x = b.input("x", { DType::Float32, { 2 } });
        const Value unused = b.input("unused", { DType::Float32, { 2 } });
        const Value whole = b.input("whole", { DType::Int32, { 2 } });
        const std::array<Value, 2> targets{ b.square(x), b.unary(Unary::Floor, unused) };
        const std::array<Value, 3> sources{ x, unused, whole };
        const auto found = gradients(b, targets, {}, sources);
        QVERIFY(found[0]);
        QVERIFY(!found[1]);
        QVERIFY(!found[2]);
        QVERIFY(!b.error());
    }
};

QTEST_GUILESS_MAIN(tst_Gradients)
#include "tst_gradients.moc"
