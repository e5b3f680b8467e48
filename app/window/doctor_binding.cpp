#include "app/window/doctor_binding.h"

#include "app/session/run_job.h"
#include "app/window/doctor_report.h"
#include "model/network/remedies.h"
#include "views/doctor_view.h"

namespace layerscope::app {

namespace {

constexpr int gatherMs = 150;

} // namespace

DoctorBinding::DoctorBinding(
    Session& session, Document& document, views::DoctorView& view, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_document(document)
    , m_view(view)
{
    m_showSoon.setSingleShot(true);
    m_showSoon.setInterval(gatherMs);
    connect(&m_showSoon, &QTimer::timeout, this, &DoctorBinding::show);
    connect(&document, &Document::shownChanged, this, &DoctorBinding::examine);
    connect(
        &document.statistics(), &StatisticsCollector::arrived, this, &DoctorBinding::takeFigures);
    connect(&view, &views::DoctorView::selectRequested, &document, &Document::selectLayer);
    connect(&view, &views::DoctorView::remedyRequested, this, &DoctorBinding::carryOut);
    examine();
}

DoctorBinding::~DoctorBinding() = default;

/// While a run is on, snapshots come faster than is worth a look: the kept network is examined.
void DoctorBinding::examine()
{
    if (m_document.network() == m_network)
        return;
    m_network = m_document.network();
    m_values = std::make_unique<analysis::ValueDoctor>(*m_network);
    m_ofValues.clear();
    const auto& known = m_document.statistics().known();
    Job* job = m_session.jobs().add(tr("Examining the file"));
    runJob(
        m_session.filePool(), job,
        [network = m_network](const JobContext&) { return analysis::diagnose(*network); }, this,
        [this, network = m_network](analysis::Diagnosis diagnosis) {
            if (network != m_network)
                return; // another one is on its way
            m_base = std::move(diagnosis);
            m_isExamined = true;
            show();
        });
    for (auto figures = known.cbegin(); figures != known.cend(); ++figures)
        takeFigures({ figures.key(), 0 }, figures.value());
}

void DoctorBinding::takeFigures(
    const views::StatisticsRequest& request, const views::SharedStatistics& statistics)
{
    const std::size_t index = request.source.index;
    const bool isWeight = request.source.kind == views::ValueSource::Kind::Weight;
    const std::size_t count = isWeight ? m_network->weights.size()
        : m_network->optimizer         ? m_network->optimizer->variables.size()
                                       : 0;
    if (index >= count)
        return;
    auto found
        = isWeight ? m_values->weight(index, *statistics) : m_values->slot(index, *statistics);
    auto& known = m_ofValues[{ static_cast<int>(request.source.kind), index }];
    if (found.empty() && known.empty())
        return;
    known = std::move(found);
    m_showSoon.start();
}

void DoctorBinding::show()
{
    if (!m_isExamined)
        return;
    m_diagnosis = m_base;
    for (const auto& [source, findings] : m_ofValues)
        m_diagnosis.findings.insert(m_diagnosis.findings.end(), findings.begin(), findings.end());
    analysis::sortBySeverity(m_diagnosis.findings);
    m_view.setReport(doctorReport(m_diagnosis));
    emit examined();
}

int DoctorBinding::suspicions() const
{
    return static_cast<int>(
        m_diagnosis.count(Severity::Error) + m_diagnosis.count(Severity::Warning));
}

bool DoctorBinding::hasErrors() const
{
    return m_diagnosis.count(Severity::Error) > 0;
}

void DoctorBinding::carryOut(int finding)
{
    if (finding < 0 || static_cast<std::size_t>(finding) >= m_diagnosis.findings.size())
        return;
    using analysis::RemedyKind;
    const analysis::RemedyAction action
        = m_diagnosis.findings[static_cast<std::size_t>(finding)].action;
    const bool changes = action.kind == RemedyKind::StripTrainingSetup
        || action.kind == RemedyKind::StripOptimizer || action.kind == RemedyKind::RenameDuplicates;
    if (changes && m_document.training().isActive()) {
        m_session.tell(Message::Kind::Note, tr("Stop the training first."));
        return;
    }
    const auto keep = [this](Network network, const QString& text) {
        m_document.keep(std::make_shared<const Network>(std::move(network)), text);
    };
    switch (action.kind) {
    case RemedyKind::SaveAs:
        emit saveRequested(QString::fromStdString(action.target));
        break;
    case RemedyKind::StripTrainingSetup:
        keep(withoutTrainingSetup(*m_document.network()), tr("Remove the training set-up"));
        break;
    case RemedyKind::StripOptimizer:
        keep(withoutOptimizerState(*m_document.network()), tr("Remove the optimizer's state"));
        break;
    case RemedyKind::RenameDuplicates:
        keep(withUniqueNames(*m_document.network()), tr("Rename duplicates"));
        break;
    case RemedyKind::OpenAnother:
        emit openRequested(QString::fromStdString(action.target));
        break;
    case RemedyKind::AttachArchitecture:
        emit architectureRequested();
        break;
    case RemedyKind::None:
        break;
    }
}

} // namespace layerscope::app
