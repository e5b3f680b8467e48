#pragma once

#include "views/doctor_card.h"
#include "views/verdict_item_model.h"

#include <QScrollArea>

QT_BEGIN_NAMESPACE
class QTableView;
class QVBoxLayout;
QT_END_NAMESPACE

namespace layerscope::views {

/// What the doctor says about a file, in the user's language.
struct DoctorReport
{
    QString title; ///< what the file is
    QStringList facts; ///< who wrote it, its optimizer: a line each
    QList<DoctorFinding> findings; ///< the gravest first
    QList<VerdictRow> verdicts; ///< none where the file holds no model
    QStringList intact; ///< what of a damaged file survives
    QStringList checked; ///< what was looked at

    int count(DoctorFinding::Severity severity) const;
};

/// The doctor: cards by severity, then which Keras loads and resumes the file.
class DoctorView : public QScrollArea
{
    Q_OBJECT

public:
    explicit DoctorView(QWidget* parent = nullptr);

    void setReport(const DoctorReport& report);
    const DoctorReport& report() const { return m_report; }

signals:
    void selectRequested(const QStringList& layer);
    void remedyRequested(int finding); ///< its place in the report

protected:
    void changeEvent(QEvent* event) override;

private:
    void addHeading();
    void addCards();
    void addVerdicts();
    void addLists();
    QWidget* nothingFound();
    void fitTable();

    DoctorReport m_report;
    QWidget* m_page = nullptr;
    QVBoxLayout* m_column = nullptr;
    VerdictItemModel* m_model;
    QTableView* m_table = nullptr;
};

} // namespace layerscope::views
