#include "model/core/printable.h"

#include <QtTest>

using namespace layerscope;

class tst_Printable : public QObject
{
    Q_OBJECT

private slots:
    void escapesWhatATerminalWouldObey_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << QByteArray("dense/kernel:0") << QByteArray("dense/kernel:0");
        QTest::newRow("other scripts")
            << QByteArray("käse 層 🙂") << QByteArray("käse 層 🙂");
        QTest::newRow("escape sequence") << QByteArray("a\x1b[2Jb") << QByteArray("a\\x1b[2Jb");
        QTest::newRow("carriage return") << QByteArray("a\rb") << QByteArray("a\\x0db");
        QTest::newRow("line feed and tab") << QByteArray("a\n\tb") << QByteArray("a\\n\\tb");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a\\x00b");
        QTest::newRow("delete") << QByteArray("\x7f") << QByteArray("\\x7f");
        QTest::newRow("one-character CSI") << QByteArray("\xc2\x9b") << QByteArray("\\u009b");
        QTest::newRow("right to left") << QByteArray("\xe2\x80\xae") << QByteArray("\\u202e");
        QTest::newRow("no UTF-8") << QByteArray("\xff\x9b") << QByteArray("\\xff\\x9b");
        QTest::newRow("cut off") << QByteArray("\xe5\xb1") << QByteArray("\\xe5\\xb1");
        QTest::newRow("overlong") << QByteArray("\xc0\x9b") << QByteArray("\\xc0\\x9b");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("\\xed\\xa0\\x80");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
    }
    void escapesWhatATerminalWouldObey()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(printable(text.toStdString())), shown);
    }

    void keepsLinesWhereAsked()
    {
        QCOMPARE(printable("a\n\tb\r", LineBreaks::Keep), std::string("a\n\tb\\x0d"));
    }
};

QTEST_GUILESS_MAIN(tst_Printable)
#include "tst_printable.moc"
