#include "model/ops/kernels/simd/simd.h"

#include <QtTest>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

using namespace layerscope::ops;

namespace {

/// The tables that this machine can run.
std::vector<const SimdTable*> tables()
{
    std::vector<const SimdTable*> found;
    for (const InstructionSet set :
        { InstructionSet::V2, InstructionSet::V3, InstructionSet::V4 }) {
        if (const SimdTable* table = simdFor(set))
            found.push_back(table);
    }
    return found;
}

ElementLoop loopOf(const SimdTable& table, ElementOp op, std::size_t mode = 0)
{
    return table.elements[static_cast<std::size_t>(op)][mode];
}

/// Distance in units in the last place of the exact result as float32.
double ulps(float found, double exact)
{
    if (std::isnan(exact))
        return std::isnan(found) ? 0 : 1e9;
    const auto nearest = static_cast<float>(exact);
    if (std::isinf(nearest) || std::isinf(found))
        return nearest == found ? 0 : 1e9;
    const float next = std::nextafter(std::fabs(nearest), std::numeric_limits<float>::infinity());
    const double unit = static_cast<double>(next) - std::fabs(static_cast<double>(nearest));
    return std::fabs(static_cast<double>(found) - exact) / unit;
}

struct Function
{
    const char* name;
    ElementOp op;
    double (*exact)(double);
    double low;
    double high;
    double mostUlps;
};

const std::array functions{
    Function{ "exp", ElementOp::Exp, [](double x) { return std::exp(x); }, -110, 95, 2 },
    Function{ "exp near 0", ElementOp::Exp, [](double x) { return std::exp(x); }, -1, 1, 2 },
    Function{ "expm1", ElementOp::Expm1, [](double x) { return std::expm1(x); }, -40, 95, 3 },
    Function{
        "expm1 near 0", ElementOp::Expm1, [](double x) { return std::expm1(x); }, -0.01, 0.01, 2 },
    Function{ "log", ElementOp::Log, [](double x) { return std::log(x); }, 0, 1000, 2 },
    Function{ "log near 1", ElementOp::Log, [](double x) { return std::log(x); }, 0.9, 1.1, 2 },
    Function{ "log1p", ElementOp::Log1p, [](double x) { return std::log1p(x); }, -0.99, 100, 3 },
    Function{
        "log1p near 0", ElementOp::Log1p, [](double x) { return std::log1p(x); }, -0.01, 0.01, 2 },
    Function{ "tanh", ElementOp::Tanh, [](double x) { return std::tanh(x); }, -12, 12, 2.5 },
    Function{ "tanh near 0", ElementOp::Tanh, [](double x) { return std::tanh(x); }, -1, 1, 2.5 },
    Function{ "sigmoid", ElementOp::Sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, -87,
        50, 3.5 },
    Function{ "softplus", ElementOp::Softplus, [](double x) { return std::log1p(std::exp(x)); },
        -80, 50, 4 },
    Function{ "erf", ElementOp::Erf, [](double x) { return std::erf(x); }, -5, 5, 3 },
    Function{ "sin", ElementOp::Sin, [](double x) { return std::sin(x); }, -3, 3, 2.5 },
    Function{ "cos", ElementOp::Cos, [](double x) { return std::cos(x); }, -1.5, 1.5, 2.5 },
    Function{ "tan", ElementOp::Tan, [](double x) { return std::tan(x); }, -1.5, 1.5, 5 },
    Function{ "sqrt", ElementOp::Sqrt, [](double x) { return std::sqrt(x); }, 0, 1e6, 0.51 },
};

float fromBits(std::uint32_t bits)
{
    return std::bit_cast<float>(bits);
}

} // namespace

class tst_Simd : public QObject
{
    Q_OBJECT

private slots:
    void choosesTheBestThatRuns()
    {
        QVERIFY(!tables().empty());
        QCOMPARE(simd().name, tables().back()->name);
    }

    void followsExactFunctions_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < functions.size(); ++i)
            QTest::newRow(functions[i].name) << static_cast<int>(i);
    }
    void followsExactFunctions()
    {
        QFETCH(int, index);
        const Function& f = functions[static_cast<std::size_t>(index)];
        constexpr std::size_t count = 40001;
        std::vector<float> x(count);
        for (std::size_t i = 0; i < count; ++i)
            x[i] = static_cast<float>(
                f.low + (f.high - f.low) * static_cast<double>(i) / static_cast<double>(count - 1));
        for (const SimdTable* table : tables()) {
            std::vector<float> y(count);
            loopOf(*table, f.op)(y.data(), x.data(), x.data(), nullptr, count);
            for (std::size_t i = 0; i < count; ++i) {
                const double exact = f.exact(static_cast<double>(x[i]));
                QVERIFY2(ulps(y[i], exact) <= f.mostUlps,
                    qPrintable(QString("%1: f(%2) = %3, is to be %4, %5 units off")
                                   .arg(table->name)
                                   .arg(static_cast<double>(x[i]))
                                   .arg(static_cast<double>(y[i]))
                                   .arg(exact)
                                   .arg(ulps(y[i], exact))));
            }
        }
    }

    void givesTheSameBitsOnEveryMachine()
    {
        std::mt19937 random(5);
        std::vector<float> a(1003);
        std::vector<float> b(1003);
        std::normal_distribution<float> numbers(0.0F, 3.0F);
        for (std::size_t i = 0; i < a.size(); ++i) {
            a[i] = numbers(random);
            b[i] = numbers(random);
        }
        for (int op = 0; op < static_cast<int>(ElementOp::LoadBool); ++op) {
            std::vector<float> first;
            for (const SimdTable* table : tables()) {
                std::vector<float> y(a.size());
                loopOf(*table, static_cast<ElementOp>(op))(
                    y.data(), a.data(), b.data(), a.data(), static_cast<std::int64_t>(a.size()));
                if (first.empty())
                    first = y;
                QVERIFY2(std::memcmp(first.data(), y.data(), y.size() * sizeof(float)) == 0
                        || std::any_of(y.begin(), y.end(), [](float v) { return std::isnan(v); }),
                    qPrintable(QString("op %1 on %2").arg(op).arg(table->name)));
            }
        }
    }

    void keepsSpecialValues()
    {
        const float inf = std::numeric_limits<float>::infinity();
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const std::vector<float> x{ 0.0F, -0.0F, inf, -inf, nan, fromBits(1), -1.0F, 89.0F,
            -200.0F };
        const std::array<std::pair<ElementOp, double (*)(double)>, 6> exact{
            { { ElementOp::Exp, [](double v) { return std::exp(v); } },
                { ElementOp::Log, [](double v) { return std::log(v); } },
                { ElementOp::Log1p, [](double v) { return std::log1p(v); } },
                { ElementOp::Expm1, [](double v) { return std::expm1(v); } },
                { ElementOp::Tanh, [](double v) { return std::tanh(v); } },
                { ElementOp::Abs, [](double v) { return std::fabs(v); } } }
        };
        for (const SimdTable* table : tables()) {
            for (const auto& [op, function] : exact) {
                std::vector<float> y(x.size());
                loopOf(*table, op)(
                    y.data(), x.data(), x.data(), nullptr, static_cast<std::int64_t>(x.size()));
                for (std::size_t i = 0; i < x.size(); ++i)
                    QVERIFY2(ulps(y[i], function(static_cast<double>(x[i]))) <= 2,
                        qPrintable(QString("op %1 of %2 = %3")
                                       .arg(static_cast<int>(op))
                                       .arg(static_cast<double>(x[i]))
                                       .arg(static_cast<double>(y[i]))));
            }
            // NaN wins, whichever side it is on.
            float y = 0;
            const float one = 1;
            loopOf(*table, ElementOp::Maximum)(&y, &nan, &one, nullptr, 1);
            QVERIFY(std::isnan(y));
            loopOf(*table, ElementOp::Minimum)(&y, &one, &nan, nullptr, 1);
            QVERIFY(std::isnan(y));
            loopOf(*table, ElementOp::Relu)(&y, &nan, nullptr, nullptr, 1);
            QVERIFY(std::isnan(y));
        }
    }

    void writesNothingBehindTheEnd()
    {
        for (const SimdTable* table : tables()) {
            for (std::int64_t n = 0; n <= 40; ++n) {
                std::vector<float> x(64, 2.0F);
                std::vector<float> y(64, -7.0F);
                const std::vector<float> untouched = y;
                loopOf(*table, ElementOp::Square)(y.data(), x.data(), nullptr, nullptr, n);
                for (std::size_t i = 0; i < y.size(); ++i)
                    QCOMPARE(y[i], static_cast<std::int64_t>(i) < n ? 4.0F : -7.0F);
                y = untouched;
                loopOf(*table, ElementOp::Sin)(y.data(), x.data(), nullptr, nullptr, n);
                for (std::size_t i = static_cast<std::size_t>(n); i < y.size(); ++i)
                    QCOMPARE(y[i], -7.0F);
            }
        }
    }

    void foldsLongSumsAccurately()
    {
        // Four million times 0.1: adding one after the other in float32 is off by 4 percent.
        const std::vector<float> x(4'000'000, 0.1F);
        const double exact = static_cast<double>(0.1F) * 4e6;
        for (const SimdTable* table : tables()) {
            float sum = 0;
            table->fold(FoldKind::Sum, x.data(), &sum, 1, 4'000'000, 1);
            QVERIFY(std::fabs(static_cast<double>(sum) - exact) < 2e-6 * exact);
            std::vector<float> columns(10);
            table->fold(FoldKind::Sum, x.data(), columns.data(), 1, 400'000, 10);
            for (const float column : columns)
                QVERIFY(std::fabs(static_cast<double>(column) - exact / 10) < 4e-6 * exact / 10);
        }
    }

    void multipliesOnEveryMachine()
    {
        std::mt19937 random(5);
        std::uniform_real_distribution<float> numbers(-1, 1);
        for (const SimdTable* table : tables()) {
            for (const std::int64_t rows : { 1, 5, 6, 7, 12, 13, 24, 25, 31 }) {
                for (const std::int64_t columns : { 1, 3, 4, 8, 9, 16, 17, 31, 32, 33, 50 }) {
                    const std::int64_t inner = 19;
                    std::vector<float> a(static_cast<std::size_t>(rows * inner));
                    std::vector<float> b(static_cast<std::size_t>(inner * columns));
                    for (float& value : a)
                        value = numbers(random);
                    for (float& value : b)
                        value = numbers(random);
                    const std::int64_t panels = (columns + table->panel - 1) / table->panel;
                    std::vector<float> packed(
                        static_cast<std::size_t>(panels * table->panel * inner), -9.0F);
                    table->packColumns(
                        b.data(), columns, 1, inner, columns, 0, inner, packed.data());
                    std::vector<float> c(static_cast<std::size_t>(rows * columns + 1), 5.0F);
                    const GemmSegment segment{ 0, 0, inner };
                    table->gemm({ .rows = rows,
                        .columns = columns,
                        .a = a.data(),
                        .aRow = inner,
                        .aColumn = 1,
                        .packed = packed.data(),
                        .packedRows = inner,
                        .segments = &segment,
                        .segmentCount = 1,
                        .c = c.data(),
                        .cRow = columns,
                        .cColumn = 1,
                        .accumulate = false,
                        .epilogue = Epilogue::None,
                        .bias = nullptr });
                    for (std::int64_t i = 0; i < rows * columns; ++i) {
                        double exact = 0;
                        for (std::int64_t p = 0; p < inner; ++p)
                            exact += static_cast<double>(
                                         a[static_cast<std::size_t>(i / columns * inner + p)])
                                * static_cast<double>(
                                    b[static_cast<std::size_t>(p * columns + i % columns)]);
                        QVERIFY(
                            std::fabs(static_cast<double>(c[static_cast<std::size_t>(i)]) - exact)
                            < 1e-5);
                    }
                    QCOMPARE(c.back(), 5.0F);
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(tst_Simd)
#include "tst_simd.moc"
