// Configurations that were crossed, held against those that the other Keras wrote for a model built
// by the same source: the corpus's expected.json has them.

#include "model/crossing/crossing.h"
#include "model/formats/format.h"
#include "tests/model/network/corpus_cases.h"

#include <filesystem>
#include <set>

using namespace layerscope;
namespace fs = std::filesystem;

namespace {

const Json& member(const Json& object, const std::string& key)
{
    static const Json nothing;
    return object.is_object() && object.contains(key) ? object[key] : nothing;
}

/// What may differ without meaning anything, and what only one version writes for its own use.
bool isIdle(const std::string& key)
{
    static const std::set<std::string> keys{ "build_config", "shared_object_id", "compile_config",
        "build_input_shape", "module", "registered_name", "name", "seed", "shape", "inbound_nodes",
        "keras_version", "backend" };
    return keys.contains(key);
}

Json policyName(const Json& dtype)
{
    const Json& name = member(member(dtype, "config"), "name");
    return name.is_null() ? dtype : name;
}

/// Keys and values of `ours` that `theirs` has not, as "path: ours / theirs".
void compare(const std::string& where, const Json& ours, const Json& theirs, QStringList& found)
{
    if (where.ends_with("/dtype") && policyName(ours) == policyName(theirs))
        return;
    if (ours.is_object() && theirs.is_object()) {
        for (const auto& [key, value] : ours.items()) {
            if (isIdle(key))
                continue;
            if (!theirs.contains(key) && !value.is_null()) // null is what absence means
                found += QString::fromStdString(where + "/" + key + " is not theirs");
            else if (theirs.contains(key))
                compare(where + "/" + key, value, theirs[key], found);
        }
        return;
    }
    if (ours.is_array() && theirs.is_array() && ours.size() == theirs.size() && !ours.empty()
        && ours[0].is_object()) {
        for (std::size_t i = 0; i < ours.size(); ++i) {
            const Json& name = member(member(ours[i], "config"), "name");
            compare(where + "/" + (name.is_string() ? name.get<std::string>() : std::to_string(i)),
                ours[i], theirs[i], found);
        }
        return;
    }
    if (ours != theirs)
        found += QString::fromStdString(
            where + ": " + dumpJson(ours).substr(0, 200) + " / " + dumpJson(theirs).substr(0, 200));
}

void addCases(const char* source, const char* witness)
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("expected");
    std::error_code none;
    bool any = false;
    for (const auto& group : fs::directory_iterator(SHARED_CORPUS, none)) {
        const fs::path file = group.path() / source / "model.h5";
        const fs::path expected = group.path() / witness / "expected.json";
        if (!fs::exists(file, none) || !fs::exists(expected, none))
            continue;
        any = true;
        QTest::newRow(group.path().filename().c_str())
            << QString::fromStdString(file.string()) << QString::fromStdString(expected.string());
    }
    if (!any)
        QTest::newRow("absent") << QString() << QString();
}

} // namespace

class tst_CrossingCorpus : public QObject
{
    Q_OBJECT

private slots:
    void writesWhatKeras3Writes_data() { addCases("keras2.15", "keras3.15"); }
    void writesWhatKeras3Writes() { check("keras"); }
    void writesWhatKeras2Writes_data() { addCases("keras3.15", "keras2.15"); }
    void writesWhatKeras2Writes() { check("h5-keras2"); }

private:
    static void check(const char* format)
    {
        QFETCH(QString, file);
        QFETCH(QString, expected);
        if (file.isEmpty())
            QSKIP("there is no corpus");
        const auto network = formats::openNetwork(file.toStdString());
        QVERIFY(network);
        const auto crossed = crossing::cross(*network, format);
        if (!crossed)
            QFAIL(crossed.error().sentence().c_str());
        const Json witness = tests::readExpected(expected);
        QStringList found;
        compare("", crossed->network.architecture.value(), witness["model"]["model_config"], found);
        if (!found.isEmpty())
            QFAIL(qPrintable(found.join("\n")));
    }
};

QTEST_GUILESS_MAIN(tst_CrossingCorpus)
#include "tst_crossing_corpus.moc"
