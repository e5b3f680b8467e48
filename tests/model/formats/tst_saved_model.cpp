#include "model/core/json.h"
#include "model/formats/format.h"

#include <QCryptographicHash>
#include <QDir>
#include <QtTest>

#include <fstream>
#include <map>

using namespace layerscope;

namespace layerscope::formats {
extern const ModelFormat saved_model;
extern const ModelFormat checkpoint;
}

namespace {

std::string hashOf(const StoredTensor& stored)
{
    const auto tensor = stored.load();
    if (!tensor)
        return tensor.error().sentence();
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray(reinterpret_cast<const char*>(tensor->bytes().data()),
        static_cast<qsizetype>(tensor->bytes().size())));
    return hash.result().toHex().toStdString();
}

void addRows(const QStringList& names)
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("file");
    int rows = 0;
    const QDir corpus(QStringLiteral(SHARED_CORPUS));
    for (const QString& name : corpus.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        for (const QString& version :
            QDir(corpus.filePath(name)).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QString folder = corpus.filePath(name + "/" + version);
            for (const QString& file : names)
                if (name != "bad" && QFile::exists(folder + "/expected.json")
                    && (QDir(folder + "/" + file).exists()
                        || QFile::exists(folder + "/" + file + ".index"))) {
                    ++rows;
                    QTest::newRow((name + "/" + version + "/" + file).toUtf8().constData())
                        << folder << file;
                }
        }
    if (rows == 0)
        QTest::newRow("no corpus") << QString() << QString();
}

Json expectedOf(const QString& folder)
{
    std::ifstream file((folder + "/expected.json").toStdString());
    return Json::parse(file);
}

/// Hashes of all entries that have one; for a list of weights of expected.json.
std::vector<std::string> hashes(const Json& weights)
{
    std::vector<std::string> found;
    for (const auto& weight : weights)
        found.push_back(weight["sha256"].get<std::string>());
    return found;
}

std::vector<std::string> hashes(const Network& network, const std::vector<WeightIndex>& weights)
{
    std::vector<std::string> found;
    for (const WeightIndex index : weights)
        found.push_back(hashOf(network.weights[index].value));
    return found;
}

/// The expected hashes that `network` has nowhere among weights and optimizer variables.
std::vector<std::string> missing(const Json& wanted, std::multimap<std::string, int> held)
{
    std::vector<std::string> lost;
    for (const auto& entry : wanted) {
        const auto found = held.find(entry["sha256"].get<std::string>());
        if (found == held.end())
            lost.push_back(entry["path"].dump());
        else
            held.erase(found);
    }
    return lost;
}

} // namespace

/// Witness: what real Keras recorded about its own SavedModels and checkpoints.
class tst_SavedModel : public QObject
{
    Q_OBJECT

private slots:
    void readsLayersWeightsAndOptimizer_data()
    {
        addRows({ "saved_model", "saved_model_notraces" });
    }
    void readsLayersWeightsAndOptimizer()
    {
        QFETCH(QString, folder);
        QFETCH(QString, file);
        if (folder.isEmpty())
            QSKIP("the corpus is not here");
        const Json expected = expectedOf(folder);
        const auto path = std::filesystem::path((folder + "/" + file).toStdString());
        QCOMPARE(formats::saved_model.recognise(path), formats::Recognition::Yes);
        const auto network = formats::saved_model.read(path, {});
        QVERIFY2(network, network ? "" : network.error().sentence().c_str());

        const Json& layers = expected["model"]["layers"];
        std::size_t next = 0;
        visitLayers(network->model, [&](const Layer& layer, const std::vector<std::string>& names) {
            if (names.empty())
                return;
            QVERIFY2(next < layers.size(), layer.name.c_str());
            const Json& wanted = layers[next++];
            QCOMPARE(Json(names), wanted["path"]);
            QCOMPARE(Json(layer.className), wanted["class"]);
            if (!layer.isModel())
                QCOMPARE(hashes(*network, layer.weights), hashes(wanted["weights"]));
        });
        QCOMPARE(next, layers.size());

        std::vector<WeightIndex> all(network->weights.size());
        for (WeightIndex i = 0; i < all.size(); ++i)
            all[i] = i;
        QCOMPARE(hashes(*network, all), hashes(expected["model"]["weights_in_model_order"]));

        const Json& optimizer = expected["optimizer"];
        if (!optimizer.is_object() || expected["training_before_save"].is_null())
            return;
        QVERIFY(network->optimizer);
        QCOMPARE(Json(*network->optimizer->iterations), optimizer["iterations"]);
        std::multimap<std::string, int> held;
        for (const auto& variable : network->optimizer->variables) {
            QVERIFY2(variable.role != SlotRole::Unknown, variable.name.c_str());
            held.emplace(hashOf(variable.value), 0);
        }
        Json slotEntries = Json::array();
        for (const auto& variable : optimizer["variables"])
            if (!variable["shape"].empty())
                slotEntries.push_back(variable);
        const auto lost = missing(slotEntries, held);
        QVERIFY2(lost.empty(), lost.empty() ? "" : lost.front().c_str());
    }

    void savesAgainWithNewValues_data() { addRows({ "saved_model", "saved_model_notraces" }); }
    void savesAgainWithNewValues()
    {
        QFETCH(QString, folder);
        QFETCH(QString, file);
        if (folder.isEmpty())
            QSKIP("the corpus is not here");
        auto network = formats::openNetwork((folder + "/" + file).toStdString());
        QVERIFY(network);
        for (Weight& weight : network->weights) {
            Tensor changed = *weight.value.load();
            if (changed.dtype() == DType::Float32 && changed.count() > 0)
                changed.mutableValuesAs<float>()[0] += 0.5F;
            weight.value = StoredTensor(changed);
        }
        if (network->optimizer && network->optimizer->iterations)
            network->optimizer->iterations = 77;
        network->history = Json{ { "loss", { 0.5, 0.25 } } };
        const QTemporaryDir scratch;
        const std::filesystem::path target = scratch.filePath("copy").toStdString();
        const auto report = formats::saveNetwork(*network, target, {});
        QVERIFY2(report, report ? "" : report.error().sentence().c_str());
        QVERIFY(report->tensorsCompared >= network->weights.size());
        // Once more over itself: the folder is replaced in one step.
        const auto again = formats::openNetwork(target);
        QVERIFY(again);
        QVERIFY(formats::saveNetwork(*again, target, {}));
        const auto saved = formats::openNetwork(target);
        QVERIFY(saved);
        QCOMPARE(saved->history, network->history);
        QCOMPARE(saved->weights.size(), network->weights.size());
        for (WeightIndex i = 0; i < saved->weights.size(); ++i)
            QCOMPARE(hashOf(saved->weights[i].value), hashOf(network->weights[i].value));
        if (network->optimizer)
            QCOMPARE(saved->optimizer->iterations, network->optimizer->iterations);
        QCOMPARE(
            QDir(scratch.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
            QStringList("copy"));
    }

    // Keras's get_vocabulary(), without the special words.
    void readsTheWordsOfLookupLayers()
    {
        const auto words = [](const char* folder) {
            const auto network = formats::openNetwork(
                std::filesystem::path(TEST_DATA) / folder / "keras2.15/saved_model_notraces");
            Json found;
            if (network)
                visitLayers(network->model, [&](const Layer& layer, const auto&) {
                    if (layer.config.contains("vocabulary"))
                        found = layer.config["vocabulary"];
                });
            return found;
        };
        QVERIFY(words("lookup_adapted") == Json({ 7, -3, 1000000000000, 40 }));
        QVERIFY(words("lookup_asset") == Json({ "pear", "fig", "ünï" }));
    }

    // Keras: loss_scale 2048, two good steps since it grew, seven steps in all.
    void keepsTheLossScale()
    {
        const auto opened = formats::openNetwork(
            std::filesystem::path(TEST_DATA "/loss_scale/keras2.15/saved_model_notraces"));
        QVERIFY(opened);
        Network network = *opened;
        const auto scalar = [](Network& from, std::string_view slot) -> StoredTensor& {
            static StoredTensor none = Tensor::scalar<float>(-1);
            for (OptimizerVariable& variable : from.optimizer->variables)
                if (variable.slot == slot)
                    return variable.value;
            return none;
        };
        const auto number = [](const StoredTensor& value) {
            return value.load()->converted(DType::Float64)->valuesAs<double>()[0];
        };
        QCOMPARE(number(scalar(network, "dynamic_scale")), 2048.0);
        QCOMPARE(number(scalar(network, "step_counter")), 2.0);
        QCOMPARE(network.optimizer->iterations.value_or(0), std::int64_t{ 7 });

        scalar(network, "dynamic_scale") = Tensor::scalar<float>(4096);
        scalar(network, "step_counter") = Tensor::scalar<std::int64_t>(3);
        const QTemporaryDir scratch;
        const std::filesystem::path folder = scratch.path().toStdString();
        for (const bool isNew : { false, true }) {
            if (isNew)
                network.carried.reset();
            for (const char* format : { "savedmodel", "checkpoint" }) {
                const std::filesystem::path target
                    = folder / (std::string(format) + (isNew ? "-new" : ""));
                QVERIFY(formats::saveNetwork(network, target, { .format = format }));
                auto saved = formats::openNetwork(target);
                QVERIFY(saved);
                QCOMPARE(saved->optimizer->variables.size(), network.optimizer->variables.size());
                if (std::string_view(format) == "checkpoint")
                    continue; // does not say of which optimizer it is
                QCOMPARE(number(scalar(*saved, "dynamic_scale")), 4096.0);
                QCOMPARE(number(scalar(*saved, "step_counter")), 3.0);
            }
        }
        // An .h5 of Keras 2 has a place for the step and the slots alone.
        const std::filesystem::path target = folder / "model.h5";
        QVERIFY(formats::saveNetwork(network, target, { .format = "h5-keras2" }));
        const auto saved = formats::openNetwork(target);
        QVERIFY(saved);
        QCOMPARE(saved->optimizer->variables.size(), std::size_t{ 9 });
        QCOMPARE(saved->optimizer->config.value("initial_scale", 0.0), 4096.0);
    }

    void dropsTheOptimizerWhenAsked()
    {
        const QString folder = QStringLiteral(SHARED_CORPUS "/model_mlp/keras2.15/saved_model");
        if (!QFile::exists(folder))
            QSKIP("the corpus is not here");
        const auto network = formats::openNetwork(folder.toStdString());
        QVERIFY(network);
        const QTemporaryDir scratch;
        const std::filesystem::path target = scratch.filePath("copy").toStdString();
        QVERIFY(formats::saveNetwork(
            *network, target, { "savedmodel", formats::OptimizerInFile::Drop }));
        const auto saved = formats::openNetwork(target);
        QVERIFY(saved);
        QVERIFY(!saved->optimizer || saved->optimizer->variables.empty());
    }

    void findsEveryWeightOfACheckpoint_data() { addRows({ "ckpt/ckpt", "train_ckpt/ckpt" }); }
    void findsEveryWeightOfACheckpoint()
    {
        QFETCH(QString, folder);
        QFETCH(QString, file);
        if (folder.isEmpty())
            QSKIP("the corpus is not here");
        const Json expected = expectedOf(folder);
        const auto path = std::filesystem::path((folder + "/" + file).toStdString());
        QCOMPARE(formats::checkpoint.recognise(path), formats::Recognition::Maybe);
        const auto network = formats::openNetwork(path);
        QVERIFY2(network, network ? "" : network.error().sentence().c_str());
        std::multimap<std::string, int> held;
        for (const Weight& weight : network->weights)
            held.emplace(hashOf(weight.value), 0);
        std::string listed = expected["files"].dump();
        Json stored = Json::array();
        for (const auto& weight : expected["model"]["weights_in_model_order"])
            if (listed.find(weight["sha256"].get<std::string>().substr(0, 16)) != std::string::npos)
                stored.push_back(weight);
        const auto lost = missing(stored, held);
        QVERIFY2(lost.empty(), lost.empty() ? "" : lost.front().c_str());
    }
};

QTEST_GUILESS_MAIN(tst_SavedModel)
#include "tst_saved_model.moc"
