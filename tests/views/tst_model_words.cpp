#include "model/crossing/crossing.h"
#include "model/formats/format.h"
#include "views/model_words.h"

#include <QDirIterator>
#include <QtTest>

#include <set>

using namespace layerscope;
using namespace layerscope::views;

/// Stands for the Portuguese catalogue: answers every text with its own in brackets.
class Brackets : public QTranslator
{
public:
    bool isEmpty() const override { return false; }
    QString translate(const char*, const char* text, const char*, int) const override
    {
        return QLatin1Char('[') + QString::fromUtf8(text) + QLatin1Char(']');
    }
};

class tst_ModelWords : public QObject
{
    Q_OBJECT

private slots:
    void init() { QLocale::setDefault(QLocale(QStringLiteral("pt_BR"))); }
    void cleanup() { QLocale::setDefault(QLocale::c()); }

    void findsThePatternOfAText_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const char* pattern, const char* text, const QStringList& arguments) {
            QTest::newRow(text) << QString::fromUtf8(pattern) << QString::fromUtf8(text)
                                << arguments;
        };
        row("%1 of %2 bytes", "12 of 40 bytes", { QStringLiteral("12"), QStringLiteral("40") });
        row("the %2 of %1", "the end of days", { QStringLiteral("days"), QStringLiteral("end") });
        row("called '%1'.", "called 'it's'.", { QStringLiteral("it's") });
        row("nothing", "nothing", {});
        row("holds %1", "holds ", { QString() });
    }
    void findsThePatternOfAText()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        const auto arguments = matchPattern(pattern, text);
        QVERIFY(arguments);
        QTEST(*arguments, "arguments");
    }

    void refusesOtherTexts()
    {
        QVERIFY(!matchPattern(QStringLiteral("%1 of %2 bytes"), QStringLiteral("12 bytes")));
        QVERIFY(!matchPattern(QStringLiteral("nothing"), QStringLiteral("nothing at all")));
        QVERIFY(!matchPattern(QStringLiteral("a%1b"), QStringLiteral("ab c")));
        QVERIFY(!matchPattern(QStringLiteral("xx%1xx"), QStringLiteral("xxx")));
    }

    void leavesEnglishAlone()
    {
        QLocale::setDefault(QLocale(QStringLiteral("en_US")));
        QCOMPARE(inWords(Sentence("%1 of %2", 12345, "x")), QStringLiteral("12,345 of x"));
        QCOMPARE(inWords(std::string("The other weights are sound.")),
            QStringLiteral("The other weights are sound."));
        QCOMPARE(inWords(std::string("100 %1 odd")), QStringLiteral("100 %1 odd"));
    }

    void putsArgumentsIntoTheTranslation()
    {
        Brackets brackets;
        QCoreApplication::installTranslator(&brackets);
        QCOMPARE(inWords(Sentence("%1 of %2, %3", 12345, "%1", 0.5)),
            QStringLiteral("[12.345 of %1, 0,5]"));
        QCOMPARE(inWords(std::string("Two of its layers are called 'a'.")),
            QStringLiteral("[Two of its layers are called 'a'.]"));
        // What stands inside is looked up, too.
        QCOMPARE(inWords(std::string(
                     "The weights cannot be read: the HDF5 file is damaged and cannot be opened.")),
            QStringLiteral("[The weights cannot be read: [the HDF5 file is damaged and cannot be "
                           "opened].]"));
        // An error as a sentence of its own.
        QVERIFY(inWords(std::string("This is a JSON text, not a model."))
                    .contains(QLatin1String("this is a JSON text, not a model]")));
        QCoreApplication::removeTranslator(&brackets);
    }

    void knowsWhatRealFilesBringUp()
    {
        Brackets brackets;
        QCoreApplication::installTranslator(&brackets);
        for (const char* name :
            { "bad/empty.h5", "bad/html_page.h5", "bad/lfs_pointer.h5", "bad/truncated_half.h5",
                "bad/truncated_last_byte.h5", "bad/signature_only.h5", "no/such/file.h5", "bad" }) {
            const auto network = formats::openNetwork(std::string(TEST_DATA "/") + name);
            QVERIFY(!network);
            QVERIFY2(inWords(network.error().message()).startsWith(u'['),
                network.error().message().c_str());
        }
        for (const char* name : { "model_custom_layers/keras3.15/model.h5", "hdf5/user_block.h5",
                 "model_mlp/keras2.15/legacy_weights.h5", "old_mlp_adam/keras1.2/model.h5" }) {
            const auto network = formats::openNetwork(std::string(TEST_DATA "/") + name);
            if (!network)
                continue;
            for (const Problem& problem : network->problems) {
                QVERIFY2(inWords(problem.what).startsWith(u'['), problem.what.c_str());
                if (!problem.remedy.empty())
                    QVERIFY2(inWords(problem.remedy).startsWith(u'['), problem.remedy.c_str());
            }
        }
        QCoreApplication::removeTranslator(&brackets);
    }

    /// What saving the models of tests/data for another Keras brings up: remarks, and why not.
    void knowsWhatCrossingBringsUp()
    {
        Brackets brackets;
        QCoreApplication::installTranslator(&brackets);
        std::set<std::string> texts;
        QDirIterator files(QStringLiteral(TEST_DATA),
            { QStringLiteral("model.h5"), QStringLiteral("model.keras") }, QDir::Files,
            QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const auto network = formats::openNetwork(files.next().toStdString());
            if (!network)
                continue;
            for (const char* format : { "h5", "h5-keras2", "h5-legacy", "keras", "keras2.15",
                     "savedmodel", "weights.h5", "weights.h5-keras2" }) {
                const auto crossed = crossing::cross(*network, format);
                if (crossed)
                    texts.insert(crossed->remarks.begin(), crossed->remarks.end());
                else
                    texts.insert(crossed.error().message());
            }
        }
        QVERIFY(texts.size() > 8);
        for (const std::string& text : texts)
            QVERIFY2(inWords(text).startsWith(u'['), text.c_str());
        QCoreApplication::removeTranslator(&brackets);
    }
};

QTEST_GUILESS_MAIN(tst_ModelWords)
#include "tst_model_words.moc"
