#include "model/containers/unicode.h"

#include <QtTest>

using namespace layerscope::containers;

class tst_Unicode : public QObject
{
    Q_OBJECT

private slots:
    void bringsCharactersOfEveryLengthThere()
    {
        const auto characters = utf32FromUtf8("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x90\x8D");
        QVERIFY(characters);
        QVERIFY(*characters == U"a\u00fc\u20ac\U0001f40d");
    }

    void bringsThemBack()
    {
        const std::u32string characters = U"a\u00fc\u20ac\U0001f40d";
        const auto units = std::as_bytes(std::span(characters));
        QCOMPARE(utf8FromUtf32(units, false), std::string("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x90\x8D"));
    }

    void refusesWhatIsNotUtf8_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("continuation first") << QByteArray("\x80");
        QTest::newRow("cut off") << QByteArray("a\xE2\x82");
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF");
        QTest::newRow("overlong in three bytes") << QByteArray("\xE0\x80\xAF");
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80");
        QTest::newRow("beyond the last character") << QByteArray("\xF4\x90\x80\x80");
    }
    void refusesWhatIsNotUtf8()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!utf32FromUtf8(text.toStdString()));
    }

    void replacesWhatIsNoCharacter()
    {
        const std::u32string characters = { char32_t{ 0x110000 }, U'x', U'\0' };
        QCOMPARE(utf8FromUtf32(std::as_bytes(std::span(characters)), false),
            std::string("\xEF\xBF\xBDx"));
    }
};

QTEST_GUILESS_MAIN(tst_Unicode)
#include "tst_unicode.moc"
