#pragma once

#include "app/window/document_page.h"

#include <QMainWindow>

QT_BEGIN_NAMESPACE
class QLabel;
class QStackedWidget;
class QTabWidget;
class QToolButton;
QT_END_NAMESPACE

namespace layerscope::views {
class JobLine;
class JobsView;
class StartPage;
}

namespace layerscope::app {

class Actions;
class ArchitectureBinding;
class DiagnosisPage;
class DocumentCloser;

/// The window over a session: documents in tabs, the layer tree on the left, the inspector on the
/// right, jobs and messages below.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(Session& session);
    ~MainWindow() override;

    DocumentPage* currentPage() const;
    QList<DocumentPage*> pages() const;
    void openFiles(const QStringList& paths);

    /// Which file is in front, and which of its tabs.
    struct Place
    {
        QString path;
        std::optional<DocumentPage::Tab> tab; ///< none where the file did not open
    };
    Place place() const;
    void goTo(const Place& place);

    /// Keeps sizes and places for the next time.
    void saveLayout();

    /// Closes without asking: the window is made anew, the documents stay.
    void closeForRebuild();

public slots:
    void chooseFile();
    void saveDocument();
    void saveDocumentAs();
    void exportWeights();
    void reloadDocument();
    void closeDocument();

signals:
    void themeRequested(layerscope::app::Theme theme);
    void languageRequested(const QString& language);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// Asks about unsaved changes first.
    void leaveDocument(void (Session::*leave)(Document*));
    friend class Actions;

    void makeCentre();
    void makeDocks();
    void makeStatusBar();
    void connectSession();

    void addPage(Document* document);
    void removePage(Document* document);
    void replacePage(Document* old, Document* fresh);
    DocumentPage* pageOf(const Document* document) const;
    void showPage(DocumentPage* page);
    void updateTab(Document* document);
    void updateDocksShown();
    void restoreLayout();

    void save(Document* document, const SaveRequest& request);
    void askWhereToSave(bool weightsOnly, const QString& format = {});
    void showError(const QString& title, const Error& error);
    void tellUnopened(const QString& path, const Error& error);
    void addDiagnosis(const analysis::Diagnosis& diagnosis);
    void removeDiagnosis(const QString& path);
    void tellChangedOnDisk(Document* document);
    void offerRecovered();
    void offerArchitecture(Document* document);
    void updateJobs();
    void updateStartPage();
    void updateStatus();
    void updateTitle();

    Session& m_session;
    Actions* m_actions = nullptr;
    ArchitectureBinding* m_architectures;
    DocumentCloser* m_closer;
    QStackedWidget* m_centre;
    views::StartPage* m_start;
    views::Banner* m_startBanner;
    QTabWidget* m_tabs;
    QDockWidget* m_treeDock = nullptr;
    QDockWidget* m_inspectorDock = nullptr;
    QDockWidget* m_jobsDock = nullptr;
    QStackedWidget* m_trees = nullptr;
    QStackedWidget* m_inspectors = nullptr;
    views::JobsView* m_jobs = nullptr;
    views::JobLine* m_jobLine = nullptr;
    QLabel* m_facts = nullptr;
    QLabel* m_lastMessage = nullptr;
    QTimer m_jobTimer;
    QTimer m_messageTimer;
    QHash<quint64, QElapsedTimer> m_jobAges;
    QSet<const Document*> m_changedOnDisk;
    bool m_hasDocuments = false;
    bool m_closeApproved = false;
};

} // namespace layerscope::app
