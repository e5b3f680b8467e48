#include "model/network/architecture.h"
#include "tests/model/network/corpus_cases.h"

#include <QtTest>

using namespace layerscope;

namespace {

Json json(const char* text)
{
    auto value = parseJson(text);
    return value ? *value : Json();
}

struct Parsed
{
    Layer model;
    std::vector<Problem> problems;
};

Parsed parsed(const Json& config)
{
    Parsed result;
    auto model = parseArchitecture(config, result.problems);
    if (model)
        result.model = *model;
    return result;
}

} // namespace

class tst_Architecture : public QObject
{
    Q_OBJECT

private slots:
    void listsLayersAsKerasDoes_data() { tests::addCorpusRows(); }

    /// Witness: what real Keras says about the configuration that it wrote.
    void listsLayersAsKerasDoes()
    {
        QFETCH(QString, file);
        const Json expected = tests::readExpected(file);
        if (expected.is_null())
            QSKIP("the corpus is not here");
        const Json& wanted = expected["model"];
        const Json& config = wanted["model_config"];
        if (wanted["kind"] == "subclassed")
            QSKIP("no configuration (a subclassed model)");
        const Parsed result = parsed(config);
        QVERIFY2(result.problems.empty(),
            result.problems.empty() ? "" : result.problems[0].what.c_str());
        std::vector<std::pair<Layer, std::vector<std::string>>> found;
        visitLayers(result.model, [&](const Layer& layer, const std::vector<std::string>& path) {
            if (!path.empty() && layer.kind != LayerKind::Operation)
                found.emplace_back(layer, path);
        });
        QCOMPARE(found.size(), wanted["layers"].size());
        QCOMPARE(QString::fromStdString(result.model.className),
            QString::fromStdString(wanted["class"].get<std::string>()));
        for (std::size_t i = 0; i < found.size(); ++i) {
            const Json& layer = wanted["layers"][i];
            const auto& [got, path] = found[i];
            QVERIFY(Json(path) == layer["path"]);
            QCOMPARE(QString::fromStdString(got.className),
                QString::fromStdString(layer["class"].get<std::string>()));
            QCOMPARE(got.isModel(), layer["is_model"].get<bool>());
            // No file stores a model's own flag; Keras before 2.4 froze its inputs without a word.
            if (!got.isModel() && got.className != "InputLayer") {
                QCOMPARE(got.trainable, layer["trainable"].get<bool>());
                QCOMPARE(QString::fromStdString(got.dtypePolicy),
                    QString::fromStdString(layer["dtype_policy"].get<std::string>()));
            }
        }
    }

    void refusesWhatIsNoModel()
    {
        std::vector<Problem> problems;
        QVERIFY(!parseArchitecture(json("[1, 2]"), problems));
        QVERIFY(!parseArchitecture(json("{}"), problems));
        QVERIFY(!parseArchitecture(json(R"({"class_name": "Sequential"})"), problems));
    }
};

QTEST_GUILESS_MAIN(tst_Architecture)
#include "tst_architecture.moc"
