#include "model/analysis/inspection.h"
#include "model/formats/format.h"
#include "tests/model/network/corpus_cases.h"

#include <QtTest>

#include <cmath>
#include <set>

using namespace layerscope;

namespace {

/// First 16 digits of the hash of every array that the file held when it was written.
std::set<std::string> hashesIn(const Json& expected, const std::string& file)
{
    std::set<std::string> found;
    if (!expected.contains("files") || !expected["files"].contains(file))
        return found;
    for (const Json& rows : expected["files"][file])
        if (rows.is_array())
            for (const Json& row : rows)
                if (row.is_array() && row.size() > 3)
                    found.insert(row[3].get<std::string>());
    return found;
}

QString shapesOf(const Json& weights)
{
    QString found;
    for (const Json& weight : weights)
        found += QString::fromStdString(weight["shape"].dump());
    return found;
}

bool close(const Json& found, const Json& wanted)
{
    if (!wanted.is_number())
        return true;
    const double a = found.is_number() ? found.get<double>() : std::nan("");
    const double b = wanted.get<double>();
    return std::abs(a - b) <= std::max(1e-6, 1e-4 * std::abs(b));
}

QString joined(const Json& path)
{
    QStringList parts;
    for (const Json& part : path)
        parts << QString::fromStdString(part.get<std::string>());
    return parts.join('/');
}

/// Optimizer arrays by shape and hash, scalars left out.
std::multiset<std::string> slotHashes(const Json& variables)
{
    std::multiset<std::string> found;
    for (const Json& variable : variables)
        if (!variable["shape"].empty())
            found.insert(variable["shape"].dump() + tests::text(variable["sha256"]));
    return found;
}

} // namespace

/// Witness: what real Keras said about each model before it saved it.
class tst_InspectionCorpus : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatKerasSays_data() { tests::addCorpusRows(); }
    void saysWhatKerasSays()
    {
        QFETCH(QString, file);
        const Json expected = tests::readExpected(file);
        if (expected.is_null())
            QSKIP("the corpus is not here");
        if (expected["formats"].value("h5", Json()) != "ok")
            QSKIP("no .h5 here");
        const auto path = std::filesystem::path(file.toStdString()).parent_path() / "model.h5";
        const auto network = formats::openNetwork(path);
        QVERIFY2(network, network ? "" : network.error().sentence().c_str());
        const auto found = analysis::inspect(*network, { .statistics = true });
        QVERIFY(found);
        for (const Json& problem : (*found)["problems"])
            if (problem["severity"] != "note")
                qInfo("problem: %s", problem.dump().c_str());
        const auto held = hashesIn(expected, "model.h5");
        compareLayers((*found)["model"], expected["model"], held);
        if (QTest::currentTestFailed())
            return;
        compareOptimizer((*found)["optimizer"], expected.value("optimizer", Json()), held);
    }

    void holdsEveryWeight_data() { tests::addCorpusRows(); }
    void holdsEveryWeight()
    {
        QFETCH(QString, file);
        const Json expected = tests::readExpected(file);
        if (expected.is_null())
            QSKIP("the corpus is not here");
        if (expected["formats"].value("h5weights", Json()) != "ok")
            QSKIP("no weights-only .h5 here");
        const auto path
            = std::filesystem::path(file.toStdString()).parent_path() / "legacy_weights.h5";
        const auto network = formats::openNetwork(path);
        QVERIFY2(network, network ? "" : network.error().sentence().c_str());
        const auto found = analysis::inspect(*network, { .statistics = true });
        QVERIFY(found);
        QCOMPARE(tests::text((*found)["file"]["kind"]), std::string("weights"));
        std::multiset<std::string> got;
        for (const Json& layer : (*found)["model"]["layers"])
            for (const Json& weight : layer["weights"])
                got.insert(weight["shape"].dump() + tests::text(weight["sha256"]));
        std::multiset<std::string> wanted;
        for (const Json& weight : expected["model"]["weights_in_model_order"])
            wanted.insert(weight["shape"].dump() + tests::text(weight["sha256"]));
        QVERIFY(got == wanted);
    }

private:
    void compareLayers(const Json& found, const Json& wanted, const std::set<std::string>& held);
    void compareWeights(const Json& found, const Json& wanted, const std::set<std::string>& held);
    void compareOptimizer(const Json& found, const Json& wanted, const std::set<std::string>& held);
};

void tst_InspectionCorpus::compareWeights(
    const Json& found, const Json& wanted, const std::set<std::string>& held)
{
    QCOMPARE(shapesOf(found), shapesOf(wanted));
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto hash = wanted[i]["sha256"].get<std::string>();
        if (!held.empty() && !held.contains(hash.substr(0, 16)))
            continue; // not in the file
        const std::string name = tests::text(wanted[i]["path"]);
        QVERIFY2(found[i]["sha256"] == hash, name.c_str());
        QVERIFY2(found[i]["dtype"] == wanted[i]["dtype"], name.c_str());
        for (const char* key : { "nan", "inf", "zeros" })
            if (wanted[i].contains(key))
                QVERIFY2(found[i][key] == wanted[i][key], name.c_str());
        for (const char* key : { "min", "max", "mean", "std" })
            if (wanted[i].contains(key))
                QVERIFY2(close(found[i][key], wanted[i][key]), name.c_str());
        QCOMPARE(
            found[i].contains("hist"), wanted[i].contains("hist") || !wanted[i].contains("nan"));
    }
}

void tst_InspectionCorpus::compareLayers(
    const Json& found, const Json& wanted, const std::set<std::string>& held)
{
    QCOMPARE(tests::text(found["kind"]), tests::text(wanted["kind"]));
    QCOMPARE(tests::text(found["class"]), tests::text(wanted["class"]));
    QCOMPARE(found["layers"].size(), wanted["layers"].size());
    for (std::size_t i = 0; i < found["layers"].size(); ++i) {
        const Json& got = found["layers"][i];
        const Json& layer = wanted["layers"][i];
        const QByteArray where = joined(layer["path"]).toUtf8();
        QCOMPARE(joined(got["path"]), joined(layer["path"]));
        for (const char* key : { "class", "is_model", "params", "trainable", "output_shape" }) {
            if (key == std::string("trainable") && layer["is_model"] == true)
                continue; // no file stores a model's own flag
            if (key == std::string("output_shape") && layer[key].is_null())
                continue; // Keras did not know
            QVERIFY2(got[key] == layer[key],
                (where + "." + key + ": " + got[key].dump().c_str() + " instead of "
                    + layer[key].dump().c_str())
                    .constData());
        }
        compareWeights(got["weights"], layer["weights"], held);
    }
    QCOMPARE(shapesOf(found["weights_in_model_order"]), shapesOf(wanted["weights_in_model_order"]));
    for (std::size_t i = 0; i < found["weights_in_model_order"].size(); ++i) {
        const Json& weight = wanted["weights_in_model_order"][i];
        const auto hash = weight["sha256"].get<std::string>();
        if (held.empty() || held.contains(hash.substr(0, 16)))
            QVERIFY2(found["weights_in_model_order"][i]["sha256"] == hash,
                tests::text(weight["path"]).c_str());
    }
    for (const auto& [key, value] : wanted["totals"].items())
        QVERIFY2(found["totals"][key] == value, key.c_str());
}

void tst_InspectionCorpus::compareOptimizer(
    const Json& found, const Json& wanted, const std::set<std::string>& held)
{
    if (!wanted.is_object())
        return;
    for (const Json& variable : wanted["variables"])
        if (!variable["name"].is_null() && !held.empty()
            && !held.contains(variable["sha256"].get<std::string>().substr(0, 16)))
            return; // the file does not hold the whole state
    QCOMPARE(tests::text(found["class"]), tests::text(wanted["class"]));
    if (wanted.contains("iterations") && !wanted["variables"].empty())
        QVERIFY2(found["iterations"] == wanted["iterations"], found["iterations"].dump().c_str());
    const auto got = slotHashes(found["variables"]);
    const auto want = slotHashes(wanted["variables"]);
    QVERIFY(std::includes(got.begin(), got.end(), want.begin(), want.end()));
}

QTEST_GUILESS_MAIN(tst_InspectionCorpus)
#include "tst_inspection_corpus.moc"
