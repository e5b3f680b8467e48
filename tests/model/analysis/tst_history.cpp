#include "model/analysis/history.h"

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace layerscope;
using namespace layerscope::analysis;

namespace {

History readOrFail(const std::filesystem::path& path)
{
    auto history = readHistory(path);
    if (!history)
        qFatal("%s", history.error().sentence().c_str());
    return *std::move(history);
}

const Series* find(const History& history, const std::string& name)
{
    for (const Series& series : history) {
        if (series.name == name)
            return &series;
    }
    return nullptr;
}

/// NaN equals NaN here.
bool same(const std::vector<double>& actual, const std::vector<double>& expected)
{
    return std::equal(actual.begin(), actual.end(), expected.begin(), expected.end(),
        [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

/// CRC-32C bit by bit, as RFC 3720 defines it.
std::uint32_t crc32cByBits(const std::string& bytes)
{
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0x82F63B78U : crc >> 1U;
    }
    return ~crc;
}

std::string bytesOf(const void* value, std::size_t size)
{
    return { static_cast<const char*>(value), size };
}

std::string masked(const std::string& bytes)
{
    const std::uint32_t crc = crc32cByBits(bytes);
    const std::uint32_t mask = ((crc >> 15U) | (crc << 17U)) + 0xA282EAD8U;
    return bytesOf(&mask, sizeof mask);
}

std::string frame(const std::string& record)
{
    const std::uint64_t length = record.size();
    const std::string header = bytesOf(&length, sizeof length);
    return header + masked(header) + record + masked(record);
}

/// A length-delimited field.
std::string field(int number, const std::string& content)
{
    return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(content.size())
        + content;
}

/// An event as TensorFlow 1 wrote it: step, and a summary with a simple_value.
std::string simpleEvent(const std::string& tag, int step, float value)
{
    const std::string simple = "\x15" + bytesOf(&value, sizeof value);
    const std::string stepField = step > 0 ? std::string("\x10") + static_cast<char>(step) : "";
    return frame(stepField + field(5, field(1, field(1, tag) + simple)));
}

/// As TensorFlow 2 does: a tensor, with what it is for only where `plugin` is given.
std::string tensorEvent(
    const std::string& tag, int step, float value, const std::string& plugin = {})
{
    const std::string tensor
        = std::string("\x08\x01\x12") + '\0' + field(4, bytesOf(&value, sizeof value));
    const std::string metadata
        = plugin.empty() ? std::string() : field(9, field(1, field(1, plugin)));
    return frame(std::string("\x10") + static_cast<char>(step)
        + field(5, field(1, field(1, tag) + field(8, tensor) + metadata)));
}

} // namespace

class tst_History : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::filesystem::path write(const std::string& name, const std::string& content)
    {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

private slots:
    void readsCsvLogger()
    {
        const auto history
            = readOrFail(write("log.csv", "epoch,loss,val_loss\r\n0,1.5,2.5\r\n1,1.25,NA\r\n"));
        QCOMPARE(history.size(), std::size_t{ 2 });
        QCOMPARE(history[0].name, std::string("loss"));
        QCOMPARE(history[0].steps, (std::vector<double>{ 0, 1 }));
        QCOMPARE(history[0].values, (std::vector<double>{ 1.5, 1.25 }));
        QVERIFY(same(history[1].values, { 2.5, NAN }));
    }

    void readsTablesAsFoundInTheWild_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<double>>("loss");
        QTest::newRow("byte order mark and CR LF") << QByteArray("\xEF\xBB\xBF"
                                                                 "epoch,loss\r\n0,1.0\r\n1,0.5\r\n")
                                                   << QList{ 1.0, 0.5 };
        QTest::newRow("last line cut off") << QByteArray("epoch,loss\n0,1.0\n1,0.") << QList{ 1.0 };
        QTest::newRow("last cell cut off")
            << QByteArray("epoch,loss\n0,12.5\n1,1") << QList{ 12.5 };
        QTest::newRow("last line without its end, but whole")
            << QByteArray("epoch,loss\n0,1.0\n1,0.5") << QList{ 1.0, 0.5 };
        QTest::newRow("semicolons and decimal commas")
            << QByteArray("epoch;loss\n0;1,25\n1;1,0\n") << QList{ 1.25, 1.0 };
        QTest::newRow("tabs") << QByteArray("epoch\tloss\n0\t1.25\n") << QList{ 1.25 };
        QTest::newRow("not finite") << QByteArray("epoch,loss\n0,nan\n1,-inf\n2,\n3,0.5\n")
                                    << QList{ qQNaN(), -qInf(), qQNaN(), 0.5 };
        QTest::newRow("ragged") << QByteArray("epoch,loss,acc\n0,1.0\n1,0.9,0.5,7\n")
                                << QList{ 1.0, 0.9 };
        QTest::newRow("quoted") << QByteArray("epoch,note,loss\n0,\"a, \"\"b\"\"\n c\",0.5\n")
                                << QList{ 0.5 };
        QTest::newRow("header only") << QByteArray("epoch,loss\n") << QList<double>{};
        QTest::newRow("two logs joined")
            << QByteArray("epoch,loss\n0,1.0\nepoch,loss\n0,0.5\n") << QList{ 1.0, 0.5 };
        QTest::newRow("TensorBoard's download")
            << QByteArray("Wall time,Step,loss\n1.7e9,5,1.0\n1.7e9,6,0.5\n") << QList{ 1.0, 0.5 };
    }

    void readsTablesAsFoundInTheWild()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<double>, loss);
        const auto history = readOrFail(write("wild.csv", text.toStdString()));
        const Series* series = find(history, "loss");
        QVERIFY(series);
        QVERIFY(same(series->values, { loss.begin(), loss.end() }));
        QCOMPARE(series->steps.size(), series->values.size());
        QVERIFY(!find(history, "note") && !find(history, "epoch") && !find(history, "Step"));
    }

    void splitsCellsThatHoldArrays()
    {
        const auto history = readOrFail(
            write("arrays.csv", "epoch,f1\n0,\"\"\"[0.5, 0.25]\"\"\"\n1,\"[1, 2]\"\n"));
        QVERIFY(!find(history, "f1"));
        QVERIFY(find(history, "f1[1]"));
        QCOMPARE(find(history, "f1[1]")->values, (std::vector<double>{ 0.25, 2 }));
    }

    void readsJsonInItsForms_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<double>>("steps");
        QTest::newRow("History.history")
            << QByteArray(R"({"loss": [2, NaN], "note": "x"})") << QList{ 0.0, 1.0 };
        QTest::newRow("with epochs")
            << QByteArray(R"({"history": {"loss": [2, NaN]}, "epoch": [3, 4]})")
            << QList{ 3.0, 4.0 };
        QTest::newRow("one line an epoch, the last cut off")
            << QByteArray("{\"epoch\": 3, \"loss\": 2}\n{\"epoch\": 4, \"loss\": NaN}\n{\"ep")
            << QList{ 3.0, 4.0 };
        QTest::newRow("list of epochs")
            << QByteArray(R"([{"loss": 2}, {"loss": "NaN"}])") << QList{ 0.0, 1.0 };
    }

    void readsJsonInItsForms()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<double>, steps);
        const auto history = readOrFail(write("history.json", text.toStdString()));
        QCOMPARE(history.size(), std::size_t{ 1 });
        QCOMPARE(history[0].name, std::string("loss"));
        QVERIFY(same(history[0].values, { 2, NAN }));
        QCOMPARE(history[0].steps, std::vector<double>(steps.begin(), steps.end()));
    }

    void readsScalarsOfBothTensorFlows()
    {
        const std::string events = simpleEvent("loss", 0, 1.5F)
            + tensorEvent("acc", 1, 0.5F, "scalars") + tensorEvent("weights", 1, 9.0F, "histograms")
            + tensorEvent("acc", 2, 0.75F) + tensorEvent("weights", 2, 9.0F)
            + simpleEvent("loss", 2, 0.25F);
        const auto history = readOrFail(write("events.out.tfevents.1.v2", events));
        QCOMPARE(history.size(), std::size_t{ 2 });
        QCOMPARE(history[0], (Series{ "loss", { 0, 2 }, { 1.5, 0.25 } }));
        QCOMPARE(history[1], (Series{ "acc", { 1, 2 }, { 0.5, 0.75 } }));
    }

    void keepsWhatIsWholeOfATruncatedEventFile()
    {
        const std::string whole = simpleEvent("loss", 0, 1.5F) + simpleEvent("loss", 1, 1.25F);
        const std::string last = simpleEvent("loss", 2, 1.0F);
        for (std::size_t cut = 0; cut < last.size(); ++cut) {
            const auto history = readOrFail(write("cut.tfevents", whole + last.substr(0, cut)));
            QCOMPARE(history.at(0).values, (std::vector<double>{ 1.5, 1.25 }));
        }
    }

    void survivesAnyFlippedByteOfAnEventFile()
    {
        const std::string sound
            = simpleEvent("loss", 1, 1.5F) + tensorEvent("acc", 1, 0.5F, "scalars");
        for (std::size_t i = 0; i < sound.size(); ++i) {
            std::string damaged = sound;
            damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
            const auto history = readHistory(write("flipped.tfevents", damaged));
            QVERIFY(!history || history->size() <= 2);
        }
    }

    void namesCurvesByTheirRun()
    {
        write("runs/a/train/events.out.tfevents.1", simpleEvent("loss", 1, 1.0F));
        write("runs/a/train/events.out.tfevents.2", simpleEvent("loss", 2, 0.5F));
        write("runs/a/validation/events.out.tfevents.1", simpleEvent("loss", 1, 2.0F));
        const std::filesystem::path runs = m_folder.path().toStdString() + "/runs";
        const auto all = readOrFail(runs);
        QCOMPARE(all.size(), std::size_t{ 2 });
        QCOMPARE(all[0], (Series{ "a/train/loss", { 1, 2 }, { 1.0, 0.5 } }));
        QCOMPARE(all[1].name, std::string("a/validation/loss"));
        QCOMPARE(readOrFail(runs / "a" / "train").at(0).name, std::string("loss"));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("a web page") << QByteArray("<html><body>Not found</body></html>\n");
        QTest::newRow("prose") << QByteArray(
            "This is a letter, not a log.\nIt has, well, commas.\n");
        QTest::newRow("binary") << QByteArray("\x89HDF\r\n\x1a\n\0\0\0\0", 12);
        QTest::newRow("JSON without curves") << QByteArray("{\"class_name\": \"Sequential\"}");
        QTest::newRow("broken JSON") << QByteArray("{\"loss\": [1, 2");
        QTest::newRow("deep JSON") << QByteArray(100'000, '[');
    }

    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, content);
        const auto history = readHistory(write("wrong", content.toStdString()));
        QVERIFY(!history);
        QVERIFY(!history.error().message().empty());
        QVERIFY(!readHistory("/no/such/file"));
        QVERIFY(!readHistory(m_folder.path().toStdString() + "/emptyfolder"));
    }

    void givesTheSchemaOfTheCommandLine()
    {
        const Json json = toJson({ { "loss", { 0, 1 }, { 0.5, 0.25 } } });
        QCOMPARE(dumpJson(json),
            std::string(
                R"({"series": [{"name": "loss", "steps": [0, 1], "values": [0.5, 0.25]}]})"));
    }

    /// Values that real Keras and TensorFlow read back.
    void agreesWithKerasOnRealLogs()
    {
        const std::filesystem::path logs = SHARED_CORPUS "/logs";
        if (!std::filesystem::exists(logs))
            QSKIP("needs the corpus of real files");
        for (const auto& entry : std::filesystem::directory_iterator(logs)) {
            std::ifstream file(entry.path() / "expected.json");
            if (!file)
                continue;
            const Json expected = Json::parse(file);
            for (const char* name : { "log.csv", "log.tsv", "history.json" }) {
                if (std::filesystem::exists(entry.path() / name))
                    compare(readOrFail(entry.path() / name), expected.at("history"));
            }
            if (!std::filesystem::exists(entry.path() / "run"))
                continue;
            std::map<std::string, Series> curves;
            for (const Json& event : expected.at("events")) {
                if (event.at("plugin") != "scalars")
                    continue;
                const auto run = std::filesystem::path(event.at("file").get<std::string>())
                                     .parent_path()
                                     .lexically_relative("run");
                const auto name = run.string() + '/' + event.at("tag").get<std::string>();
                curves[name].steps.push_back(event.at("step").get<double>());
                curves[name].values.push_back(event.at("values").get<double>());
            }
            const auto history = readOrFail(entry.path() / "run");
            QCOMPARE(history.size(), curves.size());
            for (const auto& [name, curve] : curves) {
                const Series* series = find(history, name);
                QVERIFY(series);
                QCOMPARE(series->steps, curve.steps);
                QVERIFY(same(series->values, curve.values));
            }
        }
    }

private:
    static void compare(const History& history, const Json& expected)
    {
        for (const auto& [name, values] : expected.items()) {
            const Series* series = find(history, name);
            QVERIFY(series);
            QVERIFY(same(series->values, values.get<std::vector<double>>()));
        }
    }
};

QTEST_GUILESS_MAIN(tst_History)
#include "tst_history.moc"
