#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QtTest>

/// `layerscope inspect FILE --json`, with the program as it is built.
class tst_Inspect : public QObject
{
    Q_OBJECT

    static QString data(const char* name)
    {
        return QStringLiteral(TEST_DATA "/") + QLatin1String(name);
    }

    static QJsonObject inspected(const QStringList& words)
    {
        QProcess program;
        program.start(QStringLiteral(PROGRAM),
            QStringList{ QStringLiteral("inspect"), QStringLiteral("--json") } + words);
        if (!program.waitForFinished(-1) || program.exitCode() != 0) {
            qCritical() << program.readAllStandardError();
            return {};
        }
        return QJsonDocument::fromJson(program.readAllStandardOutput()).object();
    }

private slots:
    /// Weights alone, with the architecture of the model they were saved from, are that model.
    void attachesAnArchitecture_data()
    {
        QTest::addColumn<QString>("weights");
        QTest::addColumn<QString>("format");
        QTest::newRow("h5-weights")
            << data("model_mlp/keras2.15/legacy_weights.h5") << QStringLiteral("h5-weights");
        QTest::newRow("weights.h5")
            << data("model_mlp/keras2.15/model.weights.h5") << QStringLiteral("weights.h5-keras2");
    }
    void attachesAnArchitecture()
    {
        QFETCH(const QString, weights);
        QFETCH(const QString, format);
        const QString whole = data("model_mlp/keras2.15/model.h5");
        const QJsonObject expected = inspected({ whole, QStringLiteral("--stats") });
        const QJsonObject attached = inspected(
            { weights, QStringLiteral("--stats"), QStringLiteral("--architecture"), whole });
        QCOMPARE(attached[QStringLiteral("file")][QStringLiteral("format")].toString(), format);
        const QJsonArray layers
            = attached[QStringLiteral("model")][QStringLiteral("layers")].toArray();
        QVERIFY(!layers.isEmpty());
        QCOMPARE(layers, expected[QStringLiteral("model")][QStringLiteral("layers")].toArray());
    }

    /// The table of what is missing and what is extra has a line for each weight.
    void refusesAnArchitectureThatDoesNotFit()
    {
        QProcess program;
        program.start(QStringLiteral(PROGRAM),
            { QStringLiteral("inspect"), data("model_mlp/keras2.15/legacy_weights.h5"),
                QStringLiteral("--architecture"), data("model_cnn/keras2.15/model.h5") });
        QVERIFY(program.waitForFinished(-1));
        QCOMPARE(program.exitCode(), 1);
        QVERIFY(program.readAllStandardOutput().isEmpty());
        const QList<QByteArray> lines = program.readAllStandardError().split('\n');
        const auto starting = [&](const char* word) {
            return std::count_if(lines.begin(), lines.end(),
                [&](const QByteArray& line) { return line.startsWith(word); });
        };
        QCOMPARE(starting("missing "), 6);
        QCOMPARE(starting("extra "), 6);
        QCOMPARE(starting("layerscope: "), 1);
    }
};

QTEST_GUILESS_MAIN(tst_Inspect)
#include "tst_inspect.moc"
