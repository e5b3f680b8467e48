#include "app/cli/command.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

namespace layerscope::cli {
extern const Command checkCommand;
}

using namespace layerscope;
using namespace layerscope::cli;

class tst_Check : public QObject
{
    Q_OBJECT

    /// What `layerscope check FILE …` answers to the shell.
    static int status(const std::string& file, bool json = false)
    {
        std::vector<std::string_view> words{ file };
        if (json)
            words.emplace_back("--json");
        auto arguments = Arguments::parse(checkCommand.syntax, words);
        if (!arguments)
            return static_cast<int>(exitStatusOf(arguments.error()));
        Console console(true);
        Interrupt interrupt;
        Invocation invocation{ *std::move(arguments), console, interrupt };
        const auto outcome = checkCommand.run(invocation);
        return static_cast<int>(outcome ? *outcome : exitStatusOf(outcome.error()));
    }

private slots:
    void answersByExitStatus_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("expected");
        QTest::newRow("sound") << QStringLiteral("model_mlp/keras2.15/model.h5") << 0;
        QTest::newRow("weights alone")
            << QStringLiteral("model_mlp/keras2.15/legacy_weights.h5") << 0;
        QTest::newRow("cannot resume") << QStringLiteral("model_mlp/keras3.15/model.h5") << 3;
        QTest::newRow("own layers")
            << QStringLiteral("model_custom_layers/keras3.15/model.h5") << 3;
        QTest::newRow("cut short") << QStringLiteral("bad/truncated_half.h5") << 1;
        QTest::newRow("web page") << QStringLiteral("bad/html_page.h5") << 1;
        QTest::newRow("nothing there") << QStringLiteral("no_such_file.h5") << 1;
        QTest::newRow("a folder") << QStringLiteral("bad") << 1;
    }
    void answersByExitStatus()
    {
        QFETCH(QString, file);
        QFETCH(int, expected);
        const std::string path = TEST_DATA "/" + file.toStdString();
        QCOMPARE(status(path), expected);
        QCOMPARE(status(path, true), expected);
    }

    void knowsItsOptions()
    {
        const std::array<std::string_view, 2> words{ "x.h5", "--stats" };
        QVERIFY(!Arguments::parse(checkCommand.syntax, words));
        QVERIFY(helpText(checkCommand.syntax).find("--json") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(tst_Check)
#include "tst_check.moc"
