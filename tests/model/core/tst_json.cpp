#include "model/core/json.h"

#include <QtTest>

#include <cmath>

using namespace layerscope;

/// Witness: the texts are what Python's json.dumps prints.
class tst_Json : public QObject
{
    Q_OBJECT

private slots:
    void writesNumbersAsPythonDoes_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("one") << 1.0 << "1.0";
        QTest::newRow("epsilon") << 1e-7 << "1e-07";
        QTest::newRow("learning rate") << 0.0001 << "0.0001";
        QTest::newRow("below the switch") << 0.00001234 << "1.234e-05";
        QTest::newRow("float32 in double") << 0.8999999761581421 << "0.8999999761581421";
        QTest::newRow("large") << 1e16 << "1e+16";
        QTest::newRow("whole below the switch") << 123456789012345.0 << "123456789012345.0";
        QTest::newRow("negative") << -2.5 << "-2.5";
        QTest::newRow("zero") << 0.0 << "0.0";
        QTest::newRow("minus zero") << -0.0 << "-0.0";
        QTest::newRow("infinite") << HUGE_VAL << "Infinity";
    }
    void writesNumbersAsPythonDoes()
    {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(dumpJson(Json(value))), text);
    }

    void readsPythonsNotANumber()
    {
        const auto value = parseJson(R"({"a": NaN, "b": [-Infinity, "NaN"]})");
        QVERIFY(value);
        QVERIFY(std::isnan((*value)["a"].get<double>()));
        QCOMPARE((*value)["b"][0].get<double>(), -HUGE_VAL);
        QCOMPARE(QString::fromStdString((*value)["b"][1].get<std::string>()), QString("NaN"));
    }

    void keepsKeyOrderAndText()
    {
        const std::string text = R"({"z": 1, "a": [true, null, "\u00e9\n"], "m": {}})";
        const auto value = parseJson(text);
        QVERIFY(value);
        QCOMPARE(QString::fromStdString(dumpJson(*value)), QString::fromStdString(text));
    }

    void refusesBrokenText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("cut off") << QByteArray("{\"a\": [1, 2");
        QTest::newRow("not JSON") << QByteArray("<html>");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("too deep") << QByteArray(100000, '[');
    }
    void refusesBrokenText()
    {
        QFETCH(QByteArray, text);
        const auto value = parseJson(text.toStdString());
        QVERIFY(!value);
        QCOMPARE(value.error().kind(), ErrorKind::Corrupt);
    }

    void strictDumpQuotesWhatIsNotFinite()
    {
        QCOMPARE(QString::fromStdString(
                     dumpStrictJson(Json{ { "a", std::nan("") }, { "b", -HUGE_VAL } })),
            QString(R"({"a": "NaN", "b": "-Infinity"})"));
    }

    void refusesTextsThatTakeFarMoreMemoryThanTheirLength()
    {
        std::string objects = "[{}";
        for (int i = 0; i < 4'000'000; ++i)
            objects += ",{}";
        const auto value = parseJson(objects + "]");
        QVERIFY(!value);
        QCOMPARE(value.error().kind(), ErrorKind::OutOfMemory);
    }

    void refusesObjectsWithMoreKeysThanCanBeCompared()
    {
        std::string text = "{\"a\": 1";
        for (int i = 0; i < 200'000; ++i)
            text += ", \"" + std::to_string(i) + "\": 1";
        const auto value = parseJson(text + "}");
        QVERIFY(!value);
        QCOMPARE(value.error().kind(), ErrorKind::OutOfMemory);
    }

    void readsAMillionNumbers()
    {
        std::string text = "[0.5";
        for (int i = 1; i < 1'000'000; ++i)
            text += ", 0.5";
        const auto value = parseJson(text + "]");
        QVERIFY(value);
        QCOMPARE(value->size(), std::size_t{ 1'000'000 });
    }
};

QTEST_GUILESS_MAIN(tst_Json)
#include "tst_json.moc"
