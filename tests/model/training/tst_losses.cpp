// Losses with their gradients, and metrics, held against what real Keras computed on the same
// arrays (tests/data/training/record_losses.py).
#include "model/core/json.h"
#include "model/ops/gradient.h"
#include "model/ops/program.h"
#include "model/training/loss_graph.h"
#include "model/training/specification.h"

#include <QtTest>

#include <cmath>
#include <fstream>
#include <sstream>

using namespace layerscope;
using namespace layerscope::training;

namespace {

Json readJson(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    auto json = parseJson(content.view());
    return json ? *std::move(json) : Json();
}

Tensor tensorOf(const Json& entry, DType type)
{
    std::vector<double> values;
    for (const Json& item : entry["values"])
        values.push_back(item.get<double>());
    return *Tensor::of(entry["shape"].get<Shape>(), values).converted(type);
}

bool takesClasses(const Json& record)
{
    const std::string kind = record["kind"];
    return kind == "classes" || kind == "class_logits" || kind == "unit";
}

/// Relative, with 1 as the least size: float32 in another order of operations.
double differenceOf(double got, double wanted)
{
    if (std::isnan(wanted))
        return std::isnan(got) ? 0 : 1e9;
    const double difference = std::abs(got - wanted);
    return std::isfinite(difference) ? difference / (1 + std::abs(wanted)) : 1e9;
}

struct Fed
{
    OutputValues values;
    std::vector<Tensor> tensors;
};

/// Inputs of the graph for the arrays of a record, in order.
Fed feed(ops::Builder& builder, const Json& arrays, bool classes)
{
    Fed fed;
    const auto add = [&](const char* name, const Json& entry, DType type) {
        fed.tensors.push_back(tensorOf(entry, type));
        return builder.input(name, { type, fed.tensors.back().shape() });
    };
    fed.values.target = add("y", arrays["y"], classes ? DType::Int64 : DType::Float32);
    fed.values.prediction = add("p", arrays["p"], DType::Float32);
    if (arrays.contains("weights") && !arrays["weights"].is_null())
        fed.values.sampleWeights = add("weights", arrays["weights"], DType::Float32);
    return fed;
}

KerasGeneration generationOf(bool isKeras3)
{
    return isKeras3 ? KerasGeneration::Keras3 : KerasGeneration::Keras2;
}

} // namespace

class tst_Losses : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_keras2 = readJson(TEST_DATA "/training/losses-keras2.15.json");
        m_keras3 = readJson(TEST_DATA "/training/losses-keras3.15.json");
        QVERIFY(m_keras2.is_object() && m_keras3.is_object());
    }

    void lossAndGradientAreThoseOfKeras_data() { addRows("losses"); }
    void lossAndGradientAreThoseOfKeras()
    {
        QFETCH(bool, isKeras3);
        QFETCH(int, index);
        const Json& record = recordOf("losses", isKeras3, index);
        const std::string className = record["class"];
        OutputLoss loss;
        loss.type = findLoss(className);
        QVERIFY2(loss.type, className.c_str());
        loss.settings = Settings(record["config"], generationOf(isKeras3));
        const std::string reduction = loss.settings.text("reduction");
        loss.reduction = reduction == "sum"          ? LossReduction::Sum
            : reduction == "mean_with_sample_weight" ? LossReduction::MeanOverWeights
                                                     : LossReduction::MeanOverValues;
        ops::Graph graph;
        ops::Builder builder(graph);
        Fed fed = feed(builder, record, takesClasses(record));
        const ops::Value value = buildLoss(builder, loss, fed.values, generationOf(isKeras3));
        const std::vector<ops::Value> targets{ value };
        const std::vector<ops::Value> sources{ fed.values.prediction };
        const auto gradients = ops::gradients(builder, targets, {}, sources);
        QVERIFY2(!builder.error(), builder.error() ? builder.error()->sentence().c_str() : "");
        builder.output(value);
        builder.output(gradients[0]);
        const auto results = ops::evaluate(graph, fed.tensors);
        QVERIFY2(results, results ? "" : results.error().sentence().c_str());
        const auto got = static_cast<double>((*results)[0].valuesAs<float>()[0]);
        const double wanted = record["value"].get<double>();
        QVERIFY2(differenceOf(got, wanted) < 2e-6,
            qPrintable(QStringLiteral("%1 instead of %2").arg(got).arg(wanted)));
        const auto gradient = (*results)[1].valuesAs<float>();
        for (std::size_t i = 0; i < gradient.size(); ++i) {
            const double own = gradient[i];
            const double theirs = record["gradient"][i].get<double>();
            QVERIFY2(differenceOf(own, theirs) < 5e-6,
                qPrintable(
                    QStringLiteral("gradient %1: %2 instead of %3").arg(i).arg(own).arg(theirs)));
        }
    }

    void metricOverTwoBatchesIsThatOfKeras_data() { addRows("metrics"); }
    void metricOverTwoBatchesIsThatOfKeras()
    {
        QFETCH(bool, isKeras3);
        QFETCH(int, index);
        const Json& record = recordOf("metrics", isKeras3, index);
        const std::string className = record["class"];
        OutputMetric metric;
        metric.settings = Settings(record["config"], generationOf(isKeras3));
        metric.weighted = true;
        if (const MetricType* type = findMetric(className))
            metric.metric = type->create(metric.settings);
        else
            metric.metric = lossMetric(className);
        QVERIFY2(metric.metric, className.c_str());
        std::vector<double> sums;
        for (std::size_t b = 0; b < record["batches"].size(); ++b) {
            ops::Graph graph;
            ops::Builder builder(graph);
            Fed fed = feed(builder, record["batches"][b], takesClasses(record));
            const auto parts = buildMetric(builder, metric, fed.values, generationOf(isKeras3));
            QVERIFY2(!builder.error(), builder.error() ? builder.error()->sentence().c_str() : "");
            for (const MetricPart& part : parts) {
                if (part.value)
                    builder.output(part.value);
            }
            const auto results = ops::evaluate(graph, fed.tensors);
            QVERIFY2(results, results ? "" : results.error().sentence().c_str());
            std::vector<double> share;
            std::size_t next = 0;
            for (const MetricPart& part : parts) {
                if (!part.value) {
                    share.push_back(part.fixed);
                    continue;
                }
                for (const float x : (*results)[next].valuesAs<float>())
                    share.push_back(static_cast<double>(x));
                ++next;
            }
            sums.resize(share.size());
            for (std::size_t i = 0; i < share.size(); ++i)
                sums[i] += share[i];
            const double got = metric.metric->result(sums);
            const double wanted = record["results"][b].get<double>();
            QVERIFY2(differenceOf(got, wanted) < 3e-6,
                qPrintable(QStringLiteral("after batch %1: %2 instead of %3")
                               .arg(b)
                               .arg(got)
                               .arg(wanted)));
        }
    }

    void dealsSpecificationsOutToOutputs()
    {
        const std::vector<std::string> names{ "a", "b" };
        const Json byName{ { "b", "mse" } };
        QVERIFY(specificationForOutputs(byName, names)[0].is_null());
        QCOMPARE(specificationForOutputs(byName, names)[1].get<std::string>(), "mse");
        QCOMPARE(specificationForOutputs("mae", names)[1].get<std::string>(), "mae");
        const Json lists = Json::parse(R"([[{"class_name": "AUC", "config": {}}], [null]])");
        QCOMPARE(metricsForOutputs(lists, names, false)[0].size(), std::size_t(1));
        QCOMPARE(metricsForOutputs(lists, names, false)[1].size(), std::size_t(0));
        // A flat list means every output in Keras 2, and one metric each in Keras 3.
        const Json flat = Json::parse(R"(["mae", "mse"])");
        QCOMPARE(metricsForOutputs(flat, names, false)[0].size(), std::size_t(2));
        QCOMPARE(metricsForOutputs(flat, names, true)[0].size(), std::size_t(1));
    }

private:
    const Json& recordOf(const char* kind, bool isKeras3, int index) const
    {
        return (isKeras3 ? m_keras3 : m_keras2)[kind][static_cast<std::size_t>(index)];
    }
    void addRows(const char* kind)
    {
        QTest::addColumn<bool>("isKeras3");
        QTest::addColumn<int>("index");
        for (const bool isKeras3 : { false, true }) {
            const Json& records = (isKeras3 ? m_keras3 : m_keras2)[kind];
            for (std::size_t i = 0; i < records.size(); ++i) {
                const std::string name = records[i]["class"];
                const std::string data = records[i]["kind"];
                QTest::addRow("%s-%s-%s-%d", isKeras3 ? "keras3" : "keras2", name.c_str(),
                    data.c_str(), static_cast<int>(i))
                    << isKeras3 << static_cast<int>(i);
            }
        }
    }

    Json m_keras2, m_keras3;
};

QTEST_GUILESS_MAIN(tst_Losses)
#include "tst_losses.moc"
