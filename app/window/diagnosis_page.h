#pragma once

#include "model/analysis/doctor.h"

#include <QWidget>

namespace layerscope::views {
class DoctorView;
}

namespace layerscope::app {

/// What the window shows in place of a document for a file that does not open: what it is, what is
/// wrong, what survives.
class DiagnosisPage : public QWidget
{
    Q_OBJECT

public:
    DiagnosisPage(const analysis::Diagnosis& diagnosis, QWidget* parent);

    QString path() const { return m_path; }
    views::DoctorView* view() { return m_view; }

signals:
    void openRequested(const QString& path);
    void closeRequested();

private:
    QString m_path;
    views::DoctorView* m_view;
};

} // namespace layerscope::app
