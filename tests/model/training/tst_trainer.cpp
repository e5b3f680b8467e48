// Training goes on from files of real Keras as real Keras went on from them, and is an operation on
// values: the same seed gives the same bits, a snapshot continues as if nothing had happened.
#include "model/formats/format.h"

#include <QtTest>

#include <cmath>

#include "recorded_training.h"

using namespace layerscope;
using namespace layerscope::training;
using namespace recorded_training;

namespace {

Network model(const char* name)
{
    auto network = formats::openNetwork(std::string(TEST_DATA "/") + name + "/model.h5");
    if (!network)
        qFatal("%s", network.error().sentence().c_str());
    return *std::move(network);
}

/// Rows for a model of one input vector and one class.
DataSet madeData(const Network& network, std::int64_t rows)
{
    const Json expected
        = readJson(std::filesystem::path(network.file.path).parent_path() / "expected.json");
    const Arrays arrays = readArrays(std::filesystem::path(network.file.path).parent_path());
    DataSet data = recordedData(expected["resume"], arrays);
    const auto cut = [&](Tensor& tensor) {
        Shape shape = tensor.shape();
        const std::size_t size = tensor.bytes().size() / static_cast<std::size_t>(shape[0]);
        shape[0] = rows;
        tensor = *Tensor::fromBytes(
            tensor.dtype(), shape, tensor.bytes().first(size * static_cast<std::size_t>(rows)));
    };
    for (Tensor& input : data.inputs)
        cut(input);
    for (Tensor& target : data.targets)
        cut(target);
    return data;
}

std::vector<Tensor> weightsOf(const Network& network)
{
    std::vector<Tensor> result;
    for (const Weight& weight : network.weights)
        result.push_back(*weight.value.load());
    return result;
}

bool areIdentical(const Network& a, const Network& b)
{
    const auto left = weightsOf(a);
    const auto right = weightsOf(b);
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (!left[i].identicalTo(right[i]))
            return false;
    }
    return left.size() == right.size();
}

Trainer trainer(const Network& network, DataSet data, const TrainingOptions& options)
{
    auto made = Trainer::create(network, std::move(data), options);
    if (!made)
        qFatal("%s", made.error().sentence().c_str());
    return *std::move(made);
}

double lossOf(const StepReport& report)
{
    return report.batch.front().second;
}

constexpr const char* mlp = "model_mlp/keras2.15";
constexpr const char* mlp3 = "model_mlp/keras3.15";

} // namespace

class tst_Trainer : public QObject
{
    Q_OBJECT

private slots:
    void continuesAsRealKerasDid_data() { addRecordedFiles(); }
    void continuesAsRealKerasDid()
    {
        QFETCH(QString, folder);
        const std::filesystem::path path = folder.toStdString();
        const Json expected = readJson(path / "expected.json");
        if (!expected.contains("resume") || !expected["resume"].is_object())
            QSKIP("no recorded training");
        const Json& resume = expected["resume"];
        const Arrays arrays = readArrays(path);
        const auto network = formats::openNetwork(path / "model.h5");
        QVERIFY2(network, network ? "" : network.error().sentence().c_str());
        const TrainingOptions options = recordedOptions(resume);
        auto made = Trainer::create(*network, recordedData(resume, arrays), options);
        if (!made && made.error().kind() == ErrorKind::Unsupported)
            QSKIP(made.error().sentence().c_str());
        QVERIFY2(made, made ? "" : made.error().sentence().c_str());
        QVERIFY2(made->resumes(), made->freshStartReason().c_str());
        // Batches are taken from where the recording left off.
        const auto batches = resume["batches"].get<std::int64_t>();
        QCOMPARE(resume["first_step"].get<std::int64_t>() % batches, std::int64_t(0));
        StepReport report;
        for (std::size_t step = 0; step < resume["logs"].size(); ++step) {
            const auto done = made->step(report);
            QVERIFY2(done, done ? "" : done.error().sentence().c_str());
            const QString difference = differenceFrom(resume["logs"][step], report);
            QVERIFY2(difference.isEmpty(),
                qPrintable(QStringLiteral("step %1: ").arg(step) + difference));
        }
        QCOMPARE(report.batch.front().first, std::string("loss"));
    }

    void sameSeedGivesTheSameBits()
    {
        const Network network = model(mlp);
        const auto run = [&](std::uint64_t seed) {
            TrainingOptions options = plainOptions(8);
            options.shuffle = true;
            options.seed = seed;
            Trainer made = trainer(network, madeData(network, 30), options);
            for (int i = 0; i < 9; ++i)
                static_cast<void>(made.step());
            return *made.snapshot();
        };
        QVERIFY(areIdentical(run(3), run(3)));
        QVERIFY(!areIdentical(run(3), run(4)));
        QVERIFY(!areIdentical(run(3), network)); // and it did move
    }

    void snapshotContinuesAsIfNeverStopped_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("Keras 2") << QByteArray(mlp);
        QTest::newRow("Keras 3") << QByteArray(mlp3);
        QTest::newRow("batch statistics") << QByteArray("model_residual/keras2.15");
        QTest::newRow("embedding") << QByteArray("opt_adam_embedding/keras2.15");
        QTest::newRow("legacy") << QByteArray("opt_legacy_rmsprop_centered_momentum/keras2.15");
    }
    void snapshotContinuesAsIfNeverStopped()
    {
        QFETCH(QByteArray, file);
        const Network network = model(file);
        const TrainingOptions options = plainOptions(8);
        Trainer whole = trainer(network, madeData(network, 8), options);
        Trainer first = trainer(network, madeData(network, 8), options);
        for (int i = 0; i < 3; ++i) {
            static_cast<void>(whole.step());
            static_cast<void>(first.step());
        }
        const Network middle = *first.snapshot();
        Trainer second = trainer(middle, madeData(network, 8), options);
        QVERIFY2(second.resumes(), second.freshStartReason().c_str());
        QCOMPARE(second.iterations(), whole.iterations());
        StepReport a;
        StepReport b;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(whole.step(a));
            QVERIFY(second.step(b));
            QCOMPARE(lossOf(a), lossOf(b));
        }
        QVERIFY(areIdentical(*whole.snapshot(), *second.snapshot()));
    }

    void leavesTheNetworkItCameFromAlone()
    {
        const Network network = model(mlp);
        const auto before = weightsOf(network);
        Trainer made = trainer(network, madeData(network, 16), plainOptions(8));
        static_cast<void>(made.step());
        const Network after = *made.snapshot();
        static_cast<void>(made.step());
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY(weightsOf(network)[i].identicalTo(before[i]));
        QVERIFY(!areIdentical(after, *made.snapshot())); // a snapshot does not move either
    }

    void countsASmallerLastBatch()
    {
        const Network network = model(mlp);
        Trainer made = trainer(network, madeData(network, 20), plainOptions(8));
        QCOMPARE(made.stepsPerEpoch(), std::int64_t(3));
        StepReport report;
        for (int i = 0; i < 3; ++i)
            QVERIFY(made.step(report));
        QVERIFY(report.endsEpoch);
        QCOMPARE(report.stepInEpoch, std::int64_t(2));
        QVERIFY(made.step(report));
        QCOMPARE(report.epoch, std::int64_t(1));
        QCOMPARE(report.stepInEpoch, std::int64_t(0));
        QCOMPARE(lossOf(report), report.epochSoFar.front().second);
    }

    void meansOfTheEpochAreThoseOfAllRows()
    {
        // With a learning rate of 0 nothing moves, so the epoch's means are evaluate()'s numbers
        // (a model without noise and batch statistics).
        const Network network = model(mlp);
        const DataSet data = madeData(network, 20);
        TrainingOptions options = plainOptions(8);
        options.learningRate = 0;
        Trainer made = trainer(network, data, options);
        StepReport report;
        for (int i = 0; i < 3; ++i)
            QVERIFY(made.step(report));
        const auto wanted = evaluate(network, data, plainOptions(20));
        QVERIFY2(wanted, wanted ? "" : wanted.error().sentence().c_str());
        QCOMPARE(report.epochSoFar.size(), wanted->size());
        for (std::size_t i = 0; i < wanted->size(); ++i) {
            QCOMPARE(report.epochSoFar[i].first, (*wanted)[i].first);
            QVERIFY(std::abs(report.epochSoFar[i].second - (*wanted)[i].second) < 1e-6);
        }
    }

    void addsEpochsToTheHistory()
    {
        Network network = model(mlp);
        network.history = Json{ { "loss", { 0.9, 0.8 } } };
        TrainingOptions options = plainOptions(8);
        options.validationSplit = 0.25;
        Trainer made = trainer(network, madeData(network, 32), options);
        QCOMPARE(made.stepsPerEpoch(), std::int64_t(3));
        for (int i = 0; i < 3; ++i)
            QVERIFY(made.step());
        const auto epoch = made.finishEpoch();
        QVERIFY2(epoch, epoch ? "" : epoch.error().sentence().c_str());
        const Json history = made.snapshot()->history;
        QCOMPARE(history["loss"].size(), std::size_t(3));
        QCOMPARE(history["loss"][2].get<double>(), epoch->metrics.front().second);
        QCOMPARE(history["val_loss"].size(), std::size_t(3));
        QVERIFY(history["val_loss"][0].is_null());
        QVERIFY(history["val_loss"][2].is_number());
    }

    void frozenLayersStayAsTheyAre()
    {
        const Network network = model(mlp);
        TrainingOptions options = plainOptions(8);
        const std::string frozen = network.model.layers.front().weights.empty()
            ? network.model.layers[1].name
            : network.model.layers.front().name;
        options.frozenLayers = { frozen };
        Trainer made = trainer(network, madeData(network, 16), options);
        for (int i = 0; i < 2; ++i)
            QVERIFY(made.step());
        const Network after = *made.snapshot();
        for (const Layer& layer : network.model.layers) {
            for (const WeightIndex weight : layer.weights) {
                const bool same = network.weights[weight].value.load()->identicalTo(
                    *after.weights[weight].value.load());
                QCOMPARE(same, layer.name == frozen);
            }
        }
        options.frozenLayers = { "*" };
        QVERIFY(!Trainer::create(network, madeData(network, 16), options));
    }

    void learningRateIsWrittenWhereEachKerasReadsIt()
    {
        const Network network = model(mlp3);
        Trainer made = trainer(network, madeData(network, 16), plainOptions(8));
        made.setLearningRate(0.125);
        const auto step = made.step();
        QVERIFY(step);
        QCOMPARE(step->learningRate, 0.125);
        const Network after = *made.snapshot();
        QCOMPARE(after.training->optimizer()["config"]["learning_rate"].get<double>(), 0.125);
        bool found = false;
        for (const OptimizerVariable& variable : after.optimizer->variables) {
            if (variable.role != SlotRole::LearningRate)
                continue;
            found = true;
            QCOMPARE(variable.value.load()->valuesAs<float>()[0], 0.125F);
        }
        QVERIFY(found);
    }

    void untouchedSetUpKeepsItsText()
    {
        const Network network = model(mlp);
        Trainer made = trainer(network, madeData(network, 16), plainOptions(8));
        QVERIFY(made.step());
        QCOMPARE(made.snapshot()->training->source.text(), network.training->source.text());
    }

    void anotherOptimizerStartsFreshAndSaysSo()
    {
        const Network network = model(mlp);
        TrainingOptions options = plainOptions(8);
        options.optimizer = Json{ { "class_name", "RMSprop" },
            { "config", { { "learning_rate", 0.01 }, { "momentum", 0.5 } } } };
        Trainer made = trainer(network, madeData(network, 16), options);
        QVERIFY(!made.resumes());
        QVERIFY(!made.freshStartReason().empty());
        QCOMPARE(made.iterations(), std::int64_t(0));
        QVERIFY(made.step());
        const Network after = *made.snapshot();
        QCOMPARE(after.optimizer->className, std::string("RMSprop"));
        QCOMPARE(after.optimizer->iterations, std::optional<std::int64_t>(1));
        Trainer again = trainer(after, madeData(network, 16), plainOptions(8));
        QVERIFY2(again.resumes(), again.freshStartReason().c_str());
    }

    void showsThePulseOfLayersThatLearn()
    {
        const Network network = model(mlp);
        Trainer made = trainer(network, madeData(network, 16), plainOptions(8));
        QVERIFY(made.step());
        QVERIFY(made.pulse().empty());
        made.setPulseEnabled(true);
        QVERIFY(made.step());
        QVERIFY(!made.pulse().empty());
        for (const LayerPulse& layer : made.pulse()) {
            QVERIFY(!layer.path.empty());
            QVERIFY(layer.gradientNorm > 0);
            QVERIFY(layer.updateRatio > 0 && layer.updateRatio < 1);
        }
    }

    void stopsWithoutMoving()
    {
        const Network network = model(mlp);
        Trainer made = trainer(network, madeData(network, 16), plainOptions(8));
        std::stop_source stop;
        stop.request_stop();
        const auto step = made.step(JobContext(stop.get_token(), {}));
        QVERIFY(!step);
        QCOMPARE(step.error().kind(), ErrorKind::Stopped);
        QVERIFY(areIdentical(*made.snapshot(), network));
        QCOMPARE(made.iterations(), network.optimizer->iterations.value());
    }

    void refusesDataThatDoNotFit()
    {
        const Network network = model(mlp);
        DataSet data = madeData(network, 16);
        data.inputs[0] = Tensor::of({ 16, 3 }, std::vector<float>(48, 1.0F));
        const auto made = Trainer::create(network, data, plainOptions(8));
        QVERIFY(!made);
        QCOMPARE(made.error().kind(), ErrorKind::ShapeMismatch);
    }

    void namesALossThatIsPythonCode()
    {
        const Network network = model(mlp);
        TrainingOptions options = plainOptions(8);
        options.loss = "my_own_loss";
        const auto made = Trainer::create(network, madeData(network, 16), options);
        QVERIFY(!made);
        QCOMPARE(made.error().kind(), ErrorKind::Unsupported);
        QVERIFY(made.error().message().find("my_own_loss") != std::string::npos);
    }

    void predictsInBatchesAsAtOnce()
    {
        const Network network = model(mlp);
        const DataSet data = madeData(network, 20);
        const auto whole = predict(network, data.inputs, true, 64);
        const auto parts = predict(network, data.inputs, true, 8);
        QVERIFY(whole && parts);
        QCOMPARE(whole->layers.size(), parts->layers.size());
        QCOMPARE(whole->outputs[0].shape(), parts->outputs[0].shape());
        const auto a = whole->outputs[0].valuesAs<float>();
        const auto b = parts->outputs[0].valuesAs<float>();
        for (std::size_t i = 0; i < a.size(); ++i)
            QVERIFY(std::abs(a[i] - b[i]) < 1e-6F);
    }
};

QTEST_GUILESS_MAIN(tst_Trainer)
#include "tst_trainer.moc"
