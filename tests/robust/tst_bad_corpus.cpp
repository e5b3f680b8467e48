// Every damaged or hostile file of the corpus, where it lies beside the checkout: the outcome that
// its expected.json demands, within two seconds and 300 MB, nothing read or made that must not be.
#include "tests/robust/program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace layerscope::robust;
namespace fs = std::filesystem;

namespace {

#if defined(__SANITIZE_ADDRESS__) // it takes several times as much of both
constexpr double mostSeconds = 20;
constexpr long mostKilobytes = 1200 * 1024;
#else
constexpr double mostSeconds = 2;
constexpr long mostKilobytes = 300 * 1024;
#endif

const fs::path bad = fs::path(SHARED_CORPUS) / "bad";

QJsonObject jsonOf(const QByteArray& text)
{
    return QJsonDocument::fromJson(text).object();
}

bool hasControls(const QByteArray& text)
{
    return std::ranges::any_of(text, [](char c) {
        return (static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\t') || c == 127;
    });
}

} // namespace

class tst_BadCorpus : public QObject
{
    Q_OBJECT

    double m_slowest = 0;
    long m_largest = 0;

private slots:
    void cleanupTestCase() const
    {
        qInfo("slowest %.2f s, largest %.0f MB", m_slowest, double(m_largest) / 1024);
    }

    void endsAsItMust_data()
    {
        QTest::addColumn<QString>("name");
        if (!fs::is_directory(bad))
            QTest::newRow("no corpus") << QString();
        else
            for (const auto& entry : fs::directory_iterator(bad))
                QTest::newRow(entry.path().filename().c_str())
                    << QString::fromStdString(entry.path().filename().string());
    }
    void endsAsItMust()
    {
        QFETCH(QString, name);
        if (name.isEmpty())
            QSKIP("there is no corpus beside this checkout");
        const fs::path folder = bad / name.toStdString();
        QFile file(QString::fromStdString((folder / "expected.json").string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject wanted = jsonOf(file.readAll());
        const QTemporaryDir scratch;
        const Run run
            = runProgram({ "inspect", (folder / wanted["file"].toString().toStdString()).string(),
                             "--stats", "--json" },
                scratch.path().toStdString());
        m_slowest = std::max(m_slowest, run.seconds);
        m_largest = std::max(m_largest, run.kilobytes);
        QVERIFY2(run.status == 0 || run.status == 1, run.err.constData());
        QVERIFY2(run.seconds <= mostSeconds, qPrintable(QString::number(run.seconds)));
        QVERIFY2(run.kilobytes <= mostKilobytes, qPrintable(QString::number(run.kilobytes)));
        QVERIFY(!hasControls(run.out) && !hasControls(run.err));
        QVERIFY(QDir(scratch.path()).isEmpty());

        const QString must = wanted["must"].toString();
        const bool isOpen = run.status == 0;
        const bool hasWords = !jsonOf(run.out)["problems"].toArray().isEmpty();
        if (must == "error")
            QVERIFY(!isOpen);
        else if (must == "open")
            QVERIFY2(isOpen, run.err.constData());
        else if (must == "open-with-warning")
            QVERIFY2(isOpen && hasWords, run.err.constData());
        else if (must == "error-or-warning")
            QVERIFY(!isOpen || hasWords);
        if (!isOpen)
            QVERIFY2(run.err.size() > 20 && run.err.count('\n') == 1, run.err.constData());
        const QByteArray canary = wanted["canary_value"].toVariant().toByteArray();
        QVERIFY(canary.isEmpty() || !run.out.contains(canary));
    }
};

QTEST_GUILESS_MAIN(tst_BadCorpus)
#include "tst_bad_corpus.moc"
