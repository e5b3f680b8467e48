#include "app/window/diagnosis_page.h"

#include "app/window/doctor_report.h"

#include <QFileInfo>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace layerscope::app {

DiagnosisPage::DiagnosisPage(const analysis::Diagnosis& diagnosis, QWidget* parent)
    : QWidget(parent)
    , m_path(QString::fromStdString(diagnosis.path.string()))
    , m_view(new views::DoctorView(this))
{
    views::DoctorReport report = doctorReport(diagnosis);
    report.title = tr("%1 cannot be opened").arg(QFileInfo(m_path).fileName());
    report.facts = QStringList{ m_path } + report.facts;
    m_view->setReport(report);
    connect(m_view, &views::DoctorView::remedyRequested, this,
        [this, findings = diagnosis.findings](int finding) {
            const analysis::RemedyAction& action
                = findings[static_cast<std::size_t>(finding)].action;
            if (action.kind == analysis::RemedyKind::OpenAnother)
                emit openRequested(QString::fromStdString(action.target));
        });
    auto* close = new QPushButton(tr("Close"), this);
    close->setObjectName(QStringLiteral("diagnosis_close"));
    connect(close, &QPushButton::clicked, this, &DiagnosisPage::closeRequested);
    auto* shortcut = new QShortcut(QKeySequence(QKeySequence::Close), this);
    connect(shortcut, &QShortcut::activated, this, &DiagnosisPage::closeRequested);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 8);
    layout->addWidget(m_view, 1);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 0, 16, 0);
    row->addWidget(close);
    row->addStretch(1);
    layout->addLayout(row);
}

} // namespace layerscope::app
