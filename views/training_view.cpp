#include "views/training_view.h"

#include "model/analysis/history.h"

namespace layerscope::views {

class TrainingView::Private
{
public:
    TrainingState state = TrainingState::Idle;
    TrainingSettings settings;
};

TrainingView::TrainingView(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
}

TrainingView::~TrainingView() = default;

void TrainingView::setOrigin(const TrainingOrigin&) {}
void TrainingView::setHistory(const std::vector<analysis::Series>&) {}
void TrainingView::setDataSets(const QList<TrainingData>&) {}
void TrainingView::setData(const TrainingData&) {}
void TrainingView::setResumeCheck(const ResumeCheck&) {}
void TrainingView::setState(TrainingState state)
{
    d->state = state;
}
TrainingState TrainingView::state() const
{
    return d->state;
}
void TrainingView::setMessage(const QString&, Severity) {}
void TrainingView::clearRun() {}
void TrainingView::addSteps(const QList<training::StepReport>&) {}
void TrainingView::addEpoch(const training::EpochReport&) {}
void TrainingView::addPulse(qint64, const std::vector<training::LayerPulse>&) {}
TrainingSettings TrainingView::settings() const
{
    return d->settings;
}
void TrainingView::setSettings(const TrainingSettings& settings)
{
    d->settings = settings;
}
QString TrainingView::progressText() const
{
    return {};
}
QByteArray TrainingView::exported(ExportFormat) const
{
    return {};
}

} // namespace layerscope::views
