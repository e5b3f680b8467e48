#include "app/window/doctor_report.h"

#include "app/window/format_choice.h"
#include "views/model_words.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace layerscope::app {

namespace {

class DoctorText
{
    Q_DECLARE_TR_FUNCTIONS(DoctorText)
};

using analysis::RemedyKind;
using views::inWords;
using Answer = views::VerdictRow::Answer;

Answer answerOf(analysis::Outcome outcome)
{
    switch (outcome) {
    case analysis::Outcome::Yes:
        return Answer::Yes;
    case analysis::Outcome::No:
        return Answer::No;
    case analysis::Outcome::Nothing:
        return Answer::Nothing;
    case analysis::Outcome::Unsure:
        break;
    }
    return Answer::Unsure;
}

QStringList texts(const std::vector<std::string>& list)
{
    QStringList out;
    for (const std::string& text : list)
        out.append(QString::fromStdString(text));
    return out;
}

views::DoctorFinding card(const analysis::Finding& finding)
{
    views::DoctorFinding card;
    card.severity = static_cast<views::DoctorFinding::Severity>(finding.severity);
    card.what = inWords(finding.what);
    card.where = QString::fromStdString(finding.where);
    if (finding.isLayer)
        card.layer = card.where.split(u'/');
    card.why = inWords(finding.why);
    card.remedy = inWords(finding.remedy);
    card.button = remedyText(finding.action);
    return card;
}

bool canWrite(const QString& format)
{
    const QList<FormatChoice> choices = writableFormats();
    return std::any_of(choices.begin(), choices.end(),
        [&](const FormatChoice& choice) { return choice.name == format; });
}

} // namespace

QString remedyText(const analysis::RemedyAction& action)
{
    const QString target = QString::fromStdString(action.target);
    switch (action.kind) {
    case RemedyKind::SaveAs:
        return canWrite(target) ? DoctorText::tr("Save as… (%1)").arg(formatChoiceTitle(target))
                                : QString();
    case RemedyKind::StripTrainingSetup:
        return DoctorText::tr("Remove the training set-up");
    case RemedyKind::StripOptimizer:
        return DoctorText::tr("Remove the optimizer's state");
    case RemedyKind::RenameDuplicates:
        return DoctorText::tr("Give names of their own");
    case RemedyKind::OpenAnother:
        return DoctorText::tr("Open %1").arg(QFileInfo(target).fileName());
    case RemedyKind::AttachArchitecture:
        return DoctorText::tr("Attach an architecture…");
    case RemedyKind::None:
        break;
    }
    return {};
}

views::DoctorReport doctorReport(const analysis::Diagnosis& diagnosis)
{
    views::DoctorReport report;
    report.title = inWords(diagnosis.what);
    for (const Sentence* fact : { &diagnosis.writer, &diagnosis.optimizer })
        if (!fact->isEmpty())
            report.facts.append(inWords(*fact));
    for (const analysis::Finding& finding : diagnosis.findings)
        report.findings.append(card(finding));
    for (const analysis::Verdict& verdict : diagnosis.verdicts)
        report.verdicts.append({ QString::fromStdString(verdict.keras), answerOf(verdict.loads),
            inWords(verdict.loadReason), answerOf(verdict.resumes),
            inWords(verdict.resumeReason) });
    report.intact = texts(diagnosis.intact);
    for (const Sentence& checked : diagnosis.checked)
        report.checked.append(inWords(checked));
    return report;
}

} // namespace layerscope::app
