#include "app/cli/arguments.h"

#include <QtTest>

#include <array>

using namespace layerscope;
using namespace layerscope::cli;

namespace {

constexpr std::array options = {
    Option{ "--bins", "N", "bins" },
    Option{ "--json", "", "JSON" },
    Option{ "--metrics", "A,B", "metrics" },
    Option{ "--rate", "R", "rate" },
};
constexpr Syntax syntax{ "inspect", "FILE", 1, 1, "looks", options };

Result<Arguments> parse(std::initializer_list<std::string_view> words)
{
    return Arguments::parse(syntax, std::span(words.begin(), words.size()));
}

} // namespace

class tst_Arguments : public QObject
{
    Q_OBJECT

private slots:
    void takesOptionsOnEitherSideOfTheFile()
    {
        const auto arguments = parse({ "--bins", "12", "model.h5", "--json" });
        QVERIFY(arguments);
        QCOMPARE(arguments->file(), std::string("model.h5"));
        QVERIFY(arguments->has("--json"));
        QCOMPARE(**arguments->integer("--bins", 1), std::int64_t{ 12 });
    }

    void takesValuesBehindAnEqualsSign()
    {
        const auto arguments = parse({ "model.h5", "--bins=7", "--rate=-1e-3" });
        QVERIFY(arguments);
        QCOMPARE(**arguments->integer("--bins", 1), std::int64_t{ 7 });
        QCOMPARE(**arguments->real("--rate"), -1e-3);
    }

    void splitsListsAtCommasAndJoinsRepetitions()
    {
        const auto arguments = parse({ "m", "--metrics", "mae,accuracy", "--metrics", "mse" });
        QVERIFY(arguments);
        QCOMPARE(
            arguments->list("--metrics"), (std::vector<std::string>{ "mae", "accuracy", "mse" }));
    }

    void takesEveryWordAfterTwoDashesAsAFile()
    {
        const auto arguments = parse({ "--", "--odd-name.h5" });
        QVERIFY(arguments);
        QCOMPARE(arguments->file(), std::string("--odd-name.h5"));
    }

    void asksForNoFileWhenHelpIsWanted()
    {
        QVERIFY(parse({ "--help" }));
        QVERIFY(parse({ "-h" })->has("--help"));
    }

    void refuses_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("part");
        QTest::newRow("no file") << QStringList{} << "no file was given";
        QTest::newRow("two files") << QStringList{ "a", "b" } << "2 were given";
        QTest::newRow("an unknown option") << QStringList{ "a", "--nope" } << "'--nope'";
        QTest::newRow("a missing value") << QStringList{ "a", "--bins" } << "--bins needs a value";
        QTest::newRow("a value for a switch")
            << QStringList{ "a", "--json=yes" } << "takes no value";
    }
    void refuses()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, part);
        std::vector<std::string> owned;
        for (const auto& word : words)
            owned.push_back(word.toStdString());
        const std::vector<std::string_view> views(owned.begin(), owned.end());
        const auto arguments = Arguments::parse(syntax, views);
        QVERIFY(!arguments);
        QVERIFY2(QString::fromStdString(arguments.error().sentence()).contains(part),
            arguments.error().sentence().c_str());
    }

    void refusesNumbersThatAreNone()
    {
        const auto arguments = parse({ "m", "--bins", "12x", "--rate", "nan" });
        QVERIFY(arguments);
        QVERIFY(!arguments->integer("--bins", 1));
        QVERIFY(!arguments->real("--rate"));
        QVERIFY(!parse({ "m", "--bins", "0" })->integer("--bins", 1));
        QVERIFY(!parse({ "m", "--bins", "99999999999999999999" })->integer("--bins", 1));
    }
};

QTEST_GUILESS_MAIN(tst_Arguments)
#include "tst_arguments.moc"
