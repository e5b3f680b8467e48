#pragma once

#include "app/session/session.h"
#include "model/analysis/doctor.h"
#include "model/analysis/doctor_values.h"

#include <QTimer>

#include <map>

namespace layerscope::views {
class DoctorView;
}

namespace layerscope::app {

/// Connects a document with the doctor's view: examines the network in the background, takes in
/// what the statistics say as they arrive, and carries out remedies.
class DoctorBinding : public QObject
{
    Q_OBJECT

public:
    DoctorBinding(Session& session, Document& document, views::DoctorView& view, QObject* parent);
    ~DoctorBinding() override;

    const analysis::Diagnosis& diagnosis() const { return m_diagnosis; }
    bool isExamined() const { return m_isExamined; }
    int suspicions() const; ///< errors and warnings, for the title of the tab
    bool hasErrors() const;

    /// As if the button of that finding had been pressed.
    void carryOut(int finding);

signals:
    void examined(); ///< anew: other counts
    void saveRequested(const QString& format);
    void openRequested(const QString& path);
    void architectureRequested(); ///< from another file

private:
    void examine();
    void takeFigures(
        const views::StatisticsRequest& request, const views::SharedStatistics& statistics);
    void show();

    Session& m_session;
    Document& m_document;
    views::DoctorView& m_view;
    NetworkPointer m_network; ///< that was examined
    std::unique_ptr<analysis::ValueDoctor> m_values;
    analysis::Diagnosis m_base; ///< without the values
    std::map<std::pair<int, std::size_t>, std::vector<analysis::Finding>> m_ofValues;
    analysis::Diagnosis m_diagnosis; ///< as shown
    bool m_isExamined = false;
    QTimer m_showSoon; ///< figures come by the hundred
};

} // namespace layerscope::app
