#include "model/core/tensor.h"

#include <QtTest>

#include <cmath>

using namespace layerscope;

class tst_Tensor : public QObject
{
    Q_OBJECT

private slots:
    void halvesSurviveTheWayThroughFloat()
    {
        for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
            const auto half = static_cast<std::uint16_t>(bits);
            if (std::isnan(floatFromHalf(half)))
                continue;
            QCOMPARE(halfFromFloat(floatFromHalf(half)), half);
        }
    }

    void roundsToNearestEvenHalf()
    {
        QCOMPARE(halfFromFloat(65519.0F), std::uint16_t{ 0x7BFF });
        QCOMPARE(halfFromFloat(65520.0F), std::uint16_t{ 0x7C00 });
        QCOMPARE(halfFromFloat(1.0F + 1.0F / 2048), std::uint16_t{ 0x3C00 }); // a tie goes to even
        QCOMPARE(halfFromFloat(1.0F + 3.0F / 2048), std::uint16_t{ 0x3C02 });
        QCOMPARE(halfFromFloat(std::ldexp(1.0F, -25)), std::uint16_t{ 0 });
    }

    void refusesWrongByteCount()
    {
        const std::vector<std::byte> bytes(7);
        const auto tensor = Tensor::fromBytes(DType::Float32, { 2 }, bytes);
        QVERIFY(!tensor);
        QCOMPARE(tensor.error().kind(), ErrorKind::ShapeMismatch);
    }

    void refusesShapesBeyondMemory()
    {
        const auto tensor = Tensor::zeros(DType::Float32, { 1LL << 40, 1LL << 40 });
        QVERIFY(!tensor);
        QCOMPARE(tensor.error().kind(), ErrorKind::OutOfMemory);
    }

    void writingLeavesCopiesAlone()
    {
        Tensor a = Tensor::of<float>({ 2 }, { 1, 2 });
        const Tensor b = a;
        a.mutableValuesAs<float>()[0] = 5;
        QCOMPARE(b.valuesAs<float>()[0], 1.0F);
        QCOMPARE(a.valuesAs<float>()[0], 5.0F);
    }

    void givesValuesOnlyAsTheirOwnType()
    {
        const Tensor a = Tensor::of<float>({ 1 }, { 1 });
        QVERIFY(a.values<float>());
        QVERIFY(!a.values<std::int32_t>());
    }
};

QTEST_GUILESS_MAIN(tst_Tensor)
#include "tst_tensor.moc"
