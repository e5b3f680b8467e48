// The whole way through: a file of real Keras is opened, trained half way, saved, opened again and
// trained to the end. The losses are those that real Keras had without ever saving.
#include "model/formats/format.h"

#include <QTemporaryDir>
#include <QtTest>

#include "recorded_training.h"

using namespace recorded_training;

class tst_Resume : public QObject
{
    Q_OBJECT

private slots:
    void savedHalfWayGoesOnAsIfNeverSaved_data();
    void savedHalfWayGoesOnAsIfNeverSaved();
};

namespace {

/// Runs the steps from `first` to `last` of the recording; what differs from it, or nothing.
QString trainAsRecorded(Trainer& trainer, const Json& resume, std::size_t first, std::size_t last)
{
    StepReport report;
    for (std::size_t step = first; step < last; ++step) {
        if (const auto done = trainer.step(report); !done)
            return QString::fromStdString(done.error().sentence());
        const QString difference = differenceFrom(resume["logs"][step], report);
        if (!difference.isEmpty())
            return QStringLiteral("step %1: ").arg(step) + difference;
    }
    return {};
}

/// The rows that the steps from `first` on take come first.
DataSet startingAt(const Json& resume, DataSet data, std::size_t first)
{
    const auto batches = resume["batches"].get<std::size_t>();
    const std::size_t rows = first % batches * resume["batch_size"].get<std::size_t>();
    const auto turn = [&](Tensor& tensor) {
        const auto bytes = tensor.bytes();
        const std::size_t row = bytes.size() / static_cast<std::size_t>(tensor.shape()[0]);
        const std::size_t used = batches * resume["batch_size"].get<std::size_t>() * row;
        std::vector<std::byte> turned(
            bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(used));
        std::rotate(
            turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(rows * row), turned.end());
        Shape shape = tensor.shape();
        shape[0] = static_cast<std::int64_t>(used / row);
        tensor = *Tensor::fromBytes(tensor.dtype(), shape, turned);
    };
    for (Tensor& input : data.inputs)
        turn(input);
    for (Tensor& target : data.targets)
        turn(target);
    if (data.sampleWeights)
        turn(*data.sampleWeights);
    return data;
}

} // namespace

void tst_Resume::savedHalfWayGoesOnAsIfNeverSaved_data()
{
    addRecordedFiles();
}

void tst_Resume::savedHalfWayGoesOnAsIfNeverSaved()
{
    QFETCH(QString, folder);
    const std::filesystem::path path = folder.toStdString();
    const Json expected = readJson(path / "expected.json");
    if (!expected.contains("resume") || !expected["resume"].is_object())
        QSKIP("no recorded training");
    const Json& resume = expected["resume"];
    const DataSet data = recordedData(resume, readArrays(path));
    const TrainingOptions options = recordedOptions(resume);
    const auto network = formats::openNetwork(path / "model.h5");
    QVERIFY2(network, network ? "" : network.error().sentence().c_str());
    auto first = Trainer::create(*network, data, options);
    if (!first && first.error().kind() == ErrorKind::Unsupported)
        QSKIP(first.error().sentence().c_str());
    QVERIFY2(first, first ? "" : first.error().sentence().c_str());

    const std::size_t steps = resume["logs"].size();
    const std::size_t half = steps / 2;
    QString difference = trainAsRecorded(*first, resume, 0, half);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
    const auto middle = first->snapshot();
    QVERIFY(middle);

    const QTemporaryDir scratch;
    const auto saved = std::filesystem::path(scratch.path().toStdString()) / "half.h5";
    const auto report = formats::saveNetwork(*middle, saved, {});
    QVERIFY2(report, report ? "" : report.error().sentence().c_str());
    QVERIFY(report->tensorsCompared >= middle->weights.size());
    const auto again = formats::openNetwork(saved);
    QVERIFY2(again, again ? "" : again.error().sentence().c_str());
    auto second = Trainer::create(*again, startingAt(resume, data, half), options);
    QVERIFY2(second, second ? "" : second.error().sentence().c_str());
    QVERIFY2(second->resumes(), second->freshStartReason().c_str());
    difference = trainAsRecorded(*second, resume, half, steps);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

QTEST_GUILESS_MAIN(tst_Resume)
#include "tst_resume.moc"
