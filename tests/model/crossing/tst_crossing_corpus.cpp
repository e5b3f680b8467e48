// Configurations that were crossed, held against those that the other Keras wrote for a model built
// by the same source: the corpus's expected.json has them.

#include "model/crossing/crossing.h"
#include "model/formats/format.h"
#include "model/network/optimizer_layout.h"
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

/// What may differ without meaning anything, what only one version writes for its own use, and
/// what the two versions chose differently for the same source.
bool isIdle(const std::string& key)
{
    static const std::set<std::string> keys{ "build_config", "shared_object_id", "compile_config",
        "build_input_shape", "module", "registered_name", "name", "seed", "inbound_nodes",
        "input_layers", "output_layers", // numbered names
        "axis", // counted from the other end
        "factor", "output_shape", // one number for two
        "query_shape", "key_shape", "value_shape", // null until the first call
        "recurrent_activation", // ConvLSTM2D: another default
        "zero_output_for_mask", "backward_layer", "dilation_rate" }; // taken, though not written
    return keys.contains(key);
}

Json policyName(const Json& dtype)
{
    const Json& name = member(member(dtype, "config"), "name");
    return name.is_null() ? dtype : name;
}

std::string nameOf(const Json& object)
{
    const Json& name = member(member(object, "config"), "name");
    return name.is_string() ? name.get<std::string>() : std::string();
}

bool meansTheSame(const std::string& where, const Json& ours, const Json& theirs)
{
    if (where.ends_with("/dtype")) {
        static const std::set<std::string> types{ "bins", "lookup" }; // int64 of Keras 2 stays
        for (const std::string& layer : types)
            if (where.find("/" + layer + "/") != std::string::npos)
                return true;
        return policyName(ours) == policyName(theirs)
            || policyName(theirs) == Json("bfloat16"); // mixed, with weights of float32
    }
    if (ours.is_number() && theirs.is_number()) // rounded to float32 by one of them
        return std::abs(ours.get<double>() - theirs.get<double>())
            <= 1e-6 * std::abs(theirs.get<double>());
    if (where.ends_with("/activation")) {
        const Json& function = member(theirs, "config");
        return ours == function || (ours == Json("silu") && theirs == Json("swish"))
            || (ours == Json("swish") && theirs == Json("silu"));
    }
    if (where.ends_with("/class_name")) // operations that are layers, packages apart
        return (ours == Json("Concatenate") && theirs == Json("TFOpLambda"))
            || (ours.is_string()
                && ours.get<std::string>().ends_with(">" + theirs.get<std::string>()));
    return false;
}

/// Keys and values of `ours` that `theirs` has not, as "path: ours / theirs". Layers that only one
/// has (operations, what hard_sigmoid needs) are passed over.
void compare(const std::string& where, const Json& ours, const Json& theirs, QStringList& found)
{
    if (ours == theirs || meansTheSame(where, ours, theirs))
        return;
    if (ours.is_object() && theirs.is_object()) {
        const bool isOther = member(ours, "class_name") != member(theirs, "class_name");
        for (const auto& [key, value] : ours.items()) {
            if (isIdle(key) || (isOther && key == "config"))
                continue;
            if (theirs.contains(key))
                compare(where + "/" + key, value, theirs[key], found);
            else if (!value.is_null()) // null is what absence means
                found += QString::fromStdString(where + "/" + key + " is not theirs");
        }
        return;
    }
    if (ours.is_array() && theirs.is_array() && !ours.empty() && ours[0].is_object()) {
        for (const Json& item : ours)
            for (const Json& other : theirs)
                if (nameOf(item) == nameOf(other))
                    compare(where + "/" + nameOf(item), item, other, found);
        return;
    }
    found += QString::fromStdString(
        where + ": " + dumpJson(ours).substr(0, 200) + " / " + dumpJson(theirs).substr(0, 200));
}

Shape shapeOf(const Json& entry)
{
    return entry["shape"].get<Shape>();
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
        checkWeights(crossed->network, witness["model"]["weights_in_model_order"]);
        if (!QTest::currentTestFailed() && crossed->network.optimizer
            && witness["optimizer"].is_object())
            checkOptimizer(crossed->network, witness["optimizer"]);
    }

    static void checkWeights(const Network& network, const Json& wanted)
    {
        if (wanted.size() != network.weights.size())
            QSKIP("the two versions built different models");
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            QCOMPARE(network.weights[i].value.shape(), shapeOf(wanted[i]));
            if (network.generation == KerasGeneration::Keras3) // Keras 2 tells what it is by nature
                QCOMPARE(network.weights[i].trainable, wanted[i]["trainable"].get<bool>());
        }
    }

    static void checkOptimizer(const Network& network, const Json& wanted)
    {
        const OptimizerState& state = *network.optimizer;
        QCOMPARE(state.className, plainOptimizerName(wanted["class"].get<std::string>()));
        if (wanted["legacy"].get<bool>() || state.className == "LossScaleOptimizer"
            || wanted["variables"].size() <= 2)
            return;
        QCOMPARE(state.variables.size(), wanted["variables"].size());
        for (std::size_t i = 0; i < state.variables.size(); ++i)
            QCOMPARE(state.variables[i].value.shape(), shapeOf(wanted["variables"][i]));
    }
};

QTEST_GUILESS_MAIN(tst_CrossingCorpus)
#include "tst_crossing_corpus.moc"
