#include "views/training_curves.h"

#include <QCoreApplication>

#include <algorithm>

namespace layerscope::views {
namespace {

struct CurveText
{
    Q_DECLARE_TR_FUNCTIONS(TrainingCurves)
};

const QString learningRateName = QStringLiteral("learning_rate");

} // namespace

void TrainingCurves::setHistory(const analysis::History& history, qint64 iterations)
{
    m_history = history;
    m_iterations = static_cast<double>(iterations);
    clearRun();
}

void TrainingCurves::clearRun()
{
    m_tracks.clear();
    m_epochs.clear();
    m_hasRun = false;
    m_historyEpochs = 0;
    for (const analysis::Series& series : m_history)
        m_historyEpochs = std::max(m_historyEpochs, static_cast<double>(series.values.size()));
    for (const analysis::Series& series : m_history) {
        Track& one = track(identify(QString::fromStdString(series.name)), false);
        for (std::size_t i = 0; i < series.values.size(); ++i) {
            // An epoch's figures are those at its end. Which step that was, the file does not say:
            // epochs are taken to be equally long.
            const double epoch = static_cast<double>(i) + 1;
            one.epochs.push_back(epoch);
            one.steps.push_back(m_iterations > 0 ? epoch / m_historyEpochs * m_iterations : epoch);
            one.values.push_back(series.values[i]);
        }
    }
}

TrainingCurves::Track& TrainingCurves::track(const CurveIdentity& identity, bool isEachBatch)
{
    for (Track& one : m_tracks) {
        if (one.identity == identity && one.isEachBatch == isEachBatch)
            return one;
    }
    m_tracks.append(Track{ .identity = identity,
        .isEachBatch = isEachBatch,
        .epochs = {},
        .steps = {},
        .values = {} });
    return m_tracks.last();
}

void TrainingCurves::add(const training::StepReport& step)
{
    m_hasRun = true;
    const double inEpoch = static_cast<double>(step.stepInEpoch + 1)
        / static_cast<double>(std::max<std::int64_t>(1, step.stepsPerEpoch));
    const double epoch = m_historyEpochs + static_cast<double>(step.epoch) + inEpoch;
    const auto append = [&](const QString& name, double value) {
        Track& one = track(identify(name), true);
        one.epochs.push_back(epoch);
        one.steps.push_back(static_cast<double>(step.iteration));
        one.values.push_back(value);
    };
    for (const auto& [name, value] : step.batch)
        append(QString::fromStdString(name), value);
    append(learningRateName, step.learningRate);
    m_iterations = static_cast<double>(step.iteration);
}

void TrainingCurves::add(const training::EpochReport& epoch)
{
    m_hasRun = true;
    m_epochs.append(epoch);
    for (const auto& [name, value] : epoch.metrics) {
        const CurveIdentity identity = identify(QString::fromStdString(name));
        Track& one = track(identity, false);
        one.epochs.push_back(m_historyEpochs + static_cast<double>(epoch.epoch) + 1);
        one.steps.push_back(m_iterations);
        one.values.push_back(value);
    }
}

bool TrainingCurves::isEmpty() const
{
    return m_tracks.isEmpty();
}

QStringList TrainingCurves::metrics() const
{
    QStringList names;
    for (const Track& one : m_tracks) {
        if (one.identity.isLearningRate() || names.contains(one.identity.metric))
            continue;
        if (one.identity.isLoss())
            names.prepend(one.identity.metric);
        else
            names.append(one.identity.metric);
    }
    return names;
}

QList<PlotCurve> TrainingCurves::curves(
    const QString& metric, StepAxis axis, double smoothing) const
{
    QList<PlotCurve> curves;
    const bool hasBatches = std::any_of(m_tracks.begin(), m_tracks.end(),
        [&](const Track& one) { return one.isEachBatch && one.identity.metric == metric; });
    for (const Track& one : m_tracks) {
        if (one.identity.metric != metric || one.values.empty())
            continue;
        PlotCurve curve{ .label
            = one.identity.isValidation ? CurveText::tr("validation") : CurveText::tr("training"),
            .identity = one.identity,
            .steps = axis == StepAxis::Epoch ? one.epochs : one.steps,
            .values = one.values,
            .smoothing = one.isEachBatch ? smoothing : 0,
            .hasMarkers = !one.isEachBatch };
        // Of the run the batches are drawn; its epochs' means would be a second training curve.
        if (hasBatches && !one.isEachBatch && !one.identity.isValidation) {
            const auto end
                = std::upper_bound(one.epochs.begin(), one.epochs.end(), m_historyEpochs);
            const auto kept = static_cast<std::size_t>(end - one.epochs.begin());
            curve.steps.resize(kept);
            curve.values.resize(kept);
            curve.label = CurveText::tr("before");
            if (kept == 0)
                continue;
        }
        curves.append(std::move(curve));
    }
    return curves;
}

QList<PlotCurve> TrainingCurves::learningRate(StepAxis axis) const
{
    QList<PlotCurve> curves;
    for (const Track& one : m_tracks) {
        if (one.identity.isLearningRate())
            curves.append({ .label = {},
                .identity = one.identity,
                .steps = axis == StepAxis::Epoch ? one.epochs : one.steps,
                .values = one.values });
    }
    return curves;
}

analysis::History TrainingCurves::table() const
{
    analysis::History table = m_history;
    for (const training::EpochReport& epoch : m_epochs) {
        const auto append = [&](const std::string& name, double value) {
            auto series = std::find_if(table.begin(), table.end(),
                [&](const analysis::Series& one) { return one.name == name; });
            if (series == table.end())
                series = table.insert(table.end(), { name, {}, {} });
            series->steps.push_back(m_historyEpochs + static_cast<double>(epoch.epoch));
            series->values.push_back(value);
        };
        for (const auto& [name, value] : epoch.metrics)
            append(name, value);
        append(learningRateName.toStdString(), epoch.learningRate);
    }
    if (!table.empty())
        return table;
    for (const Track& one : m_tracks) // not even one epoch: its batches
        table.push_back({ one.identity.metric.toStdString(), one.steps, one.values });
    return table;
}

} // namespace layerscope::views
