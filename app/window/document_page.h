#pragma once

#include "app/session/session.h"
#include "views/export_format.h"
#include "views/inspector.h"
#include "views/layer_tree.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QTabWidget;
QT_END_NAMESPACE

namespace layerscope::views {
class Banner;
class DoctorView;
class TrainingView;
class WeightsView;
}

namespace layerscope::app {

class DoctorBinding;
class TrainingBinding;

/// What the window shows of one document: the centre with its tabs, and the tree and the inspector
/// that stand in the docks. Connects them with the document; they do not know each other.
///
/// The tabs are made a moment later than the tree, so that the tree is on screen first.
class DocumentPage : public QWidget
{
    Q_OBJECT

public:
    enum class Tab { Weights, Training, Doctor };

    DocumentPage(Session& session, Document& document, QWidget* parent);
    ~DocumentPage() override;

    Document& document() { return m_document; }
    views::LayerTree* tree() { return m_tree; } ///< for a dock, which becomes its parent
    views::Inspector* inspector() { return m_inspector; }
    views::Banner* banner() { return m_banner; }
    TrainingBinding& training(); ///< makes the tabs if they are not there yet
    views::TrainingView* trainingView();
    DoctorBinding& doctor();
    /// As far as is known: whether a model can run is found out when the tabs are made.
    bool canTrain() const;

    void showTab(Tab tab);
    Tab currentTab() const;

    /// Totals and file facts for the status line: "Keras 2.15.0, HDF5, 852 kB, Adam at step
    /// 92,494".
    QString facts() const;
    /// "epoch 3/10  loss 0.412  1,240 steps/s"; empty when nothing runs.
    QString progressText();

signals:
    void tabsMade(); ///< canTrain() is certain from here on
    void progressTextChanged();
    void saveRequested(const QString& format); ///< a remedy: save as …
    void openRequested(const QString& path);
    void architectureRequested(); ///< from another file

private:
    void makeTabs();
    void connectTree();
    void connectWeights();
    void showNetwork();
    void showDiagnosis();
    void exportView(
        views::ExportFormat format, const std::function<QByteArray(views::ExportFormat)>& picture);

    Session& m_session;
    Document& m_document;
    QPointer<views::LayerTree> m_tree; // a dock owns them, and may go first
    QPointer<views::Inspector> m_inspector;
    views::Banner* m_banner;
    QTabWidget* m_tabs;
    views::WeightsView* m_weights = nullptr;
    views::TrainingView* m_training = nullptr;
    TrainingBinding* m_trainingBinding = nullptr;
    views::DoctorView* m_doctor = nullptr;
    DoctorBinding* m_doctorBinding = nullptr;
    bool m_isOpening = true; ///< nobody has chosen a tab yet
};

} // namespace layerscope::app
